"""How many periodic cases there must be: people × periods, counted by hand from the calendar of days.

Independent of the engine and of the schedules' own arithmetic on purpose: it looks at every single day once, so that a
mistake in one does not hide in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from workflows.definition.model import Moment, People, Process, Schedule
from workflows.org.calendar import Calendar
from workflows.org.organisation import Member, Organisation

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def expected_cases(
    processes: Mapping[str, Process], organisation: Organisation, calendar: Calendar, first: date, last: date
) -> dict[str, int]:
    """Cases that the calendar and their parents start between two days (both included), by process.

    Whoever was there on the day counts: people join and leave. Children are asked for on the day on which the parent begins.
    """
    staff = _Staff(organisation)
    days = {
        key: [(day, schedule) for schedule in process.schedules for day in _ringing(schedule, calendar, first, last)]
        for key, process in processes.items()
        if process.schedules
    }
    counts = {key: sum(_people(one.each, staff.on(day)) for day, one in found) for key, found in days.items()}
    for key, found in days.items():
        for state in processes[key].states.values():
            for spawn in state.spawns:
                if spawn.each and spawn.condition is None:
                    children = sum(
                        _people(one.each, staff.on(day)) * _people(spawn.each, staff.on(day)) for day, one in found
                    )
                    counts[spawn.process] = counts.get(spawn.process, 0) + children
    return counts


@dataclass(slots=True)
class _Staff:
    """The organisation as it was on a day: who had joined by then and had not left."""

    now: Organisation
    _by_day: dict[date, Organisation] = field(default_factory=dict)

    def on(self, day: date) -> Organisation:
        if day not in self._by_day:
            there = {one.id: replace(one, active=_was_there(one, day)) for one in self.now.people.values()}
            self._by_day[day] = replace(self.now, people=there)
        return self._by_day[day]


def _was_there(one: Member, day: date) -> bool:
    return (one.joined_on is None or one.joined_on <= day) and (one.left_on is None or day < one.left_on)


def _ringing(schedule: Schedule, calendar: Calendar, first: date, last: date) -> list[date]:
    """On which days the schedule rings, by looking at each of them."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if schedule.every == "day":
        return days
    if schedule.every == "workday":
        return [day for day in days if calendar.is_workday(day)]
    if schedule.every == "week":
        return [day for day in days if _WEEKDAYS[day.weekday()] == schedule.day]
    return [day for day in days if day == _ringing_day(schedule, calendar, _period_of(day, schedule.every))]


def _period_of(day: date, every: str) -> list[date]:
    """All days of the month, quarter or year that `day` lies in."""
    width = {"month": 1, "quarter": 3, "year": 12}[every]
    month = (day.month - 1) // width * width
    start = date(day.year, month + 1, 1)
    end = date(day.year + (month + width) // 12, (month + width) % 12 + 1, 1)
    return [start + timedelta(days=n) for n in range((end - start).days)]


def _ringing_day(schedule: Schedule, calendar: Calendar, period: list[date]) -> date | None:
    """The day of this period on which it rings, found by counting along the list of its working days."""
    if not isinstance(schedule.day, Moment):
        return period[int(schedule.day or 1) - 1]
    working = [d for d in period if calendar.is_workday(d)]
    anchor = schedule.day.anchor
    place = len(working) - 1 if anchor.kind == "last_workday" else int(str(anchor.args[0])) - 1
    place += sum(offset.amount for offset in schedule.day.offsets)
    return working[place] if 0 <= place < len(working) else None


def _people(each: People, organisation: Organisation) -> int:
    return len(_members(each, organisation)) if each else 1


def _members(people: People, organisation: Organisation) -> set[object]:
    """Everybody named, by looking at each person once."""
    named: set[object] = set()
    for word in people.words:
        inner = word.arg if isinstance(word.arg, People) else None
        named |= set(_named(word.kind, inner if inner is not None else str(word.arg), organisation))
    return named


def _named(kind: str, arg: People | str, organisation: Organisation) -> Iterable[object]:
    everybody = [m for m in organisation.people.values() if m.active]
    if isinstance(arg, People):
        below = _members(arg, organisation)
        return _related(kind, below, organisation)
    match kind:
        case "employees":
            return (m.id for m in everybody if m.appraised_position)
        case "position":
            return (m.id for m in everybody if arg in m.positions)
        case "unit":
            return organisation.members_of(arg)
        case "lead_of":
            return {lead} if (lead := organisation.lead_of(arg)) is not None else set()
        case "everyone":
            return (m.id for m in everybody)
        case _:
            raise ValueError(f"nobody counts the people of `{kind}` here yet")


def _related(kind: str, below: set[object], organisation: Organisation) -> Iterable[object]:
    """Managers or teams of people, each asked by name of who their manager is."""
    above = {m.id: organisation.manager_of(m.id) for m in organisation.people.values() if m.active}
    match kind:
        case "manager_of":
            return {above[m] for m in above if m in below and above[m] is not None}
        case "team_of":
            return {m for m in above if above[m] in below}
        case _:
            raise ValueError(f"nobody counts the people of `{kind}` here yet")
