"""Appraisals that ended without a result: by whom, when and why."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Event, EventValue

ENDING = ("acted", "cancelled")
"""Kinds of the event by which somebody ends an appraisal."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why there is no result. `by`: who said so; `at`: aware, UTC; `reason`: "" where it was erased."""

    by: str
    at: datetime
    reason: str


def waivers(session: Session, scene: Scene, cases: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Waiver]:
    """Who ended these cases, and why: one statement; those that ended by themselves are not there."""
    if not cases:
        return {}
    chosen = (
        select(Event.case_id, Event.actor_id, Event.at, EventValue.values)
        .join(Case, Case.id == Event.case_id)
        .outerjoin(EventValue, EventValue.event_id == Event.id)
        .where(Event.case_id.in_(cases), Event.at == Case.ended_at, Event.kind.in_(ENDING))
    )
    return {
        case: Waiver(scene.organisation.name_of(actor), at, str((values or {}).get("reason") or ""))
        for case, actor, at, values in session.execute(chosen)
    }
