"""`workflows scheduler`: lock, look, ring until asked to stop."""

from __future__ import annotations

import signal
import threading
import time
from datetime import UTC, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from workflows.appraisal.wiring import Appraisal
from workflows.db import Database
from workflows.engine.tables import Heartbeat
from workflows.errors import ConfigurationError
from workflows.notify.tables import Mail
from workflows.schedule.clockwork import Bell, Clockwork
from workflows.schedule.heartbeat import BEAT_EVERY, beat, my_name, stop_beating
from workflows.schedule.housekeeping import clean
from workflows.schedule.jobs import transact
from workflows.schedule.lock import only_scheduler
from workflows.schedule.logs import write_json_lines
from workflows.schedule.mails import Postman
from workflows.schedule.rounds import Rounds
from workflows.schedule.steady import Steady
from workflows.settings import Settings

log = structlog.get_logger("workflows.schedule")
GRACE = 5.0
"""Seconds a mail server gets to answer when the scheduler is asked to stop; what it does not answer is in doubt."""
SILENCE = 120.0
"""Seconds without a sign of its own clock after which a scheduler gives up, to be started again."""


class Service:
    """One running scheduler."""

    def __init__(self, settings: Settings) -> None:
        self._stopping = threading.Event()
        self._database = Database(settings.database_url, role="scheduler")
        engine = Appraisal(settings).engine
        self._rounds = Rounds(self._database, engine)
        self._postman = Postman(self._database, engine, settings)
        self._last_sign = time.monotonic()

    def run(self) -> int:
        """Ring until `stop` is called; 0, or 1 when the clock inside stood still."""
        refuse_other_schema(self._database)
        clockwork = Clockwork(self._bells())
        clockwork.start()
        log.info("scheduler started", name=my_name())
        alive = self._watch()
        self._wind_down(clockwork)
        return 0 if alive else 1

    def stop(self) -> None:
        """Finish what is under way and end."""
        self._stopping.set()

    def _bells(self) -> list[Bell]:
        rounds = self._rounds
        every = {
            "heartbeat": (BEAT_EVERY, self._beat),
            "timers": (1, lambda: rounds.timers(_now())),
            "signals": (1, lambda: rounds.signals(_now())),
            "mails": (2, lambda: self._postman.round(_now)),
            "schedules": (5, lambda: rounds.schedules(_now())),
            "calendar": (10, lambda: rounds.calendar(_now())),
            "figure starts": (2, lambda: rounds.figure_starts(_now())),
            "figures": (300, lambda: rounds.figures(_now())),
            "people": (60, lambda: rounds.people(_now())),
            "housekeeping": (3600, self._clean),
        }
        return [Bell(seconds, Steady(name, work, self._stopping)) for name, (seconds, work) in every.items()]

    def _beat(self) -> int:
        self._last_sign = time.monotonic()
        transact(self._database, lambda session: beat(session, my_name(), _now()))
        return 0

    def _clean(self) -> int:
        return transact(self._database, lambda session: clean(session, _now()))

    def _watch(self) -> bool:
        """Wait for the end; False when the bells have fallen silent."""
        while not self._stopping.wait(BEAT_EVERY):
            if time.monotonic() - self._last_sign > SILENCE:
                log.error("the clock stands still; ending, to be started again")
                self._stopping.set()
                return False
        return True

    def _wind_down(self, clockwork: Clockwork) -> None:
        impatience = threading.Timer(GRACE, self._postman.hang_up)
        impatience.start()
        clockwork.stop()
        impatience.cancel()
        transact(self._database, lambda session: stop_beating(session, my_name()))
        self._database.dispose()
        log.info("scheduler stopped", name=my_name())


def serve(settings: Settings) -> int:
    """Run a scheduler until SIGTERM or Ctrl-C; its exit code.

    Raises `ConfigurationError` for unsafe settings, a second scheduler on SQLite or another schema, `Unavailable` when the
    database does not answer at the start. Later failures are survived.
    """
    settings.refuse_unsafe()
    write_json_lines()
    with only_scheduler(settings.database_url):
        service = Service(settings)
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, lambda _number, _frame: service.stop())
        return service.run()


def refuse_other_schema(database: Database) -> None:
    """Raise `ConfigurationError` where the tables of this program are not there."""
    try:
        with database.read() as session:
            session.execute(select(Heartbeat.at).limit(1))
            session.execute(select(Mail).limit(1))
    except DBAPIError as error:
        raise ConfigurationError(
            "数据库里没有这个版本需要的表。请先执行：workflows db upgrade",
            "The database does not have the tables of this version. First run: workflows db upgrade",
        ) from error


def _now() -> datetime:
    return datetime.now(UTC)
