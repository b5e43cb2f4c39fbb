"""A result is published: one more row, chained to the version before it. Never two for one thing, never one without a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflows.appraisal.results import chain
from workflows.appraisal.results.tables import Result
from workflows.db import canonical_json, new_id
from workflows.errors import WrongState

Kind = Literal["month", "year"]


@dataclass(frozen=True, slots=True)
class NewResult:
    """What is published. `total`: two places; `detail`: values of canonical JSON; `public_until`: aware UTC, or None; a further version
    keeps that of the first.

    `reason`: why there is a further version; needed from the second on.
    """

    kind: Kind
    subject: uuid.UUID
    period: str
    case: uuid.UUID
    card: tuple[str, int] | None
    total: Decimal
    grade: str
    detail: Mapping[str, Any]
    public_until: datetime | None = None
    reason: str | None = None


def publish(session: Session, new: NewResult, now: datetime) -> int:
    """Write the next version of the person's result of the period; its number.

    The same content again writes nothing and answers the version there is. Raises `WrongState` for a further version without a
    reason: nobody's published result changes silently.
    """
    before = _newest(session, new)
    detail = canonical_json(dict(new.detail))
    if before is not None and (before.total, before.detail) == (new.total, detail):
        return int(before.version)
    reason = (new.reason or "").strip() or None
    if before is not None and reason is None:
        raise WrongState(
            f"{new.period} 的结果已经公示，更正要写明理由。",
            f"The result of {new.period} is published: a correction needs a reason.",
        )
    row = _row(new, before, detail, reason, now)
    session.execute(insert(Result), row)
    return int(row["version"])


def _newest(session: Session, new: NewResult) -> Any:
    """The version before; on PostgreSQL two writers meet at the unique key."""
    return session.execute(
        select(Result.version, Result.total, Result.detail, Result.digest, Result.public_until)
        .where(Result.kind == new.kind, Result.subject_id == new.subject, Result.period == new.period)
        .order_by(Result.version.desc())
        .limit(1)
    ).one_or_none()


def _row(new: NewResult, before: Any, detail: str, reason: str | None, now: datetime) -> dict[str, Any]:
    key, version = new.card or (None, None)
    row: dict[str, Any] = {
        "id": new_id(), "kind": new.kind, "subject_id": new.subject, "period": new.period,
        "version": 1 if before is None else before.version + 1, "case_id": new.case, "card_key": key, "card_version": version,
        "total": new.total, "grade": new.grade, "detail": detail, "reason": reason, "published_at": now,
        "public_until": new.public_until if before is None else before.public_until, "prev_digest": chain.FIRST if before is None else before.digest,
    }  # fmt: skip
    row["digest"] = chain.digest_of(row)
    return row
