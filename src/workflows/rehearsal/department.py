"""The people of a rehearsal: they see what came in, plan when to do it, and do it when that time comes."""

from __future__ import annotations

import heapq
import itertools
import random
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from workflows.db import Database
from workflows.definition.model import Anytime, Process
from workflows.engine.engine import Engine
from workflows.engine.forms import fields_of
from workflows.rehearsal.acting import Plan, Worker
from workflows.rehearsal.asking import entered, new_tasks
from workflows.rehearsal.habits import Habits, in_working_time, moment_to_act, starts_on
from workflows.scoring.model import Scorecard

_BEFORE_ALL = uuid.UUID(int=0)
_LEFT_LYING = 0.7
"""Share of the work that is left for whoever looks at a demo."""


@dataclass(slots=True)
class Department:
    """Everybody at once. From `leave_lying_after` on most tasks are left for whoever looks at the result (a demo).

    `cards`, `persistent`, `unscored`: see `Worker`.
    """

    database: Database
    engine: Engine
    habits: Habits
    dice: random.Random
    leave_lying_after: datetime | None = None
    cards: Mapping[str, Scorecard] = field(default_factory=dict)
    persistent: frozenset[uuid.UUID] = frozenset()
    unscored: frozenset[tuple[uuid.UUID | None, str]] = frozenset()
    _worker: Worker = field(init=False)
    _agenda: list[tuple[datetime, int, Plan]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _last_task: uuid.UUID = _BEFORE_ALL
    _last_event: uuid.UUID = _BEFORE_ALL
    _disputed: set[uuid.UUID | None] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._worker = Worker(
            self.database, self.engine, self.habits, self.dice, self.cards, self.persistent, self.unscored
        )

    @property
    def done(self) -> Counter[tuple[str, str]]:
        """How often each action of each process was taken, by (process, action)."""
        return self._worker.done

    @property
    def refused(self) -> int:
        """How many forms were refused before they were filled in rightly."""
        return self._worker.refused

    @property
    def unfilled(self) -> Counter[str]:
        """Forms that nobody could fill in, and why."""
        return self._worker.unfilled

    def next_moment(self) -> datetime | None:
        """When somebody means to act next; None when nobody has anything to do."""
        return self._agenda[0][0] if self._agenda else None

    def plan_starts(self, morning: datetime) -> None:
        """Decide which cases people begin by themselves on the day that begins at `morning` (UTC)."""
        with self.database.read() as session:
            calendar = self.engine.calendar(session)
            processes = self.engine.processes(session)
        day = calendar.day_of(morning)
        for process in processes.values():
            if "person" not in process.start.kinds:
                continue
            per_month = self.habits.of(process.key).starts * self.habits.season(process.key, day)
            for _ in range(starts_on(day, per_month, calendar, self.dice)):
                when = calendar.opening_at(day) + timedelta(minutes=self.dice.randint(5, 480))
                self._put(when, Plan(process=process.key))

    def look(self, now: datetime) -> None:
        """Everybody sees what came in since the last look and plans when to do it."""
        with self.database.read() as session:
            calendar = self.engine.calendar(session)
            for task, opened_at, due_at in new_tasks(session, self._last_task):
                self._put(moment_to_act(max(opened_at, now), due_at, self.habits, calendar, self.dice), Plan(task=task))
                self._last_task = task
            for event, case, state, definition, subject in entered(session, self._last_event):
                self._plan_anytime(session, case, state, definition, subject, now)
                self._last_event = event

    def act_until(self, until: datetime) -> None:
        """Carry out everything planned up to `until`, each at its own time."""
        with self.database.read() as session:
            scene = self.engine.scene(session, until)
        while self._agenda and self._agenda[0][0] <= until:
            now, _, plan = heapq.heappop(self._agenda)
            if plan.process is None and self._left_lying(now):
                continue
            again = self._worker.carry_out(plan, scene.at(now))
            if again is not None:
                self._put(*again)

    def _put(self, when: datetime, plan: Plan) -> None:
        heapq.heappush(self._agenda, (when, next(self._order), plan))

    def _plan_anytime(
        self,
        session: Session,
        case: uuid.UUID,
        state: str,
        definition: uuid.UUID,
        subject: uuid.UUID | None,
        now: datetime,
    ) -> None:
        process = self.engine.definition(session, definition)
        chances = self.habits.of(process.key).chances
        for name, anytime in process.anytime.items():
            if state not in anytime.states:
                continue
            if self.dice.random() < chances.get(name, 0) or self._persists(process, anytime, state, subject):
                calendar = self.engine.calendar(session)
                wanted = now + timedelta(hours=self.dice.uniform(2, 40))
                self._put(in_working_time(wanted, calendar, self.dice), Plan(case=case, action=name))

    def _persists(self, process: Process, anytime: Anytime, state: str, subject: uuid.UUID | None) -> bool:
        """Whether this is a first result, just published, of somebody who disputes theirs."""
        disputes = any(one.type == "lines" for one in fields_of(process, None, anytime.action).values())
        if not disputes or subject not in self.persistent or state != anytime.states[0] or subject in self._disputed:
            return False
        self._disputed.add(subject)
        return True

    def _left_lying(self, now: datetime) -> bool:
        after = self.leave_lying_after
        return after is not None and now > after and self.dice.random() < _LEFT_LYING
