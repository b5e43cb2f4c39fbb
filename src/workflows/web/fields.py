"""Fields of a process on a form: what was typed comes in, views for the `field` macro go out, nothing typed is lost.

*Typed* values are exactly what the browser sent, by field name: a text, a list of texts (choices, people), or a list of
rows (tables; a row is a dict of texts). They are what drafts keep; checking and converting them is the engine's part.
A table's inputs are called `items.0.title`; its rows come and go by the form's own buttons `_row=add:items` and
`_row=drop:items:1`, so it works without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from workflows.definition.model import TODAY, WHOLE, Field
from workflows.errors import Text
from workflows.web.components import Attachment, Option, Problem
from workflows.web.lines_typed import read_lines
from workflows.web.lines_view import LinesView

Typed = dict[str, Any]
MOST_ROWS = 200
_LISTS = frozenset({"choices", "people"})


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as the `field` macro draws it. `kind` is the definition's type; `value`/`values` are typed texts; `lines`: of a
    field of that type, as `web.lines` draws it."""

    name: str
    kind: str
    label: str
    required: bool = False
    help: str = ""
    unit: str = ""
    value: str = ""
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    errors: tuple[str, ...] = ()
    columns: tuple[FieldView, ...] = ()
    rows: tuple[tuple[FieldView, ...], ...] = ()
    files: tuple[Attachment, ...] = ()
    max_length: int = 0
    least: str = ""
    """Of a date: the first day that may be chosen."""
    most: str = ""
    read_only: bool = False
    lines: LinesView | None = None

    @property
    def id(self) -> str:
        """The input's id in the page; error summaries jump to it."""
        return f"f-{self.name.replace('.', '-')}"


# ---- what the browser sent ---------------------------------------------------------------------------------------


def read_typed(fields: Iterable[Field], form: MultiDict[str, str]) -> Typed:
    """What was typed into these fields, nothing else: names the form did not ask for are left out.

    Line ends become \\n. A field that the form did not carry is absent; an empty one is "" (or []).
    """
    typed: Typed = {}
    for field in fields:
        if field.type == "table":
            typed[field.name] = _read_rows(field, form)
        elif field.type in _LISTS:
            typed[field.name] = [value for value in form.getlist(field.name) if value]
        elif field.type == "lines":
            typed[field.name] = read_lines(field.name, form)
        elif field.type != "files" and field.name in form:
            typed[field.name] = _lines(form[field.name])
    return typed


def unknown_names(fields: Iterable[Field], form: MultiDict[str, str], known: frozenset[str]) -> list[str]:
    """Names that the form carried and nobody asked for (mass assignment): refuse them. `known` are the page's own."""
    asked = {field.name for field in fields}
    return sorted(name for name in form if name not in known and name.split(".", 1)[0] not in asked)


def turn_rows(typed: Typed, command: str) -> Typed:
    """Apply `add:TABLE` or `drop:TABLE:NUMBER` (rows counted from 1) to what was typed; anything else changes nothing."""
    verb, _, rest = command.partition(":")
    name, _, number = rest.partition(":")
    rows = typed.get(name)
    if not isinstance(rows, list):
        return typed
    if verb == "add" and len(rows) < MOST_ROWS:
        return {**typed, name: [*rows, {}]}
    if verb == "drop" and number.isdecimal() and 1 <= int(number) <= len(rows):
        return {**typed, name: [row for at, row in enumerate(rows, 1) if at != int(number)]}
    return typed


