"""When a mail may go out: not at night, and not one after the other. What came meanwhile travels together.

Late work is told at once: an escalation or an alert waits for nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from workflows.org.calendar import Calendar

URGENT = frozenset({"escalation", "alert"})
"""Kinds of messages that are sent at any hour."""


@dataclass(frozen=True, slots=True)
class Etiquette:
    """`spacing` lies between two mails to one person; from `quiet_from` to `quiet_until` (company's zone) nothing is sent."""

    spacing: timedelta = timedelta(minutes=10)
    quiet_from: time = time(21)
    quiet_until: time = time(8)

    def earliest(self, kinds: Collection[str], last: datetime | None, now: datetime, calendar: Calendar) -> datetime:
        """When messages of these kinds may go to one person who had the `last` mail then; `now` means at once."""
        if URGENT.intersection(kinds):
            return now
        spaced = now if last is None else max(now, last + self.spacing)
        return self._awake(spaced, calendar)

    def _awake(self, instant: datetime, calendar: Calendar) -> datetime:
        if self.quiet_from == self.quiet_until:
            return instant
        day = calendar.day_of(instant)
        morning, evening = calendar.at(day, self.quiet_until), calendar.at(day, self.quiet_from)
        if self.quiet_from < self.quiet_until:  # a pause within one day
            return morning if evening <= instant < morning else instant
        if instant < morning:
            return morning
        return (
            calendar.at(calendar.day_of(instant + timedelta(days=1)), self.quiet_until)
            if instant >= evening
            else instant
        )


OPEN_HOUSE = Etiquette(timedelta(0), time(0), time(0))
"""Every mail at once: demo mode and rehearsals, where people look at the page of mails and not into a mailbox."""
