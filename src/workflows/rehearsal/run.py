"""One rehearsal: the clock and the people take turns until the last day is over."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from workflows.db import Database
from workflows.engine.engine import Engine
from workflows.rehearsal.department import Department
from workflows.rehearsal.habits import Habits
from workflows.scoring.model import Scorecard

TOGETHER = timedelta(minutes=45)
"""What people do within this time is settled together, unless the clock has something due before: each acts at their own time."""


class Clock(Protocol):
    """A clock that jumps. Handed in, because the real one is a door above this room."""

    def settle(self, now: datetime) -> None:
        """Do everything that is due at `now` (UTC) and what follows from it."""

    def next_moment(self, after: datetime) -> datetime | None:
        """The first moment after `after` at which something is due."""


class Errands(Protocol):
    """What is done for the department at set times: figures that are uploaded. Handed in, because the upload stands beside this room."""

    def until(self, now: datetime) -> None:
        """Do everything that is due up to `now` (UTC)."""

    def next_moment(self, after: datetime) -> datetime:
        """When the next errand is due after `after`."""


@dataclass(slots=True)
class Rehearsal:
    """A department that works from one day to another, faster than the clock.

    `seed` makes it repeatable; `leave_lying_after`: from then on most work stays undone, so that a demo has some; `progress` is called with each day that begins.
    `errands`: what is uploaded meanwhile; `cards`, `persistent`, `unscored`: see `acting.Worker`.
    """

    database: Database
    engine: Engine
    habits: Habits
    clock: Clock
    seed: int = 1
    leave_lying_after: datetime | None = None
    progress: Callable[[date], None] = lambda _: None
    errands: Errands | None = None
    cards: Mapping[str, Scorecard] = field(default_factory=dict)
    persistent: frozenset[uuid.UUID] = frozenset()
    unscored: frozenset[tuple[uuid.UUID | None, str]] = frozenset()
    department: Department = field(init=False)

    def __post_init__(self) -> None:
        self.department = Department(
            self.database, self.engine, self.habits, random.Random(self.seed), self.leave_lying_after, self.cards,
            self.persistent, self.unscored,
        )  # fmt: skip

    def run(self, first: date, until: datetime) -> None:
        """Live from the beginning of `first` (company's zone) until `until` (aware), from one event to the next."""
        with self.database.read() as session:
            calendar = self.engine.calendar(session)
        day, now = first, calendar.start_of(first)
        while now < until:
            if now >= calendar.start_of(day):
                self.progress(day)
                self.department.plan_starts(now)
                day += timedelta(days=1)
            self.department.act_until(now)
            self.clock.settle(now)
            if self.errands is not None:
                self.errands.until(now)
            self.department.look(now)
            errand = self.errands.next_moment(now) if self.errands is not None else None
            acting = self.department.next_moment()
            together = acting + TOGETHER if acting is not None else None
            coming = (together, self.clock.next_moment(now), calendar.start_of(day), errand)
            now = min(moment for moment in coming if moment is not None)
