"""Whether open timers have been reckoned by the calendar as it is now.

The calendar changes when the company's table does, and when a new release of the holidays package knows another year. What it was
reckoned by stands in the database, so that a restart reckons nothing twice.
"""

from __future__ import annotations

import uuid
from functools import cache
from importlib.metadata import version

from sqlalchemy.orm import Session

from workflows.db import upsert
from workflows.org.tables import Version
from workflows.org.versions import CALENDAR, NEVER_CHANGED, read_versions

RECKONED = "calendar reckoned"
_NAMES = uuid.UUID("6f1c3a52-5b0e-4d7e-9a53-3d2f1f0c8a11")


def calendar_now(session: Session) -> uuid.UUID:
    """What names the calendar as it is: the company's table and the arrangement the package knows."""
    stamp = read_versions(session).get(CALENDAR, NEVER_CHANGED)
    return uuid.uuid5(_NAMES, f"{stamp.stamp} {_arrangement()}")


@cache
def _arrangement() -> str:
    """The package's version; asked of its files once, for it cannot change while it is loaded."""
    return version("holidays")


def is_reckoned(session: Session, calendar: uuid.UUID) -> bool:
    """Whether timers stand by this calendar."""
    known = read_versions(session).get(RECKONED)
    return known is not None and known.stamp == calendar


def mark_reckoned(session: Session, calendar: uuid.UUID) -> None:
    """Say that they do."""
    row = upsert(session, Version).values(name=RECKONED, number=1, stamp=calendar)
    again = {"number": Version.number + 1, "stamp": row.excluded.stamp}
    session.execute(row.on_conflict_do_update(index_elements=[Version.name], set_=again))
