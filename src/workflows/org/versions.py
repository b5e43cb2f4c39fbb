"""Counters that say when something kept in memory has changed.

Every change of the organisation or the calendar calls `bump` in its own transaction. Readers ask once with `read_versions` and
hand the answer to both caches: one statement a request, nothing else while nothing changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.db import new_id, upsert
from workflows.org.tables import Version

ORGANISATION: Final = "organisation"
CALENDAR: Final = "calendar"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The state of one counter. Two stamps are equal only if nothing changed in between, roll-backs included."""

    number: int
    stamp: uuid.UUID | None


NEVER_CHANGED: Final = Stamp(0, None)


_COUNTERS: Any = Version.__table__.c
_ALL = select(_COUNTERS.name, _COUNTERS.number, _COUNTERS.stamp)


def read_versions(session: Session) -> Mapping[str, Stamp]:
    """All counters, in one statement. A counter that never moved is missing: read it with `.get(name, NEVER_CHANGED)`."""
    return {name: Stamp(number, stamp) for name, number, stamp in session.connection().execute(_ALL)}


def bump(session: Session, name: str) -> None:
    """Say that what `name` counts has changed; takes effect with the caller's commit.

    The row stays locked until then on PostgreSQL, so changes of one organisation follow each other.
    """
    new = upsert(session, Version).values(name=name, number=1, stamp=new_id())
    session.execute(
        new.on_conflict_do_update(
            index_elements=[Version.name],
            set_={"number": Version.number + 1, "stamp": new.excluded.stamp},
        )
    )
