"""The clock's part: a timer that is due becomes one step of its case, once."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, select, update
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.definition.model import Alert, Task
from workflows.engine import steps, timing
from workflows.engine.company import Company
from workflows.engine.entering import part_of
from workflows.engine.loading import open_case
from workflows.engine.people import of_queue, resolve
from workflows.engine.record import someone_was_faster
from workflows.engine.rows import TaskRow
from workflows.engine.running import Running, Step
from workflows.engine.tables import Incident, Signal, SignalStatus, Timer, TimerStatus
from workflows.engine.visibility import with_deputies

MOST_TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)

_TIMER: Any = Timer.__table__
_THIS = _TIMER.c.id == bindparam("b_id", type_=_TIMER.c.id.type)
_ADDRESS = select(_TIMER.c.case_id, _TIMER.c.kind).where(_THIS)
_WHOLE = select(_TIMER).where(_THIS)
_MARK_DONE = (
    update(_TIMER)
    .where(_THIS, _TIMER.c.status == TimerStatus.DUE)
    .values(status=TimerStatus.DONE, fired_at=bindparam("b_now", type_=_TIMER.c.fired_at.type))
)
_DUE = (
    select(_TIMER.c.id)
    .where(_TIMER.c.status == TimerStatus.DUE, _TIMER.c.next_at <= bindparam("b_now", type_=_TIMER.c.next_at.type))
    .order_by(_TIMER.c.next_at, _TIMER.c.kind, _TIMER.c.id)
    .limit(bindparam("b_limit", type_=Integer))
)
"""Made once: see `record`."""

TimerRow = Any
"""A row of `timer` by column names."""


def due_timers(session: Session, now: datetime, limit: int) -> list[uuid.UUID]:
    """Timers to ring, oldest first. At one moment a state's own timer rings before an alert that asks where the case stands."""
    return list(session.connection().scalars(_DUE, {"b_now": now, "b_limit": limit}))


def ring(company: Company, session: Session, timer_id: uuid.UUID, now: datetime) -> bool:
    """Ring one timer as its case's own step. False where it was rung, moved or cancelled meanwhile."""
    found = session.connection().execute(_ADDRESS, {"b_id": timer_id}).one_or_none()
    if found is None:
        return False
    if company.silent and found.kind == "remind":
        # A reminder changes nothing but what people are told.
        _mark_done(session, timer_id, now)
        return True
    run, _ = open_case(company, session, now, case=found.case_id)
    timer = session.connection().execute(_WHOLE, {"b_id": timer_id}).mappings().one()
    if timer["status"] != TimerStatus.DUE or timer["next_at"] > now:
        return False
    if not run.row.ended and timer["visit"] in (0, run.row.visit):
        _RING[timer["kind"]](run, timer)
        steps.settle(run)
        run.write()
    _mark_done(session, timer_id, now)
    run.record.flush(session)
    return True


def _mark_done(session: Session, timer_id: uuid.UUID, now: datetime) -> None:
    done: Any = session.connection().execute(_MARK_DONE, {"b_id": timer_id, "b_now": now})
    if done.rowcount != 1:
        raise someone_was_faster()


def _late(run: Running, timer: TimerRow) -> bool:
    return bool(run.now - timer["due_at"] > timing.LATE)


def _after(run: Running, timer: TimerRow) -> None:
    steps.ring(run, int(timer["rule"].rpartition("/")[2]), late=_late(run, timer))


def _remind(run: Running, timer: TimerRow) -> None:
    """A reminder changes nothing of the case: messages, no event."""
    row, task, index = _task_of(run, timer)
    if row is None or task is None:
        return
    holders = _holders(run, row)
    people = resolve(task.remind[index].to, run.situation(holders)) if task.remind[index].to else holders
    _tell(run, "reminder", people, timer, row, task)


