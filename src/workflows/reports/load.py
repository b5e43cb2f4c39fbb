"""How much each position has to do: tasks handed on, and working hours in which its people had one open, week by week.

Somebody's position is the appraised one they have now. A task counts in the week in which it was handed on, its hours in the weeks
in which it was open; several open at once for one person count once, so nobody has more hours than a week has. Of anonymous tasks
nobody knows whose they were: they count nowhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from workflows.definition.periods import containing
from workflows.engine.scene import Scene
from workflows.org.organisation import PersonId
from workflows.reports.handed import Held, Week, by_week, handed_on, holders, positions_of, weeks_of
from workflows.reports.hours import WorkingHours, in_hours, percent
from workflows.reports.seen import EVERYTHING, Seen
from workflows.reports.span import Span

FULL = Decimal(85)
"""From this much of the working time, in percent, a week is full: what comes then waits."""


@dataclass(frozen=True, slots=True)
class Load:
    """One week of one position (`2026-W47`): tasks that it handed on, and working hours in which its people had one open."""

    position: str
    week: str
    tasks: int
    hours: Decimal


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """A week of a position, as far as it lies in the time. `available`: working hours of all its people together."""

    week: str
    first_day: date
    tasks: int
    hours: Decimal
    available: Decimal

    @property
    def share(self) -> Decimal | None:
        """Hours with a task open in percent of the working time; None of a week without working days."""
        return _share(self.hours, self.available)


@dataclass(frozen=True, slots=True)
class PositionLoad:
    """A position over some time. `people`: how many hold it now; `weeks`: all of the time, oldest first."""

    position: str
    people: int
    weeks: tuple[WeekLoad, ...]

    @property
    def tasks(self) -> int:
        """Tasks handed on in all weeks."""
        return sum(week.tasks for week in self.weeks)

    @property
    def hours(self) -> Decimal:
        """Working hours with a task open in all weeks."""
        return sum((week.hours for week in self.weeks), Decimal(0))

    @property
    def share(self) -> Decimal | None:
        """The same in percent of the working time."""
        return _share(self.hours, sum((week.available for week in self.weeks), Decimal(0)))

    @property
    def busiest(self) -> WeekLoad | None:
        """The fullest week, the latest of equals; None where none had working days."""
        known = [(week.share, week.week, week) for week in self.weeks if week.share is not None]
        return max(known)[2] if known else None


@dataclass(frozen=True, slots=True)
class StepLoad:
    """One step of a process: tasks that some people handed on there, and working hours in which they had one of them open."""

    process: str
    state: str
    tasks: int
    hours: Decimal


def position_loads(
    session: Session, scene: Scene, span: Span, whose: Collection[PersonId] | None = None
) -> tuple[PositionLoad, ...]:
    """Every position that somebody (of `whose`) holds, in the company's order; weeks of the time up to now. One statement."""
    people = holders(scene.organisation, whose)
    found = {(load.position, load.week): load for load in loads(session, scene, span, whose)}
    weeks = [week for week in weeks_of(scene, span, WorkingHours(scene.calendar)) if week.first_day <= scene.today]
    return tuple(
        PositionLoad(key, len(people[key]), tuple(_week(week, len(people[key]), found.get((key, week.text))) for week in weeks))
        for key in scene.organisation.positions
        if key in people
    )  # fmt: skip


def loads(session: Session, scene: Scene, span: Span, whose: Collection[PersonId] | None = None) -> tuple[Load, ...]:
    """By position and week, for all processes, of everybody or of `whose`; weeks in which nothing was done are not named."""
    hours, position = WorkingHours(scene.calendar), positions_of(scene.organisation)
    weeks = tuple(weeks_of(scene, span, hours))
    tasks: Counter[tuple[str, str]] = Counter()
    held: defaultdict[tuple[str, str], Held] = defaultdict(Held)
    for one in handed_on(session, span, whose):
        if one.person not in position:
            continue
        place = position[one.person]
        tasks[place, str(containing(scene.calendar.day_of(one.done_at), "week"))] += 1
        for week, stretch in by_week(one.open(hours), weeks):
            held[place, week.text].add(one.person, stretch)
    return tuple(Load(*key, tasks[key], held[key].hours) for key in sorted(tasks.keys() | held.keys()))


def step_loads(
    session: Session, scene: Scene, span: Span, whose: Collection[PersonId], seen: Seen = EVERYTHING
) -> tuple[StepLoad, ...]:
    """What these people's work consisted of, as far as it is `seen`, the most hours first. Hours with tasks of two steps open count for
    both."""
    hours = WorkingHours(scene.calendar)
    weeks = tuple(weeks_of(scene, span, hours))
    tasks: Counter[tuple[str, str]] = Counter()
    held: defaultdict[tuple[str, str], Held] = defaultdict(Held)
    for one in handed_on(session, span, whose, seen):
        tasks[one.process, one.state] += 1
        for _, stretch in by_week(one.open(hours), weeks):
            held[one.process, one.state].add(one.person, stretch)
    found = [StepLoad(*key, count, held[key].hours) for key, count in tasks.items()]
    return tuple(sorted(found, key=lambda one: (-one.hours, -one.tasks, one.process, one.state)))


def _week(week: Week, people: int, load: Load | None) -> WeekLoad:
    tasks, hours = (load.tasks, load.hours) if load is not None else (0, Decimal(0))
    return WeekLoad(week.text, week.first_day, tasks, hours, in_hours((week.now - week.start) * people))


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return percent(int(part * 10), int(whole * 10))
