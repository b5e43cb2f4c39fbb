"""Published results as they are stored: only ever added to."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, ExactDecimal, Id, UTCDateTime


class Result(Base):
    """One version of a person's result of a month or a year; never changed: a correction is a further version beside it.

    `digest` = SHA-256 over `prev_digest` and the canonical JSON of all other columns; `prev_digest` is the digest of the version
    before, so that the versions of a result are a chain.
    """

    __tablename__ = "result"
    __table_args__ = (
        CheckConstraint("kind IN ('month', 'year')", name="kind"),
        UniqueConstraint("kind", "subject_id", "period", "version"),
        # Everybody's results of a period; what is on public view; the check code printed on a sheet.
        Index("ix_result_period", "kind", "period", "subject_id", "version"),
        Index("ix_result_public", "public_until"),
        Index("ix_result_digest", "digest"),
        Index("ix_result_case", "case_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(5))
    subject_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    period: Mapped[str] = mapped_column(String(7))
    """`2026-11`, of a year `2026`."""
    version: Mapped[int]
    """1 as published first; further ones after an appeal."""
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"))
    card_key: Mapped[str | None] = mapped_column(String(64))
    """The position whose scorecard it was; None for a year."""
    card_version: Mapped[int | None]
    total: Mapped[Decimal] = mapped_column(ExactDecimal)
    grade: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(Text)
    """Canonical JSON: the frozen card with its figures, and every line explained; of a year its months."""
    reason: Mapped[str | None] = mapped_column(Text)
    """Why there is a further version."""
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    public_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """End of the window in which the department sees name, position and total; None: never shown."""
    prev_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
