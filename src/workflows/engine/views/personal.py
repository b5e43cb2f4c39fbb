"""What one reader has to do with a case beyond the case itself: how far they read, their drafts, what they were told. One statement."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import false, literal, select
from sqlalchemy.orm import Session

from workflows.engine.fire import anytime_taken
from workflows.engine.reading import Seen
from workflows.engine.tables import Draft, TaskEscalation
from workflows.engine.tables import Seen as SeenRow


@dataclass(frozen=True, slots=True)
class Personal:
    """`seq`, `at`: how far and when the reader last read (None: never).

    `drafts`: by task; `told`: open tasks the reader was told of because they are late; `taken`: anytime actions that can be
    taken once and have been.
    """

    seq: int | None
    at: datetime | None
    drafts: Mapping[uuid.UUID, tuple[Mapping[str, Any], datetime]] = field(default_factory=dict)
    told: frozenset[uuid.UUID] = frozenset()
    taken: frozenset[str] = frozenset()


def personal(session: Session, person: uuid.UUID, seen: Seen) -> Personal:
    """Read it: the rows are few, a reader's drafts times the late tasks they were told of."""
    case, run = seen.row.id, seen.run
    tasks = {f"task:{task.id.hex}": task.id for task in run.open_tasks()}
    once = [name for name, anytime in run.process.anytime.items() if anytime.once]
    base = select(literal(1).label("one")).subquery()
    taken = [anytime_taken(case, name).label(f"taken_{place}") for place, name in enumerate(once)]
    chosen = select(
        SeenRow.seq, SeenRow.at, Draft.place, Draft.typed, Draft.saved_at, TaskEscalation.task_id, *taken
    ).select_from(base)
    chosen = chosen.outerjoin(SeenRow, (SeenRow.person_id == person) & (SeenRow.case_id == case))
    chosen = chosen.outerjoin(Draft, (Draft.person_id == person) & Draft.place.in_(tasks) if tasks else false())
    told = (TaskEscalation.person_id == person) & TaskEscalation.task_id.in_(tasks.values()) if tasks else false()
    rows = session.execute(chosen.outerjoin(TaskEscalation, told)).mappings().all()
    first = rows[0]
    return Personal(
        first["seq"],
        first["at"],
        {tasks[row["place"]]: (row["typed"], row["saved_at"]) for row in rows if row["place"] is not None},
        frozenset(row["task_id"] for row in rows if row["task_id"] is not None),
        frozenset(name for place, name in enumerate(once) if first[f"taken_{place}"]),
    )
