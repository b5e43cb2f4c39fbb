"""Stored values as expressions and moments read them, and the fields that are computed from others."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from workflows.definition.model import Field, ParameterType, Process
from workflows.definition.moment_text import parse_duration, time_of
from workflows.definition.values.scalars import PLACES
from workflows.expression import Expression, ExpressionError, Value, to_decimal, value_of

_EXACT = ("decimal", "money", "percent")


def typed(
    process: Process,
    data: Mapping[str, Any],
    *,
    parameters: Mapping[str, str] | None = None,
    starter: str | None = None,
) -> dict[str, Value]:
    """All fields (None where unset) and parameters of a case as values of expressions.

    Numbers become Fraction, dates date, points in time aware datetime, tables tuples of rows; people, choices and periods
    stay texts, a scorecard is its total (None while it has none), lines a tuple of indicators. `parameters`: the company's own values (as text) by name, instead of the definition's. `starter`: the id of
    whoever started the case.
    """
    values: dict[str, Value] = {name: _value(field, data.get(name)) for name, field in process.fields.items()}
    for name, parameter in process.parameters.items():
        values[name] = _parameter(parameter.type, (parameters or {}).get(name, parameter.value))
    values["starter"] = starter
    return values


def row_values(process: Process, table: str, row: Mapping[str, Any]) -> dict[str, Value]:
    """One row of a table as `each.column` values."""
    return {f"each.{column.name}": _value(column, row.get(column.name)) for column in process.fields[table].columns}


def _value(field: Field, stored: Any) -> Value:
    if stored is None:
        return None
    if field.type in _EXACT:
        return value_of(Decimal(str(stored)))
    if field.type == "date":
        return date.fromisoformat(stored)
    if field.type == "datetime":
        return datetime.fromisoformat(stored)
    if field.type == "table":
        return tuple({column.name: _value(column, row.get(column.name)) for column in field.columns} for row in stored)
    if field.type == "scorecard":
        total = stored.get("total")
        return None if total is None else value_of(Decimal(total))
    if field.type == "lines":
        return tuple(stored["lines"]) or None
    return value_of(stored)


@functools.lru_cache(maxsize=4096)
def _parameter(kind: ParameterType, text: str) -> Value:
    """A parameter's value; there are few of them, and every step of a case asks for all of its process."""
    match kind:
        case "integer" | "rating" | "decimal" | "money" | "percent":
            return value_of(Decimal(text))
        case "boolean":
            return text == "true"
        case "date":
            return date.fromisoformat(text)
        case "duration":
            return time_of(parse_duration(text)) or text
    return text


def stored(field: Field, value: Value) -> Any:
    """The value of an expression as it is stored in `field`; None stays None.

    Decimals are rounded half up to the field's places; an integer field takes whole numbers only (ExpressionError else).
    """
    if value is None:
        return None
    match field.type:
        case "integer" | "rating":
            return _whole(field, value)
        case "decimal" | "money" | "percent":
            return _decimal(field, value)
        case "table":
            return [dict(row) for row in value if isinstance(row, Mapping)] if isinstance(value, tuple) else []
        case "choices" | "people" | "files":
            return list(value) if isinstance(value, tuple) else [value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _whole(field: Field, value: Value) -> int:
    if not isinstance(value, Fraction) or value.denominator != 1:
        raise ExpressionError(f"“{field.title.zh}”应为整数。", f"`{field.name}` should be a whole number.")
    return int(value)


def _decimal(field: Field, value: Value) -> str:
    if not isinstance(value, Fraction):
        raise ExpressionError(f"“{field.title.zh}”应为数字。", f"`{field.name}` should be a number.")
    if field.places is not None:
        return format(to_decimal(value, field.places), "f")
    text = format(to_decimal(value, PLACES[field.type]), "f")
    return text.rstrip("0").rstrip(".")


def with_formulas(
    process: Process,
    data: Mapping[str, Any],
    *,
    parameters: Mapping[str, str] | None = None,
    starter: str | None = None,
) -> dict[str, Any]:
    """`data` with every computed field filled in; one whose inputs are unset is None.

    A formula may rest on another one: they are computed in that order. A division by zero leaves the field empty: there is
    no value, and the screens show none.
    """
    found = dict(data)
    formulas = {field.name: field.formula for field in process.fields.values() if field.formula is not None}
    if not formulas:
        return found
    known = typed(process, found, parameters=parameters, starter=starter)
    for name in in_order(formulas):
        found[name] = known[name] = None
        try:
            found[name] = stored(process.fields[name], formulas[name].evaluate(known))
            known[name] = _value(process.fields[name], found[name])
        except ExpressionError:
            found[name] = None
    return found


def in_order(formulas: Mapping[str, Expression]) -> list[str]:
    """Names of computed fields, those first that others rest on; a circle is cut where it is met (the proofs refuse it)."""
    ordered: dict[str, None] = {}

    def visit(name: str, above: frozenset[str]) -> None:
        for other in sorted(formulas[name].names & formulas.keys() - above - ordered.keys()):
            visit(other, above | {name})
        ordered.setdefault(name)

    for name in formulas:
        visit(name, frozenset({name}))
    return list(ordered)
