"""The tables of running cases: what is, what happened, what is due, what is to be told.

One row of `case` is one case; its `event` rows are its whole past. Everything a step changes lies in these tables and is
written in one transaction. Times are UTC. Lists read from the indexes below, in their order.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, JSONValue, UTCDateTime

FAR_FUTURE = datetime.fromisoformat("9999-12-31T00:00:00+00:00")
"""`Task.rank_at` of a task without a due time: last in every list."""


class TaskStatus(StrEnum):
    """Life of a task."""

    OPEN = "open"
    """Waits for its holder or, unclaimed, for anyone of its queue."""
    DONE = "done"
    """Its holder took an action."""
    CLOSED = "closed"
    """The state was left without it: somebody else's action, a timer or a signal was enough."""


class TimerStatus(StrEnum):
    """Life of a timer."""

    DUE = "due"
    DONE = "done"
    CANCELLED = "cancelled"
    """The state or task it belonged to was left before it rang."""
    INCIDENT = "incident"
    """Failed for good; an incident row says why. Kept until somebody retries it."""


class SignalStatus(StrEnum):
    """Life of a signal between two cases."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    """The receiver had ended or does not listen in its state; the sender's history says so."""
    INCIDENT = "incident"


class MessageStatus(StrEnum):
    """Life of a message. The mailer groups waiting ones into mails."""

    WAITING = "waiting"
    TAKEN = "taken"
    """Part of a mail (`mail_id`); the mail's own status says whether it went out."""
    DROPPED = "dropped"
    """No longer true when it was to be sent (task done, person left), or nobody to send it to."""


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
    """An anonymous answer: no person, no time, no order (the id is random). Shown when the step has closed with enough of them."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_case", "case_id", "state", "visit"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"))
    state: Mapped[str] = mapped_column(String(64))
    visit: Mapped[int]
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
    status: Mapped[str] = mapped_column(String(10), default=TaskStatus.OPEN)
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


class Timer(Base):
    """What is due for a case. `rule` finds the definition's element; due_at is recomputed when its anchor moves."""

    __tablename__ = "timer"
    __table_args__ = (
        UniqueConstraint("case_id", "visit", "kind", "rule"),
        Index(
            "ix_timer_due",
            "next_at",
            "id",
            postgresql_where=text("status = 'due'"),
            sqlite_where=text("status = 'due'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"))
    task_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("task.id"))
    visit: Mapped[int]
    """0 for timers of the whole case (alerts)."""
    kind: Mapped[str] = mapped_column(String(16))
    """after remind escalate alert"""
    rule: Mapped[str] = mapped_column(String(200))
    """Where it stands in the definition and for which task, e.g. `waiting/0` or `building//remind/1/<task>`."""
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it is due by its rule."""
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it is tried next: `due_at`, later after a failure."""
    provisional: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default=TimerStatus.DUE)
    attempt: Mapped[int] = mapped_column(default=0)
    fired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Signal(Base):
    """What one case tells another, or asks to be born. Written by the sender's step, delivered as the receiver's own."""

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("from_case_id", "key"),
        Index("ix_signal_waiting", "next_at", "id", postgresql_where=text("status = 'waiting'"),
              sqlite_where=text("status = 'waiting'")),
        Index("ix_signal_receiver", "to_case_id"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """spawn (payload: process, data, spawn_key), tell (payload: signal), ready (a child reached the awaited state),
    ended (payload: outcome, returns)"""
    key: Mapped[str] = mapped_column(String(200))
    """Unique per sender: the same signal is never written twice."""
    from_case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"))
    to_case_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    """None for a spawn until the child exists."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSONValue)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    status: Mapped[str] = mapped_column(String(10), default=SignalStatus.WAITING)
    attempt: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


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
    status: Mapped[str] = mapped_column(String(10), default=MessageStatus.WAITING)
    mail_id: Mapped[uuid.UUID | None] = mapped_column(Id)


class ScheduleRun(Base):
    """One period of one schedule: a row means it was begun, `finished_at` that all its cases exist."""

    __tablename__ = "schedule_run"
    __table_args__ = (UniqueConstraint("process", "schedule", "scheduled_for"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    process: Mapped[str] = mapped_column(String(64))
    schedule: Mapped[int]
    """Index in the definition's list of schedules."""
    scheduled_for: Mapped[datetime] = mapped_column(UTCDateTime)
    definition_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("definition.id"))
    people: Mapped[list[Any]] = mapped_column(JSONValue)
    """Ids of those it starts a case for, fixed when the run begins; [] for a single case."""
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


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


class Seen(Base):
    """How far somebody has read a case's history: what is new since then is marked."""

    __tablename__ = "seen"

    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("case.id"), primary_key=True)
    seq: Mapped[int]
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


class Incident(Base):
    """A job that failed for good, or a task nobody could be found for. Somebody has to look."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "solved_at", "at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(24))
    """timer signal schedule mail nobody"""
    case_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    job_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    code: Mapped[str] = mapped_column(String(80))
    detail: Mapped[str] = mapped_column(Text)
    solved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    solved_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))


class Heartbeat(Base):
    """Who is alive: one row per scheduler or mailer process."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
