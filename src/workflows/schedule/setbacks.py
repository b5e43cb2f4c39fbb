"""Runs of schedules that fail: tried again after a pause, told as an incident after eight times, tried on all the same.

A run has no row to count in before it begins, so this is counted in the scheduler's memory; what is to be done stays in the
tables, and a restart merely tries at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.engine.tables import Incident
from workflows.notify.retry import pause_after

MOST_ATTEMPTS = 8


@dataclass(slots=True)
class _Setback:
    id: uuid.UUID
    attempts: int
    again: datetime


class Setbacks:
    """Counts failures by job; a job is any hashable value that names it."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Setback] = {}

    def allow(self, job: Hashable, now: datetime) -> bool:
        """Whether the job's pause is over, or it never failed."""
        known = self._known.get(job)
        return known is None or known.again <= now

    def note(self, session: Session, job: Hashable, what: str, error: Exception, now: datetime) -> bool:
        """Count a failure and put the job off; True when it has just become an incident."""
        known = self._known.setdefault(job, _Setback(new_id(), 0, now))
        known.attempts += 1
        known.again = now + pause_after(known.attempts, known.id)
        if known.attempts != MOST_ATTEMPTS:
            return False
        return _tell(session, f"{what}: {job}"[:500], error, now)


def _tell(session: Session, detail: str, error: Exception, now: datetime) -> bool:
    same = (Incident.kind == "schedule") & (Incident.detail == detail) & Incident.solved_at.is_(None)
    if session.scalar(select(Incident.id).where(same)) is not None:
        return False
    code = type(error).__name__[:80]
    session.add(Incident(id=new_id(), at=now, kind="schedule", code=code, detail=detail))
    return True
