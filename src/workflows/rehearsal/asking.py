"""What rehearsed people look up before they act: the task with its case, and what has happened there. Statements made once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from workflows.engine.tables import Case, Event, Task, TaskStatus

PersonId = uuid.UUID

_CASE: Any = Case.__table__.c
_TASK: Any = Task.__table__.c
_EVENT: Any = Event.__table__.c


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task with what its case holds."""

    id: uuid.UUID
    state: str
    part: str
    holder: PersonId | None
    queue: str | None
    excluded: str
    opened_at: datetime
    due_at: datetime | None
    case: uuid.UUID
    definition: uuid.UUID
    case_state: str
    subject: PersonId | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as whoever acts without a task sees it."""

    id: uuid.UUID
    definition: uuid.UUID
    state: str
    ended: bool
    data: Mapping[str, Any]


_OPEN_TASK = (
    select(
        _TASK.id, _TASK.state, _TASK.part, _TASK.holder_id, _TASK.queue, _TASK.excluded, _TASK.opened_at, _TASK.due_at,
        _CASE.id, _CASE.definition_id, _CASE.state, _CASE.subject_id, _CASE.data,
    )
    .join_from(Task.__table__, Case.__table__, _CASE.id == _TASK.case_id)
    .where(_TASK.id == bindparam("task", type_=_TASK.id.type), _TASK.status == TaskStatus.OPEN)
)  # fmt: skip
_STANDING = select(_CASE.id, _CASE.definition_id, _CASE.state, _CASE.ended_at, _CASE.data).where(
    _CASE.id == bindparam("case", type_=_CASE.id.type)
)
_NEW_TASKS = (
    select(_TASK.id, _TASK.opened_at, _TASK.due_at)
    .where(_TASK.id > bindparam("last", type_=_TASK.id.type), _TASK.status == TaskStatus.OPEN)
    .order_by(_TASK.id)
)
_ENTERED = (
    select(_EVENT.id, _EVENT.case_id, _EVENT.to_state, _CASE.definition_id, _CASE.subject_id)
    .join_from(Event.__table__, Case.__table__, _CASE.id == _EVENT.case_id)
    .where(_EVENT.id > bindparam("last", type_=_EVENT.id.type), _EVENT.to_state.is_not(None))
    .order_by(_EVENT.id)
)
_ACTIONS = select(_EVENT.action, _EVENT.from_state, _EVENT.to_state).where(
    _EVENT.case_id == bindparam("case", type_=_EVENT.case_id.type), _EVENT.action.is_not(None)
)


def open_task(session: Session, task: uuid.UUID) -> OpenTask | None:
    """The task, while it is open."""
    row: Any = session.connection().execute(_OPEN_TASK, {"task": task}).one_or_none()
    return OpenTask(*row) if row is not None else None


def standing(session: Session, case: uuid.UUID) -> Standing:
    """A case as it stands."""
    row = session.connection().execute(_STANDING, {"case": case}).one()
    return Standing(row[0], row[1], row[2], row[3] is not None, row[4])


def new_tasks(session: Session, last: uuid.UUID) -> Sequence[Any]:
    """(id, opened, due) of tasks that opened after `last` and are open."""
    return session.connection().execute(_NEW_TASKS, {"last": last}).all()


def entered(session: Session, last: uuid.UUID) -> Sequence[Any]:
    """(event, case, state, definition, subject) of states entered after the event `last`."""
    return session.connection().execute(_ENTERED, {"last": last}).all()


def times_back_and_stayed(session: Session, case: uuid.UUID) -> tuple[int, int]:
    """How often the case was sent back, and how many actions left it where it was."""
    rows = session.connection().execute(_ACTIONS, {"case": case}).all()
    back = sum(1 for action, _, _ in rows if action in ("send_back", "reject"))
    stayed = sum(1 for _, before, after in rows if after is None or before == after)
    return back, stayed
