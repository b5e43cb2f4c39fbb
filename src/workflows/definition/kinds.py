"""How field types look to expressions."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition.model import Field, Process
from workflows.expression.kinds import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    LIST,
    NUMBER,
    PERIOD,
    PERSON,
    POSITION,
    TEXT,
    Kind,
)

_PLAIN: Mapping[str, Kind] = {
    "text": TEXT, "long_text": TEXT, "url": TEXT,
    "integer": NUMBER, "decimal": NUMBER, "money": NUMBER, "percent": NUMBER, "rating": NUMBER,
    "week": PERIOD, "month": PERIOD, "quarter": PERIOD, "year": PERIOD,
    "date": DATE, "datetime": DATETIME, "boolean": BOOLEAN, "person": PERSON, "people": LIST, "position": POSITION,
    "files": LIST, "scorecard": NUMBER, "lines": LIST,
}  # fmt: skip


def kind_of_type(type_: str, options: frozenset[str] | None, columns: Mapping[str, Kind]) -> Kind:
    """What an expression sees of a field: a choice is text out of `options`, a table rows with `columns`.

    A scorecard is its total, and of lines there are the indicators' keys.
    """
    if type_ == "choice":
        return Kind("text", options)
    if type_ == "choices":
        return Kind("list", options)
    if type_ == "table":
        return Kind("rows", None, columns)
    return _PLAIN.get(type_, TEXT)


def kind_of_parameter(type_: str, value: str) -> Kind:
    """What an expression sees of a parameter: working days are no time that could be reckoned with, but a word."""
    if type_ == "duration":
        return TEXT if value.strip().endswith("wd") else DURATION
    return kind_of_type(type_, None, {})


def assignable(given: Kind, wanted: Kind) -> bool:
    """Whether a value of kind `given` can stand where `wanted` is expected."""
    if given.name != wanted.name:
        return False
    return given.options is None or wanted.options is None or given.options <= wanted.options


def kinds_of(process: Process) -> dict[str, Kind]:
    """What expressions see of a process: its fields, its parameters and `starter`."""
    fields = {name: _of_field(field) for name, field in process.fields.items()}
    parameters = {name: kind_of_parameter(one.type, one.value) for name, one in process.parameters.items()}
    return {"starter": PERSON, **fields, **parameters}


def _of_field(field: Field) -> Kind:
    options = frozenset(choice.key for choice in field.choices) if field.choices else None
    return kind_of_type(field.type, options, {column.name: _of_field(column) for column in field.columns})
