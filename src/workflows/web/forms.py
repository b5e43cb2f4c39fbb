"""The form of a task, an action or a start: stored values become typed texts, uploads become ids, mistakes find their field.

What was typed travels as a draft (`web.drafts`), so that rows of tables, files and long texts survive everything. A field of
files carries the ids of what was uploaded in hidden inputs of its own name beside the file input.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from flask import request, url_for
from sqlalchemy import or_, select
from werkzeug.datastructures import FileStorage

from workflows.definition.model import Field, People
from workflows.engine.tables import File
from workflows.engine.views.pages import FormField
from workflows.errors import InvalidInput, Text
from workflows.http import visit
from workflows.org.organisation import PersonId
from workflows.web import lines_typed
from workflows.web.casework import engine
from workflows.web.components import Attachment, Option
from workflows.web.fields import FieldView, Surroundings, Typed, field_views, read_typed, turn_rows
from workflows.web.language import language
from workflows.web.numbers import size
from workflows.web.words import Words

DROP_FILE: Final = "drop-file"
RECOUNT: Final = "recount"
"""The button of lines that keeps what is typed and counts it anew: `recount:disputed`."""
LISTS: Final = frozenset({"choices", "people", "files"})
Errors = Mapping[str, Sequence[Text]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form: the field it was chosen in, and its bytes."""

    field: str
    name: str
    media_type: str
    content: bytes


# ---- what the browser sent ---------------------------------------------------------------------------------------


def typed_form(fields: Sequence[Field]) -> Typed:
    """What was typed into these fields, and the ids of files uploaded before."""
    typed = read_typed(fields, request.form)
    for field in fields:
        if field.type == "files":
            typed[field.name] = [one for one in request.form.getlist(field.name) if _is_id(one)]
    return typed


def uploads(names: Iterable[str]) -> tuple[Upload, ...]:
    """The files this request brought for these inputs. Their bytes are read once and can be stored again after a retry."""
    return tuple(
        upload for name in names for one in request.files.getlist(name) if (upload := _upload(name, one)) is not None
    )


def file_names(fields: Iterable[Field]) -> list[str]:
    """The file inputs of these fields that this request brought: those of lines are called `disputed.sales.files`."""
    found: list[str] = []
    for field in fields:
        if field.type == "files":
            found.append(field.name)
        elif field.type == "lines":
            found += lines_typed.file_inputs(field.name, request.files)
    return found


def handed_in(fields: Iterable[Field], typed: Typed) -> Typed:
    """What goes to the engine: what was typed, without lines of which nothing was said.

    Raises `InvalidInput` for lines that were ticked and left empty: they would be dropped in silence.
    """
    lines = {field.name: field for field in fields if field.type == "lines"}
    empty = [f"{name}.{key}.reason" for name in lines for key in lines_typed.empty_ticks(lines[name], typed.get(name))]
    if empty:
        raise InvalidInput(
            fields={
                name: [Text("请写明理由，或者不勾这一项。", "Give the reason, or untick this line.")] for name in empty
            }
        )
    return {
        name: lines_typed.handed_in(lines[name], value) if name in lines else value for name, value in typed.items()
    }


def store(found: Iterable[Upload]) -> dict[str, list[uuid.UUID]]:
    """Store uploads as files of the reader; their ids by field. Raises `InvalidInput`, by field, for those that cannot be."""
    ids, refused = store_good(found)
    if refused:
        raise InvalidInput(fields=refused)
    return ids


def store_good(found: Iterable[Upload]) -> tuple[dict[str, list[uuid.UUID]], dict[str, list[Text]]]:
    """Store what can be stored: the ids by field, and what is to be said about the others, by field."""
    here = visit()
    ids: dict[str, list[uuid.UUID]] = {}
    refused: dict[str, list[Text]] = {}
    for upload in found:
        try:
            file = engine().upload(here.session, here.me.id, upload.name, upload.media_type, upload.content, here.now)
        except InvalidInput as error:
            refused.setdefault(upload.field, []).append(
                Text(f"{upload.name}：{error.zh}", f"{upload.name}: {error.en}")
            )
        else:
            ids.setdefault(upload.field, []).append(file)
    return ids, refused


