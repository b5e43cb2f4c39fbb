"""Closed months: once a person's result of a month is published, nothing that it rests on is changed any more."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.results.tables import Result

MOST_ASKED = 500
"""Up to so many people are asked for by name; more are picked out of everybody's."""


def closed(session: Session, month: str, people: Collection[uuid.UUID] | None = None) -> frozenset[uuid.UUID]:
    """Who (of `people`, else of all) has a published result of the month `2026-11`: their figures of it are refused."""
    chosen = select(Result.subject_id).where(Result.kind == "month", Result.period == month, Result.version == 1)
    if people is not None and len(people) <= MOST_ASKED:
        chosen = chosen.where(Result.subject_id.in_(people))
    found = frozenset(session.scalars(chosen))
    return found if people is None else found & frozenset(people)
