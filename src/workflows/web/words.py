"""How the screens say time, in both languages (screens.md §5): 今天 18:00 前, 昨天 17:40, 超期 1 个工作日.

Pure: `Words` is made once per request of the reader's language, the request's `now` and the company's calendar.
All moments go in as aware datetimes and are said in the company's zone. Dates of a year whose working days nobody has
announced yet are marked 暂定 wherever they could still move (`Calendar.provisional`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from workflows.org.calendar import Calendar

Language = Literal["zh", "en"]
Tone = Literal["late", "soon", "plain"]
Group = Literal["late", "today", "this_week", "next_week", "later"]

_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
_SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Words:
    """Says moments, days, deadlines and periods to one reader at one time.

    `language` is "zh" or "en", `now` an aware datetime, `calendar` the company's.
    """

    language: Language
    now: datetime
    calendar: Calendar

    # ---- days -------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The company's date at `now`."""
        return self.local(self.now).date()

    def local(self, at: datetime) -> datetime:
        """The same instant in the company's zone."""
        return at.astimezone(self.calendar.zone)

    def weekday(self, day: date) -> str:
        """周五, Fri."""
        return _WEEKDAYS[self.language][day.weekday()]

    def day(self, day: date) -> str:
        """11月16日, with the year only if it is another; a coming day of a provisional year is marked."""
        return self._marked(day, self._plain_day(day)) if day > self.today else self._plain_day(day)

    def day_and_weekday(self, day: date) -> str:
        """11月20日 周五, Fri 20 Nov."""
        said = self._plain_day(day)
        said = f"{said} {self.weekday(day)}" if self.language == "zh" else f"{self.weekday(day)} {said}"
        return self._marked(day, said) if day > self.today else said

    def days(self, first: date, last: date) -> str:
        """12月1日 – 12月15日: a range has a date on both sides."""
        return f"{self.day(first)} – {self.day(last)}"

    # ---- moments ----------------------------------------------------------------------------------------------

    def clock(self, at: datetime, seconds: bool = False) -> str:
        """9:12, in the company's zone; auditors see seconds, 9:12:05."""
        here = self.local(at)
        return f"{here.hour}:{here:%M:%S}" if seconds else f"{here.hour}:{here:%M}"

    def moment(self, at: datetime) -> str:
        """今天 9:12, 昨天 17:40, 周三 10:15 (six days either way), 11月16日, with the year only if another."""
        here = self.local(at)
        near = self._near(here.date())
        if near is None:
            return self.day(here.date())
        return self._marked(here.date(), f"{near} {self.clock(at)}") if at > self.now else f"{near} {self.clock(at)}"

    def exact(self, at: datetime) -> str:
        """For auditors and tooltips: 11月19日 17:40:12, with the year only if another."""
        return f"{self._plain_day(self.local(at).date())} {self.clock(at, seconds=True)}"

    def dated(self, at: datetime) -> str:
        """For what is read later, on paper: 2026年11月20日 10:24, 20 Nov 2026, 10:24."""
        day = self.local(at).date()
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日 {self.clock(at)}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}, {self.clock(at)}"

    def iso(self, at: datetime) -> str:
        """The instant for `<time datetime>`, with the company's offset."""
        return self.local(at).isoformat(timespec="seconds")

    # ---- deadlines --------------------------------------------------------------------------------------------

    def due(self, at: datetime) -> str:
        """今天 18:00 前, 明天 8:47 前, 周一 18:00 前; beyond a week 11月30日 周一. Provisional years are marked."""
        here = self.local(at)
        near = self._near(here.date()) if here.date() >= self.today else None
        if near is None:
            said = self._far_due(here.date())
        elif self.language == "zh":
            said = f"{near} {self.clock(at)} 前"
        else:
            said = f"by {self.clock(at)} {near}" if near in ("today", "tomorrow") else f"by {near} {self.clock(at)}"
        return self._marked(here.date(), said)

    def tone(self, at: datetime) -> Tone:
        """What the colour of a due chip says: late, soon (today or within 24 hours), plain."""
        if at < self.now:
            return "late"
        soon = self.local(at).date() == self.today or at - self.now < _SOON
        return "soon" if soon else "plain"

    def group(self, at: datetime | None) -> Group:
        """The heading under which a task due at this moment stands in 待办; without a deadline it is later."""
        if at is None:
            return "later"
        if self.tone(at) != "plain":
            return "late" if at < self.now else "today"
        week = self.today - timedelta(days=self.today.weekday())
        weeks = (self.local(at).date() - week).days // 7
        return "this_week" if weeks == 0 else "next_week" if weeks == 1 else "later"

    def late(self, due: datetime, unit: str = "wd") -> str:
        """超期 1 个工作日, in the unit of the deadline (h clock hours, d days, wd working days)."""
        amount = self._amount(due, self.now, unit)
        if amount is None:
            return "已超期" if self.language == "zh" else "late"
        return f"超期 {amount}" if self.language == "zh" else f"{amount} late"

    def left(self, due: datetime, unit: str = "wd") -> str:
        """还有 6 个工作日, in the unit of the deadline; "" when less than one of it is left."""
        amount = self._amount(self.now, due, unit)
        if amount is None:
            return ""
        return f"还有 {amount}" if self.language == "zh" else f"{amount} left"

    def due_or_late(self, due: datetime, unit: str = "wd") -> str:
        """What a due chip says."""
        return self.late(due, unit) if due < self.now else self.due(due)

    def length(self, span: timedelta) -> str:
        """How long: 40 秒, 1 小时 37 分, 31 天."""
        seconds = max(0, int(span.total_seconds()))
        if seconds < 60:
            return self._count(seconds, "秒", "s", "s")
        if seconds < 3600:
            return self._count(seconds // 60, "分钟", "min", "min")
        if seconds < 48 * 3600:
            hours, minutes = divmod(seconds // 60, 60)
            if not minutes:
                return self._count(hours, "小时", "h", "h")
            return f"{hours} 小时 {minutes} 分" if self.language == "zh" else f"{hours} h {minutes} min"
        return self._count(seconds // 86400, "天", "day", "days")

    # ---- periods ----------------------------------------------------------------------------------------------

    def period(self, kind: str, value: str) -> str:
        """A stored week (2026-W46), month (2026-11), quarter (2026-Q3) or year (2026) as people say it."""
        say: dict[str, Callable[[str], str]] = {"week": self._week, "month": self._month, "quarter": self._quarter}
        if kind == "year":
            return f"{value} 年" if self.language == "zh" else value
        return say[kind](value)

    def _week(self, value: str) -> str:
        year, week = value.split("-W")
        if self.language == "zh":
            return f"第 {int(week)} 周" if self._this_year(year) else f"{year} 年第 {int(week)} 周"
        return f"week {int(week)}" if self._this_year(year) else f"week {int(week)}, {year}"

    def _month(self, value: str) -> str:
        year, month = value.split("-")
        if self.language == "zh":
            return f"{int(month)} 月" if self._this_year(year) else f"{year} 年 {int(month)} 月"
        name = _LONG_MONTHS[int(month) - 1]
        return name if self._this_year(year) else f"{name} {year}"

    def _quarter(self, value: str) -> str:
        year, quarter = value.split("-Q")
        if self.language == "zh":
            return _QUARTERS[int(quarter) - 1] if self._this_year(year) else f"{year} 年{_QUARTERS[int(quarter) - 1]}"
        return f"Q{quarter}" if self._this_year(year) else f"Q{quarter} {year}"

    def _this_year(self, year: str) -> bool:
        return int(year) == self.today.year

    # ---- pieces -----------------------------------------------------------------------------------------------

    def _plain_day(self, day: date) -> str:
        other = day.year != self.today.year
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日" if other else f"{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year}" if other else "")

    def _near(self, day: date) -> str | None:
        """今天, 昨天, 明天 or the weekday within six days either way; None beyond."""
        distance = (day - self.today).days
        named = {"zh": {0: "今天", -1: "昨天", 1: "明天"}, "en": {0: "today", -1: "yesterday", 1: "tomorrow"}}
        if distance in named[self.language]:
            return named[self.language][distance]
        return self.weekday(day) if abs(distance) < 7 else None

    def _far_due(self, day: date) -> str:
        said = self._plain_day(day)
        return f"{said} {self.weekday(day)}" if self.language == "zh" else f"{self.weekday(day)} {said}"

    def _marked(self, day: date, said: str) -> str:
        if not self.calendar.provisional(day.year):
            return said
        return f"{said}（暂定）" if self.language == "zh" else f"{said} (provisional)"

    def _amount(self, first: datetime, last: datetime, unit: str) -> str | None:
        """The time from one moment to the other in that unit, None when it is less than one."""
        if unit == "h" or (unit == "wd" and self.local(first).date() == self.local(last).date()):
            return self.length(last - first) if last - first >= timedelta(minutes=1) else None
        if unit == "d":
            days = (self.local(last).date() - self.local(first).date()).days
            return self._count(days, "天", "day", "days") if days else None
        working = self.calendar.workdays_between(self.local(first).date(), self.local(last).date())
        return self._count(working, "个工作日", "working day", "working days") if working else None

    def _count(self, number: int, zh: str, one: str, many: str) -> str:
        if self.language == "zh":
            return f"{number} {zh}"
        return f"{number} {one if number == 1 else many}"
