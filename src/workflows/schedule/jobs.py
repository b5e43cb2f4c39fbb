"""One due job after the other, each in a transaction of its own: one that fails is put off, the others never notice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from workflows.db import Database
from workflows.db.database import AGAIN, is_busy, is_lost, is_unreadable, state_of, unavailable
from workflows.errors import Unavailable

log = structlog.get_logger("workflows.schedule")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Jobs:
    """How one kind of jobs is done and how a failure is noted. `noted` answers whether it became an incident."""

    kind: str
    do: Callable[[Session, uuid.UUID], int]
    note: Callable[[Session, uuid.UUID, Exception], bool]

    def work_off(self, database: Database, due: Iterable[uuid.UUID]) -> int:
        """Do each job; how many were done or put off. Raises `Unavailable` when the database does not answer."""
        return sum(self._one(database, job) for job in due)

    def _one(self, database: Database, job: uuid.UUID) -> int:
        try:
            return transact(database, lambda session: self.do(session, job))
        except Unavailable:
            raise
        except Exception as error:
            given_up = self._noted(database, job, error)
            log.exception("job failed", kind=self.kind, job=str(job), incident=given_up)
            return 1

    def _noted(self, database: Database, job: uuid.UUID, error: Exception) -> bool:
        return transact(database, lambda session: self.note(session, job, error))


def transact(database: Database, work: Callable[[Session], T]) -> T:
    """`work` in one transaction, tried again where the database asks for it.

    Raises `Unavailable` for what is the database's trouble and not the work's: nothing was done, or it was and shows next time.
    """
    try:
        return database.transact(work)
    except DBAPIError as error:
        if is_passing(error):
            raise unavailable(error) from error
        raise


def is_passing(error: DBAPIError) -> bool:
    """Whether the database, not the statement, is to blame."""
    lost = error.connection_invalidated or is_lost(error)
    return lost or is_busy(error) or is_unreadable(error) or state_of(error) in AGAIN
