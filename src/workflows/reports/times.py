"""What every finished case took, step by step: waiting and working, read in one statement however many cases there are.

Of a step two things are told apart. It *waits* while it lies in somebody's hands and nobody has opened it; it is *worked on* from
when whoever handed it on first opened it (or took it out of their group) until they handed it on. Where several people have a
part in a step at once, a moment counts as worked on while any of them is at it. Steps of one case follow each other, so their times
add up to the time the case lay in people's hands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, String, and_, select, type_coerce
from sqlalchemy.orm import Session

from workflows.engine.tables import Case, Task, TaskOpening, TaskStatus
from workflows.reports.hours import Stretch, WorkingHours, covered

AT_ONCE = 2000
"""Rows fetched together: memory does not grow with the history."""

CASE_ID = type_coerce(Case.id, String)
"""A case's id as the database gives it: good for telling cases apart, without making a value of each."""

_COLUMNS = (
    CASE_ID, Case.process, Case.ended_at, Task.state, Task.visit, Task.opened_at, Task.claimed_at, Task.completed_at, Task.due_at,
    TaskOpening.at,
)  # fmt: skip


@dataclass(slots=True)
class StepTimes:
    """One step: how often cases came there, how often that was handed on late, working seconds of waiting and of work."""

    visits: int = 0
    late: int = 0
    waiting: int = 0
    working: int = 0


class InSteps:
    """What goes step by step: its times are those of its steps together."""

    __slots__ = ()
    steps: Mapping[str, StepTimes]

    @property
    def waiting(self) -> int:
        """Working seconds in somebody's hands and not opened."""
        return sum(step.waiting for step in self.steps.values())

    @property
    def working(self) -> int:
        """Working seconds between opening and handing on."""
        return sum(step.working for step in self.steps.values())


@dataclass(slots=True)
class CaseTimes(InSteps):
    """A finished case. `id`: as `CASE_ID` gives it; `steps`: those that people had in hand."""

    id: object
    process: str
    ended_at: datetime
    steps: dict[str, StepTimes] = field(default_factory=dict)

    @property
    def late(self) -> bool:
        """Whether any step was handed on after it was due."""
        return any(step.late for step in self.steps.values())


def case_times(session: Session, hours: WorkingHours, *which: ColumnElement[bool]) -> Iterator[CaseTimes]:
    """The ended cases for which all conditions hold, by id. One statement, fetched in portions."""
    opening = and_(TaskOpening.task_id == Task.id, TaskOpening.person_id == Task.completed_by)
    task = and_(Task.case_id == Case.id, Task.status != TaskStatus.OPEN)
    chosen = select(*_COLUMNS).select_from(Case).outerjoin(Task, task).outerjoin(TaskOpening, opening).where(*which)
    rows = session.execute(chosen.order_by(Case.id, Task.visit).execution_options(yield_per=AT_ONCE))
    for _, group in groupby(rows, key=lambda row: row[0]):
        yield _case(list(group), hours)


def _case(rows: list[Any], hours: WorkingHours) -> CaseTimes:
    case = CaseTimes(*rows[0][:3])
    handed = [row[3:] for row in rows if row[3] is not None]
    for (state, _), tasks in groupby(handed, key=lambda task: task[:2]):
        _add_visit(case.steps.setdefault(state, StepTimes()), list(tasks), hours)
    return case


def _add_visit(step: StepTimes, tasks: list[Any], hours: WorkingHours) -> None:
    held: list[Stretch] = []
    worked: list[Stretch] = []
    late = False
    for _, _, opened_at, claimed_at, completed_at, due_at, looked_at in tasks:
        start, end = hours.until(opened_at), hours.until(completed_at)
        held.append((start, end))
        begun = first_of(claimed_at, looked_at)
        if begun is not None:
            worked.append((max(start, hours.until(begun)), end))
        late = late or (due_at is not None and completed_at > due_at)
    working = covered(worked)
    step.visits += 1
    step.late += late
    step.working += working
    step.waiting += covered(held) - working


def first_of(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two instants that may be unknown."""
    if one is None or other is None:
        return one or other
    return min(one, other)
