"""The present of the tests, and a clock that only a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 20, 2, 24, tzinfo=UTC)
"""Friday 10:24 in Shanghai."""


class Clock:
    """What the service takes for the present."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """So much later: `hours=13`, as `timedelta` takes it."""
        self.now += timedelta(**by)
