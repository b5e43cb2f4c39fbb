"""The month's bonuses for finance: base × score ÷ 100, everybody's, with what is still open."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.figures.lookup import measured
from workflows.appraisal.results.reading import Summary, all_versions
from workflows.appraisal.results.rights import require_staff
from workflows.appraisal.results.views.appealing import open_appeals
from workflows.appraisal.results.views.public import position_title
from workflows.errors import Text
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation
from workflows.org.tables import Person
from workflows.org.versions import read_versions
from workflows.scoring.grades import Grades

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class BonusVersion:
    """One version of a result with what it pays; `bonus` None where the base is not known; `day`: when it was published, in the
    company's zone."""

    version: int
    total: Decimal
    bonus: Decimal | None
    reason: str | None
    day: date


@dataclass(frozen=True, slots=True)
class BonusRow:
    """One person. `versions`: oldest first, the last holds; `disputed`: an appeal is open, pay waits for it.

    Money in CNY, two places. `pays` None while the base is missing or an appeal is open.
    """

    subject: PersonId
    login: str
    name: str
    staff_number: str | None
    position: Text
    unit: Text
    base: Decimal | None
    versions: tuple[BonusVersion, ...]
    disputed: bool

    @property
    def pays(self) -> Decimal | None:
        """What is paid now."""
        return None if self.disputed else self.versions[-1].bonus

    @property
    def corrected(self) -> BonusVersion | None:
        """The version that holds, where it corrects the first."""
        return self.versions[-1] if len(self.versions) > 1 else None

    @property
    def difference(self) -> Decimal | None:
        """How much more (less: negative) the corrected version pays than the first; None without a correction or a base."""
        first, last = self.versions[0].bonus, self.versions[-1].bonus
        return None if self.corrected is None or first is None or last is None else last - first


@dataclass(frozen=True, slots=True)
class BonusList:
    """A month's list, by login. `total`: the sum of what is paid; `waiting` and `without_base`: how many are not in it; `least`: the
    score below which nothing is paid."""

    period: str
    rows: tuple[BonusRow, ...]
    total: Decimal
    waiting: int
    without_base: int
    least: Decimal

    @property
    def paid(self) -> int:
        """How many people get something."""
        return sum(1 for row in self.rows if row.pays)

    @property
    def unpaid(self) -> int:
        """How many people get nothing for their score."""
        return sum(1 for row in self.rows if row.pays == 0)


def bonus_list(session: Session, around: Surroundings, viewer: PersonId, period: str) -> BonusList:
    """Everybody with a published result of the month. A fixed number of statements.

    Raises `NotAllowed` for who is neither of human resources nor an auditor.
    """
    require_staff(around.organisations.get(session), viewer)
    return bonuses(session, around, period)


def bonuses(session: Session, around: Surroundings, period: str) -> BonusList:
    """The list, without asking who wants it: for the source `bonus`, whose task the engine gave to somebody."""
    versions = read_versions(session)
    organisation, grades = around.organisations.get(session, versions), around.store.grades(session, period, versions)
    results = all_versions(session, "month", period)
    base = grades.bonus_rule.base
    catalogue = around.store.catalogue(session, versions)
    bases = {
        person: found[base].value
        for person, found in measured(session, organisation, list(results), period, [base], catalogue).items()
        if base in found
    }
    open_cases = open_appeals(session, around.processes(session), period)
    numbers, calendar = _numbers(session), around.calendars.get(session, versions)
    rows = [
        _row(
            organisation,
            _versions(grades, calendar, bases.get(person), found),
            found[-1],
            bases.get(person),
            numbers.get(person),
            person in open_cases,
        )
        for person, found in results.items()
    ]
    rows.sort(key=lambda row: row.login)
    return BonusList(
        period,
        tuple(rows),
        sum((row.pays for row in rows if row.pays is not None), Decimal("0.00")),
        sum(1 for row in rows if row.disputed),
        sum(1 for row in rows if row.base is None),
        grades.bonus_rule.least,
    )


def _row(
    organisation: Organisation,
    versions: tuple[BonusVersion, ...],
    last: Summary,
    base: Decimal | None,
    number: str | None,
    waiting: bool,
) -> BonusRow:
    member = organisation.person(last.subject)
    unit = organisation.units.get(member.unit or "")
    return BonusRow(
        member.id, member.login, member.name, number, position_title(organisation, last.card_key),
        Text(unit.zh, unit.en) if unit is not None else Text("", ""), base, versions, waiting,
    )  # fmt: skip


def _versions(
    grades: Grades, calendar: Calendar, base: Decimal | None, found: tuple[Summary, ...]
) -> tuple[BonusVersion, ...]:
    return tuple(
        BonusVersion(
            one.version,
            one.total,
            None if base is None else grades.bonus(base, one.total),
            one.reason,
            calendar.day_of(one.published_at),
        )
        for one in found
    )


def _numbers(session: Session) -> Mapping[PersonId, str]:
    chosen = select(Person.id, Person.staff_number).where(Person.staff_number.is_not(None))
    return {person: number for person, number in session.execute(chosen) if number is not None}
