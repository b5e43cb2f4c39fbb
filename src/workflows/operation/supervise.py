"""Start processes, start them again when they die, stop them all when asked to."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from urllib.error import URLError

import click

LOOK_EVERY = 0.25
"""Seconds between two looks at the children."""

HEALTHY_AFTER = 10.0
"""Seconds a child must live for its next death to count as the first."""

LONGEST_PAUSE = 30.0
GRACE = 35.0
"""Seconds for a child to finish what it is doing; gunicorn gives its requests 30."""

TRIES_AT_START = 3
"""A child that dies so often before it was ever healthy has a fault that starting again does not mend."""


class Child:
    """One process by its `name`, its command and its environment. It does not get the terminal's Ctrl-C, only our SIGTERM."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.deaths = 0
        self.was_healthy = False
        self.next_start = 0.0

    def start(self, now: float) -> None:
        """Start it; `now` in seconds of the monotonic clock, as everywhere here."""
        self.process = subprocess.Popen(self.command, env=self.environment, start_new_session=True)
        self.started = now

    def look(self, now: float) -> int | None:
        """The exit code when it has just died and is out of tries, else None; starts it again when its pause is over."""
        if self.process is None:
            if now >= self.next_start:
                self.start(now)
            return None
        code = self.process.poll()
        if code is None:
            self.was_healthy = self.was_healthy or now - self.started >= HEALTHY_AFTER
            return None
        return self._died(code, now)

    def _died(self, code: int, now: float) -> int | None:
        self.process = None
        self.deaths = 1 if now - self.started >= HEALTHY_AFTER else self.deaths + 1
        if not self.was_healthy and self.deaths >= TRIES_AT_START:
            return code
        pause = min(0.5 * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.next_start = now + pause
        click.echo(f"{self.name}: {code}, ↻ {pause:g} s", err=True)
        return None

    def terminate(self) -> None:
        """Ask it to finish."""
        if self.process is not None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end, not longer than `until`; then end it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Watches `children`; `health` is the address that answers once the web process can serve."""

    def __init__(self, children: Sequence[Child], health: str) -> None:
        self.children = children
        self.health = health
        self.stopping = threading.Event()

    def run(self, ready: Callable[[], None]) -> int:
        """Start all, call `ready` once when `health` answers, watch until SIGINT or SIGTERM; the exit code.

        0 after being asked to stop; a child's own exit code when it cannot be brought up.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            return self._watch(ready)
        finally:
            self._end_children()

    def _watch(self, ready: Callable[[], None]) -> int:
        announced = False
        while not self.stopping.is_set():
            for child in self.children:
                failed = child.look(time.monotonic())
                if failed is not None:
                    click.echo(f"{child.name}: {failed} ✗", err=True)
                    return failed if failed > 0 else 1
            if not announced and self._answers():
                announced = True
                ready()
            self.stopping.wait(LOOK_EVERY)
        return 0

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.health, timeout=1) as answer:  # noqa: S310 - always our own http address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _end_children(self) -> None:
        for child in self.children:
            child.terminate()
        until = time.monotonic() + GRACE
        for child in self.children:
            child.wait(until)
