"""Lists for administrators: timers, messages, incidents, schedules, published versions. Paged by key."""

from __future__ import annotations

import uuid
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from workflows.engine.scene import Scene
from workflows.engine.schedules import occurrences
from workflows.engine.tables import (
    Case,
    Definition,
    Incident,
    Message,
    ScheduleRun,
    Signal,
    SignalStatus,
    Timer,
    TimerStatus,
)
from workflows.engine.views.pages import IncidentRow, Listed, MessageRow, PageKey, ScheduleRow, TimerRow, VersionRow
from workflows.errors import NotFound
from workflows.org.tables import Person


def timers(session: Session, after: PageKey | None, limit: int, status: str | None) -> Listed[TimerRow]:
    """Timers of one status by when they are tried next."""
    chosen: Any = select(
        Timer.id, Timer.case_id, Case.title, Case.process, Timer.kind, Timer.rule, Timer.due_at, Timer.next_at, Timer.provisional,
        Timer.status, Timer.attempt, Timer.fired_at,
    ).join(Case, Case.id == Timer.case_id)  # fmt: skip
    # The literal lets the partial index of due timers be used.
    chosen = (
        chosen.where(Timer.status == (literal(status) if status != TimerStatus.DUE else TimerStatus.DUE))
        if status
        else chosen
    )
    rows = [
        TimerRow(*row) for row in session.execute(_paged(chosen, Timer.next_at, Timer.id, after, limit, newest=False))
    ]
    return _listed(rows, limit, lambda row: PageKey(row.next_at, row.id))


def messages(session: Session, after: PageKey | None, limit: int) -> Listed[MessageRow]:
    """Messages, newest first."""
    chosen: Any = (
        select(
            Message.id, Message.kind, Message.person_id, Person.name, Message.case_id, func.coalesce(Case.title, ""), Message.created_at,
            Message.next_at, Message.status, Message.mail_id,
        )
        .join(Person, Person.id == Message.person_id)
        .outerjoin(Case, Case.id == Message.case_id)
    )  # fmt: skip
    if after is not None:
        chosen = chosen.where(Message.id < after.id)
    # Ids grow with time: the primary key is the order.
    rows = [MessageRow(*row) for row in session.execute(chosen.order_by(Message.id.desc()).limit(limit + 1))]
    return _listed(rows, limit, lambda row: PageKey(row.created_at, row.id))


def incidents(session: Session, after: PageKey | None, limit: int, open_only: bool) -> Listed[IncidentRow]:
    """Incidents, newest first."""
    solver = aliased(Person)
    chosen: Any = (
        select(
            Incident.id, Incident.at, Incident.kind, Incident.case_id, func.coalesce(Case.title, ""), Incident.job_id, Incident.code,
            Incident.detail, Incident.solved_at, func.coalesce(solver.name, ""),
        )
        .outerjoin(Case, Case.id == Incident.case_id)
        .outerjoin(solver, solver.id == Incident.solved_by)
    )  # fmt: skip
    if open_only:
        chosen = chosen.where(Incident.solved_at.is_(None))
    rows = [
        IncidentRow(*row)
        for row in session.execute(_paged(chosen, Incident.at, Incident.id, after, limit, newest=True))
    ]
    return _listed(rows, limit, lambda row: PageKey(row.at, row.id))


def solve_incident(session: Session, incident: uuid.UUID, actor: uuid.UUID, now: datetime, retry: bool) -> None:
    """Close an incident; with `retry` its job is tried again at once. Raises `NotFound`."""
    row = session.execute(
        select(Incident.kind, Incident.job_id, Incident.solved_at).where(Incident.id == incident)
    ).one_or_none()
    if row is None:
        raise NotFound("没有这条失败记录。", "There is no such incident.")
    if row.solved_at is not None:
        return
    session.execute(update(Incident).where(Incident.id == incident).values(solved_at=now, solved_by=actor))
    if retry and row.kind == "timer":
        again = update(Timer).where(Timer.id == row.job_id, Timer.status == TimerStatus.INCIDENT)
        session.execute(again.values(status=TimerStatus.DUE, attempt=0, next_at=now))
    if retry and row.kind == "signal":
        heard = update(Signal).where(Signal.id == row.job_id, Signal.status == SignalStatus.INCIDENT)
        session.execute(heard.values(status=SignalStatus.WAITING, attempt=0, next_at=now))


def schedules(scene: Scene, session: Session, now: datetime, count: int) -> tuple[ScheduleRow, ...]:
    """Every recurring start with its newest run and its next `count` times."""
    newest = select(ScheduleRun.process, ScheduleRun.schedule, func.max(ScheduleRun.scheduled_for).label("at"))
    latest = newest.group_by(ScheduleRun.process, ScheduleRun.schedule).subquery()
    same = (
        (ScheduleRun.process == latest.c.process)
        & (ScheduleRun.schedule == latest.c.schedule)
        & (ScheduleRun.scheduled_for == latest.c.at)
    )
    runs = {(run.process, run.schedule): run for run in session.scalars(select(ScheduleRun).join(latest, same))}
    found = []
    for published in scene.newest.values():
        for schedule in published.process.schedules:
            run = runs.get((published.key, schedule.index))
            coming = islice(occurrences(schedule, scene.calendar, now), count)
            times = tuple((at, scene.calendar.provisional(scene.calendar.day_of(at).year)) for at in coming)
            found.append(ScheduleRow(
                published.key, published.process.title, schedule.index, schedule.every, times, run.scheduled_for if run else None,
                run.done if run else None, run.total if run else None, run.finished_at if run else None,
            ))  # fmt: skip
    return tuple(found)


def versions(session: Session) -> tuple[VersionRow, ...]:
    """Every published version with its open cases."""
    running = (
        select(Case.definition_id, func.count().label("n"))
        .where(Case.ended_at.is_(None))
        .group_by(Case.definition_id)
        .subquery()
    )
    chosen = select(
        Definition.id, Definition.process, Definition.version, Definition.digest, Definition.published_at, Definition.published_by,
        func.coalesce(running.c.n, 0),
    ).outerjoin(running, running.c.definition_id == Definition.id)  # fmt: skip
    return tuple(
        VersionRow(*row) for row in session.execute(chosen.order_by(Definition.process, Definition.version.desc()))
    )


def _paged(chosen: Select[Any], at: Any, row: Any, after: PageKey | None, limit: int, *, newest: bool) -> Select[Any]:
    if after is not None:
        here, there = tuple_(at, row), tuple_(literal(after.at, at.type), literal(after.id, row.type))
        chosen = chosen.where(here < there if newest else here > there)
    return chosen.order_by(*((at.desc(), row.desc()) if newest else (at, row))).limit(limit + 1)


def _listed(rows: list[Any], limit: int, key: Any) -> Listed[Any]:
    return Listed(tuple(rows[:limit]), key(rows[limit - 1]) if len(rows) > limit else None)
