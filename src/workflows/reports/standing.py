"""The cases of a process that have not ended, those that began first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine.rows import CASE_COLUMNS, CaseRow, case_row
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.reports.seen import EVERYTHING, Seen, of_processes, still_open

LONGEST = 5
"""So many are named on the report; the list has them all."""


@dataclass(frozen=True, slots=True)
class OpenPart:
    """One task that is waited for: in whose hands (or of which group, `queue`), until when."""

    holder: uuid.UUID | None
    queue: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An open case and what it waits for; nothing where a clock or another case runs it."""

    case: CaseRow
    parts: tuple[OpenPart, ...]

    @property
    def due_at(self) -> datetime | None:
        """The first due time of what it waits for."""
        return min((part.due_at for part in self.parts if part.due_at is not None), default=None)


def longest_open(session: Session, key: str, seen: Seen = EVERYTHING, most: int = LONGEST) -> tuple[Standing, ...]:
    """The open cases of a process that began first, oldest first, as far as they are `seen`. Two statements."""
    chosen = select(*CASE_COLUMNS).where(of_processes([key]), still_open(), *seen)
    found = [case_row(row) for row in session.execute(chosen.order_by(Case.started_at, Case.id).limit(most)).mappings()]
    parts: dict[uuid.UUID, list[OpenPart]] = {case.id: [] for case in found}
    columns = (Task.case_id, Task.holder_id, Task.queue, Task.due_at)
    waiting = select(*columns).where(Task.case_id.in_(list(parts)), Task.status == TaskStatus.OPEN)
    for case, holder, queue, due_at in session.execute(waiting.order_by(Task.id)) if found else ():
        parts[case].append(OpenPart(holder, queue, due_at))
    return tuple(Standing(case, tuple(parts[case.id])) for case in found)
