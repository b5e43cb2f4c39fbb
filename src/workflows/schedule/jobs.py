"""One due job after the other, each in a transaction of its own: one that fails is put off, the others never notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from workflows.db import Database
from workflows.db.database import AGAIN, is_busy, is_lost, is_unreadable, state_of, unavailable
from workflows.errors import Unavailable

log = structlog.get_logger("workflows.schedule")
T = TypeVar("T")
Job = TypeVar("Job")
Note: TypeAlias = Callable[[Session, Job, Exception], bool]
"""Writes a failure down; True when the job has become an incident."""


@dataclass(frozen=True, slots=True)
class Jobs(Generic[Job]):
    """How one kind of jobs is done and how a failure is noted. Without `note` a failure is raised: a rehearsal
    wants to hear of it at once.
    """

    kind: str
    do: Callable[[Session, Job], int]
    note: Note[Job] | None = None

    def work_off(self, database: Database, due: Iterable[Job]) -> int:
        """Do each job; how much was done, a job put off counting 1. Raises `Unavailable` when the database does not answer."""
        return sum(self._one(database, job) for job in due)

    def _one(self, database: Database, job: Job) -> int:
        try:
            return transact(database, lambda session: self.do(session, job))
        except Unavailable:
            raise
        except Exception as error:
            if self.note is None:
                raise
            given_up = self._noted(self.note, database, job, error)
            log.exception("job failed", kind=self.kind, job=str(job), incident=given_up)
            return 1

    def _noted(self, note: Note[Job], database: Database, job: Job, error: Exception) -> bool:
        return transact(database, lambda session: note(session, job, error))


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
