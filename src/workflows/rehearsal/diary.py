"""How long rehearsed people work on something, and when each of them is free: nobody does two things at once."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workflows.definition.model import Field
from workflows.org.calendar import Calendar
from workflows.rehearsal.habits import in_working_time

PersonId = uuid.UUID

_DECISION = 5
"""Minutes to read and decide, without writing anything."""
_FIELD = 3
_LONG = 9
"""Minutes for a field that wants a sentence, figures in rows, or a judgement of lines."""
_LONG_TYPES = frozenset({"long_text", "table", "lines", "files"})
_SPREAD = 0.45


def minutes_for(fields: Sequence[Field], dice: random.Random, usual: float | None = None) -> timedelta:
    """How long a form of these fields takes somebody; `usual`: minutes known from the process's habits."""
    mean = usual or _DECISION + sum(_LONG if one.type in _LONG_TYPES else _FIELD for one in fields)
    return timedelta(seconds=round(60 * mean * dice.lognormvariate(0, _SPREAD)))


@dataclass(slots=True)
class Diaries:
    """Until when everybody is busy."""

    free_from: dict[PersonId, datetime] = field(default_factory=dict)

    def less_busy(self, one: PersonId, other: PersonId, now: datetime) -> PersonId:
        """Who of two has time sooner; the first where both have."""
        return one if self.free_from.get(one, now) <= max(self.free_from.get(other, now), now) else other

    def begin(
        self, person: PersonId, done: datetime, takes: timedelta, calendar: Calendar, dice: random.Random
    ) -> tuple[datetime, datetime]:
        """When somebody who means to be done at `done` begins, and when they are done: later where something else comes first."""
        begun = max(done - takes, calendar.opening_at(calendar.day_of(done)))
        free = self.free_from.get(person)
        if free is not None and free > begun:
            done = in_working_time(max(free + takes, done), calendar, dice)
            begun = max(done - takes, free)
        self.free_from[person] = done
        return begun, done
