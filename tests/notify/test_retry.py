"""How long a failed mail waits."""

from __future__ import annotations

import uuid
from datetime import timedelta

from workflows.notify.retry import FIRST_PAUSE, LONGEST_PAUSE, MAIL_PATIENCE, pause_after

JOB = uuid.UUID("01920000-0000-7000-8000-000000000001")


def test_pauses_double_from_half_a_minute_up_to_six_hours() -> None:
    pauses = [pause_after(attempt, JOB) for attempt in range(1, 31)]
    for attempt, pause in enumerate(pauses, 1):
        plain = min(FIRST_PAUSE * (1 << (attempt - 1)), LONGEST_PAUSE)
        assert plain <= pause <= min(plain * 5 / 4, LONGEST_PAUSE), attempt
    assert pauses[-1] == LONGEST_PAUSE


def test_jobs_that_failed_together_come_back_apart_and_always_at_the_same_time() -> None:
    jobs = [uuid.UUID(int=JOB.int + number) for number in range(100)]
    assert len({pause_after(3, job) for job in jobs}) > 90
    assert [pause_after(3, job) for job in jobs] == [pause_after(3, job) for job in jobs]


def test_three_days_hold_about_twenty_tries() -> None:
    waited, attempt = timedelta(), 0
    while waited < MAIL_PATIENCE:
        attempt += 1
        waited += pause_after(attempt, JOB)
    assert 15 <= attempt <= 25
