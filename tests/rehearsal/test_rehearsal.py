"""A rehearsed stretch of the sample company's year: everything periodic is there once, and a fault would be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import delete, func, select, update

from workflows.db import Database
from workflows.engine.tables import Case, EventValue, Task, Timer
from workflows.operation.rehearsing import Company, Rehearsed, rehearse
from workflows.rehearsal.result import collect
from workflows.settings import Settings

FIRST, LAST = date(2026, 9, 14), date(2026, 11, 20)
"""National Day, its make-up workdays, two month ends and two cycles."""


@pytest.fixture(scope="module")
def rehearsed() -> Iterator[Rehearsed]:
    settings = Settings.from_environment({"DATABASE_URL": "sqlite://"})
    with rehearse(settings, Company.sample(), FIRST, LAST, seed=3) as done:
        yield done


def test_every_periodic_case_is_there_exactly_once(rehearsed: Rehearsed) -> None:
    result = rehearsed.result
    assert result.sound, result
    counted = {p.process: p.cases for p in result.processes if p.expected is not None}
    assert counted["weekly_report"] == 10 * 4  # ten Mondays, four people
    assert counted["appraisal_cycle"] == 2
    assert counted["monthly_appraisal"] == 2 * 26


def test_people_went_every_usual_way(rehearsed: Rehearsed) -> None:
    done = rehearsed.done
    for action in ("submit", "approve", "send_back", "publish", "appeal"):
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


def test_the_same_seed_gives_the_same_weeks() -> None:
    settings = Settings.from_environment({"DATABASE_URL": "sqlite://"})
    runs = []
    for _ in range(2):
        with rehearse(settings, Company.sample(), date(2026, 9, 14), date(2026, 9, 27), seed=5) as done:
            runs.append((dict(done.done), _cases(done.database)))
    assert runs[0] == runs[1]


def test_a_case_that_nothing_moves_is_called_stuck() -> None:
    settings = Settings.from_environment({"DATABASE_URL": "sqlite://"})
    with rehearse(settings, Company.sample(), date(2026, 9, 14), date(2026, 9, 16), seed=5) as done:
        with done.database.write() as session:
            session.execute(update(Task).values(status="closed"))
            session.execute(delete(Timer))
        with done.database.read() as session:
            assert collect(session, {}).stuck


def _cases(database: Database) -> list[tuple[str, str, int]]:
    with database.read() as session:
        rows = session.execute(select(Case.process, Case.title, Case.event_count).order_by(Case.process, Case.title))
        assert session.scalar(select(func.count()).select_from(EventValue))
        return [(process, title, count) for process, title, count in rows]
