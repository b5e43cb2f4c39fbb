"""The mails: one row per mail to one person, made of one or more messages (`message.mail_id`)."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, Status, UTCDateTime


class MailStatus(StrEnum):
    """Life of a mail."""

    WAITING = "waiting"
    """To be sent at `next_at`."""
    SENDING = "sending"
    """Claimed by a mailer until `lease_until`; `data_since` says that the server was about to get the letter."""
    SENT = "sent"
    """The server took it over."""
    DOUBT = "doubt"
    """The server got the letter and did not answer: nobody knows. Sent once more at `next_at`, if that is set."""
    FAILED = "failed"
    """Refused for good, or tried for three days in vain; an incident says why."""
    KEPT = "kept"
    """Demo mode or no mail server: kept and shown instead of sent."""
    DROPPED = "dropped"
    """Nothing it was to say was still true, or its person cannot be reached by mail."""


class Mail(Base):
    """One mail. Facts only: it is composed when it is sent, so that a mended template heals the retries too."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_next", "next_at", "id", postgresql_where=text("status IN ('waiting', 'doubt')"),
              sqlite_where=text("status IN ('waiting', 'doubt')")),
        Index("ix_mail_lease", "lease_until", postgresql_where=text("status = 'sending'"),
              sqlite_where=text("status = 'sending'")),
        Index("ix_mail_created", "created_at", "id"),
        Index("ix_mail_person", "person_id", "created_at"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    """The Message-ID header, fixed here: every copy of this mail carries it."""
    status: Mapped[str] = mapped_column(Status(), default=MailStatus.WAITING)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    patience_from: Mapped[datetime] = mapped_column(UTCDateTime)
    """Three days from here it is given up; `created_at`, or when an operator had it tried again."""
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it is tried next; None: not by itself."""
    attempt: Mapped[int] = mapped_column(default=0)
    """Counts claims; fences off a mailer whose lease has passed to another."""
    sending_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """By the database's clock."""
    data_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Set and committed before the letter itself is handed to the server: from then on a failure leaves a doubt."""
    doubts: Mapped[int] = mapped_column(default=0)
    """How often nobody knew; at most one more copy leaves after the first."""
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str | None] = mapped_column(String(80))
    """A code: `smtp_451`, `no_answer`, `unreachable`, … never the server's own words."""
    subject: Mapped[str | None] = mapped_column(String(300))
    """Only of a kept mail."""
    text: Mapped[str | None] = mapped_column(Text)
    """Only of a kept mail."""
