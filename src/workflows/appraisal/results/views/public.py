"""公示: what the department sees of published results for the window, and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.results.reading import newest, summaries
from workflows.appraisal.results.rights import may_read
from workflows.appraisal.results.tables import Result
from workflows.engine.tables import Case
from workflows.errors import Text
from workflows.org.organisation import Organisation

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One person on public view: name, position, total (two places), and until when (aware, UTC). `notice`: what the process that
    published it says to the department."""

    period: str
    name: str
    position: Text
    total: Decimal
    until: datetime
    notice: str = ""


NOTICE = "notice"
"""The field of the publishing process whose words go with the list."""


def public_list(session: Session, organisation: Organisation, viewer: PersonId, now: datetime) -> tuple[PublicRow, ...]:
    """Results on public view now, newest month first, then by login. Three statements.

    The viewer sees those of their own department (the topmost unit in common) and those they may read anyway.
    """
    shown = summaries(session, newest(Result.kind == "month", Result.public_until >= now, Result.published_at <= now))
    mine = departments(organisation, viewer)
    seen = [
        one
        for one in shown
        if mine & departments(organisation, one.subject) or may_read(organisation, viewer, one.subject)
    ]
    notices = _notices(session, [one.case for one in seen])
    seen.sort(key=lambda one: organisation.person(one.subject).login)
    seen.sort(key=lambda one: one.period, reverse=True)
    return tuple(
        PublicRow(
            one.period,
            organisation.name_of(one.subject),
            position_title(organisation, one.card_key),
            one.total,
            one.public_until or now,
            notices.get(one.case, ""),
        )
        for one in seen
    )


def _notices(session: Session, cases: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What the case that published each of these says to the department, where it says something."""
    if not cases:
        return {}
    parents = dict(session.execute(select(Case.id, Case.parent_id).where(Case.id.in_(cases))).all())
    data = session.execute(select(Case.id, Case.data).where(Case.id.in_({one for one in parents.values() if one})))
    said = {parent: str(values.get(NOTICE) or "") for parent, values in data}
    return {case: said[parent] for case, parent in parents.items() if parent in said}


def departments(organisation: Organisation, person: PersonId) -> frozenset[str]:
    """The topmost units a person belongs to; none for somebody who left."""
    member = organisation.people.get(person)
    if member is None or not member.active:
        return frozenset()
    units = organisation.units_of(person)
    return frozenset(unit for unit in units if (entry := organisation.units.get(unit)) is None or entry.parent is None)


def position_title(organisation: Organisation, key: str | None) -> Text:
    """A position's title in both languages; its key where the position is gone."""
    entry = organisation.positions.get(key or "")
    return Text(entry.zh, entry.en) if entry is not None else Text(key or "", key or "")
