"""Everything a step looks at that is not the case itself, fixed for one call: the organisation, the calendar, the time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflows.engine.definitions import DefinitionStore, Published
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class FillRequest:
    """What a source is told when it fills a form (`fill: scorecard`): the case's process, data, subject, and the time."""

    case: uuid.UUID
    process: str
    state: str
    subject: PersonId | None
    data: Mapping[str, Any]
    now: datetime


Source = Callable[[Any, FillRequest], Mapping[str, Any]]
"""(session, request) → stored values by field name. Handed to the engine by `app.py`; the engine never imports upward."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of the company. `queues`: every queue that was ever used."""

    now: datetime
    organisation: Organisation
    calendar: Calendar
    store: DefinitionStore
    newest: Mapping[str, Published]
    queues: frozenset[str]
    scorecards: Collection[str] | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The company's day."""
        return self.calendar.day_of(self.now)

    def stands_in_for(self, person: PersonId, process: str | None = None) -> tuple[PersonId, ...]:
        """Absent people for whom `person` acts today."""
        absent = self.organisation.absences
        return tuple(p for p in absent if p != person and self.organisation.deputy_of(p, self.today, process) == person)
