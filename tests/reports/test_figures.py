"""What processes contribute to scorecards, counted from cases that people really worked off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from engine.office import counted
from reports.complaints import COMPLAINTS, Complaints
from workflows.db import Database, new_id
from workflows.definition.load import load_text
from workflows.engine.requests import Cancellation
from workflows.reports import figures
from workflows.reports.window import window_of


@pytest.fixture
def desk(database: Database) -> Complaints:
    return Complaints(database)


def test_cases_are_counted_for_whoever_did_them(desk: Complaints) -> None:
    desk.complete()
    desk.complete(login="zhang")
    desk.complete()
    desk.file()
    counts = desk.counted()
    assert (counts["wang"]["complaints_due"], counts["zhang"]["complaints_due"]) == ("2", "1")


def test_only_where_the_condition_holds(desk: Complaints) -> None:
    desk.complete(hours=2)
    desk.complete(hours=30)
    counts = desk.counted()["wang"]
    assert (counts["complaints_due"], counts["complaints_within_24h"], counts["complaints_on_time"]) == ("2", "1", "1")


def test_the_limit_is_met_to_the_second(desk: Complaints) -> None:
    desk.complete(hours=24)
    assert desk.counted()["wang"]["complaints_within_24h"] == "1"
    desk.complete(hours=24 + 1 / 3600)
    assert desk.counted()["wang"]["complaints_within_24h"] == "1"


def test_what_was_sent_back_was_not_right_at_once(desk: Complaints) -> None:
    case = desk.file()
    desk.handle(case)
    desk.resolve(case, action="send_back", reason="再问问客户")
    desk.handle(case)
    desk.resolve(case)
    desk.complete()
    counts = desk.counted()["wang"]
    assert (counts["complaints_due"], counts["complaints_at_once"]) == ("2", "1")


def test_hours_run_from_the_first_opening_to_the_last_doing(desk: Complaints) -> None:
    case = desk.file()
    desk.handle(case, hours=2)
    desk.office.later(hours=3)
    desk.resolve(case, action="send_back", reason="再问问客户")
    desk.handle(case, hours=4)
    desk.resolve(case)
    assert desk.counted()["wang"]["complaint_hours"] == "9"


def test_until_midnight_of_the_day_in_the_company_s_zone(desk: Complaints) -> None:
    desk.office.until(datetime(2026, 11, 17, 13, 0, tzinfo=UTC))  # 21:00 in Shanghai
    desk.complete(hours=2, due_on="2026-11-17")
    assert desk.counted()["wang"]["complaints_by_date"] == "1"
    desk.office.until(datetime(2026, 11, 17, 14, 30, tzinfo=UTC))
    desk.complete(hours=2, due_on="2026-11-17")
    assert desk.counted()["wang"]["complaints_by_date"] == "1"


def test_the_month_is_the_company_s_month(desk: Complaints) -> None:
    desk.office.until(datetime(2026, 11, 30, 15, 59, tzinfo=UTC) - timedelta(hours=1))
    desk.complete()
    desk.office.until(datetime(2026, 11, 30, 16, 0, tzinfo=UTC) - timedelta(hours=1))
    desk.complete()
    assert desk.counted("2026-11")["wang"]["complaints_due"] == "1"
    assert desk.counted("2026-12")["wang"]["complaints_due"] == "1"
    assert desk.counted("2026-10") == {}


def test_a_moment_counts_in_the_company_s_month(desk: Complaints) -> None:
    for moment in ("2026-10-31T23:59", "2026-11-01T00:00", "2026-11-30T23:59", "2026-12-01T00:00"):
        desk.complete(heard_at=moment)
    heard = [desk.counted(month)["supervisor"]["complaints_heard"] for month in ("2026-10", "2026-11", "2026-12")]
    assert heard == ["1", "2", "1"]


def test_sums_are_exact_and_of_the_field_s_month(desk: Complaints) -> None:
    desk.complete(budget="0.1", due_on="2026-12-31")
    desk.complete(budget="0.2", due_on="2026-12-01")
    desk.complete(budget="7", due_on="2027-01-01")
    desk.complete()
    assert desk.counted("2026-11")["supervisor"]["money_spent"] == "7.3"
    assert desk.counted("2026-12") == {"supervisor": {"money_planned": "0.3"}, "manager": {"money_planned": "0.3"}}


def test_a_company_s_own_parameter_counts(desk: Complaints) -> None:
    desk.complete(budget="30")
    assert desk.counted()["wang"]["complaints_over_limit"] == "1"
    with desk.office.database.write() as session:
        desk.office.engine.set_parameter(
            session, "complaint", "limit", "30", desk.office.people["admin"], desk.office.now
        )
    assert "complaints_over_limit" not in desk.counted()["wang"]


def test_a_mean_and_a_share_leave_out_what_says_nothing(desk: Complaints) -> None:
    for rating in (5, 5, 4, None):
        desk.complete(**({"rating": rating} if rating else {}))
    desk.complete(urgent=True)
    desk.complete(urgent=True)
    counts = desk.counted()
    assert counts["wang"]["mean_rating"] == "4.6666666667"
    assert counts["supervisor"]["urgent_share"] == "33.3333333333"


def test_rows_of_a_table_have_months_of_their_own(desk: Complaints) -> None:
    costs = [{"cost": "1", "on": "2026-11-01"}, {"cost": "2.5", "on": "2026-11-30"}, {"cost": "9", "on": "2026-12-01"}]
    desk.complete(costs=costs)
    assert desk.counted("2026-11")["supervisor"]["costs_noted"] == "1"
    assert desk.counted("2026-12")["supervisor"] == {"costs_noted": "1"}
    assert desk.counted("2026-11")["supervisor"]["costs_sum"] == "12.5"
    assert desk.counted("2026-11")["supervisor"]["costs_mean"] == "4.1666666667"


def test_a_cancelled_case_counts_nowhere(desk: Complaints) -> None:
    case = desk.file(due_on="2026-11-20", budget="5")
    assert desk.counted()["supervisor"] == {"money_planned": "5"}
    with desk.office.database.write() as session:
        cancellation = Cancellation(new_id(), desk.office.people["supervisor"], case, "重复")
        desk.office.engine.cancel(session, cancellation, desk.office.now)
    assert desk.counted() == {}


def test_it_says_which_cases_it_counted(desk: Complaints) -> None:
    case = desk.complete()
    with desk.office.database.read() as session:
        found = figures.counted(
            session, desk.office.engine.scene(session, desk.office.now), "2026-11", ["complaints_due"]
        )
    assert found == {
        desk.office.people["wang"]: {"complaints_due": figures.CountedFigure(Decimal(1), ("complaint",), (case,), 1)}
    }


def test_two_processes_count_into_one_name(database: Database) -> None:
    other = (
        COMPLAINTS.replace("process: complaint", "process: dispute")
        .replace("投诉", "纠纷")
        .replace("Complaint}", "Dispute}")
    )
    desk = Complaints(database, COMPLAINTS, other)
    desk.complete(rating=5)
    case = desk.office.start("supervisor", "dispute", what="慢").case
    desk.handle(case, rating=2)
    desk.resolve(case)
    counts = desk.counted()["wang"]
    assert (counts["complaints_due"], counts["mean_rating"]) == ("2", "3.5")
    with database.read() as session:
        ways = figures.counting(desk.office.engine.scene(session, desk.office.now), "2026-11")
    assert ways["complaints_due"] == figures.Counting("complaints_due", ("complaint", "dispute"), True)


def test_what_is_missing_without_a_case_and_what_is_0(desk: Complaints) -> None:
    with desk.office.database.read() as session:
        scene = desk.office.engine.scene(session, desk.office.now)
        zero = {name: one.zero for name, one in figures.counting(scene, "2026-11").items()}
        assert figures.counting(scene, "2026-08") == {}
        began = figures.counting(scene, "2026-10")
    assert {name for name, is_zero in zero.items() if not is_zero} == {"mean_rating", "urgent_share", "costs_mean"}
    assert began.keys() == zero.keys()
    assert not any(one.zero for one in began.values()), "a month that was not seen as a whole has no 0"


def test_a_thousand_cases_cost_as_many_statements_as_one(desk: Complaints) -> None:
    def statements() -> int:
        with desk.office.database.read() as session:
            scene = desk.office.engine.scene(session, desk.office.now)
            with counted(desk.office.database) as sent:
                figures.counted(session, scene, "2026-11")
        return len(sent)

    desk.complete()
    one = statements()
    for _ in range(5):
        desk.complete()
    assert statements() == one <= 3


def test_a_case_counts_by_the_version_it_began_with(desk: Complaints) -> None:
    desk.complete()
    newer = COMPLAINTS.replace("complaints_due: ", "complaints_closed: ")
    with desk.office.database.write() as session:
        desk.office.engine.publish(session, load_text(newer, "test.yaml"), None, desk.office.now)
    desk.complete()
    counts = desk.counted()["wang"]
    assert (counts["complaints_due"], counts["complaints_closed"]) == ("1", "1")


@pytest.mark.parametrize(
    ("period", "month"),
    [
        ("2026-11", "2026-11"),
        ("2026-W48", "2026-11"),
        ("2026-W49", "2026-12"),
        ("2026-Q4", "2026-12"),
        ("2026", "2026-12"),
    ],
)
def test_a_period_lies_in_the_month_in_which_it_ends(desk: Complaints, period: str, month: str) -> None:
    with desk.office.database.read() as session:
        calendar = desk.office.engine.calendar(session)
    for other in ("2026-10", "2026-11", "2026-12"):
        assert window_of(other, calendar).holds(period) is (other == month)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(22, 3), "7.3333333333"),
        (Fraction(2, 3), "0.6666666667"),
        (Fraction(1, 4), "0.25"),
        (Fraction(1200), "1200"),
    ],
)
def test_numbers_are_exact_where_they_can_be(number: Fraction, text: str) -> None:
    assert str(figures.as_decimal(number)) == text


STARTED = """
process: question
title: {zh: 询问, en: Question}
source: A三(四)3
name: "{what}"
start: {by: everyone, form: [what]}
fields: {what: {type: text, required: true, zh: 事由, en: What}}
states:
  answering:
    title: {zh: 答复, en: Answering}
    task: {for: {position: operations_specialist}, due: 24h}
    actions: {submit: answered}
  answered: {title: {zh: 已答复, en: Answered}, end: completed}
figures:
  questions_late: {count: answering, when: not on_time(answering), for: starter, month: answering}
"""


def test_what_can_still_be_on_time_is_not_late_yet(database: Database) -> None:
    desk = Complaints(database, STARTED)
    case = desk.office.start("supervisor", "question", what="问").case
    assert desk.counted() == {}
    desk.office.later(hours=24)
    assert desk.counted() == {}
    desk.office.later(minutes=1)
    assert desk.counted()["supervisor"]["questions_late"] == "1"
    desk.office.later(hours=-2)
    desk.office.act("wang", desk.office.task(case), "submit", {})
    desk.office.later(hours=5)
    assert desk.counted() == {}
