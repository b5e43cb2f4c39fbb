"""The time a report is about: some months, or days, of the company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workflows.definition.periods import containing, parse
from workflows.org.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Span:
    """`start` ≤ an instant < `end`, aware UTC; `months`: the company's months that it touches, as `2026-10`, oldest first."""

    first_day: date
    last_day: date
    start: datetime
    end: datetime
    months: tuple[str, ...]

    def holds(self, instant: datetime) -> bool:
        """Whether it lies in this time."""
        return self.start <= instant < self.end

    def before(self, calendar: Calendar) -> Span:
        """As many months just before the first."""
        last = parse(self.months[0], "month").previous
        return span_of_months(str(last), len(self.months), calendar)


def span_of_months(last: str, count: int, calendar: Calendar) -> Span:
    """`count` whole months up to and with `last` (`2026-10`), in the company's zone. Raises `InvalidInput` for what is no month."""
    first = period = parse(last, "month")
    for _ in range(count - 1):
        first = first.previous
    return span_of_days(first.first_day, period.last_day, calendar)


def span_of_days(first: date, last: date, calendar: Calendar) -> Span:
    """From the beginning of one day to the end of another, in the company's zone."""
    month, months = containing(first, "month"), []
    while month.first_day <= last:
        months.append(str(month))
        month = month.next
    return Span(first, last, calendar.start_of(first), calendar.end_of(last), tuple(months))
