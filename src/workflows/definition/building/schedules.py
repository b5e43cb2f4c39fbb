"""Recurring starts."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, cast

from workflows.definition.building.context import Context
from workflows.definition.building.people import people_of
from workflows.definition.model import Moment, Schedule
from workflows.definition.periods import PERIOD_WORDS
from workflows.document.problems import nearest
from workflows.document.reading import Node

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_Every = Literal["day", "workday", "week", "month", "quarter", "year"]


def schedules_of(node: Node | None, context: Context) -> tuple[Schedule, ...]:
    """The schedules of a process, numbered from 0 (the number is part of what makes an occurrence unique)."""
    return tuple(_schedule(index, entry, context) for index, entry in enumerate(node.elements() if node else ()))


def _schedule(index: int, node: Node, context: Context) -> Schedule:
    every, at = node.get("every"), node.get("at")
    each = people_of(node.get("each"), context)
    return Schedule(
        every=cast(_Every, every.text if every else "day"),
        day=_day(node.get("day"), every.text if every else "day", node, context),
        at=at.text if at else "09:00",
        assign=MappingProxyType(_assign(node.get("set"), bool(each), context)),
        each=each,
        index=index,
        path=node.path,
    )


def _day(node: Node | None, every: str, schedule: Node, context: Context) -> str | Moment | None:
    if every in ("day", "workday"):
        if node is not None:
            context.problems.at(node, f"every: {every} 不用写 day。", f"`every: {every}` takes no `day`.")
        return None
    if node is None:
        context.problems.at(schedule, f"every: {every} 要写 day：哪一天？", f"`every: {every}` needs a `day`.")
        return None
    if node.text in WEEKDAYS:
        if every != "week":
            context.problems.at(node, "星期几只能用在 every: week。", "A day of the week belongs to `every: week`.")
        return node.text
    if node.kind == "integer":
        return _number(node, every, context)
    if every == "week":
        context.problems.at(
            node, f"每周的 day 写 {'、'.join(WEEKDAYS)} 之一。", f"The day of a week is one of {', '.join(WEEKDAYS)}.",
            nearest=nearest(node.text, WEEKDAYS),
        )  # fmt: skip
    return context.moment(node, scheduled=True)


def _number(node: Node, every: str, context: Context) -> str:
    """A day's number: those that some months do not have are refused, `last_workday` says what is meant."""
    if every == "week" or int(node.text) > 28:
        context.problems.at(
            node,
            "号数只能是 1 到 28，且不用于每周；月底请写 last_workday。",
            "A day number is 1 to 28 and not for weeks; for the month's end write `last_workday`.",
        )
    return node.text


def _assign(node: Node | None, each: bool, context: Context) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in node.items() if node else ():
        context.field_named(name, value)
        context.refuse_set(name, value)
        found[name] = value.text
        if value.text in PERIOD_WORDS:
            check_period(name, value, context)
        elif value.text.split("_")[0] in ("this", "last", "next"):
            context.problems.at(
                value,
                f"“{value.text}”不是期间。",
                f"`{value.text}` is no period.",
                nearest=nearest(value.text, PERIOD_WORDS),
            )
        else:
            context.expression(value, context.kinds.get(name), context.each_kinds(None) if each else {})
    return found


def check_period(name: str, value: Node, context: Context) -> None:
    """Whether a word such as `this_month` fits the field it is given to."""
    kind = value.text.partition("_")[2]
    wanted = "date" if kind == "day" else kind
    if name in context.field_types and context.field_types[name] != wanted:
        context.problems.at(
            value,
            f"“{name}”是 {context.field_types[name]} 字段，{value.text} 需要 {wanted}。",
            f"`{name}` is a {context.field_types[name]} field; {value.text} needs {wanted}.",
        )
