"""A month as history is asked for it: its days in the company's zone, its instants in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflows.definition.periods import PeriodKind, parse
from workflows.errors import InvalidInput
from workflows.org.calendar import Calendar

PERIODS: tuple[PeriodKind, ...] = ("week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Window:
    """`first_day` to `last_day`, both included; `start` ≤ an instant < `end`, aware UTC."""

    month: str
    first_day: date
    last_day: date
    start: datetime
    end: datetime

    def holds(self, moment: Any) -> bool:
        """Whether a date, an aware instant or a period's text (`2026-11`, `2026-W47`) lies in the month.

        A week, quarter or year lies in the month in which it ends.
        """
        match moment:
            case datetime():
                return self.start <= moment < self.end
            case date():
                return self.first_day <= moment <= self.last_day
            case str():
                return any(self._ends_here(moment, kind) for kind in PERIODS)
        return False

    def _ends_here(self, text: str, kind: PeriodKind) -> bool:
        try:
            return self.first_day <= parse(text, kind).last_day <= self.last_day
        except InvalidInput:
            return False  # a period of another kind


def window_of(month: str, calendar: Calendar) -> Window:
    """The month `2026-11` in the company's zone. Raises `InvalidInput` for what is no month."""
    period = parse(month, "month")
    first, last = period.first_day, period.last_day
    return Window(month, first, last, calendar.start_of(first), calendar.end_of(last))