def _read_rows(field: Field, form: MultiDict[str, str]) -> list[dict[str, str]]:
    numbers: set[int] = set()
    for name in form:
        table, _, rest = name.partition(".")
        number = rest.partition(".")[0]
        if table == field.name and number.isdecimal() and len(number) <= 4:
            numbers.add(int(number))
    names = [column.name for column in field.columns]
    return [
        {name: _lines(form.get(f"{field.name}.{number}.{name}", "")) for name in names}
        for number in sorted(numbers)[:MOST_ROWS]
    ]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ---- what the page shows -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What views of fields need besides the definition: the reader's language, who can be chosen, the files there are.

    `people`: options of every active person; `choosable`: by field name where the definition narrows it;
    `files`: by field name; `quarters`: what a quarter field offers; `positions`: those of the company; `today`: in its zone.
    """

    language: str
    people: tuple[Option, ...] = ()
    choosable: Mapping[str, tuple[Option, ...]] | None = None
    files: Mapping[str, tuple[Attachment, ...]] | None = None
    quarters: tuple[Option, ...] = ()
    positions: tuple[Option, ...] = ()
    today: str = ""


def field_views(
    fields: Iterable[Field],
    typed: Mapping[str, Any],
    around: Surroundings,
    errors: Mapping[str, Sequence[Text]] | None = None,
) -> tuple[FieldView, ...]:
    """The views of these fields, in order, filled with what was typed and marked with what is wrong.

    `errors` as in `InvalidInput.fields`; a table's cell is called `items.0.title` (rows from 0).
    """
    return tuple(_view(field, field.name, typed.get(field.name), around, errors or {}) for field in fields)


def problems(views: Iterable[FieldView]) -> tuple[Problem, ...]:
    """The lines of the error summary, in the order of the form."""
    found: list[Problem] = []
    for view in views:
        found += [Problem(view.label, error, view.id) for error in view.errors]
        found += view.lines.problems() if view.lines is not None else ()
        for number, row in enumerate(view.rows, 1):
            found += [Problem(f"{view.label} {number}, {cell.label}", e, cell.id) for cell in row for e in cell.errors]
    return tuple(found)


def _view(field: Field, name: str, typed: Any, around: Surroundings, errors: Mapping[str, Sequence[Text]]) -> FieldView:
    view = FieldView(
        name=name,
        kind=field.type,
        label=field.title.text(around.language),
        required=field.required,
        help=field.help.text(around.language) if field.help else "",
        unit=_unit(field, around.language),
        options=_options(field, around),
        errors=tuple(message.text(around.language) for message in errors.get(name, ())),
        max_length=field.max_length or 0,
        least=_day(field.min, around) if field.type == "date" else "",
        most=_day(field.max, around) if field.type == "date" else "",
        read_only=field.formula is not None,
    )
    if field.type == "table":
        return replace(view, columns=_columns(field, around), rows=_rows(field, name, typed or (), around, errors))
    if field.type in _LISTS:
        return replace(view, values=tuple(typed or ()))
    if field.type in WHOLE:
        return view
    if field.type == "files":
        return replace(view, files=(around.files or {}).get(field.name, ()))
    return replace(view, value="" if typed is None else str(typed))


def _columns(field: Field, around: Surroundings) -> tuple[FieldView, ...]:
    return tuple(_view(column, column.name, None, around, {}) for column in field.columns)


def _rows(
    field: Field,
    name: str,
    typed: Sequence[Mapping[str, Any]],
    around: Surroundings,
    errors: Mapping[str, Sequence[Text]],
) -> tuple[tuple[FieldView, ...], ...]:
    return tuple(
        tuple(_view(c, f"{name}.{at}.{c.name}", row.get(c.name), around, errors) for c in field.columns)
        for at, row in enumerate(typed)
    )


def _day(bound: str | None, around: Surroundings) -> str:
    return around.today if bound == TODAY else bound or ""


def _unit(field: Field, language: str) -> str:
    if field.unit:
        return field.unit.text(language)
    return {"money": "¥", "percent": "%"}.get(field.type, "")


def _options(field: Field, around: Surroundings) -> tuple[Option, ...]:
    if field.type in ("choice", "choices"):
        return tuple(Option(choice.key, choice.title.text(around.language)) for choice in field.choices)
    if field.type in ("person", "people"):
        return (around.choosable or {}).get(field.name, around.people)
    if field.type == "position":
        return around.positions
    if field.type == "rating":
        low, high = int(field.min or "1"), int(field.max or "5")
        return tuple(Option(str(n), str(n)) for n in range(low, high + 1)) if high - low < 5 else ()
    return around.quarters if field.type == "quarter" else ()
