"""How times, deadlines and periods are said, in both languages. The clock stands at Friday 20 November 2026, 10:24."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from infrastructure.clock import NOW
from workflows.org.calendar import SHANGHAI, Calendar
from workflows.web.words import Language, Words

ZH = Words("zh", NOW, Calendar())
EN = Words("en", NOW, Calendar())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


MOMENTS = [
    ("2026-11-20T09:12", "今天 9:12", "today 9:12"),
    ("2026-11-19T17:40", "昨天 17:40", "yesterday 17:40"),
    ("2026-11-18T10:15", "周三 10:15", "Wed 10:15"),
    ("2026-11-14T08:00", "周六 8:00", "Sat 8:00"),
    ("2026-11-13T08:00", "11月13日", "13 Nov"),
    ("2026-11-21T08:47", "明天 8:47", "tomorrow 8:47"),
    ("2025-12-31T23:59", "2025年12月31日", "31 Dec 2025"),
    ("2026-12-01T00:00", "12月1日", "1 Dec"),
]


@pytest.mark.parametrize(("moment", "zh", "en"), MOMENTS)
def test_moments_are_said_as_people_say_them(moment: str, zh: str, en: str) -> None:
    assert ZH.moment(at(moment)) == zh
    assert EN.moment(at(moment)) == en


DUES = [
    ("2026-11-20T18:00", "今天 18:00 前", "by 18:00 today", "soon"),
    ("2026-11-21T08:47", "明天 8:47 前", "by 8:47 tomorrow", "soon"),
    ("2026-11-23T18:00", "周一 18:00 前", "by Mon 18:00", "plain"),
    ("2026-11-30T18:00", "11月30日 周一", "Mon 30 Nov", "plain"),
    ("2027-01-04T18:00", "2027年1月4日 周一（暂定）", "Mon 4 Jan 2027 (provisional)", "plain"),
    ("2026-11-20T10:23", "今天 10:23 前", "by 10:23 today", "late"),
]


@pytest.mark.parametrize(("due", "zh", "en", "tone"), DUES)
def test_deadlines(due: str, zh: str, en: str, tone: str) -> None:
    assert ZH.due(at(due)) == zh
    assert EN.due(at(due)) == en
    assert ZH.tone(at(due)) == tone


LATE = [
    ("2026-11-19T18:00", "wd", "超期 1 个工作日", "1 working day late"),
    ("2026-11-16T18:00", "wd", "超期 4 个工作日", "4 working days late"),
    ("2026-11-20T09:00", "wd", "超期 1 小时 24 分", "1 h 24 min late"),
    ("2026-11-20T08:47", "h", "超期 1 小时 37 分", "1 h 37 min late"),
    ("2026-11-18T10:00", "d", "超期 2 天", "2 days late"),
    ("2026-11-20T10:23:30", "h", "已超期", "late"),
]


@pytest.mark.parametrize(("due", "unit", "zh", "en"), LATE)
def test_lateness_is_said_in_the_unit_of_the_deadline(due: str, unit: str, zh: str, en: str) -> None:
    assert ZH.late(at(due), unit) == zh
    assert EN.late(at(due), unit) == en
    assert ZH.due_or_late(at(due), unit) == zh


def test_a_deadline_of_friday_is_not_a_working_day_late_on_saturday() -> None:
    saturday = Words("zh", at("2026-11-21T12:00"), Calendar())
    assert saturday.late(at("2026-11-20T18:00")) == "已超期"


LEFT = [
    ("2026-11-30T18:00", "wd", "还有 6 个工作日", "6 working days left"),
    ("2026-12-01T18:00", "wd", "还有 7 个工作日", "7 working days left"),
    ("2026-11-21T08:47", "h", "还有 22 小时 23 分", "22 h 23 min left"),
    ("2026-11-22T10:00", "d", "还有 2 天", "2 days left"),
    ("2026-11-21T18:00", "wd", "", ""),
]


@pytest.mark.parametrize(("due", "unit", "zh", "en"), LEFT)
def test_what_is_left(due: str, unit: str, zh: str, en: str) -> None:
    assert ZH.left(at(due), unit) == zh
    assert EN.left(at(due), unit) == en


def test_a_make_up_workday_counts_as_one() -> None:
    """10 October 2026 is a Saturday worked for the national holiday."""
    friday = Words("zh", at("2026-10-09T10:00"), Calendar())
    assert friday.left(at("2026-10-12T18:00")) == "还有 2 个工作日"


GROUPS = [
    (None, "later"),
    ("2026-11-19T18:00", "late"),
    ("2026-11-20T18:00", "today"),
    ("2026-11-21T08:47", "today"),
    ("2026-11-22T18:00", "this_week"),
    ("2026-11-23T18:00", "next_week"),
    ("2026-11-30T18:00", "later"),
]


@pytest.mark.parametrize(("due", "group"), GROUPS)
def test_groups_of_the_work_list(due: str | None, group: str) -> None:
    assert ZH.group(at(due) if due else None) == group


def test_days_and_ranges() -> None:
    assert ZH.day_and_weekday(date(2026, 11, 20)) == "11月20日 周五"
    assert EN.day_and_weekday(date(2026, 11, 20)) == "Fri 20 Nov"
    assert ZH.days(date(2026, 12, 1), date(2026, 12, 15)) == "12月1日 – 12月15日"
    assert ZH.days(date(2026, 12, 30), date(2027, 1, 2)) == "12月30日 – 2027年1月2日（暂定）"


def test_a_past_day_of_a_provisional_year_is_a_fact() -> None:
    later = Words("zh", at("2027-03-01T10:00"), Calendar())
    assert later.day(date(2027, 1, 4)) == "1月4日"
    assert later.day(date(2027, 3, 4)) == "3月4日（暂定）"
    assert later.moment(at("2027-02-28T09:00")) == "昨天 9:00"


def test_the_companys_own_table_makes_a_year_official() -> None:
    known = Words("zh", NOW, Calendar(company={date(2027, 1, 4): True}))
    assert known.due(at("2027-01-04T18:00")) == "2027年1月4日 周一"


PERIODS = [
    ("week", "2026-W46", "第 46 周", "week 46"),
    ("week", "2025-W01", "2025 年第 1 周", "week 1, 2025"),
    ("month", "2026-11", "11 月", "November"),
    ("month", "2025-09", "2025 年 9 月", "September 2025"),
    ("quarter", "2026-Q3", "三季度", "Q3"),
    ("quarter", "2025-Q4", "2025 年四季度", "Q4 2025"),
    ("year", "2026", "2026 年", "2026"),
]


@pytest.mark.parametrize(("kind", "value", "zh", "en"), PERIODS)
def test_periods(kind: str, value: str, zh: str, en: str) -> None:
    assert ZH.period(kind, value) == zh
    assert EN.period(kind, value) == en


LENGTHS = [
    (timedelta(seconds=40), "40 秒", "40 s"),
    (timedelta(minutes=5), "5 分钟", "5 min"),
    (timedelta(hours=2), "2 小时", "2 h"),
    (timedelta(hours=1, minutes=37), "1 小时 37 分", "1 h 37 min"),
    (timedelta(days=31), "31 天", "31 days"),
    (timedelta(seconds=-3), "0 秒", "0 s"),
]


@pytest.mark.parametrize(("span", "zh", "en"), LENGTHS)
def test_lengths(span: timedelta, zh: str, en: str) -> None:
    assert ZH.length(span) == zh
    assert EN.length(span) == en


def test_paper_has_the_year() -> None:
    assert ZH.dated(NOW) == "2026年11月20日 10:24"
    assert EN.dated(NOW) == "20 Nov 2026, 10:24"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_auditors_see_seconds_and_programs_the_offset(language: Language) -> None:
    said = Words(language, NOW, Calendar())
    assert said.exact(at("2026-11-19T17:40:12")) in ("11月19日 17:40:12", "19 Nov 17:40:12")
    assert said.iso(at("2026-11-19T17:40:12")) == "2026-11-19T17:40:12+08:00"
