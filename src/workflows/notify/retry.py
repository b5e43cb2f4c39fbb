"""How long to wait before trying again. Pure: no clock, no chance, so that a rehearsed year repeats itself."""

from __future__ import annotations

import uuid
from datetime import timedelta

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
MAIL_PATIENCE = timedelta(hours=72)
"""A mail that no server took for so long is given up (reliability.md §2.9)."""
DOUBT_PAUSE = timedelta(minutes=15)
"""A mail in doubt is sent once more after this time."""


def pause_after(attempt: int, job: uuid.UUID) -> timedelta:
    """The pause after the `attempt`-th failure (from 1): 30 s, doubled each time, at most 6 h.

    Up to a quarter is added, taken from the job's id: jobs that failed together do not come back together.
    """
    doublings = min(max(attempt, 1) - 1, 20)
    plain = min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
    spread = (job.int + attempt * 0x9E3779B97F4A7C15) % 1000
    return min(plain + plain * spread / 4000, LONGEST_PAUSE)
