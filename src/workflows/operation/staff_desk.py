"""Human resources of a rehearsed company: on the morning of each change they import who leaves and who has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from workflows.db import Database
from workflows.engine.engine import Engine
from workflows.org.importing.applying import import_organisation
from workflows.rehearsal.turnover import Change

_AFTER_MIDNIGHT = timedelta(minutes=10)


class StaffDesk:
    """Errands of a rehearsal: `changes` in the order of their days, each made once."""

    def __init__(self, database: Database, engine: Engine, changes: Sequence[Change]) -> None:
        self._database = database
        self._engine = engine
        self._waiting = list(changes)

    def until(self, now: datetime) -> None:
        """Make what is due by `now` (UTC)."""
        while self._waiting and self._moment(self._waiting[0]) <= now:
            change = self._waiting.pop(0)
            with self._database.write() as session:
                import_organisation(session, change.files, change.day, now)

    def next_moment(self, after: datetime) -> datetime | None:
        """When the next change is due."""
        return self._moment(self._waiting[0]) if self._waiting else None

    def _moment(self, change: Change) -> datetime:
        with self._database.read() as session:
            return self._engine.calendar(session).start_of(change.day) + _AFTER_MIDNIGHT
