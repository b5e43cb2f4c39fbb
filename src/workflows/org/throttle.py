"""Guessing is made slow, for one account and from one address, in the database: all processes count together.

Five tries are free, then each failure doubles the wait from one minute up to fifteen. Nobody is locked out for good: a stranger
who guesses costs the owner minutes, never the account (reliability.md S17).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Row, Select, delete, select, update
from sqlalchemy.orm import Session

from workflows.db import upsert
from workflows.org.accounts_tables import LoginAttempt

ACCOUNT: Final = "account"
ADDRESS: Final = "address"

FREE_TRIES: Final = {ACCOUNT: 5, ADDRESS: 50}  # a whole office may stand behind one address
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = {ACCOUNT: timedelta(hours=24), ADDRESS: timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the counters say. `blocked_until`: no try before; `left`: free tries for the account before the next wait."""

    blocked_until: datetime | None
    left: int


def fingerprint(typed: str) -> str:
    """What is stored of a typed account: some people type their password there."""
    return hashlib.sha256(typed.encode()).hexdigest()


def standing(session: Session, account: str, address: str, now: datetime) -> Standing:
    """Whether a try is allowed now. Takes the account's row until the transaction ends, so that tries made at the same moment
    follow each other and none slips by between asking and counting."""
    of_account = _take(session, ACCOUNT, account, now)
    of_address = session.execute(_counter(ADDRESS, address)).one_or_none()
    waits = [row.blocked_until for row in (of_account, of_address) if row and row.blocked_until]
    left = FREE_TRIES[ACCOUNT] - _failures(ACCOUNT, of_account, now)
    return Standing(max((wait for wait in waits if wait > now), default=None), max(left, 0))


def count_failure(session: Session, account: str, address: str, now: datetime) -> Standing:
    """Remember a wrong try; what the counters say from now on."""
    failures, wait = _count_one(session, ACCOUNT, account, now)
    _, wait_there = _count_one(session, ADDRESS, address, now)
    waits = [until for until in (wait, wait_there) if until]
    return Standing(max(waits, default=None), max(FREE_TRIES[ACCOUNT] - failures, 0))


def wait_after(failures: int, free: int) -> timedelta:
    """The wait after so many failures, `free` of them without one: 1, 2, 4, 8, 15, 15 … minutes."""
    doubled: int = 2 ** min(failures - free, 8)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def forget(session: Session, account: str) -> None:
    """The right password was given, or a new one set: the account's counter begins anew. An address's does not: whoever guesses
    could sign in with an account of their own in between."""
    session.execute(
        delete(LoginAttempt).where(LoginAttempt.kind == ACCOUNT, LoginAttempt.subject == fingerprint(account))
    )


def forget_old(session: Session, now: datetime) -> None:
    """Remove counters that count nothing any more; for the daily clean-up."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.last_at < now - max(FORGOTTEN_AFTER.values())))


def _count_one(session: Session, kind: str, subject: str, now: datetime) -> tuple[int, datetime | None]:
    failures = _failures(kind, _take(session, kind, subject, now), now) + 1
    free = FREE_TRIES[kind]
    blocked_until = now + wait_after(failures, free) if failures >= free else None
    session.execute(
        update(LoginAttempt)
        .where(LoginAttempt.kind == kind, LoginAttempt.subject == fingerprint(subject))
        .values(failures=failures, last_at=now, blocked_until=blocked_until)
    )
    return failures, blocked_until


def _take(session: Session, kind: str, subject: str, now: datetime) -> Row[int, datetime, datetime | None]:
    """The counter, made where there is none, and kept from others until the transaction ends."""
    new = upsert(session, LoginAttempt).values(kind=kind, subject=fingerprint(subject), failures=0, last_at=now)
    session.execute(new.on_conflict_do_nothing())
    return session.execute(_counter(kind, subject).with_for_update()).one()


def _counter(kind: str, subject: str) -> Select[int, datetime, datetime | None]:
    columns = (LoginAttempt.failures, LoginAttempt.last_at, LoginAttempt.blocked_until)
    return select(*columns).where(LoginAttempt.kind == kind, LoginAttempt.subject == fingerprint(subject))


def _failures(kind: str, row: Row[int, datetime, datetime | None], now: datetime) -> int:
    return row.failures if now - row.last_at < FORGOTTEN_AFTER[kind] else 0
