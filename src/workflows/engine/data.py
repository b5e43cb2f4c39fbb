"""A case's data between its two forms: stored JSON and what expressions compute with; and what rules make of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from workflows.definition.model import Field, Process
from workflows.expression import Expression, UnsetName, to_decimal
from workflows.org.organisation import Organisation

NUMBERS = frozenset({"integer", "decimal", "money", "percent", "rating"})
PLACES = {"integer": 0, "rating": 0, "money": 2, "percent": 4, "decimal": 6}
"""Decimal places of a computed value unless the field says otherwise."""


def typed(process: Process, data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields and parameters by name as expressions read them: numbers exact, dates as dates; None is unset."""
    values: dict[str, Any] = {name: typed_value(field, data.get(name)) for name, field in process.fields.items()}
    for name, parameter in process.parameters.items():
        values[name] = typed_value(Field(name, parameter.type, parameter.title), parameter.value)
    return values


def typed_value(field: Field, stored: Any) -> Any:
    """One stored value as expressions read it."""
    if stored is None:
        return None
    if field.type in NUMBERS:
        return Fraction(str(stored))
    if field.type == "date":
        return date.fromisoformat(stored)
    if field.type == "datetime":
        return datetime.fromisoformat(stored)
    if field.type == "boolean" and isinstance(stored, str):
        return stored == "true"
    if field.type == "table":
        columns = {column.name: column for column in field.columns}
        return tuple({n: typed_value(columns[n], row.get(n)) for n in columns} for row in stored)
    return tuple(stored) if isinstance(stored, list) else stored


def row_values(process: Process, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """One stored row of a table field as expressions read it."""
    return {column.name: typed_value(column, row.get(column.name)) for column in process.fields[table].columns}


def stored_value(field: Field, value: Any) -> Any:
    """A computed value as it is stored: numbers as text with the field's places, dates as ISO text."""
    if value is None:
        return None
    if isinstance(value, Fraction):
        places = PLACES.get(field.type, 6) if field.places is None else field.places
        number = to_decimal(value, places)
        return int(number) if field.type in {"integer", "rating"} else format(number, "f")
    return json_value(value)


def json_value(value: Any) -> Any:
    """A value of an expression as JSON, without a field to say how."""
    match value:
        case None | bool() | int() | str():
            return value
        case Fraction():
            return int(value) if value.denominator == 1 else format(to_decimal(value, 6).normalize(), "f")
        case date():
            return value.isoformat()
        case uuid.UUID():
            return value.hex
        case Mapping():
            return {name: json_value(item) for name, item in value.items()}
        case list() | tuple():
            return [json_value(item) for item in value]
    return str(value)


def assigned(process: Process, assign: Mapping[str, Expression], values: Mapping[str, Any]) -> dict[str, Any]:
    """What `set:` gives the fields of this process."""
    return {name: stored_value(process.fields[name], value_or_none(wanted, values)) for name, wanted in assign.items()}


def assigned_child(assign: Mapping[str, Expression], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a spawn hands to its child; the child's fields give it its final form when it is born."""
    return {name: json_value(value_or_none(wanted, values)) for name, wanted in assign.items()}


def evaluated(returns: Mapping[str, Expression], values: Mapping[str, Any]) -> dict[str, Any]:
    """What an end returns to the parent."""
    return assigned_child(returns, values)


def adopt(process: Process, handed: Mapping[str, Any]) -> dict[str, Any]:
    """Values handed over by another case or a schedule, in the form that this process's fields store."""
    known = {name: process.fields[name] for name in handed if name in process.fields}
    return {name: stored_value(field, typed_value(field, handed[name])) for name, field in known.items()}


def value_or_none(expression: Expression, values: Mapping[str, Any]) -> Any:
    """The value, or None where a name in it is unset."""
    try:
        return expression.evaluate(values)
    except UnsetName:
        return None


def formulas(process: Process, values: Callable[[], Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """(field, stored value) of each computed field in the order of the definition; `values` is asked anew for each."""
    for name, field in process.fields.items():
        if field.formula is not None:
            yield name, stored_value(field, value_or_none(field.formula, values()))


def defaults(process: Process) -> dict[str, Any]:
    """The stored values with which every case of this process begins."""
    found = {}
    for name, field in process.fields.items():
        if field.default is not None:
            found[name] = stored_value(field, typed_value(field, field.default))
    return found


def title(process: Process, data: Mapping[str, Any], organisation: Organisation) -> str:
    """How the case is called in lists, after the definition's `name`, at most 300 characters."""
    pieces = [_piece(process, piece, data, organisation) for piece in process.name]
    return "".join(pieces).strip()[:300] or process.title.zh


def _piece(process: Process, piece: str, data: Mapping[str, Any], organisation: Organisation) -> str:
    if not (piece.startswith("{") and piece.endswith("}")):
        return piece
    field = process.fields.get(piece[1:-1])
    return "" if field is None else readable(field, data.get(field.name), organisation)


def readable(field: Field, stored: Any, organisation: Organisation) -> str:
    """A stored value as one short Chinese text, for titles and exports."""
    if stored is None:
        return ""
    if isinstance(stored, list):
        return "、".join(readable(field, item, organisation) for item in stored if not isinstance(item, Mapping))
    if field.type in {"person", "people"}:
        return organisation.name_of(uuid.UUID(stored))
    if field.type in {"choice", "choices"}:
        return next((choice.title.zh for choice in field.choices if choice.key == stored), stored)
    if field.type == "boolean":
        return "是" if stored else "否"
    return str(stored)
