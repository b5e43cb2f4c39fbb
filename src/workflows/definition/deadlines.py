"""Deadlines that the company names: `due: scoring_deadline(period)`.

Each is a rule from a period to a day, over a calendar of working days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from workflows.definition.periods import Period


class WorkCalendar(Protocol):
    """What moments ask of the company's calendar (`org.calendar.Calendar` has all of it).

    Days are dates in the company's zone, instants aware datetimes in UTC.
    """

    def is_workday(self, day: date) -> bool:
        """Whether the company works on `day`."""

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it for a negative n); `day` itself never counts."""

    def day_of(self, instant: datetime) -> date:
        """The company's day on which an instant falls."""

    def at(self, day: date, clock: str) -> datetime:
        """The instant of a clock time ("09:00") on a day."""

    def start_of(self, day: date) -> datetime:
        """Midnight at which the day begins."""

    def closing_at(self, day: date) -> datetime:
        """Closing time of the day."""


def nth_workday(period: Period, n: int, calendar: WorkCalendar) -> date | None:
    """The n-th working day of `period`, counted from its end for a negative n; None where it has fewer."""
    outside = period.first_day - timedelta(days=1) if n > 0 else period.last_day + timedelta(days=1)
    day = calendar.add_workdays(outside, n)
    return day if period.first_day <= day <= period.last_day else None


def scoring_deadline(period: Period, calendar: WorkCalendar) -> date:
    """A五(四)2: scoring is due in the first ten days of the next month.

    Ours: its 5th working day, or the last working day up to the 10th where that comes first (October).
    """
    following = period.next
    tenth = following.first_day + timedelta(days=9)
    latest = tenth if calendar.is_workday(tenth) else calendar.add_workdays(tenth, -1)
    fifth = nth_workday(following, 5, calendar)
    return latest if fifth is None else min(fifth, latest)


DEADLINES: Mapping[str, Callable[[Period, WorkCalendar], date]] = {"scoring_deadline": scoring_deadline}
"""All deadlines that definitions can name."""
