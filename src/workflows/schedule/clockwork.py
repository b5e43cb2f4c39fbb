"""APScheduler, the bell: it rings each round at its interval, and remembers nothing.

Its job store loses and doubles jobs (design.md §6), so it gets none but memory, and no job of ours is ever written into it: a bell
that was late rings once (`coalesce`), one that is still ringing does not ring twice (`max_instances`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from workflows.schedule.steady import Steady


@dataclass(frozen=True, slots=True)
class Bell:
    """Ring these rounds every so many seconds."""

    every: float
    rounds: Steady


class Clockwork:
    """All bells of one scheduler, each in a thread of its own while it rings."""

    def __init__(self, bells: Sequence[Bell]) -> None:
        # A round that takes longer than its interval is no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(len(bells))},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        at_once = datetime.now(UTC)  # what became due while nobody rang does not wait for the first interval
        for bell in bells:
            self._scheduler.add_job(
                bell.rounds.ring, "interval", seconds=bell.every, id=bell.rounds.name, next_run_time=at_once
            )

    def start(self) -> None:
        """Ring from now on."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more, and wait for the rounds that are under way."""
        self._scheduler.shutdown(wait=True)
