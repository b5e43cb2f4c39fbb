"""The organisation as it is stored: units, positions, people, who stands in for whom, and the company's own calendar.

Units and positions are named by their key (`product_operations`, `operations_specialist`): definitions and scorecards call them so.
A person is known by an id, because a login can change. Sign-in has its own tables in `accounts_tables.py`.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflows.db import Base, Id, JSONValue, UTCDateTime, new_id

KEY = String(64)
NAME = String(120)


class DayKind(StrEnum):
    """What the company says about one day, above the official arrangement."""

    WORKDAY = "workday"  # worked, even on a weekend or public holiday
    HOLIDAY = "holiday"  # free, even on a weekday


class Unit(Base):
    """A department or group. A member of a sub-unit belongs to its parents as well."""

    __tablename__ = "unit"

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    zh: Mapped[str] = mapped_column(NAME)
    en: Mapped[str] = mapped_column(NAME)
    parent_key: Mapped[str | None] = mapped_column(KEY, ForeignKey("unit.key"))
    # Person and unit name each other; the constraint is added once both tables stand.
    lead_id: Mapped[uuid.UUID | None] = mapped_column(
        Id, ForeignKey("person.id", use_alter=True, name="fk_unit_lead_id_person")
    )
    sort: Mapped[int] = mapped_column(default=0)


class Position(Base):
    """A position of requirements.md §2; its key is also the name of its scorecard."""

    __tablename__ = "position"

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    zh: Mapped[str] = mapped_column(NAME)
    en: Mapped[str] = mapped_column(NAME)
    sort: Mapped[int] = mapped_column(default=0)


class Person(Base):
    """One employee. Nobody is ever deleted: whoever left keeps the name in the history."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("manager_id <> id", name="own_manager"),
        CheckConstraint("language IN ('zh', 'en')", name="language"),
        CheckConstraint("theme IN ('light', 'dark', 'auto')", name="theme"),
        CheckConstraint("density IN ('comfortable', 'compact')", name="density"),
        # Leavers are retired by their day, and the office asks for the active ones.
        Index("ix_person_left_on", "left_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    staff_number: Mapped[str | None] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(NAME)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    unit_key: Mapped[str | None] = mapped_column(KEY, ForeignKey("unit.key"))
    manager_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    joined_on: Mapped[date | None] = mapped_column(Date)
    # The first day without them. A day still to come leaves them active until `people.retire_leavers` of that day.
    left_on: Mapped[date | None] = mapped_column(Date)
    auditor: Mapped[bool] = mapped_column(default=False)
    administrator: Mapped[bool] = mapped_column(default=False)

    password_hash: Mapped[str | None] = mapped_column(String(255))
    password_changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)

    language: Mapped[str] = mapped_column(String(2), default="zh")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    density: Mapped[str] = mapped_column(String(11), default="comfortable")
    shortcuts: Mapped[bool] = mapped_column(default=True)

    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PersonPosition(Base):
    """A person holds a position in a unit. Of several, one is the appraised one."""

    __tablename__ = "person_position"
    __table_args__ = (
        UniqueConstraint("person_id", "position_key", "unit_key"),
        # The literal predicate is what both databases can use: at most one appraised position a person.
        Index(
            "uq_person_position_appraised",
            "person_id",
            unique=True,
            sqlite_where=text("appraised"),
            postgresql_where=text("appraised"),
        ),
        Index("ix_person_position_position_key", "position_key"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    position_key: Mapped[str] = mapped_column(KEY, ForeignKey("position.key"))
    unit_key: Mapped[str] = mapped_column(KEY, ForeignKey("unit.key"))
    appraised: Mapped[bool] = mapped_column(default=False)


class DutyVersion(Base):
    """What a position is there for, in words, from a day on (D三). The text before stays readable."""

    __tablename__ = "duty_version"
    __table_args__ = (UniqueConstraint("position_key", "valid_from"),)

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id)
    position_key: Mapped[str] = mapped_column(KEY, ForeignKey("position.key"))
    valid_from: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Absence(Base):
    """Somebody is away from one day to another (company's days, both included) and may name who acts instead."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("deputy_id <> person_id", name="own_deputy"),
        Index("ix_absence_person_id", "person_id", "first_day"),
        Index("ix_absence_deputy_id", "deputy_id"),
        Index("ix_absence_last_day", "last_day"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(Id, ForeignKey("person.id"))
    deputy_id: Mapped[uuid.UUID | None] = mapped_column(Id, ForeignKey("person.id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    # Process keys the deputy acts for; empty means every process.
    scope: Mapped[list[str]] = mapped_column(JSONValue, default=list)
    reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarDay(Base):
    """The company's word on one day, above the official arrangement (design.md §6)."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("kind IN ('workday', 'holiday')", name="kind"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(String(200))


class Version(Base):
    """How often something that processes keep in memory was changed. `number` is for people; caches compare `stamp`,
    which is new with every change, because a number that a roll-back gave free is used again."""

    __tablename__ = "version"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[uuid.UUID] = mapped_column(Id)
