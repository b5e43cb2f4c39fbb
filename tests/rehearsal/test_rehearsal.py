"""A rehearsed stretch of the sample company's year: everything periodic is there once, and a fault would be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from tests.reports.conforming import strays

from workflows.db import Database, new_id
from workflows.engine.tables import Incident, Task, Timer
from workflows.operation.rehearsal_report import verified, written
from workflows.operation.rehearsing import Company, Rehearsed, rehearse
from workflows.rehearsal.result import collect
from workflows.settings import Settings

FIRST, LAST = date(2026, 9, 21), date(2026, 10, 9)
"""A fortnight around National Day: a quarter's end, make-up workdays, an appraisal that opens, the first days of a month."""
NOON = datetime(2026, 10, 9, 12, tzinfo=UTC)
SETTINGS = Settings.from_environment({"DATABASE_URL": "sqlite://"})

pytestmark = pytest.mark.xdist_group("rehearsal")  # one process rehearses for all of them


@pytest.fixture(scope="module")
def rehearsed() -> Iterator[Rehearsed]:
    with rehearse(SETTINGS, Company.sample(), FIRST, LAST, seed=3) as done:
        yield done


def test_every_periodic_case_is_there_exactly_once(rehearsed: Rehearsed) -> None:
    result = rehearsed.result
    assert result.sound, result
    counted = {p.process: p.cases for p in result.processes if p.expected is not None}
    assert counted["weekly_report"] == 3 * 4  # three Mondays, four people
    assert counted["appraisal_cycle"] == 1
    assert counted["monthly_appraisal"] == 26


def test_its_history_is_whole_and_keeps_to_the_definitions(rehearsed: Rehearsed) -> None:
    assert verified(rehearsed.database).faults == 0
    with rehearsed.database.read() as session:
        assert strays(session, rehearsed.engine.scene(session, NOON)) == []


def test_people_went_every_usual_way(rehearsed: Rehearsed) -> None:
    done = rehearsed.done
    for action in ("start", "submit", "approve", "send_back"):
        assert sum(count for (_, taken), count in done.items() if taken == action), f"nobody took {action}"


def test_nobody_worked_at_night_or_on_a_day_off(rehearsed: Rehearsed) -> None:
    with rehearsed.database.read() as session:
        calendar = rehearsed.engine.calendar(session)
        moments = session.scalars(select(Task.completed_at).where(Task.completed_by.is_not(None))).all()
    assert moments
    assert [m for m in moments if m is not None and not calendar.is_workday(calendar.day_of(m))] == []


def test_a_missing_case_would_be_seen(rehearsed: Rehearsed) -> None:
    with rehearsed.database.read() as session:
        expected = {p.process: p.expected for p in rehearsed.result.processes if p.expected is not None}
        assert collect(session, expected).sound
        one_more = {**expected, "weekly_report": expected["weekly_report"] + 1}
        assert not collect(session, one_more).sound


def test_a_deadline_that_nobody_served_would_be_seen(rehearsed: Rehearsed) -> None:
    with rehearsed.database.read() as session:
        long_after = NOON + timedelta(days=400)
        assert collect(session, {}, long_after).unserved


def test_what_failed_for_good_is_named(database: Database) -> None:
    with database.write() as session:
        for solved in (None, None, NOON):
            session.add(
                Incident(id=new_id(), at=NOON, kind="nobody", code="left", detail="content_plan", solved_at=solved)
            )
    with database.read() as session:
        result = collect(session, {})
    assert result.failures == {"nobody left: content_plan": 2}
    assert (result.incidents, result.sound) == (2, False)


def test_a_larger_company_gives_the_same_report_for_the_same_seed() -> None:
    pages = []
    first, last = date(2026, 9, 21), date(2026, 9, 23)
    for seed in (5, 5, 6):
        with rehearse(SETTINGS, Company.sample(), first, last, seed, 50) as done:
            assert done.result.sound, done.result
            pages.append(written(done, verified(done.database), first, last, "zh"))
    assert pages[0] == pages[1]
    assert pages[0] != pages[2]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_is_one_page_that_loads_nothing(rehearsed: Rehearsed, language: str) -> None:
    page = written(rehearsed, verified(rehearsed.database), FIRST, LAST, language)
    assert "<svg" in page
    assert not any(word in page for word in ("<script", "<link", "<img", "src=", "url(", "None"))
    assert "部门演练报告" in page if language == "zh" else not re.search("[一-鿿]", page)


def test_the_same_days_on_both_databases(database: Database) -> None:
    with rehearse(SETTINGS, Company.sample(), date(2026, 9, 21), date(2026, 9, 22), 5, database=database) as done:
        assert done.result.sound, done.result
        assert verified(done.database).faults == 0


def test_a_case_that_nothing_moves_is_called_stuck() -> None:
    with rehearse(SETTINGS, Company.sample(), date(2026, 9, 14), date(2026, 9, 15), seed=5) as done:
        with done.database.write() as session:
            session.execute(update(Task).values(status="closed"))
            session.execute(delete(Timer))
        with done.database.read() as session:
            assert collect(session, {}).stuck
