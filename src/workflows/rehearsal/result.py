"""What a rehearsal came to: counts per process, how late work was, and whether every periodic case is there once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from workflows.engine.tables import Case, Incident, Signal, SignalStatus, Task, TaskStatus, Timer, TimerStatus


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """One process. `expected` None: nothing periodic about it; `periodic`: cases that nobody began. Tasks are counted when done."""

    process: str
    cases: int
    ended: int
    expected: int | None
    periodic: int
    tasks: int
    late: int

    @property
    def as_expected(self) -> bool:
        """Whether every periodic case is there, once."""
        return self.expected is None or self.expected == self.periodic

    @property
    def late_share(self) -> str:
        """Late tasks in percent of those done, whole numbers; "–" where none was done."""
        return f"{100 * self.late // self.tasks}%" if self.tasks else "–"


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """All processes, and what went wrong for good."""

    processes: tuple[ProcessResult, ...]
    failures: Mapping[str, int]
    """What failed for good: where and why, and how often."""
    stuck: tuple[str, ...]
    """Numbers or titles of open cases that nobody and nothing can move: no task, no timer, no child."""
    unserved: int = 0
    """Deadlines that passed and that nobody looked at: timers that did not ring, signals that were not delivered."""
    unfilled: Mapping[str, int] = field(default_factory=dict)
    """Forms that nobody could fill in so that they were taken: why, and how often."""

    @property
    def incidents(self) -> int:
        """How often something failed for good."""
        return sum(self.failures.values())

    @property
    def sound(self) -> bool:
        """Nothing is missing, doubled, stuck, unserved or failed."""
        troubles = (self.failures, self.stuck, self.unserved, self.unfilled)
        return all(p.as_expected for p in self.processes) and not any(troubles)


_GRACE = timedelta(minutes=10)
"""What fell due so shortly before the end need not have been looked at."""


def collect(session: Session, expected: Mapping[str, int], until: datetime | None = None) -> RehearsalResult:
    """Read the result from the rehearsal's own database; `expected`: cases by process, counted elsewhere; `until`: when it ended."""
    cases = {
        row.process: row
        for row in session.execute(
            select(
                Case.process,
                func.count().label("cases"),
                func.count(Case.ended_at).label("ended"),
                _number(Case.starter_id.is_(None), Case.parent_id.is_(None)).label("scheduled"),
                _number(Case.starter_id.is_(None), Case.parent_id.is_not(None)).label("spawned"),
            ).group_by(Case.process)
        )
    }
    tasks = {
        row.process: row
        for row in session.execute(
            select(
                Task.process,
                func.count().label("done"),
                func.sum(case((Task.completed_at > Task.due_at, 1), else_=0)).label("late"),
            )
            .where(Task.status == TaskStatus.DONE)
            .group_by(Task.process)
        )
    }
    results = tuple(
        ProcessResult(
            key,
            cases[key].cases if key in cases else 0,
            cases[key].ended if key in cases else 0,
            expected.get(key),
            (cases[key].scheduled or cases[key].spawned) if key in cases else 0,
            tasks[key].done if key in tasks else 0,
            int(tasks[key].late or 0) if key in tasks else 0,
        )
        for key in sorted({*cases, *expected})
    )
    unserved = _unserved(session, until) if until is not None else 0
    return RehearsalResult(results, _failures(session), _stuck(session), unserved)


def _number(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


def _failures(session: Session) -> dict[str, int]:
    kinds = (Incident.kind, Incident.code, Incident.detail)
    unsolved = select(*kinds, func.count()).where(Incident.solved_at.is_(None)).group_by(*kinds).order_by(*kinds)
    return {f"{kind} {code}: {detail}": times for kind, code, detail, times in session.execute(unsolved)}


def _unserved(session: Session, until: datetime) -> int:
    before = until - _GRACE
    timers = select(func.count()).select_from(Timer).where(Timer.status == TimerStatus.DUE, Timer.due_at < before)
    signals = select(func.count()).select_from(Signal)
    waiting = signals.where(Signal.status == SignalStatus.WAITING, Signal.created_at < before)
    return (session.scalar(timers) or 0) + (session.scalar(waiting) or 0)


def _stuck(session: Session) -> tuple[str, ...]:
    child = aliased(Case)
    rows = session.execute(
        select(Case.number, Case.title).where(
            Case.ended_at.is_(None),
            ~exists().where(Task.case_id == Case.id, Task.status == TaskStatus.OPEN),
            ~exists().where(Timer.case_id == Case.id, Timer.status == TimerStatus.DUE, Timer.kind == "after"),
            ~exists().where(Signal.to_case_id == Case.id, Signal.status == SignalStatus.WAITING),
            ~exists().where(child.parent_id == Case.id, child.ended_at.is_(None)),
            Case.parent_id.is_(None),
        )
    )
    return tuple(number or title for number, title in rows)
