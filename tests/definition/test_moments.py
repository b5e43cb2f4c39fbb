"""When moments are, over the company's real calendar (Shanghai, 18:00, public holidays and make-up workdays of 2026)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from workflows.definition.deadlines import scoring_deadline
from workflows.definition.moment_text import MomentError, parse_moment
from workflows.definition.moments import MomentContext, Purpose, resolve, resolve_day
from workflows.definition.periods import parse
from workflows.org.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar()
ENTERED = datetime(2026, 9, 29, 10, 23, tzinfo=SHANGHAI)
"""A Tuesday, two days before the holidays of 1 to 7 October 2026; Saturday 10 October is worked instead."""

CONTEXT = MomentContext(
    entered=ENTERED.astimezone(UTC),
    visits={"published": datetime(2026, 9, 28, 15, 0, tzinfo=SHANGHAI).astimezone(UTC)},
    due=datetime(2026, 10, 9, 18, 0, tzinfo=SHANGHAI).astimezone(UTC),
    values={
        "goes_live_on": date(2026, 11, 11),
        "starts_at": datetime(2026, 11, 11, 20, 0, tzinfo=SHANGHAI),
        "period": parse("2026-09", "month"),
        "month": "2026-09",
        "quarter": "2026-Q3",
        "week": "2026-W40",
        "empty": None,
    },
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("source", "purpose", "when"),
    [
        # hours are clock time
        ("24h", "due", "2026-09-30 10:23"),
        ("entered + 24h", "after", "2026-09-30 10:23"),
        ("due - 4h", "remind", "2026-10-09 14:00"),
        # working days from an instant end at closing time, over the holidays
        ("2wd", "due", "2026-10-08 18:00"),
        ("3wd", "after", "2026-10-09 18:00"),
        ("4wd", "due", "2026-10-10 18:00"),
        ("entered + 5wd + 1h", "after", "2026-10-12 19:00"),
        ("entered(published) + 5wd", "until", "2026-10-10 18:00"),
        # days keep the time of day, but people's deadlines end with the day
        ("7d", "after", "2026-10-06 10:23"),
        ("7d", "due", "2026-10-06 18:00"),
        ("entered + 1d", "until", "2026-09-30 18:00"),
        # dates without an hour
        ("goes_live_on", "after", "2026-11-11 00:00"),
        ("goes_live_on", "alert", "2026-11-11 00:00"),
        ("goes_live_on + 1h", "alert", "2026-11-11 01:00"),
        ("goes_live_on", "due", "2026-11-11 18:00"),
        ("goes_live_on - 5wd", "due", "2026-11-04 18:00"),
        ("goes_live_on - 7d", "remind", "2026-11-04 09:00"),
        ("goes_live_on", "escalate", "2026-11-11 18:00"),
        ("end_of(goes_live_on)", "after", "2026-11-12 00:00"),
        ("end_of(period)", "after", "2026-10-01 00:00"),
        ("starts_at", "after", "2026-11-11 20:00"),
        ("starts_at - 1d", "after", "2026-11-10 20:00"),
        ("end_of(starts_at)", "after", "2026-11-12 00:00"),
        # what is due is reminded of in the morning
        ("due", "remind", "2026-10-09 09:00"),
        ("due - 2wd", "remind", "2026-09-30 09:00"),
        ("due + 1wd", "remind", "2026-10-10 09:00"),
        ("due + 1wd", "escalate", "2026-10-10 18:00"),
        ("due + 2wd", "after", "2026-10-12 18:00"),
        ("due + 0wd", "escalate", "2026-10-09 18:00"),
        # periods
        ("last_workday(period)", "due", "2026-09-30 18:00"),
        ("last_workday(month) - 2wd", "remind", "2026-09-28 09:00"),
        ("workday(1, next(period))", "after", "2026-10-08 00:00"),
        ("workday(5, next(period))", "due", "2026-10-13 18:00"),
        ("workday(-1, previous(period))", "due", "2026-08-31 18:00"),
        ("workday(1, next(quarter))", "after", "2026-10-08 00:00"),
        ("last_workday(week)", "due", "2026-09-30 18:00"),
        ("scoring_deadline(period)", "due", "2026-10-10 18:00"),
    ],
)
def test_when(source: str, purpose: Purpose, when: str) -> None:
    found = resolve(parse_moment(source), CONTEXT, CALENDAR, purpose)
    assert found is not None
    assert found.tzinfo is UTC or found.utcoffset() == UTC.utcoffset(None)
    assert found == at(when), found.astimezone(SHANGHAI)


@pytest.mark.parametrize(
    "source",
    [
        "empty",
        "end_of(empty)",
        "entered(closed) + 5wd",
        "last_workday(empty)",
        "workday(1, next(empty))",
        "workday(23, period)",
    ],
)
def test_what_is_not_known_is_no_moment(source: str) -> None:
    assert resolve(parse_moment(source), CONTEXT, CALENDAR, "after") is None


def test_a_deadline_in_hours_is_reminded_of_at_the_hour() -> None:
    context = MomentContext(ENTERED.astimezone(UTC), due=at("2026-09-30 10:23"))
    assert resolve(parse_moment("due"), context, CALENDAR, "remind") == at("2026-09-30 10:23")


@pytest.mark.parametrize(
    ("source", "period", "day"),
    [
        ("last_workday - 5wd", "2026-10", "2026-10-23"),
        ("last_workday", "2026-09", "2026-09-30"),
        ("workday(1)", "2026-10", "2026-10-08"),
        ("workday(3, period)", "2026-10", "2026-10-10"),
        ("workday(23)", "2026-10", None),
    ],
)
def test_days_of_schedules(source: str, period: str, day: str | None) -> None:
    found = resolve_day(parse_moment(source, scheduled=True), parse(period, "month"), CALENDAR)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("month", "day"),
    [("2026-09", "2026-10-10"), ("2026-10", "2026-11-06"), ("2026-01", "2026-02-06"), ("2026-04", "2026-05-09")],
)
def test_the_scoring_deadline(month: str, day: str) -> None:
    """The 5th workday of the next month, or the last one up to the 10th where that comes first (October)."""
    assert scoring_deadline(parse(month, "month"), CALENDAR).isoformat() == day


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "cannot be understood"),
        ("5 days", "written 24h"),
        ("due -", "written 24h"),
        ("due 2wd", "cannot be understood"),
        ("due - 2w", "written 24h"),
        ("due - 99999999d", "written 24h"),
        ("due - 99999d", "too long"),
        ("due - 1d - 1d - 1d - 1d - 1d", "at most four"),
        ("entred(x)", "There is no moment"),
        ("workday(period)", "begins with a number"),
        ("workday(0, period)", "begins with a number"),
        ("workday(5)", "cannot be understood"),
        ("last_workday", "Write last_workday"),
        ("end_of", "Write end_of"),
        ("last_workday(after(period))", "next"),
        ("last_workday(next(period)", "cannot be understood"),
        ("last_workday(next(next(next(next(next(period))))))", "next"),
        ("Due", "cannot be understood"),
    ],
)
def test_what_is_no_moment(source: str, sentence: str) -> None:
    with pytest.raises(MomentError) as refused:
        parse_moment(source)
    assert sentence in refused.value.message.en
    assert refused.value.message.zh


def test_the_nearest_word_is_offered() -> None:
    with pytest.raises(MomentError) as refused:
        parse_moment("last_wokrday(period)")
    assert refused.value.nearest == "last_workday"


@pytest.mark.parametrize(
    ("source", "when"),
    [("workday(1, next(week))", "2026-02-24"), ("workday(1, week)", "2026-02-09"), ("last_workday(next(week))", "2026-02-14")],
)  # fmt: skip
def test_a_week_of_holidays_leaves_nobody_waiting(source: str, when: str) -> None:
    in_week = MomentContext(ENTERED, values={"week": "2026-W07"})
    found = resolve(parse_moment(source), in_week, CALENDAR, "after")
    assert found is not None
    assert CALENDAR.day_of(found).isoformat() == when
