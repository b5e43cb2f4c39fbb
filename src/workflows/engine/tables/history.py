"""What happened: events, what they said, and who read it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, JSONValue, UTCDateTime


class Event(Base):
    """One thing that happened to a case. Only ever added: the database refuses UPDATE and DELETE.

    `hash` = SHA-256 over `prev_hash` and the canonical JSON of all other columns; `values_digest` is the salted
    digest of the row in `event_value`, so that values can be erased without breaking the chain.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        UniqueConstraint("submission"),
        Index("ix_event_at", "at", "id"),
        Index("ix_event_actor", "actor_id", "at", "id"),
        Index(
            "ix_event_entered",
            "to_state",
            "at",
            "case_id",
            postgresql_where=text("to_state IS NOT NULL"),
            sqlite_where=text("to_state IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    """started acted skipped timer signal claimed released commented attached cancelled escalated alerted spawned moved"""
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    on_behalf_of: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    action: Mapped[str | None] = mapped_column(String(64))
    task_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    from_state: Mapped[str | None] = mapped_column(String(64))
    to_state: Mapped[str | None] = mapped_column(String(64))
    visit: Mapped[int]
    late: Mapped[bool] = mapped_column(default=False)
    opened: Mapped[list[Any]] = mapped_column(JSONValue)
    """Tasks opened by it: list of {id, state, part, holder, queue, due_at}."""
    closed: Mapped[list[Any]] = mapped_column(JSONValue)
    """Ids of tasks it completed or closed."""
    values_digest: Mapped[str] = mapped_column(String(64))
    submission: Mapped[uuid.UUID | None] = mapped_column(Id)
    """The submission's key: the same key again finds this event and gives the same answer."""
    submission_digest: Mapped[str | None] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class EventValue(Base):
    """What an event said: {changes: {field: [old, new]}, reason, comment, …}. Erasing a person's data deletes rows here."""

    __tablename__ = "event_value"

    event_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("event.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, Any]] = mapped_column(JSONValue)


class Seen(Base):
    """How far somebody has read a case's history: what is new since then is marked."""

    __tablename__ = "seen"

    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"), primary_key=True)
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class TaskOpening(Base):
    """When somebody who may act on a task opened it for the first time: their waiting ends and their work begins.

    Reports read it. Of anonymous tasks nothing is kept: when somebody answered would tell who.
    """

    __tablename__ = "task_opening"

    task_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class AccessLog(Base):
    """Who read what they took no part in: auditors and readers of other people's appraisals."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_case", "case_id", "at"), Index("ix_access_log_person", "person_id", "at"))

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    what: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    reason: Mapped[str | None] = mapped_column(String(300))
