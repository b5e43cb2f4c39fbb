"""Accounts of the sample company: everybody has the same, public password. For demos and rehearsals only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflows.org.passwords import hash_password
from workflows.org.tables import Person

SAMPLE_PASSWORD = "workflows-demo"  # noqa: S105 - printed on the demo's sign-in page on purpose


def open_accounts(session: Session, now: datetime) -> None:
    """Give everybody without a password the sample one. Hashing once is enough: it is no secret."""
    session.execute(
        update(Person)
        .where(Person.password_hash.is_(None))
        .values(password_hash=hash_password(SAMPLE_PASSWORD), password_changed_at=now, must_change_password=False)
    )
