"""Figures as they are stored: only ever added to.

A figure is named by whose it is, its month and its name. Its values form a chain: the first has no `replaces`, each further one
names the value it stands in for, and the last holds. Unique indexes keep every chain a line, whoever writes at the same time.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, ExactDecimal, Id, JSONValue, UTCDateTime


class Source(StrEnum):
    """Where a figure comes from."""

    UPLOAD = "upload"  # a file of rows
    FORM = "form"  # one figure, typed by a person with a reason
    API = "api"  # another program
    SYSTEM = "system"  # counted from the cases of this system


class Level(StrEnum):
    """Whose a figure is. A person's stands before their unit's, a unit's before the company's."""

    PERSON = "person"
    UNIT = "unit"
    COMPANY = "company"


class FigureBatch(Base):
    """One file that was uploaded: what it was called, what was in it by its digest, and how many rows it had."""

    __tablename__ = "figure_batch"
    __table_args__ = (Index("ix_figure_batch_at", "uploaded_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    file: Mapped[str] = mapped_column(String(255))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file's bytes."""
    rows: Mapped[int]
    uploaded_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    """None: on the server's command line, where nobody signs in."""
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


def _first(level: Level, column: str | None) -> Index:
    """One chain begins at most once."""
    names = [column] if column else []
    where = sql(f"scope = '{level}' AND replaces IS NULL")
    return Index(
        f"uq_figure_value_first_{level}",
        *names,
        "name",
        "month",
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


class FigureValue(Base):
    """One value of one figure; never changed: a correction is a further row that `replaces` it."""

    __tablename__ = "figure_value"
    __table_args__ = (
        CheckConstraint("source IN ('upload', 'form', 'api', 'system')", name="source"),
        CheckConstraint(
            "(scope = 'person' AND person_id IS NOT NULL AND unit_key IS NULL)"
            " OR (scope = 'unit' AND person_id IS NULL AND unit_key IS NOT NULL)"
            " OR (scope = 'company' AND person_id IS NULL AND unit_key IS NULL)",
            name="scope",
        ),
        CheckConstraint("value IS NULL OR text IS NULL", name="value"),
        # A replaced value is replaced once; asked for with every value that is read.
        Index("uq_figure_value_replaces", "replaces", unique=True),
        _first(Level.PERSON, "person_id"),
        _first(Level.UNIT, "unit_key"),
        _first(Level.COMPANY, None),
        # One person's figures, held ones from earlier months included; a month of everybody.
        Index("ix_figure_value_person", "person_id", "name", "month"),
        Index("ix_figure_value_month", "month", "name"),
        Index("ix_figure_value_scope", "scope", "name", "month"),
        Index("ix_figure_value_batch", "batch_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    """`2026-11`."""
    scope: Mapped[str] = mapped_column(String(7))
    person_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    unit_key: Mapped[str | None] = mapped_column(String(64), ForeignKey("unit.key"))
    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """In the unit that the catalogue gives for the name. Neither value nor text: taken back, the figure is missing again."""
    text: Mapped[str | None] = mapped_column(String(64))
    """In place of a number, what a scorecard's parameter of that name is to be (`category`: `apparel`)."""
    source: Mapped[str] = mapped_column(String(6))
    entered_by: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    """None: nobody signed in (this system, or the command line)."""
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    replaces: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("figure_value.id"))
    reason: Mapped[str | None] = mapped_column(String(300))
    batch_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("figure_batch.id"))
    evidence: Mapped[dict[str, Any] | None] = mapped_column(JSONValue)
    """What it rests on: of the system {"process", "cases": [ids, at most 50], "count"}, of a person {"files": [ids]}."""


class NotedStart(Base):
    """Figures of a month that ask for a case (`start: {by: figure}`): a row means that they did, `done_at` that it was seen to.

    It exists once for a process, a line of its start, an owner and a month, so no correction and no second upload starts another case.
    """

    __tablename__ = "figure_start"
    __table_args__ = (
        UniqueConstraint("process", "line", "owner", "month"),
        Index("ix_figure_start_waiting", "id", postgresql_where=sql("done_at IS NULL"), sqlite_where=sql("done_at IS NULL")),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True)
    process: Mapped[str] = mapped_column(String(64))
    line: Mapped[int]
    """Index in the definition's list of conditions."""
    owner: Mapped[str] = mapped_column(String(72))
    """Whose figures: `person:<hex>`, `unit:<key>` or `company`."""
    month: Mapped[str] = mapped_column(String(7))
    starter_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    """Whose the case will be; None where a unit or the company has no lead."""
    given: Mapped[dict[str, Any]] = mapped_column(JSONValue)
    """The first values of the case."""
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    case_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("case.id"))
    """None: not yet, or a case with its key was there already."""
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
