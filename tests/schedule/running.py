"""Scheduler processes as an installation runs them, to be watched, stopped and killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from workflows.db import Database
from workflows.engine.tables import Heartbeat
from workflows.schedule.service import serve
from workflows.settings import Settings

LONGEST_WAIT = 120.0


class RunningScheduler:
    """`workflows scheduler` on a database, as a process."""

    def __init__(self, url: str, log: Path, **environment: str) -> None:
        self.log = log
        # Only this database, these settings: nothing of the tests' own surroundings.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        source = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
        settings = {"DATABASE_URL": url, "WORKFLOWS_DEMO": "1", **environment}
        with log.open("a") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workflows.cli", "scheduler"],
                env={**kept, **source, **settings},
                stderr=file,
                stdout=file,
            )

    @property
    def said(self) -> str:
        """All it has written so far."""
        return self.log.read_text(encoding="utf-8")

    def is_beating(self, database: Database) -> bool:
        """Whether its heartbeat row is there."""
        return _beats(database, self.process.pid)

    def kill(self) -> None:
        """`kill -9`: no time for anything."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LONGEST_WAIT)

    def __enter__(self) -> RunningScheduler:
        return self

    def __exit__(self, *_: Any) -> None:
        if self.process.poll() is None:
            self.kill()


class QuickScheduler:
    """The same scheduler in a process that starts at once: forked from one that has imported everything and done nothing."""

    _context = multiprocessing.get_context("forkserver")
    _context.set_forkserver_preload(["workflows.schedule.service"])

    def __init__(self, url: str) -> None:
        settings = Settings(database_url=url, demo=True)
        self.process = self._context.Process(target=serve, args=(settings,), daemon=True)
        self.process.start()

    def is_beating(self, database: Database) -> bool:
        """Whether its heartbeat row is there: from then on it can be asked to stop."""
        return _beats(database, self.process.pid)

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.join()

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        self.process.terminate()
        self.process.join(LONGEST_WAIT)

    def __enter__(self) -> QuickScheduler:
        return self

    def __exit__(self, *_: Any) -> None:
        if self.process.is_alive():
            self.kill()


def _beats(database: Database, process: int | None) -> bool:
    with database.read() as session:
        names = session.scalars(select(Heartbeat.name)).all()
    return any(name.endswith(f" {process}") for name in names)


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Look again and again until it has happened; `AssertionError` when it does not."""
    pause, end = threading.Event(), time.monotonic() + LONGEST_WAIT
    while not happened():
        assert time.monotonic() < end, f"{what} did not happen within {LONGEST_WAIT:g} s"
        pause.wait(0.02)
