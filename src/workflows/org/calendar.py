"""The company's working days and hours as one frozen value (design.md §6).

The company's own table stands above the official arrangement, the official arrangement above plain weekends. Days are dates in
the company's zone; instants are aware datetimes in UTC. A given day itself never counts as one of the n working days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.errors import InvalidInput
from workflows.org.official import official_year
from workflows.org.tables import CalendarDay, DayKind
from workflows.org.versions import CALENDAR, NEVER_CHANGED, Stamp, read_versions
from workflows.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# Forty years of working days: more is a slip of the finger, and would be counted day by day.
MOST_WORKDAYS = 10_000


@dataclass(frozen=True)
class Calendar:
    """Working days of the company. `company` says True for a day worked and False for a day free, against all else."""

    zone: ZoneInfo = SHANGHAI
    opening: time = time(9, 0)
    closing: time = time(18, 0)
    company: Mapping[date, bool] = field(default_factory=dict)
    version: int = 0

    @classmethod
    def from_settings(cls, settings: Settings) -> Calendar:
        """Zone and hours of this installation, without the company's table."""
        return cls(ZoneInfo(settings.zone), time.fromisoformat(settings.opening), time.fromisoformat(settings.closing))

    # -- days ---------------------------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        """Whether the company works on `day`, make-up workdays included."""
        said = self.company.get(day)
        if said is not None:
            return said
        official = official_year(day.year)
        return day in official.made_up if day.weekday() >= _SATURDAY else day not in official.free

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day`, before it for a negative `n`. `day` itself never counts.

        Raises `InvalidInput` where there is no such day: for 0, past `MOST_WORKDAYS`, or beyond the years there are.
        """
        if n == 0 or abs(n) > MOST_WORKDAYS:
            raise _no_such_day(f"{day} 之后第 {n} 个工作日", f"working day number {n} after {day}")
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        missing = abs(n)
        try:
            while missing:
                day += step
                missing -= self.is_workday(day)
        except OverflowError:
            raise _no_such_day("那么远的日子", "day that far away") from None
        return day

    def workday(self, n: int, month: str | date) -> date:
        """The n-th working day of a month (`"2026-10"`, or any day in it), counted from its end for a negative `n`.

        Raises `InvalidInput` where the month has no such day.
        """
        first = month_start(month)
        days = [day for day in _days_of(first) if self.is_workday(day)]
        if n == 0 or abs(n) > len(days):
            raise _no_such_day(
                f"{first:%Y-%m} 的第 {n} 个工作日（该月有 {len(days)} 个）",
                f"working day number {n} in {first:%Y-%m}, which has {len(days)}",
            )
        return days[n - 1] if n > 0 else days[n]

    def last_workday(self, month: str | date) -> date:
        """The last working day of a month. Raises `InvalidInput` for a month without any."""
        return self.workday(-1, month)

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; negative when `end` comes first.

        The inverse of `add_workdays`: `workdays_between(d, add_workdays(d, n)) == n` for n > 0.
        """
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))

    def provisional(self, year: int) -> bool:
        """Whether dates of this year are a guess: neither an official arrangement nor the company's table has it."""
        return not official_year(year).announced and year not in self._company_years

    @cached_property
    def _company_years(self) -> frozenset[int]:
        return frozenset(day.year for day in self.company)

    # -- instants -----------------------------------------------------------------------------------------------

    def day_of(self, instant: datetime) -> date:
        """The company's day on which an aware instant falls."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return instant.astimezone(self.zone).date()

    def at(self, day: date, clock: str | time) -> datetime:
        """The instant of a clock time ("09:00") on a company's day, in UTC."""
        moment = time.fromisoformat(clock) if isinstance(clock, str) else clock
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    def closing_at(self, day: date) -> datetime:
        """Closing time of the day, in UTC: where a deadline without an hour ends."""
        return self.at(day, self.closing)

    def opening_at(self, day: date) -> datetime:
        """Opening time of the day, in UTC."""
        return self.at(day, self.opening)

    def start_of(self, day: date) -> datetime:
        """Midnight at which the day begins, in UTC."""
        return self.at(day, time(0))

    def end_of(self, day: date) -> datetime:
        """Midnight at which the day ends, in UTC."""
        return self.start_of(day + _ONE_DAY)


def month_start(month: str | date) -> date:
    """The first day of `"2026-10"` or of the month a date lies in. Raises `InvalidInput`."""
    if isinstance(month, date):
        return month.replace(day=1)
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month) and month > "0001":
        return date.fromisoformat(f"{month}-01")
    raise InvalidInput(
        zh=f"“{month}”不是月份，请写成 2026-10 这样。", en=f'"{month}" is not a month: write it like 2026-10.'
    )


def load_calendar(session: Session, base: Calendar, stamp: Stamp | None = None) -> Calendar:
    """`base` (zone and hours from the settings) with the company's table: one statement, two without a given version."""
    known = stamp if stamp is not None else read_versions(session).get(CALENDAR, NEVER_CHANGED)
    rows = session.execute(select(CalendarDay.day, CalendarDay.kind))
    company = {day: kind == DayKind.WORKDAY for day, kind in rows}
    return Calendar(base.zone, base.opening, base.closing, company, known.number)


class CalendarCache:
    """One process's copy of the calendar, read anew when the company's table changes. `base`: `Calendar.from_settings(settings)`."""

    def __init__(self, base: Calendar | None = None) -> None:
        self._base = base or Calendar()
        self._kept: tuple[Stamp, Calendar] | None = None

    def get(self, session: Session, versions: Mapping[str, Stamp] | None = None) -> Calendar:
        """The calendar as of now in this transaction; one small read, none where `versions` is handed in."""
        stamp = (read_versions(session) if versions is None else versions).get(CALENDAR, NEVER_CHANGED)
        kept = self._kept
        if kept is not None and kept[0] == stamp:
            return kept[1]
        calendar = load_calendar(session, self._base, stamp)
        self._kept = (stamp, calendar)
        return calendar


def _days_of(first: date) -> list[date]:
    return [first.replace(day=number + 1) for number in range(monthrange(first.year, first.month)[1])]


def _no_such_day(zh: str, en: str) -> InvalidInput:
    return InvalidInput(zh=f"没有 {zh}。", en=f"There is no {en}.")
