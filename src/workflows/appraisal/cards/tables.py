"""Published scorecards as they are stored: only ever added to."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, UTCDateTime


class ScorecardVersion(Base):
    """One version of a scorecard, of the catalogue of figures or of the grades; never changed. A case keeps the one it began with."""

    __tablename__ = "scorecard_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    """The position whose card it is; `figures` and `grades` for what all cards share."""
    version: Mapped[int]
    valid_from: Mapped[str] = mapped_column(String(7))
    """The first month it holds for, `2026-11`. Of two that hold the later version does."""
    digest: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    """None: on the server's command line, where nobody signs in, or by a case."""
    case_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    """The review of indicators that decided on it."""
