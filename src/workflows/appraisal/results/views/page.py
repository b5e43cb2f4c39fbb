"""A person's result of a month: every version with its explanation, the way it came, and what may still be done about it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.cards.value import Stored, read
from workflows.appraisal.figures.lookup import measured
from workflows.appraisal.results import access
from workflows.appraisal.results.reading import Summary, Version, versions
from workflows.appraisal.results.rights import no_such_result, require_reader
from workflows.appraisal.results.views.appealing import Appeal, Window, appeal_of, window_of
from workflows.appraisal.results.views.processes import recording
from workflows.appraisal.results.views.public import position_title
from workflows.appraisal.results.views.waived import Waiver, waivers
from workflows.engine.reading import case_for
from workflows.engine.scene import Scene
from workflows.engine.tables import Case
from workflows.engine.views.pages import TrackStep
from workflows.engine.views.track import steps
from workflows.errors import Text
from workflows.org.organisation import Organisation
from workflows.org.versions import read_versions
from workflows.scoring.grades import Grade
from workflows.scoring.model import Scorecard
from workflows.scoring.score import CardScore

PersonId = uuid.UUID

COMMENT = "comment"
"""The field in which the manager comments."""


@dataclass(frozen=True, slots=True)
class PageVersion:
    """One version of the result. `value`: the scorecard as it was frozen; `score`: computed from it, with every line's explanation.

    `bonus`: what it pays, CNY; None while the base is not known.
    """

    summary: Summary
    card: Scorecard
    value: Stored
    score: CardScore
    grade: Grade
    bonus: Decimal | None


@dataclass(frozen=True, slots=True)
class LastReading:
    """Somebody else read it, at an aware UTC time."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A month. `versions`: oldest first, the last holds; empty before publication, when only the steps are shown.

    `state`: where the appraisal stands; `window`: until when it may be appealed; `appeal`: the newest one; `readers`: names of the
    managers who may read it, besides the employee, human resources and auditors; times aware, UTC; `base`: the base of the bonus;
    `waiver`: why there is and will be no result, None where there is or may be one.
    """

    subject: PersonId
    name: str
    position: Text
    period: str
    case: uuid.UUID
    number: str | None
    state: str
    state_title: Text
    ended_at: datetime | None
    versions: tuple[PageVersion, ...]
    steps: tuple[TrackStep, ...]
    comment: str | None
    window: Window | None
    appeal: Appeal | None
    base: Decimal | None
    readers: tuple[str, ...]
    last_readings: tuple[LastReading, ...]
    waiver: Waiver | None = None

    @property
    def newest(self) -> PageVersion | None:
        """The version that holds; None before publication."""
        return self.versions[-1] if self.versions else None


def result_page(
    session: Session, around: Surroundings, scene: Scene, viewer: PersonId, subject: PersonId, period: str
) -> ResultPage:
    """The result of `period` (`2026-11`). A fixed number of statements.

    Raises `NotFound` for who may not read it, and where there is no appraisal of the month.
    """
    organisation = scene.organisation
    require_reader(organisation, viewer, subject)
    found = versions(session, "month", subject, period)
    seen = case_for(session, scene, found[-1].summary.case if found else _case(session, around, subject, period))
    appeal = appeal_of(session, around.processes(session), scene, seen.row.id)
    base = _base(session, around, organisation, subject, period)
    cases = [seen.row.id, *([appeal.case] if appeal is not None else [])]
    return ResultPage(
        subject=subject, name=organisation.name_of(subject),
        position=position_title(organisation, _position(organisation, subject, found)), period=period, case=seen.row.id,
        number=seen.row.number, state=seen.row.state, state_title=seen.run.state.title, ended_at=seen.row.ended_at,
        versions=tuple(_version(session, around, one, base) for one in found), steps=steps(seen.run, (), 0),
        comment=seen.row.data.get(COMMENT) if found else None, window=window_of(session, seen, appeal), appeal=appeal, base=base,
        readers=tuple(organisation.name_of(person) for person in organisation.managers_of(subject)),
        last_readings=_readings(session, organisation, subject, cases),
        waiver=waivers(session, scene, [seen.row.id]).get(seen.row.id) if seen.row.ended and not found else None,
    )  # fmt: skip


def _version(session: Session, around: Surroundings, one: Version, base: Decimal | None) -> PageVersion:
    filled = read(one.detail["value"])
    card = around.store.get(session, filled.key, filled.version).card
    grades = around.store.grades(session, one.summary.period)
    bonus = None if base is None else grades.bonus(base, one.summary.total)
    return PageVersion(
        one.summary, card, one.detail["value"], filled.score(card, grades), grades.grade_of(one.summary.total), bonus
    )


def _case(session: Session, around: Surroundings, subject: PersonId, period: str) -> uuid.UUID:
    """The appraisal of a month that is not published yet."""
    chosen = select(Case.id).where(
        Case.subject_id == subject,
        Case.process.in_(recording(around.processes(session), "month")),
        Case.data["period"].as_string() == period,
    )
    found = session.scalars(chosen.order_by(Case.id.desc()).limit(1)).first()
    if found is None:
        raise no_such_result()
    return found


def _base(
    session: Session, around: Surroundings, organisation: Organisation, subject: PersonId, period: str
) -> Decimal | None:
    known = read_versions(session)
    name = around.store.grades(session, period, known).bonus_rule.base
    catalogue = around.store.catalogue(session, known)
    found = measured(session, organisation, [subject], period, [name], catalogue)[subject]
    return found[name].value if name in found else None


def _position(organisation: Organisation, subject: PersonId, found: tuple[Version, ...]) -> str | None:
    return found[-1].summary.card_key if found else organisation.person(subject).appraised_position


def _readings(
    session: Session, organisation: Organisation, subject: PersonId, cases: Iterable[uuid.UUID]
) -> tuple[LastReading, ...]:
    readings = access.last_readings(session, list(cases))
    return tuple(LastReading(organisation.name_of(one.by), one.at) for one in readings if one.by != subject)
