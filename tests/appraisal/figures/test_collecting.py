"""What cases contribute becomes figures: of everybody whose scorecard asks, with a real 0, and never over somebody's correction."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.office import counted
from reports.complaints import COMPLAINTS, Complaints
from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.cards.store import ScorecardStore, scorecards_folder
from workflows.appraisal.figures.collecting import collect, collected_on
from workflows.appraisal.figures.lookup import measured
from workflows.appraisal.figures.measured import MeasuredFigure
from workflows.appraisal.figures.store import FigureInput, Key, Recorded, record
from workflows.appraisal.figures.tables import FigureValue, Source
from workflows.appraisal.results.writing import NewResult, publish
from workflows.db import Database
from workflows.org.tables import PersonPosition, Position
from workflows.org.versions import bump
from workflows.schedule.rounds import Rounds

PROPOSALS = """
process: proposal
title: {zh: 提案, en: Proposal}
source: C二(三)2
name: "{what}"
start: {by: everyone, form: [what]}
fields:
  what: {type: text, required: true, zh: 内容, en: What}
states:
  judging:
    title: {zh: 评审, en: Judging}
    task: {for: {position: operations_supervisor}}
    actions:
      approve: accepted
      reject: {to: refused}
  accepted: {title: {zh: 通过, en: Accepted}, end: completed}
  refused: {title: {zh: 未通过, en: Refused}, end: rejected}
figures:
  accepted_proposals: {count: accepted, for: starter, month: accepted}
  design_mark: {mean: 8, for: starter, month: accepted}
  team_marks: {count: accepted, for: {manager_of: starter}, month: accepted}
"""


class Collecting(Complaints):
    """The office with its complaints, proposals and the project's scorecards."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, COMPLAINTS, PROPOSALS)
        self.database = database
        self.store = ScorecardStore()
        with database.write() as session:
            files = texts_of(scorecards_folder().glob("*.yaml"))
            publish_cards(session, files, "scorecards", date(2026, 1, 1), self.office.now)
        self.appoint("sun", "ecommerce_operator")

    def appoint(self, login: str, position: str) -> None:
        with self.database.write() as session:
            session.add(Position(key=position, zh=position, en=position))
            session.flush()
            held = session.scalars(
                select(PersonPosition).where(PersonPosition.person_id == self.office.people[login])
            ).one()
            held.position_key = position
            bump(session, "organisation")

    def collect(self, month: str = "2026-11") -> Recorded:
        with self.database.write() as session:
            return collect(session, self.office.engine, self.store, month, self.office.now)

    def correct(self, login: str, name: str, value: str) -> None:
        key = Key(self.office.people[login], None, "2026-11", name)
        one = FigureInput(key, Decimal(value), "客户重复投诉")
        with self.database.write() as session:
            record(session, [one], source=Source.FORM, actor=self.office.people["hr"], now=self.office.now)

    def figures(self, login: str, *names: str, month: str = "2026-11") -> dict[str, MeasuredFigure]:
        person = self.office.people[login]
        with self.database.read() as session:
            organisation = self.office.engine.organisation(session)
            return measured(session, organisation, [person], month, names, self.store.catalogue(session))[person]

    def value(self, login: str, name: str, month: str = "2026-11") -> str | None:
        found = self.figures(login, name, month=month).get(name)
        return None if found is None else str(found.value)

    def rows(self, name: str) -> list[FigureValue]:
        with self.database.read() as session:
            return list(session.scalars(select(FigureValue).where(FigureValue.name == name).order_by(FigureValue.id)))

    def propose(self, action: str = "approve") -> None:
        case = self.office.start("sun", "proposal", what="换主图").case
        self.office.act("supervisor", self.office.task(case), action, reason="好")


@pytest.fixture
def desk(database: Database) -> Collecting:
    return Collecting(database)


def test_who_needs_a_figure_gets_it_and_a_real_0_without_a_case(desk: Collecting) -> None:
    desk.complete(hours=2)
    desk.complete(hours=30)
    desk.collect()
    found = desk.figures("wang", "complaints_due", "complaints_within_24h")
    assert {name: (str(f.value), f.source, f.entered_by) for name, f in found.items()} == {
        "complaints_due": ("2", "system", None), "complaints_within_24h": ("1", "system", None),
    }  # fmt: skip
    assert desk.value("zhang", "complaints_due") == "0"
    assert desk.value("sun", "complaints_due") is None
    assert desk.value("sun", "accepted_proposals") == "0"
    assert desk.value("sun", "design_mark") is None


