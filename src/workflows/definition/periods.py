"""Periods: a day, week, month, quarter or year as one small value.

Texts: day `2026-11-20`, week `2026-W47` (ISO), month `2026-11`, quarter `2026-Q4`, year `2026`. They sort by time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from workflows.errors import InvalidInput

PeriodKind = Literal["day", "week", "month", "quarter", "year"]
KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)

_PATTERNS: dict[PeriodKind, str] = {
    "day": r"([0-9]{4})-([0-9]{2})-([0-9]{2})",
    "week": r"([0-9]{4})-W([0-9]{2})",
    "month": r"([0-9]{4})-([0-9]{2})",
    "quarter": r"([0-9]{4})-Q([1-4])",
    "year": r"([0-9]{4})",
}
_EXAMPLES: dict[PeriodKind, str] = {
    "day": "2026-11-20", "week": "2026-W47", "month": "2026-11", "quarter": "2026-Q4", "year": "2026",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """One period by its kind and first day; `str()` gives its text. Compares by time within one kind."""

    kind: PeriodKind
    first_day: date

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return _following(self.kind, self.first_day) - timedelta(days=1)

    @property
    def next(self) -> Period:
        """The period after it."""
        return Period(self.kind, _following(self.kind, self.first_day))

    @property
    def previous(self) -> Period:
        """The period before it."""
        return containing(self.first_day - timedelta(days=1), self.kind)

    def __str__(self) -> str:
        day = self.first_day
        match self.kind:
            case "day":
                return day.isoformat()
            case "week":
                year, week, _ = day.isocalendar()
                return f"{year:04d}-W{week:02d}"
            case "month":
                return f"{day.year:04d}-{day.month:02d}"
            case "quarter":
                return f"{day.year:04d}-Q{(day.month + 2) // 3}"
            case "year":
                return f"{day.year:04d}"

    def __lt__(self, other: Period) -> bool:
        if self.kind != other.kind:
            raise TypeError(f"a {self.kind} cannot be compared with a {other.kind}")
        return self.first_day < other.first_day


def containing(day: date, kind: PeriodKind) -> Period:
    """The period of `kind` in which `day` lies."""
    match kind:
        case "day":
            return Period(kind, day)
        case "week":
            return Period(kind, day - timedelta(days=day.weekday()))
        case "month":
            return Period(kind, day.replace(day=1))
        case "quarter":
            return Period(kind, day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))
        case "year":
            return Period(kind, day.replace(month=1, day=1))


def parse(text: str, kind: PeriodKind) -> Period:
    """The period that `text` writes; raises InvalidInput where it writes none."""
    found = re.fullmatch(_PATTERNS[kind], text, re.ASCII)
    try:
        if found and 1900 <= int(found[1]) <= 2999:
            return Period(kind, _FIRST_DAYS[kind](*(int(part) for part in found.groups())))
    except ValueError:
        pass  # a month 13, a 30 February, a week 53 in a year without: the sentence below says it
    raise InvalidInput(
        f"“{text}”写得不对，请写成 {_EXAMPLES[kind]} 这样。",
        f'"{text}" is not a {kind}: write it like {_EXAMPLES[kind]}.',
    )


_FIRST_DAYS: dict[PeriodKind, Callable[..., date]] = {
    "day": date,
    "week": lambda year, week: date.fromisocalendar(year, week, 1),
    "month": lambda year, month: date(year, month, 1),
    "quarter": lambda year, quarter: date(year, quarter * 3 - 2, 1),
    "year": lambda year: date(year, 1, 1),
}


def _following(kind: PeriodKind, first: date) -> date:
    match kind:
        case "day":
            return first + timedelta(days=1)
        case "week":
            return first + timedelta(days=7)
        case "month":
            return (first + timedelta(days=31)).replace(day=1)
        case "quarter":
            return (first + timedelta(days=95)).replace(day=1)
        case "year":
            return first.replace(year=first.year + 1)


def named_period(word: str, day: date) -> Period | date | None:
    """What `this_month`, `last_week`, `next_quarter`, `this_day` … mean on `day`; None where `word` is no such word.

    A day is given as a date.
    """
    which, _, kind = word.partition("_")
    if which not in ("this", "last", "next") or kind not in KINDS:
        return None
    period = containing(day, kind)
    period = period.previous if which == "last" else period.next if which == "next" else period
    return period.first_day if kind == "day" else period


PERIOD_WORDS = tuple(f"{which}_{kind}" for kind in KINDS for which in ("this", "last", "next"))
"""The words `named_period` knows."""
