"""What the scheduler does at one moment, done at once."""

from __future__ import annotations

from datetime import datetime

from workflows.db import Database
from workflows.engine.engine import Engine


def tick(database: Database, engine: Engine, now: datetime) -> int:
    """Ring and deliver everything that is due, and what follows from it, until nothing is left; how many steps that took.

    No schedule begins anything.
    """
    done = 0
    while True:
        with database.read() as session:
            timers, signals = engine.due_timers(session, now), engine.waiting_signals(session, now)
        if not timers and not signals:
            return done
        for timer in timers:
            with database.write() as session:
                done += engine.ring(session, timer, now)
        for signal in signals:
            with database.write() as session:
                done += engine.deliver(session, signal, now)
