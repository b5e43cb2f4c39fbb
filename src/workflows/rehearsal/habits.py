"""How rehearsed people work: when they act, how often they are late, send back or write a mistake.

Pure and seeded: the same seed gives the same year. Delays are counted in working time of the company's calendar, so that
nobody approves on a Sunday night.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from workflows.definition.model import Action
from workflows.org.calendar import Calendar


@dataclass(frozen=True, slots=True)
class ProcessHabits:
    """What is known about one process.

    `starts`: cases that people begin by themselves, per month; `chances`: how likely an action is taken when it is
    possible (`send_back`, an anytime action, an action that stays); `values`: what people write, by field (or
    `table.column`); `reasons`: what they say when a reason is asked; `minutes`: how long a task of a state takes, where the form
    does not say it; `curve`: the name of the curve that its starts follow over the year.
    """

    starts: float = 0.0
    chances: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, tuple[object, ...]] = field(default_factory=lambda: MappingProxyType({}))
    reasons: tuple[str, ...] = ()
    minutes: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    curve: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """How much more or less than usual there is to do: by month (12), by weekday (7, Monday first), and on single days `06-18`."""

    months: tuple[float, ...] = ()
    weekdays: tuple[float, ...] = ()
    days: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def at(self, day: date) -> float:
        """The factor of a day; that of a single day holds instead of its month's."""
        month = self.months[day.month - 1] if self.months else 1.0
        weekday = self.weekdays[day.weekday()] if self.weekdays else 1.0
        return self.days.get(f"{day:%m-%d}", month) * weekday


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known about the department. `late`: share of tasks done after their due time."""

    processes: Mapping[str, ProcessHabits] = field(default_factory=lambda: MappingProxyType({}))
    late: float = 0.06
    curves: Mapping[str, Curve] = field(default_factory=lambda: MappingProxyType({}))
    times: float = 1.0
    """How many times as large as the sample company the department is: it begins as many times as many cases."""

    def season(self, process: str, day: date) -> float:
        """How many times as many cases of a process as usual people begin on a day."""
        return self.times * self.curves.get(self.of(process).curve, _LEVEL).at(day)

    def of(self, process: str) -> ProcessHabits:
        """The habits of one process; plain ones where nothing is known."""
        return self.processes.get(process, _PLAIN)


_PLAIN = ProcessHabits()
_LEVEL = Curve()
_USUAL = {"send_back": 0.12, "reject": 0.03, "other": 0.25}
"""How often an action of this kind is taken where the habits say nothing; submit and approve take the rest."""
_LIMIT_BACK = 2
"""Nobody sends one case back more often."""


def moment_to_act(
    opened: datetime, due: datetime | None, habits: Habits, calendar: Calendar, dice: random.Random
) -> datetime:
    """When somebody gets to a task opened at `opened` (UTC): in working hours, mostly before `due`, sometimes after."""
    if due is None or due <= opened:
        wait = timedelta(hours=dice.uniform(1, 30))
    elif dice.random() < habits.late:
        wait = due - opened + timedelta(hours=dice.uniform(3, 60))
    else:
        wait = (due - opened) * min(dice.betavariate(2, 3), 0.95)
    found = in_working_time(opened + wait, calendar, dice)
    if due is not None and opened + wait <= due < found:
        # The deadline lies in a night or on days off: who thinks of it does it before they go home, where there still was time.
        before = _last_closing(opened + wait, calendar) - timedelta(minutes=dice.randint(5, 40))
        return before if before > opened else found
    return found


def _last_closing(moment: datetime, calendar: Calendar) -> datetime:
    """When the last working day closed before `moment`."""
    day = calendar.day_of(moment)
    while not calendar.is_workday(day) or calendar.closing_at(day) > moment:
        day -= timedelta(days=1)
    return calendar.closing_at(day)


def in_working_time(wanted: datetime, calendar: Calendar, dice: random.Random) -> datetime:
    """The working moment at or after `wanted`."""
    zone = calendar.opening_at(calendar.day_of(wanted)).tzinfo
    day = calendar.day_of(wanted)
    if calendar.is_workday(day) and calendar.opening_at(day) <= wanted < calendar.closing_at(day):
        return wanted
    if not calendar.is_workday(day) or wanted >= calendar.closing_at(day):
        day = calendar.add_workdays(day, 1)
    return calendar.at(day, time(9, dice.randint(5, 55))).astimezone(zone)


def choose_action(
    actions: Mapping[str, Action],
    habits: ProcessHabits,
    sent_back: int,
    stayed: int,
    dice: random.Random,
    *,
    clocked: bool = False,
) -> Action | None:
    """The action somebody takes: forward most of the time, back now and then, never back for ever.

    `clocked`: the clock leads on as well; where nothing else does they leave it alone for now (None).
    """
    for action in actions.values():
        if action.kind in ("submit", "approve"):
            continue
        if action.kind in ("send_back", "reject") and sent_back >= _LIMIT_BACK:
            continue
        if action.stay and stayed >= _LIMIT_BACK:
            continue
        if dice.random() < habits.chances.get(
            action.name, _USUAL[action.kind] if _forward_left(actions, action) else 0
        ):
            return action
    forward = [a for a in actions.values() if a.kind in ("submit", "approve")]
    others = [a for a in actions.values() if not a.stay and a.kind == "other"]
    if clocked and not forward:
        return None
    return dice.choice(forward or others or list(actions.values()))


def _forward_left(actions: Mapping[str, Action], action: Action) -> bool:
    return any(a is not action and not a.stay for a in actions.values())


def starts_on(day: date, per_month: float, calendar: Calendar, dice: random.Random) -> int:
    """How many cases are begun on this day when `per_month` are begun in a month; none on days off."""
    if not calendar.is_workday(day):
        return 0
    expected = per_month / 21
    return int(expected) + (dice.random() < expected - int(expected))
