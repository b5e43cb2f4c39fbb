"""When a moment is: from what is known of a case and the calendar to one instant.

How hours are filled in (language.md §4): `h` is clock time and keeps the instant. `wd` counted from an instant ends at closing
time of that working day. `d` counted from an instant keeps the time of day. A day without an hour (a date field, `last_workday(…)`,
whatever was moved by `d` or `wd` from one) begins: at midnight for `after` and `alert`; at closing time for `due`, `until` and
`escalate`; at 09:00 for `remind`. What `due` and `until` move by `d` also ends at closing time: people's deadlines end with the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

from workflows.definition.deadlines import DEADLINES, WorkCalendar, nth_workday
from workflows.definition.model import Anchor, Duration, Moment
from workflows.definition.moment_text import parse_duration
from workflows.definition.periods import KINDS, Period, parse

Purpose = Literal["due", "until", "after", "alert", "remind", "escalate"]

_MORNING = "09:00"


@dataclass(frozen=True, slots=True)
class MomentContext:
    """What a moment may ask of a case.

    `entered`: when this state was entered (aware, UTC). `visits`: state → when it was last entered. `due`: of the task at
    hand. `values`: fields by name: date, aware datetime, Period, or the text of a period; None is unset. `parameters`: the
    company's own values of the definition's parameters, as text.
    """

    entered: datetime
    visits: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    due: datetime | None = None
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def resolve(moment: Moment, context: MomentContext, calendar: WorkCalendar, purpose: Purpose) -> datetime | None:
    """The instant of `moment` in UTC; None where something it counts from is not known (yet)."""
    start = _anchor(moment.anchor, context, calendar) or _beyond(moment.anchor, context, calendar)
    if start is None:
        return None
    if purpose == "remind" and not moment.offsets and moment.anchor.kind == "due":
        return _on_the_day(start, calendar)
    place: date | datetime = start
    for offset in moment.offsets:
        as_set = _as_set(offset, context)
        if as_set is None:
            return None
        place = _moved(place, as_set, calendar, purpose)
    return (place if isinstance(place, datetime) else _hour(place, calendar, purpose)).astimezone(UTC)


def resolve_day(moment: Moment, period: Period, calendar: WorkCalendar) -> date | None:
    """The day of a schedule's moment (`last_workday - 5wd`) in `period`; None where the period has no such day."""
    context = MomentContext(calendar.start_of(period.first_day), values={"period": period})
    place = _anchor(moment.anchor, context, calendar)
    for offset in moment.offsets if place is not None else ():
        place = _moved(place, offset, calendar, "after")  # type: ignore[arg-type]
    return calendar.day_of(place) if isinstance(place, datetime) else place


def _anchor(anchor: Anchor, context: MomentContext, calendar: WorkCalendar) -> date | datetime | None:
    args = anchor.args
    match anchor.kind:
        case "entered":
            return context.visits.get(str(args[0])) if args else context.entered
        case "due":
            return context.due
        case "field":
            return _day_or_instant(context.values.get(str(args[0])))
        case "end_of":
            return _end_of(context.values.get(str(args[0])), calendar)
        case "last_workday":
            period = _period(args[0], context)
            return None if period is None else nth_workday(period, -1, calendar)
        case "workday":
            period = _period(args[1], context)
            return None if period is None else nth_workday(period, int(str(args[0])), calendar)
        case "deadline":
            period = _period(args[1], context)
            return None if period is None else DEADLINES[str(args[0])](period, calendar)


def _beyond(anchor: Anchor, context: MomentContext, calendar: WorkCalendar) -> date | None:
    """Where a period has no working day at all (a week of holidays), the one that counting leads to outside it: a case must not wait
    for a day that never comes. A schedule leaves such a period out."""
    if anchor.kind not in ("workday", "last_workday"):
        return None
    number, name = (int(str(anchor.args[0])), anchor.args[1]) if anchor.kind == "workday" else (-1, anchor.args[0])
    period = _period(name, context)
    if period is None or nth_workday(period, 1, calendar) is not None:
        return None
    outside = period.first_day - timedelta(days=1) if number > 0 else period.last_day + timedelta(days=1)
    return calendar.add_workdays(outside, number)


def _day_or_instant(value: object) -> date | datetime | None:
    return value if isinstance(value, date) else None


def _end_of(value: object, calendar: WorkCalendar) -> datetime | None:
    """Midnight at which the day, or the last day of the period, ends."""
    period = _as_period(value)
    day = period.last_day if period else value
    if isinstance(day, datetime):
        day = calendar.day_of(day)
    return calendar.start_of(day + timedelta(days=1)) if isinstance(day, date) else None


def _period(expression: object, context: MomentContext) -> Period | None:
    word, inner = expression if isinstance(expression, tuple) else ("", "")
    if word == "field":
        return _as_period(context.values.get(str(inner)))
    period = _period(inner, context)
    if period is None:
        return None
    return period.next if word == "next" else period.previous


def _as_period(value: object) -> Period | None:
    """A period as it is, or read from its text (each kind is written in its own way)."""
    if isinstance(value, Period):
        return value
    if isinstance(value, str):
        for kind, length in zip(KINDS, (10, 8, 7, 7, 4), strict=True):
            if len(value) == length and (kind != "quarter") is ("Q" not in value):
                return parse(value, kind)
    return None


def _as_set(offset: Duration, context: MomentContext) -> Duration | None:
    """The company's own value of a parameter, with the sign of the definition's; None where nobody has chosen yet what decides it."""
    name: str | None = offset.parameter
    meant: Duration | None = offset
    if offset.by is not None:
        choice = str(context.values.get(offset.by))
        name, meant = f"{name}.{choice}", offset.chosen(choice)
    own = context.parameters.get(name) if name is not None else None
    if meant is None or own is None:
        return meant
    found = parse_duration(own)
    return found if offset.amount > 0 else Duration(-found.amount, found.unit)


def _moved(place: date | datetime, offset: Duration, calendar: WorkCalendar, purpose: Purpose) -> date | datetime:
    if offset.unit == "h":
        instant = place if isinstance(place, datetime) else _hour(place, calendar, purpose)
        return instant + timedelta(hours=offset.amount)
    if not isinstance(place, datetime):
        return _day_moved(place, offset, calendar)
    day = _day_moved(calendar.day_of(place), offset, calendar)
    if purpose == "remind":
        return day
    if offset.unit == "wd" or purpose in ("due", "until", "escalate"):
        return calendar.closing_at(day)
    return _same_hour(place, day, calendar)


def _day_moved(day: date, offset: Duration, calendar: WorkCalendar) -> date:
    if offset.unit == "d":
        return day + timedelta(days=offset.amount)
    return calendar.add_workdays(day, offset.amount) if offset.amount else day


def _same_hour(instant: datetime, day: date, calendar: WorkCalendar) -> datetime:
    """The same distance from midnight, on another day."""
    return calendar.start_of(day) + (instant - calendar.start_of(calendar.day_of(instant)))


def _hour(day: date, calendar: WorkCalendar, purpose: Purpose) -> datetime:
    match purpose:
        case "after" | "alert":
            return calendar.start_of(day)
        case "remind":
            return calendar.at(day, _MORNING)
    return calendar.closing_at(day)


def _on_the_day(due: date | datetime, calendar: WorkCalendar) -> datetime:
    """`remind: due`: in the morning of the day where the day is what counts, else at the very hour."""
    if not isinstance(due, datetime):
        return calendar.at(due, _MORNING)
    day = calendar.day_of(due)
    return calendar.at(day, _MORNING) if due == calendar.closing_at(day) else due
