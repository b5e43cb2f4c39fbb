"""States with everything in them."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, cast

from workflows.definition.building.anonymous import check_anonymous
from workflows.definition.building.context import Context
from workflows.definition.building.fields import text_of, title_of
from workflows.definition.building.people import people_of
from workflows.definition.building.tasks import actions_of, effects_of, tasks_of, ways_of
from workflows.definition.language.words import PLAIN_WORDS
from workflows.definition.model import NOBODY, START, After, Check, Effects, People, Reaction, Spawn, State, Word
from workflows.document.problems import nearest
from workflows.document.reading import Node
from workflows.errors import Text
from workflows.expression import Expression

_COMPARISON = re.compile(r"<=|>=|==|!=|<|>")


def states_of(node: Node, context: Context) -> MappingProxyType[str, State]:
    """All states by key, in the order written."""
    if START in dict(node.items()):
        context.problems.at_key(
            node,
            START,
            "“start”是发起表单，不能作步骤名。",
            "`start` is the form at the beginning and cannot name a state.",
        )
    return MappingProxyType({key: _state(key, entry, context) for key, entry in node.items()})


def _state(key: str, node: Node, context: Context) -> State:
    tasks = tasks_of(node, context)
    end = node.get("end")
    actions = actions_of(node.get("actions"), context, tuple(task.part for task in tasks))
    check_anonymous(node, tasks, actions, context)
    has_due = len(tasks) == 1 and tasks[0].due is not None
    return State(
        key=key,
        title=text_of(node.get("title")) or Text(key, key),
        verb=text_of(node.get("verb")),
        tasks=tasks,
        actions=actions,
        after=tuple(_after(moment, entry, has_due, context) for moment, entry in _pairs(node, "after")),
        signals=tuple(_reaction(signal, entry, context) for signal, entry in _pairs(node, "on_signal")),
        spawns=tuple(_spawn(entry, context) for entry in _elements(node, "spawn")),
        enter=_enter(node, context),
        end=end.text if end is not None else None,
        listed=context.fields(node.get("list"), plain=True),
        ask=text_of(node.get("ask")),
        facts=context.fields(node.get("facts"), plain=True),
        checks=tuple(_check(entry, context) for entry in _elements(node, "checks")),
        similar=context.fields(similar.get("same"), plain=True) if (similar := node.get("similar")) is not None else (),
        path=node.path,
    )


def _elements(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return found.elements() if found is not None else []


def _pairs(node: Node, key: str) -> list[tuple[str, Node]]:
    found = node.get(key)
    return list(found.items()) if found is not None else []


def _after(moment: str, node: Node, has_due: bool, context: Context) -> After:
    to, when = (node.get("to") or node, node.get("when")) if node.kind == "mapping" else (node, None)
    return After(
        when=context.moment_of(moment, node, due=has_due),
        ways=ways_of(to, when, context),
        effects=effects_of(node, context),
        path=node.path,
    )


def _reaction(signal: str, node: Node, context: Context) -> Reaction:
    to, when = (node.get("to") or node, node.get("when")) if node.kind == "mapping" else (node, None)
    return Reaction(signal, ways_of(to, when, context), effects_of(node, context), node.path)


def _enter(node: Node, context: Context) -> Effects:
    """What stands under `enter`, and for an end also its own `return` and `notify`."""
    enter = effects_of(node.get("enter"), context)
    also = people_of(node.get("notify"), context)
    returns = {name: context.expression(value) for name, value in _pairs(node, "return")}
    notify = People(enter.notify.words + also.words)
    return replace(enter, notify=notify, returns=MappingProxyType(returns))


def _spawn(node: Node, context: Context) -> Spawn:
    process, condition, wait, then = (node.get(key) for key in ("process", "if", "wait", "then"))
    each, rows = _each(node.get("each"), context)
    kinds = context.each_kinds(rows) if each or rows else {}
    _refuse_waiting_end(node, then, context)
    waited = wait.get("in") if wait is not None else None
    return Spawn(
        process=process.text if process is not None else "",
        each=each,
        rows=rows,
        assign=MappingProxyType({name: context.expression(value, None, kinds) for name, value in _pairs(node, "set")}),
        condition=context.guard(condition, kinds) if condition is not None else None,
        wait_in=waited.text if waited is not None else None,
        ways=ways_of(then, None, context) if then is not None else (),
        path=node.path,
    )


def _refuse_waiting_end(node: Node, then: Node | None, context: Context) -> None:
    """A case that has ended goes nowhere: what it starts there runs on its own."""
    state = context.states.get(str(node.path[1]))
    if then is not None and state is not None and state.get("end") is not None:
        context.problems.at(then, "结束的步骤不能再等别的事项。", "An end cannot wait for other cases.")


def _each(node: Node | None, context: Context) -> tuple[People, str | None]:
    """People words, or the name of a table field whose rows each start one."""
    if node is None:
        return NOBODY, None
    if node.kind != "text" or node.text in PLAIN_WORDS:
        return people_of(node, context), None
    if context.field_types.get(node.text) in ("person", "people"):
        return People((Word("field", node.text),)), None
    if context.field_types.get(node.text) != "table":
        tables = [name for name, kind in context.field_types.items() if kind in ("table", "people")]
        context.problems.at(
            node,
            f"“{node.text}”不是人员，也不是表格字段。",
            f"`{node.text}` is neither a word for people nor a table field.",
            nearest=nearest(node.text, [*tables, *PLAIN_WORDS]),
        )
    return NOBODY, node.text


def _check(node: Node, context: Context) -> Check:
    that, condition, measured, limit = (node.get(key) for key in ("that", "if", "measured", "limit"))
    otherwise = node.get("else")
    test = context.guard(that) if that is not None else Expression("true")
    left, right = _sides(test)
    return Check(
        that=test,
        title=title_of(node),
        condition=context.guard(condition) if condition is not None else None,
        otherwise=cast("Literal['warn', 'block']", otherwise.text if otherwise is not None else "warn"),
        measured=context.expression(measured) if measured is not None else left,
        limit=context.expression(limit) if limit is not None else right,
    )


def _sides(test: Expression) -> tuple[Expression | None, Expression | None]:
    """`a <= b` measures a against b: both are shown beside the sentence without being written again."""
    found = list(_COMPARISON.finditer(re.sub(r"'[^']*'|\"[^\"]*\"", lambda text: "_" * len(text[0]), test.source)))
    if len(found) != 1 or " and " in test.source or " or " in test.source or test.source.startswith("not "):
        return None, None
    sides = test.source[: found[0].start()], test.source[found[0].end() :]
    if any(side.count("(") != side.count(")") or " if " in side for side in sides):
        return None, None
    return Expression(sides[0].strip()), Expression(sides[1].strip())
