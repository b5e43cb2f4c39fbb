"""Which months are closed: a person's result has been published, so that their figures of the month are frozen in it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.results.closed import closed


def closed_months(
    session: Session, people: Collection[PersonId], months: Collection[str]
) -> frozenset[tuple[PersonId, str]]:
    """Those of the people and months (`2026-11`) whose result has been published; one statement a month."""
    if not people:
        return frozenset()
    return frozenset((person, month) for month in months for person in closed(session, month, people))
