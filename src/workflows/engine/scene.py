"""Everything a step looks at that is not the case itself, fixed for one call: the organisation, the calendar, the time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflows.engine.definitions import DefinitionStore, Published
from workflows.engine.parameters import Overrides
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
    """One moment of the company. `queues`: every queue that was ever used; `versions`: every version of every process."""

    now: datetime
    organisation: Organisation
    calendar: Calendar
    store: DefinitionStore
    newest: Mapping[str, Published]
    queues: frozenset[str]
    scorecards: Collection[str] | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    versions: tuple[Published, ...] = ()
    parameters: Overrides = field(default_factory=dict)
    """The parameters that the company has set, by process."""

    @property
    def today(self) -> date:
        """The company's day."""
        return self.calendar.day_of(self.now)

    def stands_in_for(self, person: PersonId, process: str) -> tuple[PersonId, ...]:
        """Absent people for whom `person` acts today in cases of `process`."""
        return tuple(
            p for p in self._absent() if p != person and self.organisation.deputy_of(p, self.today, process) == person
        )

    def standing_in(self, person: PersonId) -> dict[PersonId, frozenset[str]]:
        """Absent people for whom `person` acts today, each with the processes for which that holds."""
        found: dict[PersonId, frozenset[str]] = {}
        for absent in self._absent():
            covered = frozenset(
                key for key in self.newest if self.organisation.deputy_of(absent, self.today, key) == person
            )
            if covered and absent != person:
                found[absent] = covered
        return found

    def _absent(self) -> Iterator[PersonId]:
        today = self.today
        for person, periods in self.organisation.absences.items():
            if any(period.first_day <= today <= period.last_day for period in periods):
                yield person
