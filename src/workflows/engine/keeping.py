"""What people leave behind without acting: drafts, how far they have read, when they opened a task, that they read somebody else's case."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from workflows.db import canonical_json, new_id, upsert, upsert_for
from workflows.engine.tables import AccessLog, Draft, Seen, Task, TaskOpening
from workflows.errors import InvalidInput, Text

LARGEST_DRAFT = 1_000_000
"""Characters of a draft as JSON."""


def save_draft(session: Session, person: uuid.UUID, place: str, typed: Mapping[str, Any], now: datetime) -> None:
    """Keep what was typed at a place (`task:<hex>`, `start:<process>`); one draft per person and place."""
    if len(canonical_json(dict(typed))) > LARGEST_DRAFT:
        raise InvalidInput(fields={"": [Text("草稿太大，请先提交。", "The draft is too large: submit it first.")]})
    new = upsert(session, Draft).values(id=new_id(), person_id=person, place=place, typed=dict(typed), saved_at=now)
    changes = {"typed": new.excluded.typed, "saved_at": new.excluded.saved_at}
    session.execute(new.on_conflict_do_update(index_elements=["person_id", "place"], set_=changes))


def draft(session: Session, person: uuid.UUID, place: str) -> tuple[Mapping[str, Any], datetime] | None:
    """The draft at a place and when it was saved."""
    found = select(Draft.typed, Draft.saved_at).where(Draft.person_id == person, Draft.place == place)
    row = session.execute(found).one_or_none()
    return (row.typed, row.saved_at) if row is not None else None


def drop_draft(session: Session, person: uuid.UUID, place: str) -> None:
    """Forget a draft; nothing happens where there is none."""
    session.execute(delete(Draft).where(Draft.person_id == person, Draft.place == place))


def mark_read(
    session: Session,
    person: uuid.UUID,
    case: uuid.UUID,
    seq: int,
    now: datetime,
    *,
    logged: bool,
    reason: str | None = None,
) -> None:
    """Remember how far the person has read; `logged`: they took no part in it, so that the reading itself is noted."""
    new = upsert(session, Seen).values(person_id=person, case_id=case, seq=seq, at=now)
    session.execute(
        new.on_conflict_do_update(
            index_elements=["person_id", "case_id"], set_={"seq": new.excluded.seq, "at": new.excluded.at}
        )
    )
    if logged:
        row = {"id": new_id(), "person_id": person, "at": now, "what": "case", "case_id": case, "reason": reason}
        session.execute(insert(AccessLog), row)


def mark_opened(session: Session, person: uuid.UUID, task: uuid.UUID, at: datetime) -> None:
    """Remember when the person first had the task open; later times change nothing, of anonymous tasks nothing is kept."""
    known = {"b_task": task, "b_person_id": person, "b_at": at}
    store = session.connection()
    store.execute(_opening(store.dialect.name), known)


@functools.cache
def _opening(dialect: str) -> Any:
    """The statement of `mark_opened`, made once."""
    table: Any = TaskOpening.__table__
    columns = table.c
    given = (bindparam(f"b_{name}", type_=columns[name].type) for name in ("person_id", "at"))
    row = select(Task.id, *given).where(
        Task.id == bindparam("b_task", type_=columns.task_id.type), Task.anonymous.is_(False)
    )
    new = upsert_for(dialect, table).from_select(["task_id", "person_id", "at"], row)
    return new.on_conflict_do_nothing(index_elements=["task_id", "person_id"])
