"""Build the organisation from its tables, and keep it until it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from workflows.org.organisation import (
    ADMINISTRATOR,
    AUDITOR,
    AbsencePeriod,
    Member,
    Organisation,
    PersonId,
    PositionEntry,
    UnitEntry,
)
from workflows.org.tables import Absence, Person, PersonPosition, Position, Unit
from workflows.org.versions import NEVER_CHANGED, ORGANISATION, Stamp, read_versions

_PERSON_COLUMNS = (
    Person.id,
    Person.login,
    Person.name,
    Person.email,
    Person.active,
    Person.unit_key,
    Person.manager_id,
    Person.auditor,
    Person.administrator,
    Person.language,
    Person.joined_on,
    Person.left_on,
)


def load_organisation(session: Session, stamp: Stamp | None = None) -> Organisation:
    """The organisation as the session sees it: five statements, six where the caller does not hand in the version."""
    known = stamp if stamp is not None else read_versions(session).get(ORGANISATION, NEVER_CHANGED)
    held: defaultdict[PersonId, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_assignments()):
        held[row.person_id].append(row)
    people = {row.id: _member(row, held.get(row.id, [])) for row in session.execute(select(*_PERSON_COLUMNS))}
    units = session.execute(select(Unit.key, Unit.zh, Unit.en, Unit.parent_key, Unit.lead_id).order_by(Unit.sort))
    positions = session.execute(select(Position.key, Position.zh, Position.en).order_by(Position.sort))
    return Organisation(
        version=known.number,
        people=MappingProxyType(people),
        units=MappingProxyType({u.key: UnitEntry(*u) for u in units}),
        positions=MappingProxyType({p.key: PositionEntry(*p) for p in positions}),
        absences=_absences(session),
    )


class OrganisationCache:
    """One process's copy of the organisation. `get` costs one small read while nothing has changed, and none where the
    caller hands in what `read_versions` said."""

    def __init__(self) -> None:
        self._kept: tuple[Stamp, Organisation] | None = None

    def get(self, session: Session, versions: Mapping[str, Stamp] | None = None) -> Organisation:
        """The organisation as of now in this transaction."""
        # The version is read first: rows that change in between are read anew next time, never kept under a newer version.
        stamp = (read_versions(session) if versions is None else versions).get(ORGANISATION, NEVER_CHANGED)
        kept = self._kept
        if kept is not None and kept[0] == stamp:
            return kept[1]
        organisation = load_organisation(session, stamp)
        self._kept = (stamp, organisation)
        return organisation


def _assignments() -> Any:
    columns = (
        PersonPosition.person_id,
        PersonPosition.position_key,
        PersonPosition.unit_key,
        PersonPosition.appraised,
    )
    joined = select(*columns).join(Position, Position.key == PersonPosition.position_key)
    return joined.order_by(PersonPosition.appraised.desc(), Position.sort)


def _member(row: Any, held: list[Row[Any]]) -> Member:
    roles = {AUDITOR: row.auditor, ADMINISTRATOR: row.administrator}
    return Member(
        id=row.id,
        login=row.login,
        name=row.name,
        email=row.email,
        active=row.active,
        unit=row.unit_key,
        units=tuple(dict.fromkeys(h.unit_key for h in held)),
        positions=tuple(dict.fromkeys(h.position_key for h in held)),
        appraised_position=next((h.position_key for h in held if h.appraised), None),
        manager=row.manager_id,
        roles=frozenset(role for role, has in roles.items() if has),
        language=row.language,
        left_on=row.left_on,
        joined_on=row.joined_on,
    )


def _absences(session: Session) -> Mapping[PersonId, tuple[AbsencePeriod, ...]]:
    columns = (Absence.person_id, Absence.deputy_id, Absence.first_day, Absence.last_day, Absence.scope)
    by_person: defaultdict[PersonId, list[AbsencePeriod]] = defaultdict(list)
    for person, deputy, first, last, scope in session.execute(select(*columns).order_by(Absence.first_day)):
        by_person[person].append(AbsencePeriod(person, deputy, first, last, frozenset(scope)))
    return MappingProxyType({person: tuple(periods) for person, periods in by_person.items()})
