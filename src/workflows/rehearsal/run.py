"""One rehearsal: the clock and the people take turns until the last day is over."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from workflows.db import Database
from workflows.engine.engine import Engine
from workflows.rehearsal.department import Department
from workflows.rehearsal.habits import Habits
from workflows.scoring.model import Scorecard

TOGETHER = timedelta(minutes=45)
"""What people do within this time is settled together, unless the clock has something due before: each acts at their own time."""

BELL = timedelta(minutes=10)
"""The clock is looked at so often, as the scheduler looks every few seconds: what falls due in between is done then, and not late."""


class Clock(Protocol):
    """A clock that jumps. Handed in, because the real one is a door above this room."""

    def settle(self, now: datetime) -> None:
        """Do everything that is due at `now` (UTC) and what follows from it."""

    def next_moment(self, after: datetime) -> datetime | None:
        """The first moment after `after` at which something is due."""


class Errands(Protocol):
    """What is done for the department at set times: figures uploaded, people who come and go. Handed in, because it stands above this room."""

    def until(self, now: datetime) -> None:
        """Do everything that is due up to `now` (UTC)."""

    def next_moment(self, after: datetime) -> datetime | None:
        """When the next errand is due after `after`; None where there is none."""


@dataclass(slots=True)
class Rehearsal:
    """A department that works from one day to another, faster than the clock.

    `seed` makes it repeatable; `leave_lying_after`: from then on most work stays undone, so that a demo has some; `progress` is called with each day that begins.
    `errands`: what is done for it meanwhile; `cards`, `persistent`, `unscored`: see `acting.Worker`.
    """

    database: Database
    engine: Engine
    habits: Habits
    clock: Clock
    seed: int = 1
    leave_lying_after: datetime | None = None
    progress: Callable[[date], None] = lambda _: None
    errands: Sequence[Errands] = ()
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
            self.progress(day)
            day += timedelta(days=1)
            with self.database.together():
                now = self._live(now, calendar.start_of(day), until)

    def _live(self, morning: datetime, next_morning: datetime, until: datetime) -> datetime:
        """One day, from one event to the next; when the next one begins."""
        now = morning
        self.department.plan_starts(now)
        while now < min(next_morning, until):
            self.department.act_until(now)
            for errand in self.errands:
                errand.until(now)
            self.clock.settle(now)
            self.department.look(now)
            now = self._next(now, next_morning)
        return now

    def _next(self, now: datetime, morning: datetime) -> datetime:
        """When something is due next; the clock's own moments are met by the bell after them."""
        acting, ringing = self.department.next_moment(), self.clock.next_moment(now)
        errands = [errand.next_moment(now) for errand in self.errands]
        people = acting + TOGETHER if acting is not None else None
        coming = (people, _bell(ringing) if ringing is not None else None, morning, *errands)
        return min(moment for moment in coming if moment is not None)


def _bell(moment: datetime) -> datetime:
    """The first full ten minutes from `moment` on."""
    past = (moment - datetime.min.replace(tzinfo=UTC)) % BELL
    return moment + (BELL - past) if past else moment
