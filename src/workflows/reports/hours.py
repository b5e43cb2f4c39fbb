"""Working time: how much of the company's working hours lies between two instants.

A working day has the hours from opening to closing without the hour from noon, so 9:00–18:00 makes eight. Days are those of the
company's calendar: holidays are free, make-up days are worked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from workflows.org.calendar import Calendar

LUNCH = (time(12, 0), time(13, 0))
"""Nobody is expected to work in this hour."""

_ONE_DAY = timedelta(days=1)
_TENTH = Decimal("0.1")


@dataclass(slots=True)
class WorkingHours:
    """Working seconds of a calendar, counted from the first day of the year that was asked for first: numbers of two of these do not compare.
    Keep one for many questions."""

    calendar: Calendar
    _pieces: tuple[tuple[int, int], ...] = field(init=False)
    day: int = field(init=False)
    """Seconds of a whole working day."""
    _years: dict[int, tuple[int, list[int], int]] = field(default_factory=dict)
    """Year → seconds worked before it, worked days before each of its days (one more entry for its end), and its first day's number."""

    def __post_init__(self) -> None:
        self._pieces = _pieces(self.calendar)
        self.day = sum(end - start for start, end in self._pieces)

    def until(self, instant: datetime) -> int:
        """Working seconds from a fixed beginning to an aware instant: the difference of two is what lies between them."""
        local = instant.astimezone(self.calendar.zone)
        before, days, first = self._year(local.year)
        number = local.toordinal() - first
        seconds = before + days[number] * self.day
        if days[number + 1] == days[number]:
            return seconds
        clock = local.hour * 3600 + local.minute * 60 + local.second
        for start, end in self._pieces:
            if clock > start:
                seconds += min(clock, end) - start
        return seconds

    def between(self, start: datetime, end: datetime) -> int:
        """Working seconds between two aware instants; negative where the second lies before the first."""
        return self.until(end) - self.until(start)

    def _year(self, year: int) -> tuple[int, list[int], int]:
        found = self._years.get(year)
        if found is None:
            days = self._worked(year)
            if not self._years:
                before = 0
            elif year > (last := max(self._years)):
                before, worked, _ = self._year(year - 1) if year - 1 > last else self._years[last]
                before += worked[-1] * self.day
            else:
                before = self._year(year + 1)[0] - days[-1] * self.day
            found = self._years[year] = (before, days, date(year, 1, 1).toordinal())
        return found

    def _worked(self, year: int) -> list[int]:
        """How many days were worked before each day of a year, and in all of it."""
        counts, day = [0], date(year, 1, 1)
        while day.year == year:
            counts.append(counts[-1] + self.calendar.is_workday(day))
            day += _ONE_DAY
        return counts


def _pieces(calendar: Calendar) -> tuple[tuple[int, int], ...]:
    """The worked parts of a day as seconds since midnight; a day that is over by noon, or begins after it, has one."""
    opening, closing = _seconds(calendar.opening), _seconds(calendar.closing)
    out, back = (_seconds(moment) for moment in LUNCH)
    parts = ((opening, min(out, closing)), (max(back, opening), closing))
    return tuple((start, end) for start, end in parts if start < end)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


Stretch = tuple[int, int]
"""From one working second to another."""


def covered(stretches: list[Stretch]) -> int:
    """How many seconds lie in at least one of the stretches."""
    total, reached = 0, None
    for start, end in sorted(stretches):
        begin = start if reached is None else max(start, reached)
        if end > begin:
            total += end - begin
        reached = end if reached is None else max(reached, end)
    return total


def in_hours(seconds: int, cases: int = 1) -> Decimal:
    """Seconds, shared among so many, as hours with one decimal place, half up."""
    return (Decimal(seconds) / (3600 * cases)).quantize(_TENTH, ROUND_HALF_UP)


def percent(part: int, whole: int) -> Decimal | None:
    """Part of a whole in percent with one decimal place, half up; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP) if whole else None
