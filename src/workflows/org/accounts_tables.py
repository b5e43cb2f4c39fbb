"""What sign-in remembers: sessions, one-time tokens, and how often somebody guessed. Tokens are kept as SHA-256 only:
whoever reads the database cannot sign in with what stands there."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, UTCDateTime, new_id

SHA256 = String(64)  # in hex


class WorkSession(Base):
    """One sign-in on one device. It ends by sign-out, by time, by a new password or by an administrator."""

    __tablename__ = "work_session"
    __table_args__ = (Index("ix_work_session_person_id", "person_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(SHA256, unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When the password was last given: publishing results and the like ask for a recent one.
    proved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    idle_seconds: Mapped[int]  # longer on a device its owner called their own
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    address: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(200))


class PasswordReset(Base):
    """A link by which one person sets a new password: once, within half an hour."""

    __tablename__ = "password_reset"
    __table_args__ = (Index("ix_password_reset_person_id", "person_id"),)

    token_hash: Mapped[str] = mapped_column(SHA256, primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SetupToken(Base):
    """The one-time token by which the first administrator is made. Printed at start, used once."""

    __tablename__ = "setup_token"

    token_hash: Mapped[str] = mapped_column(SHA256, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class LoginAttempt(Base):
    """How often sign-in failed of late, for one account (as it was typed, known or not) or from one address."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        CheckConstraint("kind IN ('account', 'address')", name="kind"),
        Index("ix_login_attempt_last_at", "last_at"),
    )

    kind: Mapped[str] = mapped_column(String(7), primary_key=True)
    subject: Mapped[str] = mapped_column(SHA256, primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
