"""Tasks, actions and what happens along with a transition."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Literal, cast

from workflows.definition.building.context import Context
from workflows.definition.building.fields import text_of
from workflows.definition.building.people import fallback_of, people_of
from workflows.definition.language.tasks import JOIN, NONE
from workflows.definition.model import (
    Action,
    Anytime,
    Condition,
    Effects,
    Escalation,
    Join,
    Moment,
    People,
    Reminder,
    Task,
    Way,
    Word,
)
from workflows.definition.titles import ACTION_TITLES, ActionKind
from workflows.document.reading import Node
from workflows.errors import Text
from workflows.expression import Expression

_HOLDER = People((Word("holder"),))


def tasks_of(state: Node, context: Context) -> tuple[Task, ...]:
    """The tasks of a state: none, the only one, or the parts side by side."""
    actions, parts = state.get("actions"), state.get("tasks")
    if (only := state.get("task")) is not None:
        return (_task("", only, actions, context),)
    return tuple(_task(part, node, actions, context) for part, node in parts.items()) if parts else ()


def _task(part: str, node: Node, actions: Node | None, context: Context) -> Task:
    due = node.get("due")
    has_due = due is not None
    if part and node.get("title") is None:
        context.problems.at(node, "并行的部分需要名称（title）。", "A part needs a `title`.")
    at_least = node.get("at_least")
    into = node.get("into")
    condition = node.get("if")
    return Task(
        part=part,
        title=text_of(node.get("title")),
        who=people_of(node.get("for"), context),
        each=people_of(node.get("each"), context),
        exclude=people_of(node.get("not"), context),
        edit=_form(node.get("edit"), into, context),
        show=context.fields(node.get("show")),
        due=context.moment(due) if due is not None else None,
        remind=tuple(_reminder(entry, has_due, context) for entry in _own_or_inherited(node, "remind", context)),
        escalate=tuple(_escalation(entry, has_due, context) for entry in _own_or_inherited(node, "escalate", context)),
        condition=context.guard(condition) if condition is not None else None,
        into=context.field(into, ("table",)) if into is not None else None,
        anonymous=node.get("anonymous") is not None,
        at_least=int(at_least.text) if at_least is not None else 3,
        fill=context.fill(node.get("fill")),
        if_nobody=fallback_of(node.get("if_nobody"), context, actions),
        if_starter=fallback_of(node.get("if_starter"), context, actions),
        if_same=fallback_of(node.get("if_same"), context, actions),
        if_left=fallback_of(node.get("if_left"), context, actions),
        path=node.path,
    )


def _entries(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return found.elements() if found is not None else []


def _own_or_inherited(task: Node, key: str, context: Context) -> list[Node]:
    """What the task says itself, else what the process says of every task that is due.

    Nobody is brought before anybody with an anonymous task: whoever it went to would answer in their place.
    """
    own, everywhere = task.get(key), context.every_task.get(key)
    if own is not None and own.text != NONE:
        return own.elements()
    if own is not None:
        if everywhere is None:
            context.problems.at(
                own, f"every_task 没有 {key}，这里不用写 none。", f"`every_task` has no `{key}` to do without."
            )
        return []
    if everywhere is None or task.get("due") is None or (key == "escalate" and task.get("anonymous") is not None):
        return []
    context.inherited.add(key)
    return everywhere.elements()


def refuse_unused(context: Context) -> None:
    """What `every_task` says and no task takes over was meant otherwise."""
    for key, node in context.every_task.items():
        if key not in context.inherited:
            context.problems.at(
                node,
                f"没有待办用得上这里的 {key}：有期限的待办都另写了，或都没有期限。",
                f"No task takes over this `{key}`: each that is due has its own, or none is due.",
            )


def _reminder(node: Node, due: bool, context: Context) -> Reminder:
    when, to = (node.get("when") or node, node.get("to")) if node.kind == "mapping" else (node, None)
    people = people_of(to, context, holder=True) if to is not None else _HOLDER
    return Reminder(context.moment(when, due=due), people)


def _escalation(node: Node, due: bool, context: Context) -> Escalation:
    return Escalation(_moment(node, "when", context, due=due), people_of(node.get("to"), context, holder=True))


def _moment(node: Node, key: str, context: Context, *, due: bool = False) -> Moment:
    return context.moment(node.get(key) or node, due=due)


def actions_of(node: Node | None, context: Context, parts: tuple[str, ...]) -> MappingProxyType[str, Action]:
    """The actions of a state by name, in the order of their buttons."""
    return MappingProxyType(
        {name: action_of(name, entry, context, parts) for name, entry in node.items()} if node else {}
    )


def action_of(name: str, node: Node, context: Context, parts: tuple[str, ...] = ()) -> Action:
    """One action: a state, alternatives, or a mapping with all the rest."""
    kind = _kind(name, node)
    join, ways = _join_and_ways(node, context, parts)
    append = node.get("append")
    people = node.get("people")
    return Action(
        name=name,
        title=_title(name, node, context),
        kind=kind,
        ways=ways,
        stay=node.get("stay") is not None,
        reason=_reason(node, kind),
        form=_form(node.get("form"), append, context),
        append=context.field(append, ("table",)) if append is not None else None,
        require=context.fields(node.get("require")),
        people=int(people.text) if people is not None else 1,
        join=join,
        choose_parts=node.get("tasks") is not None,
        children=cast("Literal['keep', 'cancel'] | None", _text(node, "children")),
        fill=_text(node, "fill"),
        effects=effects_of(node, context),
        path=node.path,
    )


def _text(node: Node, key: str) -> str | None:
    found = node.get(key)
    return found.text if found is not None else None


def _kind(name: str, node: Node) -> ActionKind:
    if (said := node.get("kind")) is not None:
        return cast(ActionKind, said.text)
    return cast(ActionKind, name) if name in ACTION_TITLES else "other"


def _title(name: str, node: Node, context: Context) -> Text:
    if (title := text_of(node.get("title"))) is not None:
        return title
    if name not in ACTION_TITLES:
        context.problems.at(
            node,
            f"操作“{name}”需要名称（title）；只有 {'、'.join(ACTION_TITLES)} 自带名称。",
            f"The action `{name}` needs a `title`; only {', '.join(ACTION_TITLES)} have one built in.",
        )
    return ACTION_TITLES.get(name, Text(name, name))


def _reason(node: Node, kind: ActionKind) -> Literal["required", "optional"]:
    """Whoever sends back or rejects says why, unless the definition frees them."""
    said = node.get("reason")
    required = said.text == "required" if said is not None else kind in ("send_back", "reject")
    return "required" if required else "optional"


def _form(node: Node | None, append: Node | None, context: Context) -> tuple[str, ...]:
    """Fields of the case; with `append` or `into` also columns of the table that takes the new row."""
    if append is None or node is None:
        return context.fields(node, typed=True)
    columns = context.columns.get(append.text, {})
    names = []
    for element in node.elements():
        if element.text not in columns:
            context.refuse_typed(context.field(element), element)
        elif element.text in context.answerers.get(append.text, ()):
            context.problems.at(
                element,
                f"“{element.text}”是谁在作答，由程序填入。",
                f"`{element.text}` is whoever answers: the program fills it in.",
            )
        names.append(element.text)
    return tuple(names)


def _join_and_ways(node: Node, context: Context, parts: tuple[str, ...]) -> tuple[Join | None, tuple[Way, ...]]:
    if node.kind != "mapping":
        return None, ways_of(node, None, context)
    to, when = node.get("to"), node.get("when")
    join = _join(when, node.get("order"), context, parts)
    if to is None:
        return join, ()
    return join, ways_of(to, None if join is not None else when, context)


def _join(when: Node | None, order: Node | None, context: Context, parts: tuple[str, ...]) -> Join | None:
    if when is None or when.kind == "mapping":
        return None
    ordered = _order(order, parts, context)
    if when.kind == "integer":
        return Join("count", int(when.text), ordered)
    if not re.fullmatch(JOIN, when.text):
        return None
    if when.text.endswith("%"):
        return Join("share", int(when.text[:-1]), ordered)
    return Join("all" if when.text == "all" else "any", 0, ordered)


def _order(node: Node | None, parts: tuple[str, ...], context: Context) -> tuple[str, ...]:
    if node is None:
        return ()
    names = tuple(element.text for element in node.elements())
    if sorted(names) != sorted(parts):
        context.problems.at(
            node,
            f"order 要把各部分各写一次：{'、'.join(parts)}。",
            f"`order` names each part once: {', '.join(parts)}.",
        )
    return names


def ways_of(to: Node, when: Node | None, context: Context) -> tuple[Way, ...]:
    """One way (with the condition `when`, if there is one), or alternatives in order."""
    if to.kind != "list":
        return (Way(context.state(to, start=True), _condition(when, context)),)
    if when is not None:
        context.problems.at(
            when, "有多个去向时，条件写在各去向里。", "With alternatives the conditions stand in each of them."
        )
    elements = to.elements()
    for element in elements[:-1]:
        if element.get("when") is None:
            context.problems.at(
                element,
                "只有最后一个去向可以没有条件（else）。",
                "Only the last alternative may be without a condition (`else`).",
            )
    return tuple(
        Way(context.state(target, start=True), _condition(element.get("when"), context))
        for element in elements
        if (target := element.get("to")) is not None
    )


def _condition(node: Node | None, context: Context) -> Condition | None:
    if node is None:
        return None
    if (ended := node.get("all_ended")) is not None:
        return Condition(all_ended=ended.text)
    return Condition(expression=context.guard(node))


def effects_of(node: Node | None, context: Context) -> Effects:
    """`set`, `tell`, `notify` and `record` of a mapping."""
    if node is None or node.kind != "mapping":
        return Effects()
    assign, tell = node.get("set"), node.get("tell")
    return Effects(
        assign=_assignments(assign, context),
        tell=MappingProxyType({whom: signal.text for whom, signal in tell.items()} if tell else {}),
        notify=people_of(node.get("notify"), context, holder=True),
        records=tuple(name.text for name in _entries(node, "record")),
    )


def _assignments(node: Node | None, context: Context) -> MappingProxyType[str, Expression]:
    assigned: dict[str, Expression] = {}
    for name, value in node.items() if node else ():
        context.field_named(name, value)
        context.refuse_set(name, value)
        assigned[name] = context.expression(value, context.kinds.get(name))
    return MappingProxyType(assigned)


def anytime_of(node: Node | None, context: Context, open_states: tuple[str, ...]) -> MappingProxyType[str, Anytime]:
    """The actions of no task; without `in` they can be taken in every state but the ends."""
    found = {}
    for name, entry in node.items() if node else ():
        states, until = entry.get("in"), entry.get("until")
        found[name] = Anytime(
            action=action_of(name, entry, context),
            by=people_of(entry.get("by"), context),
            exclude=people_of(entry.get("not"), context),
            states=tuple(_open(state, open_states, context) for state in states.elements()) if states else open_states,
            until=context.moment(until) if until is not None else None,
            once=entry.get("once") is not None,
        )
    return MappingProxyType(found)


def _open(node: Node, open_states: tuple[str, ...], context: Context) -> str:
    state = context.state(node)
    if state in context.states and state not in open_states:
        context.problems.at(
            node, f"“{state}”已是结束，不能再做什么。", f"`{state}` is an end: nothing can be done there."
        )
    return state
