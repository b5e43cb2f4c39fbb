"""How much each position had to do, week by week."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from workflows.definition.periods import containing
from workflows.engine.scene import Scene
from workflows.engine.tables import Task, TaskOpening, TaskStatus
from workflows.reports.hours import Stretch, WorkingHours, covered, in_hours
from workflows.reports.span import Span
from workflows.reports.times import AT_ONCE, first_of


@dataclass(frozen=True, slots=True)
class Load:
    """What one position handed on in one week (`2026-W47`): tasks, and working hours in which its people had one open.

    Several tasks open at once for one person count once. `people`: how many of them handed something on.
    """

    position: str
    week: str
    tasks: int
    hours: Decimal
    people: int


def loads(session: Session, scene: Scene, span: Span) -> tuple[Load, ...]:
    """By position (the appraised one each person has now) and week of handing on, for all processes, in one statement."""
    hours, position = WorkingHours(scene.calendar), _positions(scene)
    tasks: defaultdict[tuple[str, str], int] = defaultdict(int)
    worked: defaultdict[tuple[str, str], dict[uuid.UUID, list[Stretch]]] = defaultdict(dict)
    opening = and_(TaskOpening.task_id == Task.id, TaskOpening.person_id == Task.completed_by)
    columns = (Task.completed_by, Task.claimed_at, TaskOpening.at, Task.completed_at)
    chosen = select(*columns).outerjoin(TaskOpening, opening).where(
        Task.status == TaskStatus.DONE, Task.anonymous.is_(False),
        Task.completed_at >= span.start, Task.completed_at < span.end,
    )  # fmt: skip
    for person, claimed_at, looked_at, done_at in session.execute(chosen.execution_options(yield_per=AT_ONCE)):
        if person is None or person not in position or done_at is None:
            continue
        key = (position[person], str(containing(scene.calendar.day_of(done_at), "week")))
        tasks[key] += 1
        begun = first_of(claimed_at, looked_at)
        mine = worked[key].setdefault(person, [])
        if begun is not None:
            mine.append((hours.until(begun), hours.until(done_at)))
    return tuple(
        Load(place, week, tasks[place, week], in_hours(sum(covered(one) for one in people.values())), len(people))
        for (place, week), people in sorted(worked.items())
    )


def _positions(scene: Scene) -> dict[uuid.UUID, str]:
    return {
        person: place
        for person, member in scene.organisation.people.items()
        if (place := member.appraised_position or next(iter(member.positions), None)) is not None
    }
