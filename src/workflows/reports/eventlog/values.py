"""What a case says about itself in an export: plain values of fields that everybody who sees the case may see."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from workflows.definition.model import Field, Process

Value = str | int | bool | Decimal | date | datetime

PLAIN: Final = frozenset({
    "choice", "choices", "integer", "decimal", "money", "percent", "rating", "boolean", "date", "datetime", "week", "month",
    "quarter", "year", "position",
})  # fmt: skip
"""Kinds of fields that name nobody and hold no free words."""
PEOPLE: Final = frozenset({"person", "people"})
AT_HOME: Final = frozenset({"table", "files", "scorecard", "lines"})
"""Kinds of values that no log has a place for."""
NUMBERS: Final = frozenset({"decimal", "money", "percent"})


def case_values(
    process: Process, case: Any, *, named: Callable[[uuid.UUID], str] | None, restricted: bool
) -> Mapping[str, Value]:
    """The values of a case by field name.

    Without being asked: plain kinds only, nothing with `see:`, and nothing at all of processes that are about one person or open
    to some only. `restricted` adds free words, what stands under `see:` and the title; `named` adds people, called as it says.
    """
    return dict(_values(process, case, named, restricted))


def value_names(process: Process, *, people: bool, restricted: bool) -> tuple[str, ...]:
    """The fields of which an export may have values, in the order of the definition; the title first where it may leave."""
    fields = (
        name
        for name, field in process.fields.items()
        if field.type not in AT_HOME and (people or field.type not in PEOPLE) and _may_leave(process, field, restricted)
    )
    return (*(["title"] if restricted else []), *fields)


def _values(
    process: Process, case: Any, named: Callable[[uuid.UUID], str] | None, restricted: bool
) -> Iterator[tuple[str, Value]]:
    if restricted:
        yield "title", case.title
    for name, field in process.fields.items():
        value = case.data.get(name)
        if value is None or field.type in AT_HOME or not _may_leave(process, field, restricted):
            continue
        if field.type not in PEOPLE:
            yield name, _plain(field, value)
        elif named is not None:
            yield name, " ".join(named(uuid.UUID(one)) for one in ([value] if isinstance(value, str) else value))


def _may_leave(process: Process, field: Field, restricted: bool) -> bool:
    open_to_all = not field.see and not process.see and not _about_one_person(process)
    return restricted or (open_to_all and field.type in PLAIN | PEOPLE)


def _about_one_person(process: Process) -> bool:
    """Whether a case has a subject: then its numbers are somebody's."""
    return "subject" in process.fields


def _plain(field: Field, value: Any) -> Value:
    """The stored value with its own kind; several choices in one text."""
    if field.type in NUMBERS:
        return Decimal(value)
    if isinstance(value, list):
        return " ".join(value)
    return value if isinstance(value, bool | int) else str(value)
