"""What sources look at beyond the case they fill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import ScorecardStore
from workflows.definition.model import Process
from workflows.org.calendar import CalendarCache
from workflows.org.loading import OrganisationCache


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Published cards, people, the company's days, and which processes there are (the newest version of each, by key)."""

    store: ScorecardStore
    organisations: OrganisationCache
    calendars: CalendarCache
    processes: Callable[[Session], Mapping[str, Process]]
