"""Whose result of a month is still disputed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.engine.tables import Case

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An appeal that is not decided yet. `filed_at`: aware, UTC."""

    case: uuid.UUID
    state: str
    filed_at: datetime


def open_appeals(
    session: Session, processes: Mapping[str, Process], period: str, subject: PersonId | None = None
) -> dict[PersonId, OpenAppeal]:
    """Open cases that correct a scorecard of the month, by whose it is: one statement."""
    chosen = select(Case.subject_id, Case.id, Case.state, Case.started_at).where(
        Case.process.in_(correcting(processes)), Case.ended_at.is_(None), Case.data["period"].as_string() == period
    )
    if subject is not None:
        chosen = chosen.where(Case.subject_id == subject)
    return {
        person: OpenAppeal(case, state, filed)
        for person, case, state, filed in session.execute(chosen)
        if person is not None
    }


def correcting(processes: Mapping[str, Process]) -> list[str]:
    """Processes in which a frozen scorecard is corrected: one of their scorecards rests on another."""
    return [
        key for key, process in processes.items()
        if any(field.type == "scorecard" and field.base is not None for field in process.fields.values())
    ]  # fmt: skip
