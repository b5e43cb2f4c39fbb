"""Everything a step looks at that is not the case itself, fixed for one call: the organisation, the calendar, the time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from workflows.definition.model import Field
from workflows.engine.definitions import DefinitionStore, Published
from workflows.engine.parameters import Overrides
from workflows.errors import ConfigurationError
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation
from workflows.org.versions import Stamp

PersonId = uuid.UUID
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class FillRequest:
    """What a source is told when it fills a form (`fill: scorecard`): the case's process, data, subject, and the time.

    `data`: stored values, with what is being handed in. `handed_in`: the cleaned values of the form that is submitted; None
    where a case begins (state `start`, up to 200 in one transaction: give what is known, refuse nothing) and where the task is
    merely shown. `fields`: those of the process.
    """

    case: uuid.UUID
    process: str
    state: str
    subject: PersonId | None
    data: Mapping[str, Any]
    now: datetime
    handed_in: Mapping[str, Any] | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)


Source = Callable[[Session, FillRequest], Mapping[str, Any]]
"""(session, request) → stored values by field name. Handed to the engine by `app.py`; the engine never imports upward.

Of a submission it may raise `InvalidInput` (fields by name, parts as `judgement.KEY.reason`) or `Stale`: the person gets the
form back with everything typed."""


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """What a recorder is told (`record: result`): the case where the effect stands, with its data as they are then.

    `until`: the first moment at which the clock leads out of the state, where one is known; `reason`: of the step that led
    here.
    """

    case: uuid.UUID
    process: str
    state: str
    subject: PersonId | None
    data: Mapping[str, Any]
    fields: Mapping[str, Field]
    now: datetime
    until: datetime | None = None
    reason: str | None = None


Recorder = Callable[[Session, RecordRequest], None]
"""Keeps what a case says, in the transaction of the step, after its rows are written. What it raises takes the step back."""

Scorecards = Collection[str] | Callable[[Session, Mapping[str, Stamp]], Collection[str] | None] | None
"""Positions that have a scorecard (None: every appraised position), or who knows them by the counters at hand."""


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
    recorders: Mapping[str, Recorder] = field(default_factory=dict)
    versions: tuple[Published, ...] = ()
    parameters: Overrides = field(default_factory=dict)
    """The parameters that the company has set, by process."""
    silent: bool = False
    """Nobody is told anything: a rehearsal of a large company, whose mails nobody reads."""

    @property
    def today(self) -> date:
        """The company's day."""
        return self.calendar.day_of(self.now)

    def at(self, now: datetime) -> Scene:
        """The same company at another moment, for whoever knows that it has not changed meanwhile."""
        return replace(self, now=now)

    def source(self, name: str) -> Source:
        """What fills forms under this name. Raises `ConfigurationError` where nobody handed it to the engine."""
        return _known(self.sources, name)

    def recorder(self, name: str) -> Recorder:
        """What keeps results under this name. Raises `ConfigurationError` where nobody handed it to the engine."""
        return _known(self.recorders, name)

    def stands_in_for(self, person: PersonId, process: str) -> tuple[PersonId, ...]:
        """Absent people for whom `person` acts today in cases of `process`."""
        away = self.organisation.away_on(self.today)
        return tuple(p for p in away if p != person and self.organisation.deputy_of(p, self.today, process) == person)

    def standing_in(self, person: PersonId) -> dict[PersonId, frozenset[str]]:
        """Absent people for whom `person` acts today, each with the processes for which that holds."""
        found: dict[PersonId, frozenset[str]] = {}
        for absent in self.organisation.away_on(self.today):
            covered = frozenset(
                key for key in self.newest if self.organisation.deputy_of(absent, self.today, key) == person
            )
            if covered and absent != person:
                found[absent] = covered
        return found


def _known(given: Mapping[str, Given], name: str) -> Given:
    if name not in given:
        raise ConfigurationError(
            f"程序没有装上“{name}”，这一步做不了。请联系管理员。",
            f"The program lacks `{name}`, which this step needs. Tell an administrator.",
        )
    return given[name]
