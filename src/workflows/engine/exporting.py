"""One case with everything its history says, so that somebody else can check it without this program."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine import chain
from workflows.engine.tables import Case, Definition, Event, EventValue, File

METHOD = (
    "hash = SHA-256(prev_hash + canonical JSON of the fields listed in `covered`); values_digest = SHA-256(salt + canonical JSON of "
    "values). Canonical JSON: UTF-8, keys sorted, no blanks, no floats, text in form NFC."
)


def export_case(session: Session, case_id: uuid.UUID) -> dict[str, Any] | None:
    """The case as plain JSON values; None where there is none."""
    case = session.execute(select(Case.__table__).where(Case.id == case_id)).mappings().one_or_none()
    if case is None:
        return None
    definition = session.execute(
        select(Definition.version, Definition.digest).where(Definition.id == case["definition_id"])
    ).one()
    joined = select(Event.__table__, EventValue.salt, EventValue.values).outerjoin(
        EventValue, EventValue.event_id == Event.id
    )
    events = session.execute(joined.where(Event.case_id == case_id).order_by(Event.seq)).mappings()
    files = session.execute(
        select(File.__table__).where(File.case_id == case_id).order_by(File.uploaded_at, File.id)
    ).mappings()
    return {
        "method": METHOD,
        "covered": list(chain.COLUMNS),
        "definition": {"process": case["process"], "version": definition.version, "digest": definition.digest},
        "case": {name: chain.plain(value) for name, value in case.items() if name != "search"},
        "events": [{name: chain.plain(value) for name, value in event.items()} for event in events],
        "files": [{name: chain.plain(value) for name, value in file.items()} for file in files],
    }
