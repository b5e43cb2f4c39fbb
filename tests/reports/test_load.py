"""How much positions have to do: hours counted once and in their weeks, of people who are seen, and what the work was."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.office import counted
from reports.test_process import Bench
from workflows.db import Database
from workflows.reports.load import PositionLoad, loads, position_loads, step_loads
from workflows.reports.span import span_of_days

POSITION = "operations_specialist"


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


def handed_in(bench: Bench, case: uuid.UUID, opened: tuple[int, float], done: tuple[int, float]) -> None:
    """wang has the first step of a case open from one day and hour of November to another."""
    bench.clock(*opened)
    bench.open(case, "wang")
    bench.clock(*done)
    bench.office.act("wang", bench.office.task(case), "submit", {})


def load_of(bench: Bench, first: int, last: int, *whose: str) -> PositionLoad | None:
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        span = span_of_days(date(2026, 11, first), date(2026, 11, last), scene.calendar)
        people = {bench.office.people[login] for login in whose} if whose else None
        found = position_loads(session, scene, span, people)
    return next((one for one in found if one.position == POSITION), None)


def test_hours_with_two_tasks_open_count_once(bench: Bench) -> None:
    one, two = bench.file(), bench.file()
    bench.clock(16, 10)
    bench.open(one, "wang")
    handed_in(bench, two, (16, 10), (16, 12))
    bench.office.act("wang", bench.office.task(one), "submit", {})
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        found = loads(session, scene, span_of_days(date(2026, 11, 16), date(2026, 11, 16), scene.calendar))
    assert [(one.position, one.week, one.tasks, one.hours) for one in found] == [
        (POSITION, "2026-W47", 2, Decimal("2.0"))
    ]


def test_hours_belong_to_the_weeks_in_which_they_were_worked(bench: Bench) -> None:
    handed_in(bench, bench.file(), (20, 16), (23, 10))  # from Friday 16:00 to Monday 10:00
    load = load_of(bench, 16, 29)
    assert load is not None
    people = load.people
    assert [(week.week, week.tasks, week.hours) for week in load.weeks] == [
        ("2026-W47", 0, Decimal("2.0")),
        ("2026-W48", 1, Decimal("1.0")),
    ]
    # The week that is not over has come as far as Monday 10:00.
    assert [week.available for week in load.weeks] == [Decimal(40 * people), Decimal(1 * people)]
    assert load.weeks[1].share == Decimal(100) / people
    assert load.busiest is load.weeks[1]
    assert (load.tasks, load.hours) == (1, Decimal("3.0"))


def test_the_hours_of_last_year_are_still_there_in_the_next(bench: Bench) -> None:
    handed_in(bench, bench.file(), (16, 10), (16, 12))
    bench.office.until(datetime(2027, 1, 5, 4, tzinfo=UTC))
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        span = span_of_days(date(2026, 1, 1), date(2027, 1, 5), scene.calendar)
        of_weeks = loads(session, scene, span)
        of_steps = step_loads(session, scene, span, [bench.office.people["wang"]])
    assert [(one.week, one.hours) for one in of_weeks] == [("2026-W47", Decimal("2.0"))]
    assert [one.hours for one in of_steps] == [Decimal("2.0")]


def test_what_lies_outside_the_time_does_not_count(bench: Bench) -> None:
    handed_in(bench, bench.file(), (20, 16), (23, 10))
    friday, monday = load_of(bench, 20, 20), load_of(bench, 23, 23)
    assert friday is not None
    assert monday is not None
    assert (friday.tasks, friday.hours) == (0, Decimal(0)), "it was not handed on by then"
    assert (monday.tasks, monday.hours) == (1, Decimal("1.0"))


def test_only_those_who_are_asked_for_count(bench: Bench) -> None:
    handed_in(bench, bench.file(), (16, 10), (16, 12))
    mine = load_of(bench, 16, 20, "wang")
    assert mine is not None
    assert (mine.people, mine.tasks) == (1, 1)
    assert load_of(bench, 16, 20, "hr") is None


def test_the_steps_say_what_it_was_in_one_statement(bench: Bench) -> None:
    for _ in range(3):
        handed_in(bench, bench.file(), (16, 10), (16, 12))
    with bench.office.database.read() as session:
        scene = bench.office.engine.scene(session, bench.office.now)
        span = span_of_days(date(2026, 11, 16), date(2026, 11, 20), scene.calendar)
        with counted(bench.office.database) as sent:
            found = step_loads(session, scene, span, [bench.office.people["wang"]])
    assert [(one.process, one.tasks, one.hours) for one in found] == [("complaint", 3, Decimal("2.0"))]
    assert len(sent) == 1
