"""Whom and what a form names is there: people who work here and may be named, positions that the company has."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from workflows.definition.model import Action, Field, People, Word
from workflows.document.problems import nearest
from workflows.engine.people import Situation, meets
from workflows.engine.running import Running
from workflows.errors import Text

_NAMING = frozenset({"person", "people", "position"})
_EVERYONE = People((Word("everyone"),))


def strangers(run: Running, action: Action, changed: Mapping[str, Any]) -> dict[str, list[Text]]:
    """What is wrong with the people and positions in what was typed, by field; cells as `items.0.owner`, rows from 0.

    Rows that stood in a table before are nobody's to mend: where a form adds one, that one alone is asked about.
    """
    situation = run.situation()
    wrong: dict[str, list[Text]] = {}
    for field, typed in _naming(run, action, changed):
        refuse = _no_position(situation) if field.type == "position" else _nobody(field, situation)
        for place, value in typed.items():
            refusal = refuse(value)
            if refusal is not None:
                wrong[place] = [refusal]
    return wrong


def _naming(run: Running, action: Action, changed: Mapping[str, Any]) -> Iterator[tuple[Field, dict[str, Any]]]:
    """The fields and columns that name somebody or something, with what was typed where."""
    state = run.process.states.get(run.row.state)
    growing = {action.append, *(task.into for task in (state.tasks if state is not None else ()))}
    for name, value in changed.items():
        field = run.process.fields[name]
        if not value:
            continue
        if field.type in _NAMING:
            yield field, {name: value}
        elif field.type == "table":
            rows = {"": value[-1]} if name in growing else {f"{name}.{at}.": row for at, row in enumerate(value)}
            yield from _columns(field, rows)


def _columns(table: Field, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Field, dict[str, Any]]]:
    for column in table.columns:
        if column.type in _NAMING:
            cells = {f"{place}{column.name}": row.get(column.name) for place, row in rows.items()}
            yield column, {place: value for place, value in cells.items() if value is not None}


def _nobody(field: Field, situation: Situation) -> Callable[[Any], Text | None]:
    allowed = field.people or _EVERYONE

    def refuse(value: Any) -> Text | None:
        named = [uuid.UUID(person) for person in (value if isinstance(value, list) else [value])]
        if all(meets(allowed, person, situation) for person in named):
            return None
        return Text("这里不能选这个人。", "This person cannot be named here.")

    return refuse


def _no_position(situation: Situation) -> Callable[[Any], Text | None]:
    known = situation.organisation.positions

    def refuse(value: Any) -> Text | None:
        if value in known:
            return None
        near = nearest(value, known)
        return Text(
            f"公司没有岗位“{value}”。" + (f"是否指 {near}？" if near else "请从岗位里选一个。"),
            f"The company has no position `{value}`. " + (f"Did you mean `{near}`?" if near else "Please choose one."),
        )

    return refuse
