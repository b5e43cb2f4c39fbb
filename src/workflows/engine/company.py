"""What one process of ours keeps of the company between calls: people, calendar, definitions, queues. Read anew when counters move."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.engine.definitions import DefinitionStore
from workflows.engine.duties import Duties
from workflows.engine.record import QUEUES
from workflows.engine.scene import Recorder, Scene, Scorecards, Source
from workflows.engine.tables import Queue
from workflows.org.calendar import Calendar, CalendarCache
from workflows.org.loading import OrganisationCache
from workflows.org.tables import Version
from workflows.org.versions import NEVER_CHANGED, Stamp, read_versions
from workflows.settings import Settings


class Company:
    """Caches shared by all threads of a process, and what the application handed in: see `Engine`."""

    def __init__(
        self,
        settings: Settings,
        sources: Mapping[str, Source] | None = None,
        scorecards: Scorecards = None,
        recorders: Mapping[str, Recorder] | None = None,
    ) -> None:
        self.settings = settings
        self.organisations = OrganisationCache()
        self.calendars = CalendarCache(Calendar.from_settings(settings))
        self.store = DefinitionStore()
        duties = Duties(self.calendars)
        self.sources: dict[str, Source] = {"duties": duties.fill, **(sources or {})}
        self.recorders: dict[str, Recorder] = {"duties": duties.record, **(recorders or {})}
        self.scorecards = scorecards
        self.silent = False
        """Write no messages: see `Scene.silent`."""
        self._queues: tuple[Stamp, frozenset[str]] | None = None

    def scene(self, session: Session, now: datetime, versions: Mapping[str, Stamp] | None = None) -> Scene:
        """The company at this moment: one small statement, none where the counters are handed in."""
        known = read_versions(session) if versions is None else versions
        return Scene(
            now=now,
            organisation=self.organisations.get(session, known),
            calendar=self.calendars.get(session, known),
            store=self.store,
            newest=self.store.newest(session, known),
            queues=self._queue_keys(session, known),
            scorecards=self.scorecards(session, known) if callable(self.scorecards) else self.scorecards,
            sources=self.sources,
            recorders=self.recorders,
            versions=self.store.all_versions(session, known),
            parameters=self.store.overrides(session, known),
            silent=self.silent,
        )

    def _queue_keys(self, session: Session, versions: Mapping[str, Stamp]) -> frozenset[str]:
        stamp = versions.get(QUEUES, NEVER_CHANGED)
        if self._queues is None or self._queues[0] != stamp:
            self._queues = (stamp, frozenset(session.scalars(select(Queue.key))))
        return self._queues[1]


def versions_column(dialect: str) -> Any:
    """All counters as one JSON value, to be read along with something else."""
    if dialect == "sqlite":
        one = func.json_group_array(func.json_array(Version.name, Version.number, Version.stamp))
    else:
        one = func.json_agg(func.json_build_array(Version.name, Version.number, Version.stamp))
    return select(one).scalar_subquery().label("versions")


def read_versions_column(value: Any) -> dict[str, Stamp]:
    """What `versions_column` gave."""
    rows = json.loads(value) if isinstance(value, str) else value
    return {name: Stamp(number, uuid.UUID(stamp) if stamp else None) for name, number, stamp in rows or ()}
