"""Tasks that were handed on: by whom, when they were open, and in which weeks that was."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from workflows.definition.periods import containing
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskOpening, TaskStatus
from workflows.org.organisation import Organisation, PersonId
from workflows.reports.hours import Stretch, WorkingHours, covered, in_hours
from workflows.reports.seen import EVERYTHING, Seen
from workflows.reports.span import Span
from workflows.reports.times import AT_ONCE, first_of


class Handed(NamedTuple):
    """A task that somebody handed on. `claimed_at`: taken out of a group; `looked_at`: first opened by whoever handed it on."""

    person: PersonId
    process: str
    state: str
    claimed_at: datetime | None
    looked_at: datetime | None
    done_at: datetime

    def open(self, hours: WorkingHours) -> Stretch | None:
        """From when it was first opened until it was handed on; None where nobody opened it (done from a list, by a program)."""
        begun = first_of(self.claimed_at, self.looked_at)
        return (hours.until(begun), hours.until(self.done_at)) if begun is not None else None


def handed_on(
    session: Session, span: Span, whose: Collection[PersonId] | None, seen: Seen = EVERYTHING
) -> Iterator[Handed]:
    """What everybody, or those of `whose`, handed on in the time, of the cases that are `seen`; nothing anonymous. One statement,
    fetched in portions."""
    opening = and_(TaskOpening.task_id == Task.id, TaskOpening.person_id == Task.completed_by)
    columns = (Task.completed_by, Task.process, Task.state, Task.claimed_at, TaskOpening.at, Task.completed_at)
    chosen = select(*columns).outerjoin(TaskOpening, opening).where(*_done(span, whose))
    if seen:
        chosen = chosen.join(Case, Case.id == Task.case_id).where(*seen)
    for person, process, state, claimed_at, looked_at, done_at in session.execute(
        chosen.execution_options(yield_per=AT_ONCE)
    ):
        if person is not None and done_at is not None:
            yield Handed(person, process, state, claimed_at, looked_at, done_at)


def handed_on_by(
    people: Collection[PersonId], span: Span, process: str | None = None, step: str | None = None
) -> ColumnElement[bool]:
    """Cases of which these people handed on a task in the time: what the tasks of a load were about."""
    where = [Task.case_id == Case.id, *_done(span, people)]
    where += [Task.process == process] if process is not None else []
    where += [Task.state == step] if step is not None else []
    return select(Task.id).where(*where).exists()


def _done(span: Span, whose: Collection[PersonId] | None) -> tuple[ColumnElement[bool], ...]:
    by = Task.completed_by.in_(sorted(whose)) if whose is not None else Task.completed_by.is_not(None)
    at = and_(Task.completed_at >= span.start, Task.completed_at < span.end)
    return by, Task.status == TaskStatus.DONE, Task.anonymous.is_(False), at


class Held:
    """When each of some people had a task open."""

    def __init__(self) -> None:
        self._stretches: defaultdict[PersonId, list[Stretch]] = defaultdict(list)

    def add(self, person: PersonId, stretch: Stretch) -> None:
        """One more task of one of them."""
        self._stretches[person].append(stretch)

    @property
    def hours(self) -> Decimal:
        """Working hours together, each person's moment once."""
        return in_hours(sum(covered(one) for one in self._stretches.values()))


def positions_of(organisation: Organisation) -> Mapping[PersonId, str]:
    """Everybody's position, also of those who left; who has none is not named."""
    return {person: place for person, one in organisation.people.items() if (place := one.position) is not None}


def holders(
    organisation: Organisation, whose: Collection[PersonId] | None = None
) -> Mapping[str, tuple[PersonId, ...]]:
    """Who works in each position now (only those of `whose`); positions that nobody holds are not named."""
    found: dict[str, list[PersonId]] = {}
    for person, place in positions_of(organisation).items():
        if organisation.people[person].active and (whose is None or person in whose):
            found.setdefault(place, []).append(person)
    return {place: tuple(people) for place, people in found.items()}


@dataclass(frozen=True, slots=True)
class Week:
    """A week as far as it lies in the time, from one working second to another. `now`: how far it has come, its end once it is over."""

    text: str
    first_day: date
    start: int
    end: int
    now: int


def weeks_of(scene: Scene, span: Span, hours: WorkingHours) -> Iterator[Week]:
    """The weeks of the time, oldest first, in the working seconds of `hours`: what they are compared with has to be too."""
    calendar, now = scene.calendar, hours.until(scene.now)
    week = containing(span.first_day, "week")
    while week.first_day <= span.last_day:
        start = hours.until(max(calendar.start_of(week.first_day), span.start))
        end = hours.until(min(calendar.end_of(week.last_day), span.end))
        yield Week(str(week), max(week.first_day, span.first_day), start, end, max(start, min(end, now)))
        week = week.next


def by_week(stretch: Stretch | None, weeks: Sequence[Week]) -> Iterator[tuple[Week, Stretch]]:
    """The parts of a stretch that lie in each of the weeks."""
    if stretch is None:
        return
    start, end = stretch
    for week in weeks[bisect_right(weeks, start, key=lambda week: week.end) :]:
        if week.start >= end:
            return
        yield week, (max(start, week.start), min(end, week.end))
