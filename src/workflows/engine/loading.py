"""Take a case in hand: locked, with all its tasks, in two statements."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import literal, select, true
from sqlalchemy.orm import Session

from workflows.engine import anonymous, timing
from workflows.engine.company import Company, read_versions_column, versions_column
from workflows.engine.record import Record
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, case_row, task_row
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Event, Task
from workflows.errors import NotFound

EventRow = Any
"""A row of `event` by column names."""

_EVENT = Event.__table__.c
_EVENT_COLUMNS = tuple(_EVENT[name].label(f"event_{name}") for name in _EVENT.keys())  # noqa: SIM118  columns, not a dict
_CASE = tuple(column.label(f"case_{column.name}") for column in CASE_COLUMNS)
_TASKS = tuple(column.label(f"task_{column.name}") for column in TASK_COLUMNS)


def open_case(
    company: Company,
    session: Session,
    now: datetime,
    *,
    case: uuid.UUID | None = None,
    task: uuid.UUID | None = None,
    submission: uuid.UUID | None = None,
) -> tuple[Running, EventRow | None]:
    """The case (of a task), locked until the transaction ends, and the event that a submission's key had already made.

    The lock comes first: what is read after it cannot change any more. `NO KEY`: rows that refer to the case (children,
    messages) may be written meanwhile. Raises `NotFound`.
    """
    wanted = (
        Case.id == case
        if case is not None
        else Case.id == select(Task.case_id).where(Task.id == task).scalar_subquery()
    )
    locked = select(*_CASE, versions_column(session)).where(wanted).with_for_update(of=Case, key_share=True)
    found = session.execute(locked).mappings().first()
    if found is None:
        raise no_such_case()
    scene = company.scene(session, now, read_versions_column(found["versions"]))
    row = case_row(found, "case_")
    rows = _tasks_and_event(session, row.id, submission)
    tasks = [task_row(line, "task_") for line in rows if line["task_id"] is not None]
    event = {name: rows[0][f"event_{name}"] for name in _EVENT.keys()} if rows[0]["event_id"] is not None else None  # noqa: SIM118
    run = taken(session, scene, Record(set(scene.queues)), row, sorted(tasks, key=lambda t: t.id))
    anonymous.take(run)
    return run, event


def taken(session: Session, scene: Scene, record: Record, row: CaseRow, tasks: list[Any]) -> Running:
    """A stored case in hand, its plan of timers computed as it stands."""
    run = Running(
        session, scene, record, scene.store.get(session, row.definition_id), row, tasks,
        loaded_version=row.version, loaded_title=row.title, visited=frozenset(row.entries),
    )  # fmt: skip
    row.data = dict(row.data)
    row.entries = dict(row.entries)
    run.plan = timing.plan(run)
    return run


def _tasks_and_event(session: Session, case: uuid.UUID, submission: uuid.UUID | None) -> list[Any]:
    # The submission's event is asked for after the lock: of two with one key the second finds what the first has done.
    base = select(literal(1).label("one")).subquery()
    key = _EVENT.submission == submission if submission is not None else ~true()
    joined = base.outerjoin(Task, Task.case_id == case).outerjoin(Event, key)
    return list(session.execute(select(*_TASKS, *_EVENT_COLUMNS).select_from(joined)).mappings())


def event_of(session: Session, submission: uuid.UUID) -> EventRow | None:
    """The event that a submission's key has made."""
    return session.execute(select(Event.__table__).where(_EVENT.submission == submission)).mappings().first()


def no_such_case() -> NotFound:
    """The same answer whether it does not exist or must not be seen."""
    return NotFound("没有这件事，或者你无权查看。", "There is no such case, or it is not for you to see.")
