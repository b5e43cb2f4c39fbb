"""Published results as readers get them: the newest version of each, or all versions of one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from workflows.appraisal.results.tables import Result

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Summary:
    """One version of a result without its detail. `total`: two places; times aware, UTC."""

    id: uuid.UUID
    kind: str
    subject: PersonId
    period: str
    version: int
    case: uuid.UUID
    card_key: str | None
    card_version: int | None
    total: Decimal
    grade: str
    reason: str | None
    published_at: datetime
    public_until: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a result with its detail, as it was frozen."""

    summary: Summary
    detail: Mapping[str, Any]


_SUMMARY = (
    Result.id, Result.kind, Result.subject_id, Result.period, Result.version, Result.case_id, Result.card_key, Result.card_version,
    Result.total, Result.grade, Result.reason, Result.published_at, Result.public_until, Result.digest,
)  # fmt: skip


def _newest() -> Select[*tuple[Any, ...]]:
    later = aliased(Result)
    replaced = exists(
        select(later.id).where(
            later.kind == Result.kind, later.subject_id == Result.subject_id, later.period == Result.period,
            later.version > Result.version,
        )
    )  # fmt: skip
    return select(*_SUMMARY).where(~replaced)


_NEWEST = _newest()
"""Made once: that takes longer than asking it."""


def newest(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The newest version of each result that meets the conditions, with the columns of `Summary`."""
    return _NEWEST.where(*conditions)


def summaries(session: Session, chosen: Select[*tuple[Any, ...]]) -> tuple[Summary, ...]:
    """Rows with the columns of `Summary` as values."""
    return tuple(Summary(*row) for row in session.execute(chosen))


def of_period(
    session: Session, kind: str, period: str, people: Iterable[PersonId] | None = None
) -> dict[PersonId, Summary]:
    """The newest results of a period, by person: one statement. `people` None: everybody's."""
    conditions = [Result.kind == kind, Result.period == period]
    if people is not None:
        conditions.append(Result.subject_id.in_(list(people)))
    return {one.subject: one for one in summaries(session, newest(*conditions))}


def all_versions(session: Session, kind: str, period: str) -> dict[PersonId, tuple[Summary, ...]]:
    """Every version of everybody's result of a period, oldest first, without detail: one statement."""
    chosen = select(*_SUMMARY).where(Result.kind == kind, Result.period == period)
    found: dict[PersonId, list[Summary]] = {}
    for one in summaries(session, chosen.order_by(Result.subject_id, Result.version)):
        found.setdefault(one.subject, []).append(one)
    return {person: tuple(ones) for person, ones in found.items()}


def versions(session: Session, kind: str, subject: PersonId, period: str) -> tuple[Version, ...]:
    """Every version of one result, oldest first: one statement."""
    chosen = (
        select(*_SUMMARY, Result.detail)
        .where(Result.kind == kind, Result.subject_id == subject, Result.period == period)
        .order_by(Result.version)
    )
    rows: Any = session.execute(chosen)
    return tuple(Version(Summary(*row[:-1]), json.loads(row[-1])) for row in rows)
