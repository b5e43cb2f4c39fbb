"""The source `year`: a year composed of its months (requirements.md §4: the mean of the year's monthly scores, months employed only)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.results.reading import Summary, newest, summaries
from workflows.appraisal.results.tables import Result
from workflows.appraisal.results.views.processes import recording
from workflows.definition.periods import parse
from workflows.engine.scene import FillRequest
from workflows.engine.tables import Case
from workflows.errors import InvalidInput, Text
from workflows.expression import to_decimal
from workflows.org.organisation import Member
from workflows.org.versions import read_versions

MONTHS = 12
PLACES = 2


@dataclass(frozen=True, slots=True)
class Year:
    """A person's year. `months`: those with a published result; `open_months`: appraised, not published yet; `employed`: how many months
    the person worked here on at least one day."""

    months: tuple[Summary, ...]
    open_months: tuple[str, ...]
    employed: int

    @property
    def score(self) -> Decimal | None:
        """The mean of the months there are, two places, half up; None while there is none."""
        if not self.months:
            return None
        return to_decimal(sum((Fraction(one.total) for one in self.months), Fraction(0)) / len(self.months), PLACES)


def fill_year(around: Surroundings, session: Session, request: FillRequest) -> dict[str, Any]:
    """`months`, `months_employed`, `months_scored`, `mean` (as `score` where nobody corrects it) and `excellent_before` of the year.

    A month without any appraisal does not count; one that is appraised and not published yet keeps a submission back
    (`InvalidInput`): a year is never composed around a hole.
    """
    if request.subject is None or not request.data.get("period"):
        return {}
    year = str(request.data["period"])
    found = _year(around, session, request.subject, year)
    if request.handed_in is not None:
        _require_whole(found)
    return {
        "months": [{"month": one.period, "score": str(one.total), "grade": one.grade} for one in found.months],
        "months_employed": found.employed,
        "months_scored": len(found.months),
        "mean": None if found.score is None else str(found.score),
        "score": None if found.score is None else str(found.score),
        "excellent_before": _excellent_before(around, session, request.subject, year),
    }


def _year(around: Surroundings, session: Session, subject: uuid.UUID, year: str) -> Year:
    versions = read_versions(session)
    member = around.organisations.get(session, versions).person(subject)
    employed = [month for month in _months(year) if _works_in(member, month)]
    conditions = (Result.kind == "month", Result.subject_id == subject, Result.period.in_(employed))
    found = sorted(summaries(session, newest(*conditions)), key=lambda one: one.period)
    known = {one.period for one in found}
    waiting = [
        month for month in _under_appraisal(around, session, subject) if month in employed and month not in known
    ]
    return Year(tuple(found), tuple(sorted(waiting)), len(employed))


def _under_appraisal(around: Surroundings, session: Session, subject: uuid.UUID) -> set[str]:
    """Months of the person's appraisals that have not ended: processes that record a month's result."""
    appraising = recording(around.processes(session), "month")
    chosen = select(Case.data["period"].as_string()).where(
        Case.subject_id == subject, Case.process.in_(appraising), Case.ended_at.is_(None)
    )
    return set(session.scalars(chosen))


def _require_whole(found: Year) -> None:
    if found.open_months:
        named = "、".join(found.open_months), ", ".join(found.open_months)
        raise InvalidInput(
            fields={
                "months": [
                    Text(
                        f"{named[0]} 的月度考核还没有公示，全年成绩要等它。",
                        f"The appraisal of {named[1]} is not published yet: the year waits for it.",
                    )
                ]
            }
        )
    if not found.months:
        raise InvalidInput(
            fields={
                "months": [
                    Text(
                        "这一年没有公示过月度结果，没有可以平均的。",
                        "No month of this year was published: there is no mean.",
                    )
                ]
            }
        )


def _excellent_before(around: Surroundings, session: Session, subject: uuid.UUID, year: str) -> int:
    """How many years directly before this one had the best grade, without a gap."""
    conditions = (Result.kind == "year", Result.subject_id == subject, Result.period < year)
    grades = {one.period: one.grade for one in summaries(session, newest(*conditions))}
    count = 0
    before = parse(year, "year").previous
    while (grade := grades.get(str(before))) is not None and grade == _best(around, session, str(before)):
        count, before = count + 1, before.previous
    return count


def _best(around: Surroundings, session: Session, year: str) -> str:
    return around.store.grades(session, f"{year}-01").grades[0].key


def _months(year: str) -> list[str]:
    return [f"{year}-{month:02d}" for month in range(1, MONTHS + 1)]


def _works_in(member: Member, month: str) -> bool:
    """Whether the person worked here on a day of the month."""
    period = parse(month, "month")
    joined, left = member.joined_on or date.min, member.left_on or date.max
    return joined <= period.last_day and left >= period.first_day
