"""What rules make of a case's data: fields that are set by expressions, handed over by other cases, shown as text."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from fractions import Fraction
from typing import Any

from workflows.definition.model import WHOLE, Field, Process
from workflows.definition.names import case_name
from workflows.definition.values.readers import read_cell
from workflows.definition.values.scalars import PLACES
from workflows.definition.values.typed import stored
from workflows.expression import Expression, UnsetName, to_decimal
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation


def assigned(process: Process, assign: Mapping[str, Expression], values: Mapping[str, Any]) -> dict[str, Any]:
    """What `set:` gives the fields of this process, as stored values."""
    return {name: stored(process.fields[name], value_or_none(wanted, values)) for name, wanted in assign.items()}


def evaluated(
    process: Process, assign: Mapping[str, Expression], values: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, Any]:
    """Values handed to another case (a child's `set`, an end's `return`) as JSON; its fields give them their final form.

    A scorecard, or what is said of one, is handed over whole (from `data`, the stored values) where its name stands alone.
    """
    return {name: _handed(process, wanted, values, data) for name, wanted in assign.items()}


def _handed(process: Process, wanted: Expression, values: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
    field = process.fields.get(wanted.source.strip())
    if field is not None and field.type in WHOLE:
        return data.get(field.name)
    return json_value(value_or_none(wanted, values))


def adopt(process: Process, handed: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    """Values handed over by another case or a schedule, as this process's fields store them; unknown names are left out."""
    known = {name: process.fields[name] for name in handed if name in process.fields}
    return {name: _adopted(field, handed[name], zone) for name, field in known.items()}


def _adopted(field: Field, value: Any, zone: tzinfo) -> Any:
    """A whole scorecard stays whole, and is its total for a number."""
    if field.type in WHOLE:
        return value
    if isinstance(value, Mapping):
        value = value.get("total")
    if field.type in PLACES and isinstance(value, str):
        value = _rounded(field, value)
    return read_cell(field, value, zone, required=False)


def _rounded(field: Field, value: str) -> str:
    """A number with no more places than the field takes, rounded half up; what is none is the reader's to refuse."""
    places = PLACES[field.type] if field.places is None else field.places
    if len(value.partition(".")[2]) <= places:
        return value
    try:
        return format(to_decimal(Fraction(value), places), "f")
    except ValueError:
        return value


def json_value(value: Any) -> Any:
    """A value of an expression as JSON."""
    match value:
        case None | bool() | int() | str():
            return value
        case Fraction():
            return int(value) if value.denominator == 1 else format(to_decimal(value, 6).normalize(), "f")
        case date():
            return value.isoformat()
        case uuid.UUID():
            return str(value)
        case Mapping():
            return {name: json_value(item) for name, item in value.items()}
        case list() | tuple():
            return [json_value(item) for item in value]
    return str(value)


def value_or_none(expression: Expression, values: Mapping[str, Any]) -> Any:
    """The value, or None where a name in it is unset."""
    try:
        return expression.evaluate(values)
    except UnsetName:
        return None


def defaults(process: Process, calendar: Calendar, starter: uuid.UUID | None, now: datetime) -> dict[str, Any]:
    """The stored values with which a case of this process begins; the day of a later form is that form's."""
    given = {
        name: default(field, calendar, starter, now)
        for name, field in process.fields.items()
        if field.default is not None and (not field.by_clock or name in process.start.form)
    }
    return {name: read_cell(process.fields[name], raw, calendar.zone, required=False) for name, raw in given.items()}


def default(field: Field, calendar: Calendar, starter: uuid.UUID | None, now: datetime) -> str | None:
    """What stands in a field beforehand when a form is shown, as it would be typed."""
    if field.by_starter:
        return str(starter) if starter is not None else None
    if field.by_clock:
        return calendar.day_of(now).isoformat() if field.type == "date" else now.isoformat(timespec="seconds")
    return field.default


def title(
    process: Process, data: Mapping[str, Any], organisation: Organisation, starter: uuid.UUID | None, number: str | None
) -> str:
    """How the case is called in lists, after the definition's `name`."""
    words = {"starter": organisation.name_of(starter), "number": number or ""}
    return case_name(
        process,
        data,
        lambda person: organisation.name_of(uuid.UUID(person)),
        lambda position: position_title(organisation, position),
        **words,
    )


def position_title(organisation: Organisation, key: str) -> str:
    """A position in Chinese; its key where the company does not have it any more."""
    position = organisation.positions.get(key)
    return position.zh if position is not None else key
