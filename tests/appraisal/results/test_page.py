"""The page of a result: both versions explained, steps, the right to appeal, who may read and who has."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from appraisal.cards.desk import MONTH, Desk
from engine.office import counted
from workflows.appraisal.results.views.page import ResultPage
from workflows.errors import NotFound

CLAIM = {"listing_on_time": {"figures": {"listings_on_time": "20"}, "reason": "系统停机"}}


def page(desk: Desk, viewer: str = "wang", subject: str = "wang") -> ResultPage:
    with desk.database.read() as session:
        return desk.appraisal.result_page(session, desk.people[viewer], desk.people[subject], MONTH, desk.now)


def dispute(desk: Desk, case: uuid.UUID) -> uuid.UUID:
    desk.anytime("wang", case, "appeal", {"disputed": {"lines": CLAIM}})
    desk.tick()
    return desk.appeal_of(case)


def rule(desk: Desk, appeal: uuid.UUID, line: dict[str, Any]) -> None:
    ruling = {"listing_on_time": {"reason": "核对过", **line}}
    desk.act("hr", desk.task(appeal), "submit", {"ruling": {"lines": ruling}, "finding": "属实"})
    desk.tick()


def test_before_publication_there_are_steps_and_nothing_else(desk: Desk) -> None:
    desk.measure("wang", {"base_bonus": "3000"})
    desk.appraise("wang")
    seen = page(desk)
    assert (seen.versions, seen.newest, seen.comment, seen.window) == ((), None, None, None)
    assert [(step.state, step.status) for step in seen.steps][:1] == [("scoring", "now")]


def test_a_published_month_explains_itself(desk: Desk) -> None:
    desk.measure("wang", {"base_bonus": "3000"})
    desk.scored("wang")
    seen = page(desk)
    newest = seen.newest
    assert newest is not None
    assert newest.score.total == newest.summary.total
    assert newest.grade.key == newest.summary.grade == "excellent"
    assert str(newest.bonus) == str((newest.summary.total * 30).quantize(newest.summary.total))
    assert newest.score.lines["pages_done"].how.en
    assert seen.window is not None
    assert (seen.window.action, seen.window.open, seen.window.used) == ("appeal", True, False)
    assert seen.readers == ("林晓岚", "何志鹏", "周明远")


def test_a_corrected_month_shows_both_and_why(desk: Desk) -> None:
    case = desk.scored("wang")
    appeal = dispute(desk, case)
    waiting = page(desk)
    assert waiting.appeal is not None
    assert (waiting.appeal.case, waiting.appeal.outcome, waiting.appeal.ruling) == (appeal, None, None)
    assert waiting.window is not None
    assert (waiting.window.used, waiting.window.open) == (True, False)
    rule(desk, appeal, {"verdict": "correct", "figures": {"listings_on_time": "20"}})
    desk.act("supervisor", desk.task(case), "submit")
    seen = page(desk)
    before, after = seen.versions
    assert before.summary.total < after.summary.total
    assert (before.summary.reason, after.summary.reason) == (None, "属实")
    assert seen.appeal is not None
    assert (seen.appeal.outcome, seen.appeal.ruling["lines"]["listing_on_time"]["verdict"]) == ("corrected", "correct")


@pytest.mark.parametrize("viewer", ["zhang", "sun", "admin"])
def test_a_colleague_is_told_that_there_is_nothing(desk: Desk, viewer: str) -> None:
    desk.scored("wang")
    with pytest.raises(NotFound):
        page(desk, viewer)


def test_a_month_without_an_appraisal_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        page(desk)


def test_the_number_of_statements_is_fixed(desk: Desk) -> None:
    case = desk.scored("wang")
    page(desk)
    with counted(desk.database) as once:
        page(desk)
    rule(desk, dispute(desk, case), {"verdict": "correct", "figures": {"listings_on_time": "20"}})
    desk.act("supervisor", desk.task(case), "submit")
    page(desk)
    with counted(desk.database) as corrected:
        page(desk)
    assert max(len(once), len(corrected)) <= 14


def test_who_read_it_is_told_and_oneself_is_not(desk: Desk) -> None:
    case = desk.scored("wang")
    with desk.database.write() as session:
        desk.appraisal.log_reading(session, desk.people["gu"], desk.people["wang"], case, desk.now)
        desk.appraisal.log_reading(
            session, desk.people["wang"], desk.people["wang"], case, desk.now + timedelta(hours=1)
        )
    assert [(reading.name, reading.at) for reading in page(desk).last_readings] == [("顾青", desk.now)]
    later = desk.now + timedelta(hours=2)
    with (
        desk.database.write() as session
    ):  # whoever scored it reads the case: that is not logged, and told all the same
        seen = desk.engine.case_page(session, desk.people["supervisor"], case, later)
        desk.engine.mark_read(session, desk.people["supervisor"], seen, later)
    assert [reading.name for reading in page(desk).last_readings] == ["林晓岚", "顾青"]


def test_a_published_month_whose_result_is_gone_is_found(desk: Desk) -> None:
    from sqlalchemy import text

    from workflows.appraisal.results.verify import verify

    desk.scored("wang")
    with desk.database.read() as session:
        assert (verify(session).results, verify(session).faults) == (1, [])
    with desk.database.write() as session:
        if desk.database.is_sqlite:
            session.execute(text("DROP TRIGGER result_stays"))
        else:
            session.execute(text("ALTER TABLE result DISABLE TRIGGER ALL"))
        session.execute(text("DELETE FROM result"))
    with desk.database.read() as session:
        (fault,) = verify(session).faults
    assert (fault.subject, fault.period, fault.what.en) == (
        desk.people["wang"], MONTH, "it was published, and the result is gone",
    )  # fmt: skip
