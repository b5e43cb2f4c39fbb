"""Whom several cases wait for and until when, found for all of them in one read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine.tables import Task, TaskStatus
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
