"""What the database has, in the shape of an import: so that the two can be compared value by value."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.org.importing.cells import Value
from workflows.org.organisation import ADMINISTRATOR, AUDITOR
from workflows.org.tables import Absence, DutyVersion, Person, PersonPosition, Position, Unit

Key = tuple[Value, ...]
Values = dict[str, Value]

# What a row has whose column was never given.
BLANKS: dict[str, Values] = {
    "units": {"parent": None, "lead": None},
    "positions": {},
    "people": {
        "staff_number": None,
        "email": None,
        "unit": None,
        "manager": None,
        "joined_on": None,
        "left_on": None,
        "roles": (),
        "language": "zh",
    },
    "assignments": {"appraised": False},
    "duties": {},
    "absences": {"deputy": None, "scope": (), "reason": None},
}


@dataclass(frozen=True, slots=True)
class Stored:
    """For each kind of sheet its rows by key. `ids`: of people by login; `active`: logins of those who work here."""

    rows: dict[str, dict[Key, Values]]
    ids: dict[str, uuid.UUID]
    active: frozenset[str]


def load_stored(session: Session) -> Stored:
    """Everything an import may change: six statements."""
    people = session.execute(select(*Person.__table__.columns)).all()
    logins: dict[uuid.UUID | None, str] = {row.id: row.login for row in people}
    rows: dict[str, dict[Key, Values]] = {
        "units": {
            (u.key,): {"zh": u.zh, "en": u.en, "parent": u.parent_key, "lead": logins.get(u.lead_id)}
            for u in session.execute(select(*Unit.__table__.columns))
        },
        "positions": {(p.key,): {"zh": p.zh, "en": p.en} for p in session.execute(select(*Position.__table__.columns))},
        "people": {(row.login,): _person(row, logins) for row in people},
        "assignments": {
            (logins[a.person_id], a.position_key, a.unit_key): {"appraised": a.appraised}
            for a in session.execute(select(*PersonPosition.__table__.columns))
        },
        "duties": {
            (d.position_key, d.valid_from): {"text": d.text}
            for d in session.execute(select(*DutyVersion.__table__.columns))
        },
        "absences": {
            (logins[a.person_id], a.first_day): {
                "last_day": a.last_day,
                "deputy": logins.get(a.deputy_id),
                "scope": tuple(a.scope),
                "reason": a.reason,
            }
            for a in session.execute(select(*Absence.__table__.columns))
        },
    }
    ids = {row.login: row.id for row in people}
    return Stored(rows, ids, frozenset(row.login for row in people if row.active))


def _person(row: Any, logins: dict[uuid.UUID | None, str]) -> Values:
    roles = {AUDITOR: row.auditor, ADMINISTRATOR: row.administrator}
    return {
        "name": row.name,
        "staff_number": row.staff_number,
        "email": row.email,
        "unit": row.unit_key,
        "manager": logins.get(row.manager_id),
        "joined_on": row.joined_on,
        "left_on": row.left_on,
        "roles": tuple(sorted(role for role, has in roles.items() if has)),
        "language": row.language,
    }
