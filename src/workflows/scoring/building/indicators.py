"""Indicators and their parts, each with everything that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, cast

from workflows.document.reading import Node
from workflows.expression import Expression
from workflows.scoring.building.context import Context, fraction, text, word
from workflows.scoring.building.rules import demand, fits, needed_readings, readings, refuse_unused, rule, target
from workflows.scoring.catalogue import Unit
from workflows.scoring.model import Alarm, Beside, Condition, Indicator, Step
from workflows.scoring.rules import Deductions, Direction, Readings, Rule, Steps


@dataclass(frozen=True, slots=True)
class Shared:
    """What all indicators of a card have unless they say otherwise: the nodes of `each`, and the card's readings."""

    readings: Readings
    each: dict[str, Node] = field(default_factory=dict)


def indicator(key: str, node: Node, group: str | None, shared: Shared, context: Context) -> Indicator | None:
    """The indicator written at `node`; None where it has a problem that leaves nothing to work with. `holds` is the weight as
    written: groups settle it."""
    around, context = context, replace(context, needed=set())
    line = _measured(key, node, shared, shared.readings, context)
    weight = fraction(_own(node, "weight", shared))
    if weight is None:
        context.problems.at(node, "缺少权重 weight。", "`weight` is missing.")
    own = readings(node.get("readings"), shared.readings)
    written = node.get("parts")
    parts = [_part(key, name, one, shared, own, context) for name, one in written.items()] if written else []
    if written is not None:
        demand(("parts", "points_of", "least"), own, written, context)
    condition = _condition(node.get("condition"), own, context)
    around.needed.update(context.needed)
    if line is None or weight is None:
        return None
    refuse_unused(node.get("readings"), context)
    return replace(
        line,
        group=group,
        weight=weight,
        holds=weight,
        condition=condition,
        alarm=_alarm(node.get("alarm")),
        beside=_beside(node.get("beside"), context),
        parts=tuple(part for part in parts if part is not None),
    )


def _part(whole: str, key: str, node: Node, shared: Shared, around: Readings, context: Context) -> Indicator | None:
    without_rule = Shared(shared.readings, {name: one for name, one in shared.each.items() if name != "score"})
    part = _measured(key, node, without_rule, around, context)
    if part is None:
        return None
    if not isinstance(part.rule, Steps | Deductions):
        score = dict(node.items())["score"]
        context.problems.at(
            score, "一部分只能扣分：用 steps 或 deductions。", "A part can only deduct: use `steps` or `deductions`."
        )
    refuse_unused(node.get("readings"), context)
    return replace(part, part_of=whole)


def _own(node: Node, key: str, shared: Shared) -> Node | None:
    return node.get(key) or shared.each.get(key)


def _measured(key: str, node: Node, shared: Shared, around: Readings, context: Context) -> Indicator | None:
    """What an indicator and a part have in common; None where something of it is missing."""
    own = readings(node.get("readings"), around)
    score, unit = _own(node, "score", shared), _own(node, "unit", shared)
    for name, there in (("score", score), ("unit", unit)):
        if there is None:
            context.problems.at(node, f"缺少 {name}。", f"`{name}` is missing.")
    found = rule(score, context) if score is not None else None
    steps, formula = _formulas(node, found, context)
    cases = node.get("cases")
    cases_name = context.figure(cases) if cases is not None else None
    if found is None or score is None or unit is None or (formula is None and not isinstance(found, Deductions)):
        return None
    direction: Direction = "down" if word(_own(node, "better", shared)) == "lower" else "up"
    goal = target(key, node.get("target"), not isinstance(found, Deductions), node, context)
    if (goal_node := node.get("target")) is not None:
        fits(found, goal, goal_node, context)
    demand((*needed_readings(found, direction), *(("rates",) if formula else ())), own, score, context)
    _divisors(node, [*(step.formula for step in steps), *([formula] if formula else [])], cases_name, own, context)
    words, clause = node.get("words"), node.get("clause")
    source = _own(node, "source", shared)
    return Indicator(
        key=key,
        title=text(dict(node.items())["title"]),
        unit=cast(Unit, unit.text),
        direction=direction,
        formula=formula,
        steps=steps,
        target=goal,
        rule=found,
        readings=own,
        cases=cases_name,
        unit_words=text(words) if words else None,
        clause=text(clause) if clause else None,
        source=tuple(one.text for one in source.elements()) if source else (),
    )


def _formulas(node: Node, found: Rule | None, context: Context) -> tuple[tuple[Step, ...], Expression | None]:
    """The intermediate values and the formula; each may use those before it, and all of them are used."""
    written, where = node.get("formula"), node.get("where")
    steps: list[Step] = []
    for name, one in where.items() if where is not None else ():
        if name in context.figures:
            context.problems.at_key(
                where or one, name, f"“{name}”已是一个指标值的名字。", f"`{name}` is the name of a figure."
            )
        parts = dict(one.items())
        formula = context.number_formula(parts["formula"], [step.name for step in steps])
        if formula is not None:
            steps.append(Step(name, text(one), cast(Unit, parts["unit"].text), formula))
    if written is None:
        if found is not None and not isinstance(found, Deductions):
            context.problems.at(node, "缺少公式 formula。", "`formula` is missing.")
        return tuple(steps), None
    formula = context.number_formula(written, [step.name for step in steps])
    if formula is not None:
        used = formula.names.union(*(step.formula.names for step in steps))
        for step in steps:
            if step.name not in used and where is not None:
                context.problems.at_key(where, step.name, f"“{step.name}”没有用到。", f"`{step.name}` is not used.")
    return tuple(steps), formula


def _divisors(node: Node, formulas: list[Expression], cases: str | None, own: Readings, context: Context) -> None:
    """A divisor that can be zero is answered for: by `cases`, or by the card's reading `zero`."""
    where = node.get("formula") or node
    nonzero = frozenset({cases}) if cases is not None else frozenset()
    found = sorted(frozenset().union(*(context.divisors(where, formula, nonzero) for formula in formulas)))
    if found:
        context.needed.add("zero")
    if found and own.zero is None:
        names = "、".join(found)
        context.problems.at(
            where,
            f"除数可能为 0（{names}）：写上 cases（为 0 就是当月没有发生），或在 readings 里写 zero。",
            f"The divisor may be 0 ({', '.join(found)}): state `cases` (0 means no case), or `zero` in the readings.",
        )


def _condition(node: Node | None, own: Readings, context: Context) -> Condition | None:
    if node is None:
        return None
    parts = dict(node.items())
    formula = context.number_formula(parts["formula"], ())
    if formula is None:
        return None
    _divisors(node, [formula], None, own, context)
    otherwise = cast(Literal["drop", "zero", "ignore"], parts["otherwise"].text)
    return Condition(text(node), formula, cast(Unit, parts["unit"].text), Fraction(parts["least"].text), otherwise)


def _alarm(node: Node | None) -> Alarm | None:
    if node is None:
        return None
    parts = dict(node.items())
    return Alarm(Fraction(parts["below"].text), int(parts["months"].text), parts["starts"].text)


def _beside(node: Node | None, context: Context) -> tuple[Beside, ...]:
    found = []
    for one in node.elements() if node is not None else ():
        parts = dict(one.items())
        formula = context.number_formula(parts["formula"], ())
        if formula is not None:
            context.divisors(parts["formula"], formula)
            found.append(Beside(text(one), formula, cast(Unit, parts["unit"].text)))
    return tuple(found)
