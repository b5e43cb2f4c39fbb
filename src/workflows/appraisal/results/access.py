"""That somebody read another's result is itself written down, and shown to whom it is about."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.engine.tables import AccessLog, Seen

PersonId = uuid.UUID
RESULT = "result"
"""`what` of an access log entry about a result."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody read a result, at an aware UTC time."""

    by: PersonId
    at: datetime


def log_reading(
    session: Session,
    viewer: PersonId,
    subject: PersonId,
    case: uuid.UUID | None,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Note that `viewer` read a result of `subject`; False, and nothing, for one's own. Called by the door that showed it.

    `case`: the appraisal it belongs to. `reason`: what an auditor gave.
    """
    if viewer == subject:
        return False
    row = {"id": new_id(), "person_id": viewer, "at": now, "what": RESULT, "case_id": case, "reason": reason}
    session.execute(insert(AccessLog), row)
    return True


def last_readings(session: Session, cases: Collection[uuid.UUID], limit: int = 5) -> tuple[Reading, ...]:
    """Who read results or pages of these cases lately, newest first, each person once: who had to do with them as well, not only
    those whose reading is logged. Two statements."""
    if not cases:
        return ()
    logged = (
        select(AccessLog.person_id, AccessLog.at)
        .where(AccessLog.case_id.in_(cases))
        .order_by(AccessLog.at.desc())
        .limit(20 * limit)
    )
    seen = select(Seen.person_id, Seen.at).where(Seen.case_id.in_(cases)).order_by(Seen.at.desc()).limit(20 * limit)
    newest: dict[PersonId, datetime] = {}
    for chosen in (logged, seen):
        for person, at in session.execute(chosen):
            newest[person] = max(at, newest.get(person, at))
    found = sorted(newest.items(), key=lambda one: one[1], reverse=True)
    return tuple(Reading(person, at) for person, at in found[:limit])
