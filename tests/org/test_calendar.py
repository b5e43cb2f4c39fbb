"""Working days against an oracle of our own: the arrangement the State Council announced for 2026, written down by span."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, repeat

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.errors import InvalidInput
from workflows.org.calendar import Calendar, month_start
from workflows.org.official import official_year

CALENDAR = Calendar()

# 元旦, 春节, 清明, 劳动节, 端午, 中秋, 国庆 of 2026: first and last free day.
FREE_2026 = [
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
]
MADE_UP_2026 = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}


def days_of_2026() -> list[date]:
    return list(accumulate(repeat(timedelta(days=1), 364), lambda day, step: day + step, initial=date(2026, 1, 1)))


def worked_in_2026(day: date) -> bool:
    if day in MADE_UP_2026:
        return True
    return day.weekday() < 5 and not any(first <= day <= last for first, last in FREE_2026)


def test_every_day_of_2026_is_as_announced() -> None:
    assert {day: CALENDAR.is_workday(day) for day in days_of_2026()} == {
        day: worked_in_2026(day) for day in days_of_2026()
    }


@given(st.dates(date(2026, 2, 1), date(2026, 10, 31)), st.integers(1, 40))
def test_counting_agrees_with_walking_through_the_year(day: date, n: int) -> None:
    after = [d for d in days_of_2026() if d > day and worked_in_2026(d)]
    before = [d for d in days_of_2026() if d < day and worked_in_2026(d)]
    if n <= len(after):
        assert CALENDAR.add_workdays(day, n) == after[n - 1]
        assert CALENDAR.workdays_between(day, after[n - 1]) == n
        assert CALENDAR.workdays_between(after[n - 1], day) == -n
    if n <= len(before):
        assert CALENDAR.add_workdays(day, -n) == before[-n]


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 2, 10), 5, date(2026, 2, 24)),  # over the Spring Festival, with the make-up Saturday before it
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # a make-up Saturday
        (date(2026, 10, 3), 1, date(2026, 10, 8)),  # from within the holiday
        (date(2026, 11, 20), 2, date(2026, 11, 24)),  # Friday to Tuesday
        (date(2026, 2, 24), -1, date(2026, 2, 14)),
    ],
)
def test_adding_working_days(day: date, n: int, expected: date) -> None:
    assert CALENDAR.add_workdays(day, n) == expected


def test_working_days_of_a_month() -> None:
    assert CALENDAR.workday(1, "2026-10") == date(2026, 10, 8)
    assert CALENDAR.workday(5, "2026-10") == date(2026, 10, 13)
    assert CALENDAR.workday(-2, date(2026, 10, 17)) == date(2026, 10, 29)
    assert CALENDAR.last_workday("2026-02") == date(2026, 2, 28)  # a make-up Saturday
    assert CALENDAR.last_workday("2026-01") == date(2026, 1, 30)


@pytest.mark.parametrize("n", [0, 19, -19, 400])
def test_a_month_has_no_more_days_than_it_has(n: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        CALENDAR.workday(n, "2026-10")
    assert "18" in refused.value.zh
    assert "2026-10" in refused.value.en


def test_a_month_in_which_the_company_is_closed_has_no_working_day() -> None:
    closed = Calendar(company={date(2026, 7, n): False for n in range(1, 32)})
    with pytest.raises(InvalidInput):
        closed.last_workday("2026-07")


@pytest.mark.parametrize(("day", "n"), [(date(2026, 1, 1), 0), (date(2026, 1, 1), 10_001), (date(9999, 12, 30), 9)])
def test_there_is_no_such_day(day: date, n: int) -> None:
    with pytest.raises(InvalidInput):
        CALENDAR.add_workdays(day, n)


def test_the_first_days_of_time_are_no_way_back() -> None:
    with pytest.raises(InvalidInput):
        CALENDAR.add_workdays(date(1, 1, 3), -30)


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-10", "2026/10", "", "0000-10", "2026-10-01", "２０２６-10"])
def test_a_month_is_written_one_way(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        month_start(text)
    assert "2026-10" in refused.value.zh


def test_the_company_has_the_last_word() -> None:
    company = Calendar(company={date(2026, 10, 1): True, date(2026, 10, 8): False})
    assert company.is_workday(date(2026, 10, 1))
    assert not company.is_workday(date(2026, 10, 8))
    assert company.add_workdays(date(2026, 9, 30), 2) == date(2026, 10, 9)


def test_years_without_an_arrangement_are_provisional() -> None:
    assert not CALENDAR.provisional(2026)
    assert CALENDAR.provisional(2027)
    assert CALENDAR.provisional(2000)
    assert CALENDAR.provisional(2150)
    assert not Calendar(company={date(2027, 2, 6): True}).provisional(2027)


def test_no_other_year_lends_its_make_up_days() -> None:
    assert official_year(2026).made_up == MADE_UP_2026
    # 2006 began with a holiday whose make-up day lay in 2005: each year keeps its own.
    assert date(2005, 12, 31) in official_year(2005).made_up
    assert date(2005, 12, 31) not in official_year(2006).made_up


def test_days_and_instants_in_the_companys_zone() -> None:
    day = date(2026, 11, 20)
    assert CALENDAR.closing_at(day) == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert CALENDAR.opening_at(day) == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert CALENDAR.start_of(day) == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
    assert CALENDAR.end_of(day) == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert CALENDAR.at(day, "09:30") == CALENDAR.at(day, time(9, 30)) == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert CALENDAR.day_of(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == day
    assert CALENDAR.day_of(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.day_of(datetime(2026, 11, 20))  # noqa: DTZ001


def test_years_taken_one_by_one_agree_with_the_package_over_all_of_them() -> None:
    whole = holidays.country_holidays("CN", years=range(2000, 2029))
    days = [date(2001, 1, 1) + timedelta(days=i) for i in range(365 * 27)]
    assert [day for day in days if CALENDAR.is_workday(day) != whole.is_working_day(day)] == []
