"""What is due, between cases and on the calendar; what failed for good; who is alive."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, JSONValue, Status, UTCDateTime
from workflows.engine.tables.status import SignalStatus, TimerStatus


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
    status: Mapped[str] = mapped_column(Status(), default=TimerStatus.DUE)
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
    status: Mapped[str] = mapped_column(Status(), default=SignalStatus.WAITING)
    attempt: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ScheduleRun(Base):
    """One period of one schedule: a row means it was begun, `finished_at` that all its cases exist."""

    __tablename__ = "schedule_run"
    __table_args__ = (UniqueConstraint("process", "schedule", "period"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    process: Mapped[str] = mapped_column(String(64))
    schedule: Mapped[int]
    """Index in the definition's list of schedules."""
    period: Mapped[str] = mapped_column(String(10))
    """Day, week, month, quarter or year: 2026-11-20, 2026-W47, 2026-11, 2026-Q4, 2026."""
    scheduled_for: Mapped[datetime] = mapped_column(UTCDateTime)
    definition_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("definition.id"))
    people: Mapped[list[Any]] = mapped_column(JSONValue)
    """Ids of those it starts a case for, fixed when the run begins; [] for a single case."""
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


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
