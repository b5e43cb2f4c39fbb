"""The working calendar of a year: the official arrangement, and the company's own days above it."""

from __future__ import annotations

from calendar import Calendar as MonthGrid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.errors import InvalidInput
from workflows.http import ADMINISTRATOR, allow, visit
from workflows.org import people
from workflows.org.calendar import Calendar
from workflows.org.tables import CalendarDay, DayKind
from workflows.web.admin_running import running_tabs
from workflows.web.language import _
from workflows.web.me import read_day
from workflows.web.reader import words
from workflows.web.shell import say
from workflows.web.signin import sentences

FIRST_YEAR, LAST_YEAR = 2000, 2100

blueprint = Blueprint("admin_calendar", __name__, url_prefix="/admin/calendar")


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a month's table; `kind`: free, made_up (a weekend worked), or "" for a plain day."""

    day: int
    kind: str
    own: bool
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of seven cells, None outside of it. `workdays` counts them."""

    title: str
    weeks: tuple[tuple[DayCell | None, ...], ...]
    workdays: int


@blueprint.get("")
@allow(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """A year at a glance."""
    return _page()


@blueprint.post("")
@allow(ADMINISTRATOR)
def set_day() -> ResponseReturnValue:
    """Say that the company works, or is closed, on a day; or take it back."""
    try:
        day = read_day("day")
    except InvalidInput as error:
        return _page(error), error.status
    kind = request.form.get("kind", "")
    if kind in (DayKind.WORKDAY, DayKind.HOLIDAY):
        people.set_day(visit().session, day, DayKind(kind), request.form.get("note", "").strip()[:200] or None)
    else:
        people.clear_day(visit().session, day)
    say(_("已保存。开着的期限会重新算。"))
    return redirect(url_for("admin_calendar.index", year=day.year))


def months_of(year: int, calendar: Calendar, today: date, title: Callable[[str], str]) -> tuple[Month, ...]:
    """The twelve months of a year; `title` gives a month's name from its stored form (2026-11)."""
    return tuple(_month(year, number, calendar, today, title) for number in range(1, 13))


def _month(year: int, number: int, calendar: Calendar, today: date, title: Callable[[str], str]) -> Month:
    grid = MonthGrid().monthdatescalendar(year, number)
    weeks = tuple(tuple(_cell(day, calendar, today) if day.month == number else None for day in week) for week in grid)
    worked = sum(calendar.is_workday(day) for week in grid for day in week if day.month == number)
    return Month(title(f"{year}-{number:02}"), weeks, worked)


def _cell(day: date, calendar: Calendar, today: date) -> DayCell:
    worked = calendar.is_workday(day)
    kind = "made_up" if worked and day.weekday() >= 5 else "" if worked else "free"
    return DayCell(day.day, kind, day in calendar.company, day == today)


def _page(error: InvalidInput | None = None) -> str:
    said, calendar = words(), visit().calendar
    year = _year(said.today)
    own = (
        select(CalendarDay)
        .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarDay.day)
    )
    return render_template(
        "admin/calendar.html",
        tabs=running_tabs(),
        year=year,
        provisional=calendar.provisional(year),
        months=months_of(year, calendar, said.today, lambda month: said.period("month", month)),
        own=[(said.day_and_weekday(row.day), row.kind, row.note or "") for row in visit().session.scalars(own)],
        weekdays=[said.weekday(date(2024, 1, day)) for day in range(1, 8)],
        typed=request.form,
        errors=sentences(error) if error else {},
    )


def _year(today: date) -> int:
    asked = request.args.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    return min(max(year, FIRST_YEAR), LAST_YEAR)
