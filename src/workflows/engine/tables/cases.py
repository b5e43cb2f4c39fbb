"""Definitions, running cases and their tasks."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, JSONValue, Status, UTCDateTime
from workflows.engine.tables.status import TaskStatus

FAR_FUTURE = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
"""`Task.rank_at` of a task without a due time: last in every list."""


class Definition(Base):
    """A published version of a process; never changed. A case keeps the one it began with."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("process", "version"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    process: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))


class ParameterValue(Base):
    """A value that the company has set for a parameter of a definition; never changed: of one name the newest row holds."""

    __tablename__ = "parameter_value"
    __table_args__ = (Index("ix_parameter_value", "process", "name", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    process: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[str | None] = mapped_column(Text)
    """As the definition would write it; None: the definition's own value holds again."""
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    set_by: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))


class Case(Base):
    """A running or ended process. `entries` maps each state to the time it was last entered (ISO, UTC)."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("process", "business_key"),
        UniqueConstraint("parent_id", "spawn_key"),
        Index("ix_case_started", "started_at", "id"),
        Index("ix_case_process_started", "process", "started_at", "id"),
        Index("ix_case_starter", "starter_id", "started_at", "id"),
        Index("ix_case_subject", "subject_id", "started_at", "id"),
        Index("ix_case_open_definition", "definition_id", "state", postgresql_where=text("ended_at IS NULL"),
              sqlite_where=text("ended_at IS NULL")),
        Index("ix_case_process_ended", "process", "ended_at", "id", postgresql_where=text("ended_at IS NOT NULL"),
              sqlite_where=text("ended_at IS NOT NULL")),
        Index("ix_case_number", "number"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    definition_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("definition.id"))
    process: Mapped[str] = mapped_column(String(64))
    number: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    search: Mapped[str] = mapped_column(Text, default="")
    """Title, number and names as bigrams, for the full-text index (see the migration)."""
    business_key: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(64))
    visit: Mapped[int]
    """Counts entries of states, 1 for the first; tasks and timers carry the visit they belong to."""
    version: Mapped[int]
    """Counts steps; guards every update."""
    data: Mapped[dict[str, Any]] = mapped_column(JSONValue)
    entries: Mapped[dict[str, Any]] = mapped_column(JSONValue)
    starter_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    root_id: Mapped[uuid.UUID | None] = mapped_column(Id, index=True)
    """The topmost case of its family; None for a case nobody spawned."""
    spawn_state: Mapped[str | None] = mapped_column(String(64))
    spawn_key: Mapped[str | None] = mapped_column(String(200))
    awaited: Mapped[str | None] = mapped_column(String(64))
    """The state the parent waits for; None: its end, or nobody waits."""
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str | None] = mapped_column(String(64))
    suspended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    event_count: Mapped[int]
    chain_hash: Mapped[str] = mapped_column(String(64))


class Counter(Base):
    """The last number given in a series of case numbers (`TG-2026`)."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]


class Answer(Base):
    """An anonymous answer while its step is open: no person, no time, no order.

    With every answer all of the step are written anew under new random ids, shuffled: neither the id nor the place of a row
    nor the transaction that wrote it tells whose it is. When the step closes the rows go: into the case's table, or nowhere.
    """

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_case", "case_id", "state", "visit"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"))
    state: Mapped[str] = mapped_column(String(64))
    visit: Mapped[int]
    part: Mapped[str] = mapped_column(String(64), default="", server_default="")
    values: Mapped[dict[str, Any]] = mapped_column(JSONValue)


class Queue(Base):
    """Every group that tasks were ever offered to, by its canonical key: `position:x`, `unit:y|person:<id>`, …"""

    __tablename__ = "queue"

    key: Mapped[str] = mapped_column(String(500), primary_key=True)


class Task(Base):
    """One person's part of a state. Offered to a `queue` until somebody holds it, or held from the beginning."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_case", "case_id", "visit"),
        Index("ix_task_inbox", "holder_id", "rank_at", "id", postgresql_where=text("status = 'open'"),
              sqlite_where=text("status = 'open'")),
        Index("ix_task_offers", "queue", "rank_at", "id", postgresql_where=text("status = 'open' AND holder_id IS NULL"),
              sqlite_where=text("status = 'open' AND holder_id IS NULL")),
        Index("ix_task_done", "completed_by", "completed_at", "id"),
        Index("ix_task_holder_case", "holder_id", "case_id"),
        Index("ix_task_completed_case", "completed_by", "case_id"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"))
    process: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(64))
    visit: Mapped[int]
    part: Mapped[str] = mapped_column(String(64), default="")
    queue: Mapped[str | None] = mapped_column(String(500), ForeignKey("queue.key"))
    excluded: Mapped[str] = mapped_column(Text, default="")
    """Ids of people who must not take it (separation of duties), space-separated hex; the engine asks again on acting."""
    owner_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    """Who gets it back after a delegation."""
    holder_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    parent_task: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("task.id"))
    status: Mapped[str] = mapped_column(Status(), default=TaskStatus.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_provisional: Mapped[bool] = mapped_column(default=False)
    """The due date lies in a year without an official holiday arrangement."""
    rank_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """`due_at`, or the far future; what lists are ordered by."""
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    on_behalf_of: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    action: Mapped[str | None] = mapped_column(String(64))
    anonymous: Mapped[bool] = mapped_column(default=False)


class TaskEscalation(Base):
    """Somebody above the holder who was told and may act as well."""

    __tablename__ = "task_escalation"
    __table_args__ = (Index("ix_task_escalation_person", "person_id", "task_id"),)

    task_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
