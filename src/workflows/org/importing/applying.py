"""Write a preview into the tables: in batches, in the order in which rows name each other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.errors import RejectedImport, Text
from workflows.org.importing.checking import check
from workflows.org.importing.preview import Change, Preview, compare
from workflows.org.importing.sheets import Fault, read_files
from workflows.org.importing.stored import Stored, Values, load_stored
from workflows.org.organisation import ADMINISTRATOR, AUDITOR
from workflows.org.people import retire_leavers
from workflows.org.tables import Absence, DutyVersion, Person, PersonPosition, Position, Unit
from workflows.org.versions import ORGANISATION, bump

Rows = list[dict[str, Any]]


def preview_import(session: Session, files: Sequence[tuple[str, bytes]], today: date) -> Preview:
    """What importing these files, given as (name, content), would change; nothing is written. `today`: the company's day."""
    return _prepare(session, files, today)[0]


def import_organisation(session: Session, files: Sequence[tuple[str, bytes]], today: date, now: datetime) -> Preview:
    """Import all of it or nothing, and say what changed. A second time changes nothing more.

    People that the files do not name are left alone; a `left` day that has come ends their sessions at once.
    Raises `RejectedImport` with every fault, by file, row and column.
    """
    preview, stored = _prepare(session, files, today)
    if preview.faults:
        raise rejected(preview)
    write(session, preview, stored, today, now)
    return preview


def write(session: Session, preview: Preview, stored: Stored, today: date, now: datetime) -> None:
    """Do what a preview without faults says, in the order in which rows name each other."""
    if preview.empty:
        return
    ids = dict(stored.ids)
    _write_positions(session, preview)
    _write_units(session, preview)
    _write_people(session, preview, ids, now)
    _write_links(session, preview, ids)
    _write_assignments(session, preview, ids)
    _write_duties(session, preview, now)
    _write_absences(session, preview, ids, now)
    session.expire_all()
    retire_leavers(session, today, now)
    bump(session, ORGANISATION)


def rejected(preview: Preview) -> RejectedImport:
    """The refusal of an import with faults, all of them in `rows`."""
    count, first = len(preview.faults), preview.faults[0].sentence
    return RejectedImport(
        zh=f"没有导入任何内容：有 {count} 处错误。第一处：{first.zh}",
        en=f"Nothing was imported: {count} {'fault' if count == 1 else 'faults'}. The first: {first.en}",
        rows=[(fault.row, fault.column, _in_file(fault)) for fault in preview.faults],
    )


def _in_file(fault: Fault) -> Text:
    return Text(f"{fault.file}：{fault.text.zh}", f"{fault.file}: {fault.text.en}") if fault.file else fault.text


def _prepare(session: Session, files: Sequence[tuple[str, bytes]], today: date) -> tuple[Preview, Stored]:
    reading = read_files(files)
    stored = load_stored(session)
    return compare(check(reading, stored, today), stored, reading), stored


def _write_positions(session: Session, preview: Preview) -> None:
    order = _next_sort(session, Position)
    added = [c for c in preview.added if c.kind == "positions"]
    _insert(session, Position, [{"key": c.key[0], **_kept(c), "sort": order + i} for i, c in enumerate(added)])
    _update(session, Position, [{"key": c.key[0], **_kept(c)} for c in preview.changed if c.kind == "positions"])


def _write_units(session: Session, preview: Preview) -> None:
    """Names first; parents and leads follow once all rows they name are there."""
    order = _next_sort(session, Unit)
    added = [c for c in preview.added if c.kind == "units"]
    rows = [{"key": c.key[0], "sort": order + i, **_only(_kept(c), "zh", "en")} for i, c in enumerate(added)]
    _insert(session, Unit, rows)
    changed = [c for c in preview.changed if c.kind == "units"]
    _update(session, Unit, [{"key": c.key[0], **_only(_kept(c), "zh", "en")} for c in changed])


def _write_people(session: Session, preview: Preview, ids: dict[str, uuid.UUID], now: datetime) -> None:
    new: Rows = []
    for change in (c for c in preview.added if c.kind == "people"):
        login = str(change.key[0])
        ids[login] = new_id()
        new.append({"id": ids[login], "login": login, "created_at": now, **_person_columns(_kept(change))})
    changed = [c for c in preview.changed if c.kind == "people"]
    # Two people may swap an address: both are freed before either is given.
    freed = [{"id": ids[str(c.key[0])], "email": None, "staff_number": None} for c in changed]
    _update(session, Person, freed)
    _update(session, Person, [{"id": ids[str(c.key[0])], **_person_columns(_kept(c))} for c in changed])
    _insert(session, Person, new)


