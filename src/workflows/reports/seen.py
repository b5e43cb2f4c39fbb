"""Which cases a report counts: those of some processes that its reader may see, ended in a time or not ended yet."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.engine.visibility import visible_cases
from workflows.reports.span import Span

CANCELLED = "cancelled"
"""The outcome of cases that were called off: they are neither finished nor late nor open, they count nowhere."""


Seen = tuple[ColumnElement[bool], ...]
"""Conditions on `Case` that say whose eyes a report is made for."""

EVERYTHING: Seen = ()
"""The whole history: for programs, never for a reader."""


def seen_by(session: Session, scene: Scene, reader: uuid.UUID) -> Seen:
    """What a reader may see; everything for auditors. Ask once for all the reports of a page."""
    visible = visible_cases(session, scene, reader)
    return EVERYTHING if visible is None else (visible,)


def of_processes(keys: Collection[str]) -> ColumnElement[bool]:
    """Cases of these processes."""
    return Case.process.in_(sorted(keys))


def finished_in(span: Span) -> ColumnElement[bool]:
    """Cases that reached an end in this time."""
    return and_(Case.ended_at >= span.start, Case.ended_at < span.end, Case.outcome != CANCELLED)


def still_open() -> ColumnElement[bool]:
    """Cases that have not ended."""
    return Case.ended_at.is_(None)


def was_late() -> ColumnElement[bool]:
    """Cases with a task that was not handed on by its due time. Tasks that are still open are late once they are done."""
    late = Task.completed_at > Task.due_at
    return select(Task.id).where(Task.case_id == Case.id, Task.status != TaskStatus.OPEN, late).exists()


def late_at(step: str) -> ColumnElement[bool]:
    """Cases with a late task of one step."""
    late = and_(Task.completed_at > Task.due_at, Task.status != TaskStatus.OPEN)
    return select(Task.id).where(Task.case_id == Case.id, Task.state == step, late).exists()
