"""How a case is called: its name from the definition's template, its number from prefix, year and count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows.definition.model import Choice, Field, Process

LONGEST_NAME = 120
"""Characters of a case's name; longer ones are cut with an ellipsis."""

_UNSET = "—"


Called = Callable[[str], str]
"""What people read instead of an id or a key."""


def case_name(
    process: Process, data: Mapping[str, Any], person_name: Called, position_title: Called, **words: str
) -> str:
    """The name of a case from stored values.

    `person_name` says a person's id, `position_title` a position's key. `words`: `starter` (name), `subject` (name, where it is no
    field), `number`. What is not set shows as a dash; the proofs see to it that a name's fields are set from the start.
    """
    parts = [_piece(process, piece, data, (person_name, position_title), words) for piece in process.name]
    name = " ".join("".join(parts).split())
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _piece(
    process: Process, piece: str, data: Mapping[str, Any], called: tuple[Called, Called], words: Mapping[str, str]
) -> str:
    if not piece.startswith("{"):
        return piece
    name = piece[1:-1]
    field = process.fields.get(name)
    if field is None:
        return words.get(name, _UNSET)
    return _shown(field, data.get(name), *called)


def _shown(field: Field, value: Any, person_name: Called, position_title: Called) -> str:
    """A value as plain text in Chinese, which names are kept in: they are what people typed."""
    match field.type, value:
        case _, None:
            return _UNSET
        case "person", _:
            return person_name(str(value))
        case "people", list():
            return "、".join(person_name(str(one)) for one in value)
        case "position", _:
            return position_title(str(value))
        case "choice", _:
            return _choice(field.choices, value)
        case "choices", list():
            return "、".join(_choice(field.choices, one) for one in value)
        case "boolean", _:
            return "是" if value else "否"
    return str(value)


def _choice(choices: tuple[Choice, ...], key: object) -> str:
    return next((choice.title.zh for choice in choices if choice.key == key), str(key))


def case_number(process: Process, year: int, count: int) -> str | None:
    """`TG-2026-0412`: the prefix, the year and the count of the year; None where the process gives no numbers."""
    return f"{process.number}-{year}-{count:04d}" if process.number else None
