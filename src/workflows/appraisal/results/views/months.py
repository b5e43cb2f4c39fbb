"""A person's results over the months and years."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from workflows.appraisal.results.reading import Summary, Version, newest, summaries, versions
from workflows.appraisal.results.rights import require_reader
from workflows.appraisal.results.tables import Result
from workflows.definition.periods import parse
from workflows.expression import to_decimal
from workflows.org.organisation import Organisation

PersonId = uuid.UUID
PLACES = 2
"""Decimal places of totals and their mean."""


@dataclass(frozen=True, slots=True)
class MonthMark:
    """One month of a trend; `total` None: no published result."""

    period: str
    total: Decimal | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Consecutive months, oldest first; `mean` of those that have a result (two places, half up), `difference` of the last to
    the month before it."""

    months: tuple[MonthMark, ...]
    mean: Decimal | None
    difference: Decimal | None


def months_of(session: Session, organisation: Organisation, viewer: PersonId, subject: PersonId) -> tuple[Summary, ...]:
    """Every month with a published result, newest first: one statement. Raises `NotFound` for who may not read it."""
    return _all(session, organisation, viewer, subject, "month")


def years_of(session: Session, organisation: Organisation, viewer: PersonId, subject: PersonId) -> tuple[Summary, ...]:
    """Every year with a published result, newest first: one statement. Raises `NotFound` for who may not read it."""
    return _all(session, organisation, viewer, subject, "year")


def year_versions(
    session: Session, organisation: Organisation, viewer: PersonId, subject: PersonId, year: str
) -> tuple[Version, ...]:
    """Every version of a year, oldest first, with its months: one statement. Raises `NotFound` for who may not read it."""
    require_reader(organisation, viewer, subject)
    return versions(session, "year", subject, year)


def trend(
    session: Session, organisation: Organisation, viewer: PersonId, subject: PersonId, until: str, months: int = 12
) -> Trend:
    """The `months` months up to and including `until` (`2026-11`): one statement.

    Raises `NotFound` for who may not read it, `InvalidInput` for what is no month.
    """
    require_reader(organisation, viewer, subject)
    periods = months_back(until, months)
    conditions = (Result.kind == "month", Result.subject_id == subject, Result.period.in_(periods))
    found = {one.period: one for one in summaries(session, newest(*conditions))}
    marks = tuple(_mark(period, found) for period in reversed(periods))
    totals = [mark.total for mark in marks if mark.total is not None]
    last, before = marks[-1].total, marks[-2].total if len(marks) > 1 else None
    return Trend(marks, mean(totals), last - before if last is not None and before is not None else None)


def months_back(until: str, count: int) -> tuple[str, ...]:
    """`count` months that end with `until`, newest first. Raises `InvalidInput` for what is no month."""
    period = parse(until, "month")
    found = [str(period)]
    for _ in range(count - 1):
        period = period.previous
        found.append(str(period))
    return tuple(found)


def mean(totals: list[Decimal]) -> Decimal | None:
    """The mean, exact inside, rounded half up to two places at the end; None of nothing."""
    if not totals:
        return None
    return to_decimal(sum((Fraction(total) for total in totals), Fraction(0)) / len(totals), PLACES)


def _mark(period: str, found: Mapping[str, Summary]) -> MonthMark:
    one = found.get(period)
    return MonthMark(period, one.total if one else None, one.grade if one else None)


def _all(
    session: Session, organisation: Organisation, viewer: PersonId, subject: PersonId, kind: str
) -> tuple[Summary, ...]:
    require_reader(organisation, viewer, subject)
    chosen = newest(Result.kind == kind, Result.subject_id == subject).order_by(Result.period.desc())
    return summaries(session, chosen)
