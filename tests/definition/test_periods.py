"""Days, weeks, months, quarters and years as values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.definition.periods import KINDS, Period, PeriodKind, containing, named_period, parse
from workflows.errors import InvalidInput

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [
        ("day", "2026-11-20", date(2026, 11, 20), date(2026, 11, 20)),
        ("week", "2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("week", "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("month", "2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("year", "2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_texts(kind: PeriodKind, text: str, first: date, last: date) -> None:
    period = parse(text, kind)
    assert (period.first_day, period.last_day, str(period)) == (first, last, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("day", "2026-02-30"), ("week", "2027-W53"), ("week", "2026-W00"), ("month", "2026-13"), ("month", "2026-1"), ("quarter", "2026-Q5"),
        ("year", "26"), ("month", "2026-11-01"), ("month", "２０２６-11"), ("year", "0000"), ("year", ""), ("week", "2026-w47"),
    ],
)  # fmt: skip
def test_what_is_no_period(kind: PeriodKind, text: str) -> None:
    with pytest.raises(InvalidInput, match=f"is not a {kind}"):
        parse(text, kind)


@given(DAYS, st.sampled_from(KINDS))
def test_every_day_lies_in_one_period_and_periods_touch(day: date, kind: PeriodKind) -> None:
    period = containing(day, kind)
    assert period.first_day <= day <= period.last_day
    assert parse(str(period), kind) == period
    assert period.next.first_day == period.last_day + timedelta(days=1)
    assert period.next.previous == period
    assert period < period.next


def test_only_like_is_compared_with_like() -> None:
    with pytest.raises(TypeError):
        assert Period("month", date(2026, 1, 1)) < Period("year", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("this_month", "2026-03"), ("last_month", "2026-02"), ("next_quarter", "2026-Q2"), ("last_week", "2026-W08"), ("last_year", "2025"),
        ("this_day", "2026-03-01"), ("last_day", "2026-02-28"), ("month", "None"), ("this_fortnight", "None"), ("", "None"),
    ],
)  # fmt: skip
def test_named_periods(word: str, meant: str) -> None:
    assert str(named_period(word, date(2026, 3, 1))) == meant
