"""Change single rows by a form, under the same rules as an import: one place knows what a good row is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from workflows.errors import InvalidInput, Text
from workflows.org.importing.applying import write
from workflows.org.importing.checking import check
from workflows.org.importing.columns import SheetKind
from workflows.org.importing.preview import Preview, compare
from workflows.org.importing.sheets import Reading, Sheet, SheetRow
from workflows.org.importing.stored import load_stored


def save_rows(
    session: Session, kind: SheetKind, rows: Sequence[Mapping[str, str]], today: date, now: datetime
) -> Preview:
    """Add or change rows as a form sent them: texts by the column's name (`columns.py`).

    A column no row has stays as it is, an empty text clears. All positions of a person go into one call.
    Raises `InvalidInput` with the faults by column name.
    """
    columns = frozenset(name for row in rows for name in row)
    unknown = columns - {column.name for column in kind.columns}
    if unknown:
        raise InvalidInput(
            fields={name: [Text("没有这个字段。", "There is no such field.")] for name in sorted(unknown)}
        )
    cells = [{name: row.get(name, "").strip() for name in (*kind.key, *columns)} for row in rows]
    sheet = Sheet(kind, kind.zh, columns, tuple(SheetRow(number, row) for number, row in enumerate(cells, start=1)))
    reading = Reading({kind.name: sheet})
    stored = load_stored(session)
    preview = compare(check(reading, stored, today), stored, reading)
    if preview.faults:
        raise InvalidInput(fields=_by_name(kind, preview))
    write(session, preview, stored, today, now)
    return preview


def _by_name(kind: SheetKind, preview: Preview) -> dict[str, list[Text]]:
    names = {column.heading: column.name for column in kind.columns}
    fields: dict[str, list[Text]] = {}
    for fault in preview.faults:
        fields.setdefault(names.get(fault.column, kind.key[0]), []).append(fault.text)
    return fields
