"""What people are told, what they type and what they upload."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, JSONValue, Status, UTCDateTime
from workflows.engine.tables.status import MessageStatus


class Message(Base):
    """Something to tell one person, written with the change that causes it. Facts and ids, never a finished letter."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("dedup_key"),
        Index("ix_message_waiting", "next_at", "person_id", "id", postgresql_where=text("status = 'waiting'"),
              sqlite_where=text("status = 'waiting'")),
        Index("ix_message_case", "case_id", "created_at"),
        Index("ix_message_mail", "mail_id"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    dedup_key: Mapped[str] = mapped_column(String(300))
    """(task or case, visit, rule, slot): the same reminder is never written twice."""
    kind: Mapped[str] = mapped_column(String(24))
    """task reminder escalation alert sent_back notice urge"""
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    task_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONValue)
    """No personal figures: process, state, due_at, rule, action, actor."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(Status(), default=MessageStatus.WAITING)
    mail_id: Mapped[uuid.UUID | None] = mapped_column(Id)


class Draft(Base):
    """What somebody typed and has not submitted; one per person and task, or per person and process to start."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("person_id", "place"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(120))
    """`task:<id>` or `start:<process>`."""
    typed: Mapped[dict[str, Any]] = mapped_column(JSONValue)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Blob(Base):
    """The bytes of a file, once per content."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class File(Base):
    """An uploaded file. `case_id` is None until the form it was chosen in is submitted."""

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_case", "case_id", "uploaded_at"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), ForeignKey("blob.digest"))
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    uploaded_by: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    case_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    field: Mapped[str | None] = mapped_column(String(64))