def _write_links(session: Session, preview: Preview, ids: dict[str, uuid.UUID]) -> None:
    people = [c for c in (*preview.added, *preview.changed) if c.kind == "people"]
    managers = [{"id": ids[str(c.key[0])], "manager_id": _id(_kept(c).get("manager"), ids)} for c in people]
    _update(session, Person, managers)
    units = [(c.key[0], _kept(c)) for c in (*preview.added, *preview.changed) if c.kind == "units"]
    links = [{"key": key, "parent_key": v.get("parent"), "lead_id": _id(v.get("lead"), ids)} for key, v in units]
    _update(session, Unit, links)


def _write_assignments(session: Session, preview: Preview, ids: dict[str, uuid.UUID]) -> None:
    """What goes, what is no longer appraised, what is new, what becomes appraised: in this order a person never has two appraised
    positions, not even midway."""
    changed = [c for c in preview.changed if c.kind == "assignments"]
    for change in (c for c in preview.removed if c.kind == "assignments"):
        session.execute(delete(PersonPosition).where(*_assignment(change, ids)))
    _flag(session, [c for c in changed if not _kept(c)["appraised"]], ids)
    _insert(
        session,
        PersonPosition,
        [
            {
                "id": new_id(),
                "person_id": ids[str(c.key[0])],
                "position_key": c.key[1],
                "unit_key": c.key[2],
                **_kept(c),
            }
            for c in preview.added
            if c.kind == "assignments"
        ],
    )
    _flag(session, [c for c in changed if _kept(c)["appraised"]], ids)


def _flag(session: Session, changes: Sequence[Change], ids: dict[str, uuid.UUID]) -> None:
    for change in changes:
        session.execute(update(PersonPosition).where(*_assignment(change, ids)).values(**_kept(change)))


def _assignment(change: Change, ids: dict[str, uuid.UUID]) -> tuple[Any, ...]:
    return (
        PersonPosition.person_id == ids[str(change.key[0])],
        PersonPosition.position_key == change.key[1],
        PersonPosition.unit_key == change.key[2],
    )


def _write_duties(session: Session, preview: Preview, now: datetime) -> None:
    for change in preview.changed:
        if change.kind == "duties":
            which = (DutyVersion.position_key == change.key[0], DutyVersion.valid_from == change.key[1])
            session.execute(update(DutyVersion).where(*which).values(**_kept(change)))
    added = [c for c in preview.added if c.kind == "duties"]
    rows = [
        {"id": new_id(), "position_key": c.key[0], "valid_from": c.key[1], "created_at": now, **_kept(c)} for c in added
    ]
    _insert(session, DutyVersion, rows)


def _write_absences(session: Session, preview: Preview, ids: dict[str, uuid.UUID], now: datetime) -> None:
    for change in preview.changed:
        if change.kind == "absences":
            which = (Absence.person_id == ids[str(change.key[0])], Absence.first_day == change.key[1])
            session.execute(update(Absence).where(*which).values(**_absence_columns(_kept(change), ids)))
    added = [c for c in preview.added if c.kind == "absences"]
    rows = [
        {
            "id": new_id(),
            "person_id": ids[str(c.key[0])],
            "first_day": c.key[1],
            "created_at": now,
            **_absence_columns(_kept(c), ids),
        }
        for c in added
    ]
    _insert(session, Absence, rows)


def _person_columns(values: Values) -> dict[str, Any]:
    roles = values.get("roles")
    named = roles if isinstance(roles, tuple) else ()
    return {
        **_only(values, "name", "staff_number", "email", "joined_on", "left_on", "language"),
        "unit_key": values.get("unit"),
        "auditor": AUDITOR in named,
        "administrator": ADMINISTRATOR in named,
        # Whoever leaves is let go by `retire_leavers`, which ends their sessions as well; whoever comes back works here again.
        "active": True,
    }


def _absence_columns(values: Values, ids: dict[str, uuid.UUID]) -> dict[str, Any]:
    scope = values.get("scope")
    columns = _only(values, "last_day", "reason")
    return {
        **columns,
        "deputy_id": _id(values.get("deputy"), ids),
        "scope": list(scope) if isinstance(scope, tuple) else [],
    }


def _kept(change: Change) -> Values:
    return change.after or {}


def _only(values: Values, *names: str) -> dict[str, Any]:
    return {name: values.get(name) for name in names}


def _id(login: object, ids: dict[str, uuid.UUID]) -> uuid.UUID | None:
    return ids[login] if isinstance(login, str) else None


def _next_sort(session: Session, table: type[Unit] | type[Position]) -> int:
    return max(session.scalars(select(table.sort)), default=-1) + 1


def _insert(session: Session, table: type[Any], rows: Rows) -> None:
    if rows:
        session.execute(insert(table), rows)


def _update(session: Session, table: type[Any], rows: Rows) -> None:
    if rows:
        session.execute(update(table), rows)
