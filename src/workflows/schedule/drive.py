"""The same rounds on a rehearsed clock: from due moment to due moment, without waiting and without APScheduler.

For rehearsals, the demo's past and the stories of the tests. Deterministic: the same beginning gives the same year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflows.db import Database
from workflows.engine.engine import Engine
from workflows.engine.tables import Signal, SignalStatus, Timer, TimerStatus
from workflows.notify import gather, outbox
from workflows.org.tables import Person
from workflows.schedule.mails import Postman
from workflows.schedule.rounds import Rounds
from workflows.settings import Settings

MOST_ROUNDS = 100_000
"""More rounds at one moment mean that something feeds itself."""


class Drive:
    """A clock that jumps. `settings` (those of a demo: mails are kept) None: no mails are made at all, messages wait.

    A failing job is raised, not put off.
    """

    def __init__(self, database: Database, engine: Engine, settings: Settings | None = None) -> None:
        self._database = database
        self._engine = engine
        self._rounds = Rounds(database, engine, patient=False)
        self._postman = Postman(database, engine, settings) if settings is not None else None

    def settle(self, now: datetime) -> None:
        """Do everything that is due at `now`, and what follows from it, until nothing is left."""
        self._rounds.people(now)
        self._rounds.calendar(now)
        self._rounds.figures(now)
        for _ in range(MOST_ROUNDS):
            if not any(round_(now) for round_ in self._all_rounds()):
                return
        raise RuntimeError(f"work at {now.isoformat()} never ends")

    def next_moment(self, after: datetime) -> datetime | None:
        """The first moment after `after` at which something is due; None when nothing is."""
        with self._database.read() as session:
            moments = [moment for moment in self._moments(session, after) if moment is not None and moment > after]
        return min(moments, default=None)

    def until(self, now: datetime, end: datetime) -> Iterator[datetime]:
        """Settle `now`, then each due moment up to and including `end`; yields each moment after it is settled.

        Whoever iterates may let people act in between: what they set in motion is seen.
        """
        moment: datetime | None = now
        while moment is not None and moment <= end:
            self.settle(moment)
            yield moment
            # What people did at this moment may be due at this very moment too.
            self.settle(moment)
            moment = self.next_moment(moment)

    def _all_rounds(self) -> tuple[Callable[[datetime], int], ...]:
        rounds = self._rounds
        plain: tuple[Callable[[datetime], int], ...] = (
            rounds.signals,
            rounds.timers,
            rounds.schedules,
            rounds.figure_starts,
        )
        return plain if self._postman is None else (*plain, self._mails)

    def _mails(self, now: datetime) -> int:
        return self._postman.round(lambda: now) if self._postman is not None else 0

    def _moments(self, session: Session, after: datetime) -> Iterator[datetime | None]:
        yield session.scalar(_first(Timer.next_at).where(Timer.status == TimerStatus.DUE, Timer.next_at > after))
        yield session.scalar(
            _first(Signal.next_at).where(Signal.status == SignalStatus.WAITING, Signal.next_at > after)
        )
        for row in self._engine.schedules(session, after, 1):
            yield from (moment for moment, _ in row.next)
        yield self._next_leaver(session)
        if self._postman is not None:
            yield gather.next_due(session)
            yield outbox.next_due(session)

    def _next_leaver(self, session: Session) -> datetime | None:
        day = session.scalar(select(func.min(Person.left_on)).where(Person.active))
        return self._engine.calendar(session).start_of(day) if day is not None else None


def run_until(
    database: Database, engine: Engine, now: datetime, until: datetime, settings: Settings | None = None
) -> int:
    """Let the clock run from `now` to `until` (both UTC, included) without anybody acting; how many moments there were."""
    return sum(1 for _ in Drive(database, engine, settings).until(now, until))


def _first(column: InstrumentedAttribute[datetime]) -> Select[datetime]:
    return select(func.min(column, type_=column.type))
