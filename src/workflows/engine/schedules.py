"""Recurring starts: which periods are due, and their cases in batches that can be stopped anywhere and gone on with.

A row of `schedule_run` is one period of one schedule; it exists once, so however many schedulers there are and however long they
stood still, every period is begun once. Its cases have the business key of person and period, so each is born once.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from workflows.db import new_id, upsert
from workflows.definition.model import Moment, Process, Schedule
from workflows.definition.moments import resolve_day
from workflows.definition.periods import Period, containing, named_period
from workflows.engine import data, starting, steps
from workflows.engine.company import Company
from workflows.engine.definitions import Published
from workflows.engine.people import Situation, resolve
from workflows.engine.record import Record
from workflows.engine.running import Step
from workflows.engine.scene import Scene
from workflows.engine.tables import Definition, ScheduleRun
from workflows.expression import Expression
from workflows.org.calendar import Calendar

BATCH = 200
"""Cases in one transaction."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class DueRun:
    """One period of one schedule whose time has come. `period`: its name, e.g. 2026-11; `scheduled_for`: when it rings, UTC."""

    process: str
    index: int
    period: str
    scheduled_for: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: cases done of all."""

    done: int
    total: int
    finished: bool


def occurrences(schedule: Schedule, calendar: Calendar, after: datetime) -> Iterator[datetime]:
    """When a schedule rings after an instant, in order, without end (until the calendar does)."""
    return (at for _, at in _ringings(schedule, calendar, after) if at > after)


def _ringings(schedule: Schedule, calendar: Calendar, around: datetime) -> Iterator[tuple[str, datetime]]:
    """The periods from a little before an instant on, each with the moment it rings."""
    period = _first_period(schedule, calendar.day_of(around))
    for _ in range(5000):
        day = day_in(schedule, period, calendar)
        if day is not None:
            yield str(period), calendar.at(day, schedule.at)
        period = period.next


def _first_period(schedule: Schedule, day: date) -> Period:
    kind: Any = "day" if schedule.every == "workday" else schedule.every
    # A moment may lie before its period begins or after it ends (`last_workday - 40d`): start early, what is past is left out.
    return containing(day, kind).previous.previous


def day_in(schedule: Schedule, period: Period, calendar: Calendar) -> date | None:
    """The day on which a schedule rings in a period; None where it does not."""
    first, wanted = period.first_day, schedule.day
    if schedule.every == "workday":
        return first if calendar.is_workday(first) else None
    if wanted is None:
        return first
    if isinstance(wanted, Moment):
        return resolve_day(wanted, period, calendar)
    if wanted in WEEKDAYS:
        return first + timedelta(days=(WEEKDAYS.index(wanted) - first.weekday()) % 7)
    # Day 31 of a month with 30 days is its last: nobody means "then not at all".
    return min(first + timedelta(days=int(wanted) - 1), period.last_day)


def due_schedules(company: Company, session: Session, now: datetime) -> list[DueRun]:
    """Every period that should have begun since the last one, or since its schedule was published; oldest first."""
    scene = company.scene(session, now)
    last = {(row.process, row.schedule): row for row in session.execute(_last_runs())}
    found = []
    for published in scene.newest.values():
        for schedule in published.process.schedules:
            run = last.get((published.key, schedule.index))
            since = run.at if run is not None else in_force_since(session, scene, published, partial(_has, schedule))
            for period, at in _ringings(schedule, scene.calendar, since):
                if at > now:
                    break
                # A changed holiday may move a period that has begun: its name says that it was there, not its time.
                if at > since and (run is None or not _begun(period, run.period)):
                    found.append(DueRun(published.key, schedule.index, period, at))
    return sorted(found, key=lambda due: (due.scheduled_for, due.process, due.index))


def _begun(period: str, last: str) -> bool:
    """Whether a period is the last one begun or lies before it; one of another kind (weeks became months) is new."""
    same_kind = re.sub(r"\d", "", period) == re.sub(r"\d", "", last)
    return same_kind and period <= last


def _last_runs() -> Any:
    newest = func.max(ScheduleRun.scheduled_for).label("at"), func.max(ScheduleRun.period).label("period")
    return select(ScheduleRun.process, ScheduleRun.schedule, *newest).group_by(
        ScheduleRun.process, ScheduleRun.schedule
    )


def in_force_since(session: Session, scene: Scene, published: Published, has: Callable[[Process], bool]) -> datetime:
    """When the first of the unbroken line of versions up to this one that `has` it was published."""
    since = published.published_at
    if published.version == 1:
        return since
    earlier = select(Definition.id).where(Definition.process == published.key, Definition.version < published.version)
    for definition_id in session.scalars(earlier.order_by(Definition.version.desc())):
        before = scene.store.get(session, definition_id)
        if not has(before.process):
            break
        since = before.published_at
    return since


def _has(schedule: Schedule, process: Process) -> bool:
    """Whether a version of the process has this schedule."""
    return any((s.index, s.every) == (schedule.index, schedule.every) for s in process.schedules)


def begin_run(company: Company, session: Session, due: DueRun, now: datetime) -> uuid.UUID | None:
    """Write down that a period has begun and for whom; None where it has been begun already."""
    scene = company.scene(session, now)
    published = starting.newest(scene, due.process)
    schedule = _schedule(published.process, due.index)
    people = _people(schedule, scene)
    row = {
        "id": new_id(), "process": due.process, "schedule": due.index, "period": due.period, "scheduled_for": due.scheduled_for,
        "definition_id": published.id, "people": [person.hex for person in people], "total": len(people) if schedule.each else 1,
        "done": 0, "started_at": now,
    }  # fmt: skip
    unique = ["process", "schedule", "period"]
    new = upsert(session, ScheduleRun).values(row).on_conflict_do_nothing(index_elements=unique)
    return session.execute(new.returning(ScheduleRun.id)).scalar_one_or_none()


def _people(schedule: Schedule, scene: Scene) -> tuple[uuid.UUID, ...]:
    return resolve(schedule.each, Situation(scene.organisation, scorecards=scene.scorecards)) if schedule.each else ()


def unfinished_runs(session: Session) -> list[uuid.UUID]:
    """Runs with cases still to be started, oldest first."""
    open_runs = select(ScheduleRun.id).where(ScheduleRun.finished_at.is_(None))
    return list(session.scalars(open_runs.order_by(ScheduleRun.scheduled_for, ScheduleRun.id)))


def continue_run(company: Company, session: Session, run_id: uuid.UUID, now: datetime, batch: int = BATCH) -> Progress:
    """Start the next cases of a run, at most `batch`. One transaction; repeat until finished."""
    row = (
        session.execute(select(ScheduleRun.__table__).where(ScheduleRun.id == run_id).with_for_update())
        .mappings()
        .one()
    )
    if row["finished_at"] is not None:
        return Progress(row["done"], row["total"], True)
    scene = company.scene(session, now)
    published = scene.store.get(session, row["definition_id"])
    schedule = _schedule(published.process, row["schedule"])
    wanted: list[uuid.UUID | None] = [uuid.UUID(hex=person) for person in row["people"]] if schedule.each else [None]
    part = wanted[row["done"] : row["done"] + batch]
    _start(
        session, scene, published, [(person, _values(schedule, row["scheduled_for"], person, scene)) for person in part]
    )
    done = row["done"] + len(part)
    finished = done >= row["total"]
    session.execute(
        update(ScheduleRun).where(ScheduleRun.id == run_id).values(done=done, finished_at=now if finished else None)
    )
    return Progress(done, row["total"], finished)


def _start(
    session: Session, scene: Scene, published: Published, wanted: list[tuple[uuid.UUID | None, Mapping[str, Any]]]
) -> None:
    record = Record(set(scene.queues))
    process = published.process
    keys = [key for _, values in wanted if (key := starting.business_key(process, _adopted(process, values, scene)))]
    taken = starting.existing_keys(session, process.key, keys)
    for _, values in wanted:
        given = _adopted(process, values, scene)
        key = starting.business_key(process, given)
        if key is not None and key in taken:
            continue
        if key is not None:
            taken.add(key)
        run = starting.born(session, scene, record, published, given, starter=None)
        step = Step("started", said={"why": "schedule"})
        starting.set_first_values(run, given, step)
        steps.begin(run, step)
        steps.settle(run)
        run.write()
    record.flush(session)


def _adopted(process: Process, values: Mapping[str, Any], scene: Scene) -> dict[str, Any]:
    return data.adopt(process, values, scene.calendar.zone)


def _schedule(process: Process, index: int) -> Schedule:
    return next(schedule for schedule in process.schedules if schedule.index == index)


def _values(schedule: Schedule, scheduled_for: datetime, person: uuid.UUID | None, scene: Scene) -> dict[str, Any]:
    """What `set:` of a schedule gives: periods relative to the day it rings, or an expression over `each`."""
    day = scene.calendar.day_of(scheduled_for)
    known = {"each": str(person)} if person is not None else {}
    found: dict[str, Any] = {}
    for name, word in schedule.assign.items():
        period = named_period(word, day)
        found[name] = str(period) if period is not None else data.json_value(Expression(word).evaluate(known))
    return found
