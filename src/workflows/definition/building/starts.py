"""Who or what starts a process: people, other cases, the calendar, and measured figures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflows.definition.building.context import Context
from workflows.definition.building.people import people_of
from workflows.definition.building.schedules import check_period
from workflows.definition.kinds import assignable
from workflows.definition.language.process import STARTERS
from workflows.definition.model import FigureStart, Start
from workflows.definition.periods import PERIOD_WORDS
from workflows.document.reading import Node
from workflows.expression import Expression, ExpressionError
from workflows.expression.kinds import BOOLEAN, NUMBER, PERIOD, PERSON, TEXT, Kind, kind_of

OF_FIGURES: Mapping[str, Kind] = MappingProxyType({"each": PERSON, "month": PERIOD, "unit": TEXT})
"""What a start by figures knows besides them: whose they are, of which month, and the name of the unit where it is a unit's."""

_NEVER = Expression("false")


def start_of(root: Node, context: Context, first_state: str, scheduled: bool) -> Start:
    """The start of a process; `scheduled`: whether it has schedules."""
    node = root.get("start")
    if node is None:
        if not scheduled:
            context.problems.at(
                root, "没有写 start：这个流程怎么发起？", "There is no `start`: who or what starts this process?"
            )
        return Start(kinds=frozenset({"schedule"}), to=first_state)
    by, form, to, when, fill = (node.get(key) for key in ("by", "form", "to", "when", "fill"))
    words = by.elements() if by is not None else []
    kinds = {word.text for word in words if word.kind == "text" and word.text in STARTERS}
    persons = [word for word in words if word.kind != "text" or word.text not in STARTERS]
    people = people_of(Node(persons, node.line, node.column, node.path), context)
    kinds |= {"person"} if people else set()
    kinds |= {"schedule"} if scheduled else set()
    _check_start(node, kinds, when, scheduled, context)
    return Start(
        by=people,
        kinds=frozenset(kinds),
        form=context.fields(form, typed=True),
        to=context.state(to) if to is not None else first_state,
        figures=_by_figures(node, when, root.get("parameters"), context),
        fill=context.fill(fill),
    )


def _check_start(node: Node, kinds: set[str], when: Node | None, scheduled: bool, context: Context) -> None:
    if not kinds:
        context.problems.at(node, "start 里要写 by：谁或什么发起？", "`start` needs `by`: who or what starts it?")
    if ("figure" in kinds) is (when is None):
        context.problems.at(node, "by: figure 和 when 要一起写。", "`by: figure` and `when` belong together.")
    if "schedule" in kinds and not scheduled:
        context.problems.at(node, "by: schedule 需要 schedule。", "`by: schedule` needs a `schedule`.")


def _by_figures(node: Node, when: Node | None, parameters: Node | None, context: Context) -> tuple[FigureStart, ...]:
    """The one condition beside its `set`, or several, each with a `set` of its own."""
    if when is None:
        return ()
    own = {
        name: context.kinds[name]
        for name, _ in (parameters.items() if parameters is not None else ())
        if name in context.kinds
    }
    if when.kind != "list":
        return (_by_figure(0, when, node.get("set"), own, context),)
    if (beside := node.get("set")) is not None:
        context.problems.at(
            beside, "when 有几条时，set 写在各条里。", "With several conditions each brings its own `set`."
        )
    return tuple(
        _by_figure(index, entry.get("when") or entry, entry.get("set"), own, context)
        for index, entry in enumerate(when.elements())
    )


def _by_figure(
    index: int, when: Node, assign: Node | None, parameters: Mapping[str, Kind], context: Context
) -> FigureStart:
    """One condition; every name in it that is no parameter is taken for a figure."""
    known = {**OF_FIGURES, **parameters}
    condition = _expression(when, known, context, BOOLEAN) or _NEVER
    values: dict[str, Node] = dict(assign.items()) if assign is not None else {}
    read = set(condition.names)
    for name, value in values.items():
        read |= _value(name, value, known, context)
    if not condition.names - known.keys() and condition is not _NEVER:
        context.problems.at(when, "这里没有读任何指标。", "No figure is read here.")
    return FigureStart(
        when=condition,
        assign=MappingProxyType({name: value.text for name, value in values.items()}),
        figures=tuple(sorted(read - known.keys())),
        index=index,
        path=when.path[:-1] if when.path[-1] == "when" and len(when.path) > 2 else when.path,
    )


def _value(name: str, node: Node, known: Mapping[str, Kind], context: Context) -> frozenset[str]:
    """Check what a field is given; the names read for it. A figure can be told in a text, with its unit."""
    context.field_named(name, node)
    context.refuse_set(name, node)
    if node.text in PERIOD_WORDS:
        check_period(name, node, context)
        return frozenset()
    wanted = context.kinds.get(name)
    expression = _expression(node, known, context, TEXT if wanted is None else wanted)
    return expression.names if expression is not None else frozenset()


def _expression(node: Node, known: Mapping[str, Kind], context: Context, wanted: Kind) -> Expression | None:
    try:
        expression = Expression(node.text)
        found = kind_of(expression, {name: known.get(name, NUMBER) for name in expression.names})
    except ExpressionError as error:
        context.problems.at(node, error.zh, error.en)
        return None
    told = found.name == NUMBER.name and wanted.name == TEXT.name and wanted.options is None
    if not told and not assignable(found, wanted):
        context.problems.at(
            node, f"“{node.text}”的结果与这里不符。", f"`{node.text}` gives {found.name}, this takes {wanted.name}."
        )
    return expression