def ids_of(name: str) -> tuple[uuid.UUID, ...]:
    """The files uploaded before that the form carries along in inputs of this name."""
    return tuple(uuid.UUID(one) for one in request.form.getlist(name) if _is_id(one))


def attachments_of(ids: Sequence[uuid.UUID]) -> tuple[tuple[str, str], ...]:
    """Files the reader has uploaded and not handed in yet: id and name."""
    mine = (File.id.in_(ids), File.uploaded_by == visit().me.id, File.case_id.is_(None))
    rows = visit().session.execute(select(File.id, File.name).where(*mine).order_by(File.id))
    return tuple((str(row.id), row.name) for row in rows)


def with_files(typed: Typed, stored: Mapping[str, Iterable[uuid.UUID]]) -> Typed:
    """What was typed, with newly stored files added to their fields, or to the line of a field that they are for."""
    found = dict(typed)
    for name, files in stored.items():
        field, line = _place_of_file(name)
        new = [str(file) for file in files]
        found[field] = lines_typed.with_file(found.get(field), line, new) if line else [*_texts(found.get(field)), *new]
    return found


def turned(typed: Typed, command: str) -> Typed:
    """Apply a button of the form itself: a table's row added or removed, or a file taken out."""
    verb, _, rest = command.partition(":")
    if verb != DROP_FILE:
        return turn_rows(typed, command)
    name, _, file = rest.partition(":")
    field, line = _place_of_file(name)
    if line:
        return {**typed, field: lines_typed.without_file(typed.get(field), line, file)}
    return {**typed, name: [one for one in _texts(typed.get(name)) if one != file]}


def anchor_of(command: str) -> str:
    """Where on the page the button stood, to come back to."""
    verb, _colon, rest = command.partition(":")
    name = rest.split(":")[0].replace(".", "-")
    if not name:
        return ""
    return f"f-{name}-total" if verb == RECOUNT else f"f-{name}"


