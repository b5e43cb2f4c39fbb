"""Take a case in hand: locked, with all its tasks, in two statements."""

from __future__ import annotations

import functools
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, literal, select
from sqlalchemy.orm import Session

from workflows.engine import anonymous, timing
from workflows.engine.company import Company, read_versions_column, versions_column
from workflows.engine.record import Record
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, TaskRow
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Event, Task
from workflows.errors import NotFound

EventRow = Any
"""A row of `event` by column names."""

_EVENT = Event.__table__.c
_EVENT_NAMES = tuple(_EVENT.keys())
_EVENT_COLUMNS = tuple(_EVENT[name].label(f"event_{name}") for name in _EVENT_NAMES)
_CASE = tuple(column.label(f"case_{column.name}") for column in CASE_COLUMNS)
_TASKS = tuple(column.label(f"task_{column.name}") for column in TASK_COLUMNS)
_TASK_WIDTH = len(_TASKS)
_CASE_ID = CASE_COLUMNS[0]


def _tasks_and_event() -> Select[Any]:
    """All tasks of the case `b_case` and the event of `b_submission`, as one statement that is made once."""
    base = select(literal(1).label("one")).subquery()
    tasks, event = Task.__table__, Event.__table__
    key = event.c.submission == bindparam("b_submission", type_=_EVENT.submission.type)
    of_case = tasks.c.case_id == bindparam("b_case", type_=_CASE_ID.type)
    return select(*_TASKS, *_EVENT_COLUMNS).select_from(base.outerjoin(tasks, of_case).outerjoin(event, key))


_TASKS_AND_EVENT = _tasks_and_event()
_EVENT_OF = select(Event.__table__).where(_EVENT.submission == bindparam("b_submission", type_=_EVENT.submission.type))


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
    store = session.connection()
    locked = _locking(store.dialect.name, by_task=case is None)
    found = store.execute(locked, {"b_id": task if case is None else case}).first()
    if found is None:
        raise no_such_case()
    scene = company.scene(session, now, read_versions_column(found[-1]))
    row = CaseRow(*found[:-1])
    rows = store.execute(_TASKS_AND_EVENT, {"b_case": row.id, "b_submission": submission}).all()
    tasks = [TaskRow(*line[:_TASK_WIDTH]) for line in rows if line[0] is not None]
    # The submission's event is asked for after the lock: of two with one key the second finds what the first has done.
    happened = rows[0][_TASK_WIDTH:]
    event = dict(zip(_EVENT_NAMES, happened, strict=True)) if happened[0] is not None else None
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


@functools.cache
def _locking(dialect: str, *, by_task: bool) -> Select[Any]:
    """The case with this id (of the task with it) and all counters, made once: building it takes longer than asking it."""
    asked = bindparam("b_id", type_=_CASE_ID.type)
    case = select(Task.case_id).where(Task.id == asked).scalar_subquery() if by_task else asked
    chosen = select(*_CASE, versions_column(dialect)).where(case == _CASE_ID)
    return chosen.with_for_update(of=Case, key_share=True)


def event_of(session: Session, submission: uuid.UUID) -> EventRow | None:
    """The event that a submission's key has made."""
    return session.execute(_EVENT_OF, {"b_submission": submission}).mappings().first()


def no_such_case() -> NotFound:
    """The same answer whether it does not exist or must not be seen."""
    return NotFound("没有这件事，或者你无权查看。", "There is no such case, or it is not for you to see.")
