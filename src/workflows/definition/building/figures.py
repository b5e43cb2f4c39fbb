"""What a process contributes to scorecards: read here, counted by reports.

The expressions of a figure speak of one case that has been through its states. Besides fields and parameters they know: a
state's name (when it was last entered), `first(STATE)` (when a task of it was first opened), `done(STATE)` (when one was last done),
`on_time(STATE)` (whether all its tasks were done by their due date), `sent_back(STATE)` (how often a case was sent back to it),
`end_of(FIELD)` (midnight at which that day ends) and, with `rows`, `each.column`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from workflows.definition.building.context import DATE_TYPES, Context
from workflows.definition.building.people import people_of
from workflows.definition.model import Figure
from workflows.document.problems import nearest
from workflows.document.reading import Node
from workflows.errors import Text
from workflows.expression import Expression, ExpressionError
from workflows.expression.kinds import BOOLEAN, DATETIME, NUMBER, PERSON, Kind, kind_of

_SPECIAL = re.compile(r"\b(first|done|on_time|sent_back|end_of)\(\s*([a-z][a-z0-9_]*)\s*\)")


def figure_expression(source: str) -> Expression:
    """The expression of a figure, with `on_time(x)` and the like as the names `on_time__x`, `first__x`, `end_of__x`.

    Whoever evaluates it hands in values under these names. Raises ExpressionError.
    """
    return Expression(_SPECIAL.sub(r"\1__\2", source))


def figures_of(node: Node | None, context: Context) -> tuple[Figure, ...]:
    """The figures of a process, their settings as written (`for` as People)."""
    return tuple(_figure(name, entry, context) for name, entry in node.items()) if node else ()


def _figure(name: str, node: Node, context: Context) -> Figure:
    rows = node.get("rows")
    each: dict[str, Kind] = {}
    kinds = {**context.kinds, **_figure_kinds(context)}
    if rows is not None:
        each = context.each_kinds(context.field(rows, ("table", "people")))
        kinds |= each
    for key, expected in (("when", BOOLEAN), ("share", BOOLEAN), ("sum", NUMBER), ("mean", NUMBER)):
        _check(node.get(key), expected, kinds, context)
    if (count := node.get("count")) is not None:
        context.state(count)
    _check_month(node.get("month"), rows, context)
    settings: dict[str, object] = {key: value.plain() for key, value in node.items()}
    persons = [name for name, kind in each.items() if kind.name == PERSON.name]
    settings["for"] = people_of(node.get("for"), context, each=persons)
    return Figure(name, MappingProxyType(settings))


def _figure_kinds(context: Context) -> dict[str, Kind]:
    states: dict[str, Kind] = {name: DATETIME for name in context.states if name not in context.kinds}
    when = {f"{word}__{name}": DATETIME for word in ("first", "done") for name in context.states}
    on_time: dict[str, Kind] = {f"on_time__{name}": BOOLEAN for name in context.states}
    sent_back: dict[str, Kind] = {f"sent_back__{name}": NUMBER for name in context.states}
    ends: dict[str, Kind] = {
        f"end_of__{name}": DATETIME for name, kind in context.field_types.items() if kind in DATE_TYPES
    }
    return {**states, **when, **on_time, **sent_back, **ends}


def _check(node: Node | None, expected: Kind, kinds: Mapping[str, Kind], context: Context) -> None:
    if node is None:
        return
    try:
        found = kind_of(figure_expression(node.text), kinds)
    except ExpressionError as error:
        context.problems.at(node, error.zh, error.en)
        return
    if found.name != expected.name:
        context.problems.at(
            node, f"“{node.text}”的结果与这里不符。", f"`{node.text}` gives {found.name}, this takes {expected.name}."
        )


def _check_month(node: Node | None, rows: Node | None, context: Context) -> None:
    """A state (when it was entered), a date or period field, or with `rows` a date column."""
    if node is None:
        return
    if node.text.startswith("each.") and rows is not None:
        known = context.each_kinds(rows.text)
        if node.text not in known:
            context.problems.at(
                node,
                f"没有“{node.text}”这一列。",
                f"There is no column `{node.text}`.",
                nearest=nearest(node.text, known),
            )
        return
    if node.text in context.states:
        return
    if node.text not in context.field_types:
        near = nearest(node.text, [*context.states, *context.field_types])
        context.problems.at(
            node, f"“{node.text}”不是步骤或字段。", f"`{node.text}` is neither a state nor a field.", nearest=near
        )
        return
    context.field(node, (*DATE_TYPES, "week", "month", "quarter", "year"), Text("日期或期间", "a date or period"))
