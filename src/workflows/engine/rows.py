"""A case and its tasks in hand: plain values, read with Core and written back by `record`, never ORM objects.

`CaseRow` and `TaskRow` have the columns of `tables.Case` and `tables.Task` (but the search text), by the same names.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, TypeVar

from workflows.engine.tables import FAR_FUTURE, Case, Task, TaskStatus

PersonId = uuid.UUID
R = TypeVar("R", "CaseRow", "TaskRow")


@dataclass(slots=True)
class CaseRow:
    """A row of `case`."""

    id: uuid.UUID
    definition_id: uuid.UUID
    process: str
    number: str | None
    title: str
    business_key: str | None
    state: str
    visit: int
    version: int
    data: dict[str, Any]
    entries: dict[str, Any]
    starter_id: PersonId | None
    subject_id: PersonId | None
    parent_id: uuid.UUID | None
    root_id: uuid.UUID | None
    spawn_state: str | None
    spawn_key: str | None
    awaited: str | None
    started_at: datetime
    entered_at: datetime
    ended_at: datetime | None
    outcome: str | None
    suspended_at: datetime | None
    event_count: int
    chain_hash: str

    @property
    def ended(self) -> bool:
        """Whether it reached an end or was cancelled."""
        return self.ended_at is not None


@dataclass(slots=True)
class TaskRow:
    """A row of `task`. `fresh`: not in the database yet; `touched`: to be written back."""

    id: uuid.UUID
    case_id: uuid.UUID
    process: str
    state: str
    visit: int
    part: str
    queue: str | None
    excluded: str
    owner_id: PersonId | None
    holder_id: PersonId | None
    parent_task: uuid.UUID | None
    status: str
    version: int
    opened_at: datetime
    claimed_at: datetime | None
    due_at: datetime | None
    due_provisional: bool
    rank_at: datetime
    completed_at: datetime | None
    completed_by: PersonId | None
    on_behalf_of: PersonId | None
    action: str | None
    anonymous: bool
    fresh: bool = field(default=False, compare=False)
    touched: bool = field(default=False, compare=False)

    @property
    def open(self) -> bool:
        """Whether it waits for somebody."""
        return self.status == TaskStatus.OPEN

    @property
    def done(self) -> bool:
        """Whether somebody acted on it (or it was skipped by rule)."""
        return self.status == TaskStatus.DONE

    @property
    def excluded_people(self) -> frozenset[PersonId]:
        """Who must not take it."""
        return frozenset(uuid.UUID(hex=person) for person in self.excluded.split())

    def falls_due(self, due_at: datetime | None, provisional: bool) -> None:
        """Set the due time and the place in lists that follows from it."""
        self.due_at = due_at
        self.due_provisional = provisional and due_at is not None
        self.rank_at = due_at or FAR_FUTURE
        self.touched = True


CASE_COLUMNS: tuple[Any, ...] = tuple(Case.__table__.c[f.name] for f in fields(CaseRow))
TASK_COLUMNS: tuple[Any, ...] = tuple(
    Task.__table__.c[f.name] for f in fields(TaskRow) if f.name not in {"fresh", "touched"}
)


def case_row(row: Any, prefix: str = "") -> CaseRow:
    """A `CaseRow` of a result's mapping whose labels are `prefix` + column."""
    return CaseRow(**{column.name: row[prefix + column.name] for column in CASE_COLUMNS})


def task_row(row: Any, prefix: str = "") -> TaskRow:
    """A `TaskRow` of a result's mapping whose labels are `prefix` + column."""
    return TaskRow(**{column.name: row[prefix + column.name] for column in TASK_COLUMNS})


def columns_of(row: CaseRow | TaskRow) -> dict[str, Any]:
    """The row as an INSERT wants it."""
    return {f.name: getattr(row, f.name) for f in fields(row) if f.name not in {"fresh", "touched"}}
