"""A loop that survives everything: one failing round is told, rested from, and tried again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from workflows.errors import WorkflowsError

log = structlog.get_logger("workflows.schedule")
LONGEST_REST = 30.0
"""Seconds."""


class Steady:
    """Runs one kind of rounds whenever it is rung: again and again while a round finds work, at most until `stopping`.

    After a failure it rests 1, 2, 4 … seconds, at most 30; being rung meanwhile does nothing.
    """

    def __init__(self, name: str, work: Callable[[], int], stopping: threading.Event) -> None:
        self.name = name
        self._work = work
        self._stopping = stopping
        self._failures = 0
        self._rests_until = 0.0

    def ring(self) -> None:
        """Work until nothing is left. Never raises."""
        if time.monotonic() < self._rests_until:
            return
        try:
            while not self._stopping.is_set() and self._work():
                self._recovered()
            self._recovered()
        except WorkflowsError as error:
            self._rest()
            log.warning("round put off", round=self.name, reason=str(error), rest=self._pause())
        except Exception:
            self._rest()
            log.exception("round failed", round=self.name, rest=self._pause())

    def _recovered(self) -> None:
        if self._failures:
            log.info("round works again", round=self.name, failures=self._failures)
        self._failures = 0

    def _rest(self) -> None:
        self._failures += 1
        self._rests_until = time.monotonic() + self._pause()

    def _pause(self) -> float:
        return min(2.0 ** (self._failures - 1), LONGEST_REST)
