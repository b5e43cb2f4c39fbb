"""The same rounds on a rehearsed clock: from due moment to due moment, without waiting and without APScheduler.

For rehearsals, the demo's past and the stories of the tests. Deterministic: the same beginning gives the same year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflows.db import Database
from workflows.engine.definitions import DEFINITIONS
from workflows.engine.engine import Engine
from workflows.engine.tables import Signal, SignalStatus, Timer, TimerStatus
from workflows.notify import gather, outbox
from workflows.org.tables import Person
from workflows.org.versions import CALENDAR, NEVER_CHANGED, ORGANISATION, Stamp, read_versions
from workflows.schedule.mails import Postman
from workflows.schedule.rounds import Rounds
from workflows.settings import Settings

Known: TypeAlias = tuple[date, tuple[Stamp, ...]]
"""The company's day, and the state of the organisation, the calendar and the definitions."""

NEVER = datetime.max.replace(tzinfo=UTC)

MOST_ROUNDS = 100_000
"""More rounds at one moment mean that something feeds itself."""


class Drive:
    """A clock that jumps. `settings` (those of a demo: mails are kept) None: no mails are made at all, messages wait.

    `counts`: on which days figures are counted. A failing job is raised, not put off.
    """

    def __init__(
        self,
        database: Database,
        engine: Engine,
        settings: Settings | None = None,
        counts: Callable[[date], bool] = lambda _: True,
    ) -> None:
        self._database = database
        self._engine = engine
        self._counts = counts
        self._known: Known | None = None
        self._quiet: tuple[datetime, datetime] | None = None
        self._leaving: datetime | None = None
        self._rounds = Rounds(database, engine, patient=False)
        self._postman = Postman(database, engine, settings) if settings is not None else None

    def settle(self, now: datetime) -> None:
        """Do everything that is due at `now`, and what follows from it, until nothing is left."""
        known = self._known_at(now)
        if known != self._known:
            self._begin(known, now)
        for _ in range(MOST_ROUNDS):
            if not any(round_(now) for round_ in self._all_rounds()):
                return
        raise RuntimeError(f"work at {now.isoformat()} never ends")

    def _begin(self, known: Known, now: datetime) -> None:
        """What is done once on each day, and again where the organisation, the calendar or definitions have changed."""
        self._known, self._quiet = known, None
        self._rounds.people(now)
        self._rounds.calendar(now)
        if self._counts(known[0]):
            self._rounds.figures(now)
        with self._database.read() as session:
            self._leaving = self._next_leaver(session)

    def _known_at(self, now: datetime) -> Known:
        """The company's day, and the state of what schedules and open tasks rest on."""
        with self._database.read() as session:
            return self._engine.calendar(session).day_of(now), _stamps(session)

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
            self._schedules,
            rounds.figure_starts,
        )
        return plain if self._postman is None else (*plain, self._mails)

    def _schedules(self, now: datetime) -> int:
        """Recurring starts; asked only once their next time has come, for that takes longer than everything else that is not due."""
        if self._quiet is not None and self._quiet[0] <= now < self._quiet[1]:
            return 0
        done = self._rounds.schedules(now)
        if not done:
            with self._database.read() as session:
                self._quiet = (now, self._next_start(session, now))
        return done

    def _next_start(self, session: Session, after: datetime) -> datetime:
        moments = [moment for row in self._engine.schedules(session, after, 1) for moment, _ in row.next]
        return min((moment for moment in moments if moment > after), default=NEVER)

    def _mails(self, now: datetime) -> int:
        return self._postman.round(lambda: now) if self._postman is not None else 0

    def _moments(self, session: Session, after: datetime) -> Iterator[datetime | None]:
        yield session.scalar(_NEXT_TIMER, {"after": after})
        yield session.scalar(_NEXT_SIGNAL, {"after": after})
        known, quiet = self._known, self._quiet
        unchanged = known is not None and known[1] == _stamps(session)
        if unchanged and quiet is not None and quiet[0] <= after < quiet[1]:
            yield quiet[1]
        else:
            yield self._next_start(session, after)
        yield self._leaving if unchanged else self._next_leaver(session)
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


def _stamps(session: Session) -> tuple[Stamp, ...]:
    known = read_versions(session)
    return tuple(known.get(name, NEVER_CHANGED) for name in (ORGANISATION, CALENDAR, DEFINITIONS))


def _first(column: InstrumentedAttribute[datetime], *conditions: Any) -> Select[datetime]:
    return select(func.min(column, type_=column.type)).where(
        column > bindparam("after", type_=column.type), *conditions
    )


_NEXT_TIMER = _first(Timer.next_at, Timer.status == TimerStatus.DUE)
_NEXT_SIGNAL = _first(Signal.next_at, Signal.status == SignalStatus.WAITING)
