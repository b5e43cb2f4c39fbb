"""One rehearsal: the clock and the people take turns until the last day is over."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from workflows.db import Database
from workflows.engine.engine import Engine
from workflows.rehearsal.department import Department
from workflows.rehearsal.habits import Habits

Drive = Callable[[datetime, datetime], None]
"""Rings everything that comes due after the first moment, up to the second (both UTC). Handed in: the clock is a door."""

_STEP = timedelta(hours=6)
"""How far the clock may run before people look at what it brought."""


@dataclass(slots=True)
class Rehearsal:
    """A department that works from one day to another, faster than the clock.

    `seed` makes it repeatable; `progress` is called with each day that begins.
    """

    database: Database
    engine: Engine
    habits: Habits
    drive: Drive
    seed: int = 1
    progress: Callable[[date], None] = lambda _: None
    department: Department = field(init=False)

    def __post_init__(self) -> None:
        self.department = Department(self.database, self.engine, self.habits, random.Random(self.seed))

    def run(self, first: date, until: datetime) -> None:
        """Live from the beginning of `first` (company's zone) until `until` (aware)."""
        with self.database.read() as session:
            calendar = self.engine.calendar(session)
        now, day = calendar.start_of(first), first
        self._morning(now, day)
        while now < until:
            tomorrow = calendar.start_of(day + timedelta(days=1))
            then = min(until, tomorrow, now + _STEP)
            now = self._advance(now, then)
            if now >= tomorrow:
                day += timedelta(days=1)
                self._morning(now, day)

    def _morning(self, now: datetime, day: date) -> None:
        self.progress(day)
        self.department.plan_starts(now)
        self.department.look(now)

    def _advance(self, now: datetime, then: datetime) -> datetime:
        """The clock and the people up to `then`, in the order of what comes first."""
        department = self.department
        while (planned := department.next_moment()) is not None and planned <= then:
            self.drive(now, planned)
            department.look(planned)
            department.act_until(planned)
            now = max(now, planned)
        self.drive(now, then)
        department.look(then)
        return then
