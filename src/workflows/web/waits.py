"""What somebody started and what it waits for, found for all cases in one read each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine.tables import Case, Task, TaskStatus
from workflows.org.organisation import PersonId


@dataclass(frozen=True, slots=True)
class Waits:
    """The open tasks of one case together: who holds them (nobody: they lie in a group), and the nearest deadline."""

    holders: tuple[PersonId, ...] = ()
    offered: bool = False
    due_at: datetime | None = None


def waits_of(session: Session, cases: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Waits]:
    """What these cases wait for; a case without open tasks is missing."""
    wanted = list(cases)
    if not wanted:
        return {}
    columns = (Task.case_id, Task.holder_id, Task.due_at)
    rows = session.execute(select(*columns).where(Task.case_id.in_(wanted), Task.status == TaskStatus.OPEN))
    found: dict[uuid.UUID, Waits] = {}
    for case, holder, due in rows:
        before = found.get(case, Waits())
        holders = (*before.holders, holder) if holder is not None and holder not in before.holders else before.holders
        dues = [at for at in (before.due_at, due) if at is not None]
        found[case] = Waits(holders, before.offered or holder is None, min(dues, default=None))
    return found


@dataclass(frozen=True, slots=True)
class Started:
    """A running case that somebody started: where it stands, by the definition it runs by."""

    case: uuid.UUID
    title: str
    definition: uuid.UUID
    state: str


def started_by(session: Session, person: PersonId, limit: int) -> tuple[Started, ...]:
    """The newest running cases of a starter, `limit` at most."""
    mine = select(Case.id, Case.title, Case.definition_id, Case.state).where(
        Case.starter_id == person, Case.ended_at.is_(None)
    )
    rows = session.execute(mine.order_by(Case.started_at.desc(), Case.id.desc()).limit(limit))
    return tuple(Started(row.id, row.title, row.definition_id, row.state) for row in rows)
