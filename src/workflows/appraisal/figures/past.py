"""What one person's figures of a month were before: every value that was ever given, who gave it, and why it changed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.figures.store import Value
from workflows.appraisal.figures.tables import FigureBatch, FigureValue


@dataclass(frozen=True, slots=True)
class PastValue:
    """One value, oldest first. `value` None: taken back; `file`: the upload it came with; `cases`: ids (hex) of some that were counted."""

    value: Value
    source: str
    by: PersonId | None
    at: datetime
    reason: str | None
    file: str | None
    cases: tuple[str, ...]
    case_count: int


def past_values(session: Session, person: PersonId, month: str) -> dict[str, list[PastValue]]:
    """By name every value given for the person in the month, oldest first, the present one last. One statement."""
    rows = session.execute(
        select(FigureValue, FigureBatch.file)
        .outerjoin(FigureBatch, FigureBatch.id == FigureValue.batch_id)
        .where(FigureValue.person_id == person, FigureValue.month == month)
        .order_by(FigureValue.entered_at, FigureValue.id)
    )
    found: dict[str, list[PastValue]] = {}
    for row, file in rows:
        value: Value = row.value if row.text is None else row.text
        evidence = row.evidence or {}
        cases = tuple(evidence.get("cases", ()))
        found.setdefault(row.name, []).append(
            PastValue(
                value, row.source, row.entered_by, row.entered_at, row.reason, file, cases, evidence.get("count", 0)
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded."""

    file: str
    rows: int
    by: PersonId | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What an upload brought: figures that were new, and those that changed."""

    file: str
    new: int
    changed: int


def taken_of(session: Session, batch: uuid.UUID) -> Taken | None:
    """What one upload brought; None where there is no such upload. One statement."""
    # A figure that took the place of another has a reason, whether the other was of this month or held from before.
    changed = func.count(FigureValue.reason)
    chosen = (
        select(FigureBatch.file, func.count(FigureValue.id), changed)
        .outerjoin(FigureValue, FigureValue.batch_id == FigureBatch.id)
        .where(FigureBatch.id == batch)
        .group_by(FigureBatch.file)
    )
    row = session.execute(chosen).first()
    return None if row is None else Taken(row[0], row[1] - row[2], row[2])


def last_uploads(session: Session, limit: int = 8) -> tuple[Upload, ...]:
    """The latest uploads, newest first."""
    chosen = select(FigureBatch).order_by(FigureBatch.uploaded_at.desc(), FigureBatch.id.desc()).limit(limit)
    return tuple(Upload(one.file, one.rows, one.uploaded_by, one.uploaded_at) for one in session.scalars(chosen))