def test_only_what_has_changed_is_written(desk: Collecting) -> None:
    desk.complete()
    first = desk.collect()
    assert (first.new > 0, first.changed) == (True, 0)
    assert desk.collect() == Recorded(0, 0, first.new)
    desk.complete(login="zhang")
    assert desk.collect() == Recorded(0, 2, first.new - 2)
    assert [str(row.value) for row in desk.rows("complaints_due") if row.person_id == desk.office.people["zhang"]] == [
        "0",
        "1",
    ]


def test_it_keeps_which_cases_it_counted(desk: Collecting) -> None:
    case = desk.complete()
    desk.collect()
    row = next(row for row in desk.rows("complaints_due") if row.person_id == desk.office.people["wang"])
    assert row.evidence == {"processes": ["complaint"], "cases": [case.hex], "count": 1}


def test_a_person_s_correction_stays(desk: Collecting) -> None:
    desk.complete()
    desk.complete()
    desk.collect()
    desk.correct("wang", "complaints_due", "1")
    desk.complete()
    desk.collect()
    assert desk.value("wang", "complaints_due") == "1"
    assert desk.figures("wang", "complaints_due")["complaints_due"].source == "form"


def test_before_a_process_was_there_nothing_was_counted(desk: Collecting) -> None:
    assert desk.collect("2026-10") == Recorded(0, 0, 0)


def test_a_published_month_is_left_alone(desk: Collecting) -> None:
    desk.collect()
    case = desk.complete()
    result = NewResult("month", desk.office.people["wang"], "2026-11", case, None, Decimal("90.00"), "good", {})
    with desk.database.write() as session:
        publish(session, result, desk.office.now)
    desk.complete(login="zhang")
    desk.collect()
    assert (desk.value("wang", "complaints_due"), desk.value("zhang", "complaints_due")) == ("0", "1")


def test_a_mean_whose_cases_are_gone_is_missing_again(desk: Collecting) -> None:
    desk.propose()
    desk.collect()
    assert desk.value("sun", "design_mark") == "8"
    desk.office.until(datetime(2026, 12, 3, tzinfo=UTC))
    desk.collect("2026-12")
    assert desk.value("sun", "design_mark", "2026-12") is None


def test_three_months_of_proposals_follow_from_the_months(desk: Collecting) -> None:
    desk.propose()
    desk.propose("reject")
    desk.collect("2026-11")
    desk.office.until(datetime(2026, 12, 3, tzinfo=UTC))
    desk.propose()
    desk.collect("2026-12")
    assert desk.value("sun", "accepted_proposals_3m", "2026-12") is None
    desk.office.until(datetime(2027, 1, 4, tzinfo=UTC))
    desk.collect("2027-01")
    assert desk.value("sun", "accepted_proposals_3m", "2027-01") == "2"
    assert desk.figures("sun", "accepted_proposals_3m", month="2027-01")["accepted_proposals_3m"].source == "derived"


def test_a_figure_that_holds_until_changed_gets_no_0(desk: Collecting) -> None:
    desk.collect()
    assert desk.value("supervisor", "team_marks") is None
    desk.propose()
    desk.collect()
    assert desk.value("supervisor", "team_marks") == "1"
    desk.office.until(datetime(2026, 12, 3, tzinfo=UTC))
    desk.collect("2026-12")
    assert desk.value("supervisor", "team_marks", "2026-12") == "1"


# -- every day --------------------------------------------------------------------------------------------------------


def test_once_a_day_this_month_and_the_last(desk: Collecting) -> None:
    rounds = Rounds(desk.database, desk.office.engine, patient=False)
    desk.complete()
    rounds.figures(desk.office.now)
    assert desk.value("wang", "complaints_due") == "1"
    desk.complete()
    rounds.figures(desk.office.now)
    assert desk.value("wang", "complaints_due") == "1"
    desk.office.later(days=1)
    rounds.figures(desk.office.now)
    assert desk.value("wang", "complaints_due") == "2"
    with desk.database.read() as session:
        assert collected_on(session) == date(2026, 11, 17)


def test_after_a_long_stop_every_month_is_caught_up(desk: Collecting) -> None:
    rounds = Rounds(desk.database, desk.office.engine, patient=False)
    rounds.figures(desk.office.now)
    desk.complete()
    desk.office.until(datetime(2027, 2, 3, 1, 0, tzinfo=UTC))
    rounds.figures(desk.office.now)
    assert [desk.value("wang", "complaints_due", month) for month in ("2026-11", "2026-12", "2027-01", "2027-02")] == [
        "1",
        "0",
        "0",
        "0",
    ]


def test_a_thousand_people_cost_as_many_statements_as_ten(desk: Collecting) -> None:
    desk.collect()
    with counted(desk.database) as sent:
        desk.collect()
    assert len(sent) < 25
