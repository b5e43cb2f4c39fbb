"""公示: what the department sees of published results for the window, and nothing else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from workflows.appraisal.results.reading import newest, summaries
from workflows.appraisal.results.rights import may_read
from workflows.appraisal.results.tables import Result
from workflows.errors import Text
from workflows.org.organisation import Organisation

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One person on public view: name, position, total (two places), and until when (aware, UTC)."""

    period: str
    name: str
    position: Text
    total: Decimal
    until: datetime


def public_list(session: Session, organisation: Organisation, viewer: PersonId, now: datetime) -> tuple[PublicRow, ...]:
    """Results on public view now, newest month first, then by login. One statement.

    The viewer sees those of their own department (the topmost unit in common) and those they may read anyway.
    """
    shown = summaries(session, newest(Result.kind == "month", Result.public_until >= now, Result.published_at <= now))
    mine = departments(organisation, viewer)
    seen = [
        one
        for one in shown
        if mine & departments(organisation, one.subject) or may_read(organisation, viewer, one.subject)
    ]
    seen.sort(key=lambda one: organisation.person(one.subject).login)
    seen.sort(key=lambda one: one.period, reverse=True)
    return tuple(
        PublicRow(
            one.period,
            organisation.name_of(one.subject),
            position_title(organisation, one.card_key),
            one.total,
            one.public_until or now,
        )
        for one in seen
    )


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