def _escalate(run: Running, timer: TimerRow) -> None:
    """Those above are told and may act; the holder keeps the task."""
    row, task, index = _task_of(run, timer)
    if row is None or task is None:
        return
    people = resolve(task.escalate[index].to, run.situation(_holders(run, row)))
    people = tuple(p for p in people if p not in row.excluded_people)
    if not people:
        return  # nobody is above the top: the holder keeps it, and there is nothing to tell
    for person in people:
        run.record.escalations.append({"task_id": row.id, "person_id": person, "at": run.now})
    _tell(run, "escalation", people, timer, row, task)
    _event(run, "escalated", timer, people, row.id)


def _alert(run: Running, timer: TimerRow) -> None:
    alert: Alert = run.process.alerts[int(timer["rule"].rpartition("/")[2])]
    if alert.unless is not None and alert.unless in run.row.entries:
        return
    holders = tuple(p for row in run.open_tasks() for p in _holders(run, row))
    people = resolve(alert.to, run.situation(holders))
    _tell(run, "alert", people, timer, None, None)
    _event(run, "alerted", timer, people, None)


_RING = {"after": _after, "remind": _remind, "escalate": _escalate, "alert": _alert}


def _task_of(run: Running, timer: TimerRow) -> tuple[TaskRow | None, Task | None, int]:
    row = next((task for task in run.open_tasks() if task.id == timer["task_id"]), None)
    index = int(timer["rule"].split("/")[-2])
    return row, part_of(run.published.machine.state(row.state), row.part) if row is not None else None, index


def _holders(run: Running, row: TaskRow) -> tuple[uuid.UUID, ...]:
    """Who has the task; while nobody does, all it is offered to."""
    if row.holder_id is not None:
        return (row.holder_id,)
    offered = of_queue(row.queue or "", run.situation())
    return tuple(person for person in offered if person not in row.excluded_people)


def _tell(
    run: Running, kind: str, people: tuple[uuid.UUID, ...], timer: TimerRow, row: TaskRow | None, rule: Task | None
) -> None:
    if run.scene.silent:
        return
    facts = {
        "process": run.row.process,
        "state": run.row.state,
        "rule": timer["rule"],
        "due_at": timer["due_at"].isoformat(),
    }
    for person in with_deputies(run.scene, run.situation(), run.process, people, rule, row):
        slot = f"{timer['due_at']:%Y%m%d%H%M}"
        key = f"{kind}:{timer['id'].hex}:{slot}:{person.hex}"
        run.record.message(kind, key, person, run.row.id, row.id if row is not None else None, facts, run.now)


def _event(run: Running, kind: str, timer: TimerRow, people: tuple[uuid.UUID, ...], task: uuid.UUID | None) -> None:
    step = Step(kind, task=task, from_state=run.row.state, late=_late(run, timer))
    step.said = {"rule": timer["rule"], "to": [person.hex for person in people]}
    run.finish(step)


def failed(session: Session, kind: str, job_id: uuid.UUID, error: Exception, now: datetime) -> bool:
    """A timer or signal could not be done: try later, up to eight times, then somebody has to look (True)."""
    table: Any = Timer if kind == "timer" else Signal
    row = session.execute(select(table.attempt, table.status, _case_of(table)).where(table.id == job_id)).one_or_none()
    waiting = TimerStatus.DUE if kind == "timer" else SignalStatus.WAITING
    if row is None or row.status != waiting:
        return False
    attempt = row.attempt + 1
    over = attempt >= MOST_TRIES
    wait = min(FIRST_WAIT * 4 ** (attempt - 1), LONGEST_WAIT)
    status = TimerStatus.INCIDENT if over else waiting
    session.execute(update(table).where(table.id == job_id).values(attempt=attempt, next_at=now + wait, status=status))
    if over:
        session.add(_incident(kind, row[2], job_id, error, now))
    return bool(over)


def _case_of(table: Any) -> Any:
    return table.case_id if table is Timer else table.from_case_id


def _incident(kind: str, case: uuid.UUID, job: uuid.UUID, error: Exception, now: datetime) -> Incident:
    return Incident(
        id=new_id(),
        at=now,
        kind=kind,
        case_id=case,
        job_id=job,
        code=getattr(error, "code", type(error).__name__)[:80],
        detail=str(error)[:2000],
    )
