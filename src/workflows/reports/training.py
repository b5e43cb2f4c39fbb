"""A year of training (A六): what is planned, what was held, who came and who passed, as far as a reader may see it.

What the page lists the definitions of the family `training` say by their fields. A *training* has `topic`, `method`, `organiser`,
`planned_on`, `participants`, `attended` and `passed`, and where it has them `held_at`, `users_attended`, `usefulness`, `effect`; a *plan* starts
trainings from its rows and has a `year`; what else is about a `subject` is that person's *growth*. A field that the definition
withholds from anybody (`see`) is left out here.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.engine.rows import CASE_COLUMNS, CaseRow, case_row
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.errors import Text
from workflows.org.organisation import PersonId
from workflows.reports.seen import CANCELLED, Seen, seen_by
from workflows.reports.training_cases import Plan, Training, plan_of, training_of

FAMILY: Final = "training"
NEEDED: Final = frozenset({"topic", "method", "organiser", "planned_on", "participants", "attended", "passed"})
"""The fields that make a process of the family a training."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A process about single employees: how many run, how many of them are late, how many ended this year."""

    process: str
    title: Text
    running: int
    late: int
    ended: int


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody with the trainings they came to, and passed, of those that were held."""

    person: PersonId
    attended: int
    passed: int


@dataclass(frozen=True)
class TrainingYear:
    """Everything of one year, trainings by day. `begin`: the processes of trainings, to start one; `people`: who could have come."""

    year: int
    begin: tuple[Process, ...]
    plans: tuple[Plan, ...]
    trainings: tuple[Training, ...]
    growth: tuple[Growth, ...]
    people: tuple[PersonId, ...]

    @cached_property
    def held(self) -> tuple[Training, ...]:
        """Those that took place."""
        return tuple(one for one in self.trainings if one.took_place)

    @cached_property
    def judged(self) -> tuple[Training, ...]:
        """Those whose effect was judged, of employees: only they can say how many passed."""
        return tuple(one for one in self.trainings if one.judged)

    @property
    def attended(self) -> int:
        """How often employees came."""
        return sum(len(one.attended) for one in self.held)

    def passed_share(self, trainings: Iterable[Training] | None = None) -> Decimal | None:
        """Percent of those who came that passed, exactly; None where nothing was judged."""
        judged = [one for one in (self.trainings if trainings is None else trainings) if one.judged]
        came = sum(len(one.attended) for one in judged)
        return Decimal(sum(len(one.passed) for one in judged) * 100) / came if came else None

    @cached_property
    def learners(self) -> tuple[Learner, ...]:
        """Who came, most often first."""
        came = Counter(person for one in self.held for person in one.attended)
        passed = Counter(person for one in self.judged for person in one.passed)
        return tuple(Learner(person, count, passed[person]) for person, count in came.most_common())

    @cached_property
    def untrained(self) -> tuple[PersonId, ...]:
        """Who has not come to any training of the year."""
        came = {learner.person for learner in self.learners}
        return tuple(person for person in self.people if person not in came)


def training_year(session: Session, scene: Scene, reader: PersonId, year: int) -> TrainingYear:
    """The trainings planned for days of the year, its plans, and the growth of employees; four statements."""
    seen = seen_by(session, scene, reader)
    processes = [one.process for one in scene.newest.values() if one.process.family == FAMILY]
    sessions = {process.key for process in processes if process.fields.keys() >= NEEDED}
    plans = {process.key for process in processes if _spawned(process) & sessions and "year" in process.fields}
    late = _late(session, [process.key for process in processes], scene.now)
    rows = _rows(session, sessions, Case.data["planned_on"].as_string().startswith(f"{year:04d}-"), seen)
    trainings = sorted((training_of(scene, session, row, late) for row in rows), key=_day)
    planned = _rows(session, plans, Case.data["year"].as_string() == f"{year:04d}", seen)
    others = [process for process in processes if process.key not in sessions | plans and "subject" in process.fields]
    return TrainingYear(
        year,
        tuple(process for process in processes if process.key in sessions),
        tuple(plan_of(scene, session, row, trainings, sessions, late) for row in planned),
        tuple(trainings),
        _growth(session, scene, others, year, seen),
        tuple(person for person in scene.organisation.active if scene.organisation.people[person].appraised_position),
    )


def _spawned(process: Process) -> set[str]:
    return {spawn.process for state in process.states.values() for spawn in state.spawns}


def _day(training: Training) -> tuple[date, str]:
    return training.planned_on, training.topic


# -- rows -------------------------------------------------------------------------------------------------------------


def _rows(session: Session, keys: Collection[str], of_year: ColumnElement[bool], seen: Seen) -> list[CaseRow]:
    if not keys:
        return []
    not_cancelled = or_(Case.outcome.is_(None), Case.outcome != CANCELLED)
    chosen = select(*CASE_COLUMNS).where(Case.process.in_(sorted(keys)), of_year, not_cancelled, *seen)
    return [case_row(row) for row in session.execute(chosen.order_by(Case.started_at, Case.id)).mappings()]


def _late(session: Session, keys: Collection[str], now: datetime) -> frozenset[uuid.UUID]:
    """The cases with a task that is overdue."""
    waiting = select(Task.case_id).where(Task.status == TaskStatus.OPEN, Task.due_at < now)
    return frozenset(session.scalars(waiting.where(Task.process.in_(sorted(keys)))))


# -- growth -----------------------------------------------------------------------------------------------------------


def _growth(session: Session, scene: Scene, processes: Sequence[Process], year: int, seen: Seen) -> tuple[Growth, ...]:
    """Counted in one statement, by process."""
    begins, ends = scene.calendar.start_of(date(year, 1, 1)), scene.calendar.start_of(date(year + 1, 1, 1))
    late = select(Task.id).where(Task.case_id == Case.id, Task.status == TaskStatus.OPEN, Task.due_at < scene.now)
    running = Case.ended_at.is_(None)
    chosen = select(
        Case.process,
        func.count().filter(running),
        func.count().filter(running, late.exists()),
        func.count().filter(Case.ended_at >= begins, Case.ended_at < ends, Case.outcome != CANCELLED),
    ).where(Case.process.in_([process.key for process in processes]), *seen)
    counts = {row[0]: row[1:] for row in session.execute(chosen.group_by(Case.process))}
    return tuple(Growth(process.key, process.title, *counts.get(process.key, (0, 0, 0))) for process in processes)
