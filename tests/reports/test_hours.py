"""Working time: holidays are free, make-up days are worked, nobody works at noon or at night."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest

from workflows.org.calendar import SHANGHAI, Calendar
from workflows.reports.hours import WorkingHours, covered, in_hours, percent

HOURS = WorkingHours(Calendar())


def at(text: str) -> datetime:
    """A wall clock time of the company."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-16 09:00", "2026-11-16 18:00", "8"),
        ("2026-11-16 09:00", "2026-11-16 12:30", "3"),  # noon is free
        ("2026-11-16 12:10", "2026-11-16 12:50", "0"),
        ("2026-11-16 17:00", "2026-11-17 10:00", "2"),  # the night is free
        ("2026-11-20 17:00", "2026-11-23 10:00", "2"),  # so is the weekend
        ("2026-09-30 17:00", "2026-10-08 10:00", "2"),  # and the week of the national day
        ("2026-10-10 09:00", "2026-10-10 18:00", "8"),  # a Saturday that is worked for it
        ("2025-12-31 17:00", "2026-01-05 10:00", "10"),  # Sunday 4 January is worked for the 2nd
        ("2026-11-17 10:00", "2026-11-16 17:00", "-2"),
    ],
)
def test_what_lies_between(start: str, end: str, hours: str) -> None:
    assert Decimal(HOURS.between(at(start), at(end))) / 3600 == Decimal(hours)


def test_as_one_would_count_on_fingers() -> None:
    """Minute for minute, over random stretches of three years, asked in any order of years."""
    dice, calendar = Random(4), Calendar(company={date(2026, 11, 18): False, date(2026, 11, 21): True})
    hours = WorkingHours(calendar)

    def worked(minute: datetime) -> bool:
        local = minute.astimezone(calendar.zone)
        in_hours = time(9) <= local.time() < time(12) or time(13) <= local.time() < time(18)
        return in_hours and calendar.is_workday(local.date())

    for year in (2026, 2024, 2025, 2026, 2027):
        start = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(365 * 1440))
        length = dice.randrange(12 * 1440)
        counted = sum(worked(start + timedelta(minutes=n)) for n in range(length))
        assert hours.between(start, start + timedelta(minutes=length)) == 60 * counted
    for first, last in ((2024, 2027), (2025, 2026)):
        days = sum(
            calendar.is_workday(date(first, 1, 1) + timedelta(days=n))
            for n in range((date(last, 1, 1) - date(first, 1, 1)).days)
        )
        begin, end = (datetime(year, 1, 1, tzinfo=SHANGHAI) for year in (first, last))
        assert hours.between(begin, end) == days * hours.day


def test_other_hours_and_zones() -> None:
    night = WorkingHours(Calendar(ZoneInfo("Europe/Berlin"), time(13), time(21)))
    assert night.day == 8 * 3600
    morning = WorkingHours(Calendar(opening=time(7), closing=time(12)))
    assert morning.day == 5 * 3600


def test_what_overlaps_counts_once() -> None:
    assert covered([]) == 0
    assert covered([(5, 9), (0, 4), (3, 6)]) == 9
    assert covered([(0, 10), (2, 3), (12, 14)]) == 12
    assert covered([(5, 3)]) == 0


def test_numbers_are_rounded_half_up_and_exact() -> None:
    assert in_hours(3600 + 180) == Decimal("1.1")  # 1.05
    assert in_hours(3600, 3) == Decimal("0.3")
    assert percent(1, 3) == Decimal("33.3")
    assert percent(0, 0) is None