def shown_typed(fields: Sequence[Field], typed: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What was typed, by title, to be read and copied where it cannot be handed in any more."""
    found = []
    for field in fields:
        value = typed.get(field.name)
        text = "\n".join(line for line in _lines_of(field, value) if line)
        if text:
            found.append((field.title.text(language()), text))
    return tuple(found)


# ---- what the page shows -----------------------------------------------------------------------------------------


def typed_of(fields: Iterable[FormField], words: Words) -> Typed:
    """Stored values as the texts somebody would have typed."""
    return {f.field.name: as_typed(f.field, f.value, words) for f in fields}


def as_typed(field: Field, value: Any, words: Words) -> Any:
    """One stored value as typed text: a list of texts for choices, people and files, rows for tables."""
    if field.type == "table":
        rows = value if isinstance(value, list) else []
        return [{c.name: as_typed(c, row.get(c.name), words) for c in field.columns} for row in rows]
    if field.type in LISTS:
        return _texts(value)
    if field.type == "lines":
        return lines_typed.typed_lines(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.type == "datetime":
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return f"{words.local(at):%Y-%m-%dT%H:%M}"
    return str(value)


def views(
    fields: Sequence[FormField],
    typed: Mapping[str, Any],
    words: Words,
    errors: Errors | None = None,
    case: uuid.UUID | None = None,
) -> tuple[FieldView, ...]:
    """The form's fields as the macros draw them, filled with what was typed and marked with what is wrong."""
    around = Surroundings(
        language=language(),
        today=words.today.isoformat(),
        people=people_options() if any(_names_people(f.field) for f in fields) else (),
        choosable=_choosable(f.field for f in fields),
        files=_files([f.field for f in fields], typed, case),
        quarters=_quarters(words.today),
        positions=_positions(),
    )
    drawn = field_views([f.field for f in fields], typed, around, errors)
    return tuple(
        replace(view, required=f.required, read_only=view.read_only or not f.editable)
        for view, f in zip(drawn, fields, strict=True)
    )


def files_of(views: Iterable[FieldView], typed: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Hidden inputs that carry the files uploaded before: name and id."""
    found: list[tuple[str, str]] = []
    for view in views:
        if view.kind == "files":
            found += [(view.name, file) for file in _texts(typed.get(view.name))]
        elif view.kind == "lines":
            found += lines_typed.carried(view.name, typed.get(view.name))
    return tuple(found)


def people_options(people: Iterable[PersonId] | None = None) -> tuple[Option, ...]:
    """Everybody active (or these), with their position, under their unit."""
    organisation = visit().organisation
    found = []
    for person in organisation.active if people is None else people:
        member = organisation.people[person]
        position = next((organisation.positions[key].title(language()) for key in member.positions), "")
        home = organisation.units.get(member.unit or "")
        unit = home.title(language()) if home else ""
        found.append(Option(str(person), f"{member.name} {position}".strip(), unit))
    return tuple(found)


def _positions() -> tuple[Option, ...]:
    """The positions of the company, in its own order."""
    return tuple(Option(one.key, one.title(language())) for one in visit().organisation.positions.values())


def _choosable(fields: Iterable[Field]) -> dict[str, tuple[Option, ...]]:
    """The people a field narrows to, where the organisation alone can say who they are; the engine asks again."""
    found = {}
    for field in fields:
        columns = field.columns if field.type == "table" else (field,)
        for one in columns:
            known = _known(one.people) if one.people else None
            if known is not None:
                found[one.name] = people_options(known)
    return found


def _known(people: People) -> tuple[PersonId, ...] | None:
    organisation = visit().organisation
    found: dict[PersonId, None] = {}
    for word in people.words:
        if word.parent or word.kind not in ("position", "unit", "lead_of", "auditors", "administrators", "everyone"):
            return None
        found.update(dict.fromkeys(organisation.people_of(f"{word.kind}:{word.arg}" if word.arg else word.kind)))
    return tuple(found)


def _names_people(field: Field) -> bool:
    return field.type in ("person", "people") or any(_names_people(column) for column in field.columns)


def _files(
    fields: Sequence[Field], typed: Mapping[str, Any], case: uuid.UUID | None
) -> dict[str, tuple[Attachment, ...]]:
    wanted = {
        f.name: [uuid.UUID(one) for one in _texts(typed.get(f.name)) if _is_id(one)]
        for f in fields
        if f.type == "files"
    }
    ids = [file for found in wanted.values() for file in found]
    if not ids:
        return {}
    mine = File.uploaded_by == visit().me.id
    rows = visit().session.execute(
        select(File.id, File.name, File.size).where(File.id.in_(ids), or_(mine, File.case_id == case) if case else mine)
    )
    known = {row.id: row for row in rows}
    return {
        name: tuple(
            Attachment(
                known[file].name,
                url_for("files.download", file_id=file),
                size(known[file].size),
                f"{DROP_FILE}:{name}:{file}",
            )
            for file in found
            if file in known
        )
        for name, found in wanted.items()
    }


def _quarters(today: date) -> tuple[Option, ...]:
    at = today.year * 4 + (today.month - 1) // 3
    return tuple(Option(f"{q // 4}-Q{q % 4 + 1}", f"{q // 4} Q{q % 4 + 1}") for q in range(at + 4, at - 9, -1))


def _upload(name: str, one: FileStorage) -> Upload | None:
    if not one.filename:
        return None
    one.stream.seek(0)
    return Upload(name, one.filename, one.mimetype or "application/octet-stream", one.stream.read())


def _lines_of(field: Field, value: Any) -> list[str]:
    """What was typed into a field as lines of text; files are kept by their ids and not said."""
    if field.type == "files":
        return []
    if field.type == "lines":
        return lines_typed.words_in(value)
    if field.type == "table" and value:
        return [" · ".join(v for v in row.values() if v) for row in value]
    return _texts(value)


def _place_of_file(name: str) -> tuple[str, str]:
    """The field a file input belongs to and, of lines, the line: `disputed.sales.files` is (disputed, sales)."""
    field, _dot, rest = name.partition(".")
    return (field, lines_typed.key_of(name)) if rest else (name, "")


def _texts(value: Any) -> list[str]:
    if value in (None, ""):
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
