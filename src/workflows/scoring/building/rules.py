"""Rules, readings and targets, and whether they go together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, cast

from workflows.document.problems import nearest
from workflows.document.reading import Node
from workflows.scoring.building.context import Context, fraction
from workflows.scoring.model import Target
from workflows.scoring.rules import (
    Attainment,
    Band,
    Bands,
    Charge,
    Deductions,
    Direction,
    In,
    Met,
    Readings,
    Rule,
    Steps,
)

BAND_NAMES = ("actual", "target", "rate")
"""What the conditions and points of bands may name."""


def readings(node: Node | None, otherwise: Readings) -> Readings:
    """The readings written at `node`, and for those not written there those of `otherwise`."""
    return (
        otherwise if node is None else replace(otherwise, **{name: _reading(name, one) for name, one in node.items()})
    )


def _reading(name: str, node: Node) -> Any:
    match name:
        case "least" | "most":
            return fraction(node)
        case "rates" if node.kind == "integer":
            return int(node.text)
    return node.text


def rule(node: Node, context: Context) -> Rule | None:
    """The rule written at `node`; None where it has a problem."""
    if node.kind == "text":  # `score: attainment`
        return Attainment()
    kind, written = next(iter(node.items()))
    parts = dict(written.items())
    match kind:
        case "attainment":
            return Attainment(fraction(parts["most"]))
        case "steps":
            return Steps(_number(parts["every"]), _number(parts["costs"]), _in(parts["in"]))
        case "met":
            return Met(_number(parts["met"]), _number(parts["missed"]))
        case "deductions":
            return Deductions(
                MappingProxyType({name: _charge(name, one, written, context) for name, one in parts.items()})
            )
    return _bands(written, context)


def _number(node: Node) -> Fraction:
    return Fraction(node.text)


def _in(node: Node) -> In:
    return cast(In, node.text)


def _charge(name: str, node: Node, written: Node, context: Context) -> Charge:
    context.figure(node, at=written, key=name)
    if node.kind != "mapping":
        return Charge(_number(node))
    parts = dict(node.items())
    return Charge(_number(parts["each"]), int(parts["every"].text), _number(parts["costs"]))


def _bands(node: Node, context: Context) -> Rule | None:
    found: list[Band] = []
    last = node.elements()[-1]
    for one in node.elements():
        when, parts = one.get("when"), dict(one.items())
        if (when is None) is not (one is last):
            context.problems.at(
                one,
                "只有最后一段不写 when：它收下其余的值。",
                "Only the last band has no `when`: it takes all other values.",
            )
        condition = context.condition(when, BAND_NAMES) if when is not None else None
        points = context.number_formula(parts["points"], BAND_NAMES, figures=False)
        for formula, place in ((condition, when), (points, parts["points"])):
            if formula is not None and place is not None and context.divisors(place, formula):
                context.problems.at(
                    place, "这里只能除以一个不为 0 的数。", "Only a number other than 0 can divide here."
                )
        if points is None or (when is not None and condition is None):
            return None
        found.append(Band(points, condition))
    return Bands(tuple(found))


def target(key: str, node: Node | None, needed: bool, owner: Node, context: Context) -> Target:
    """The target of the indicator `key`, written at `node`. `needed`: its rule asks for one; `owner`: where to say so."""
    name: str | None = f"{key}_target"
    taken = context.figures.get(str(name))
    if not needed or (taken is not None and taken.target_of is None):
        name = None  # a figure of that name means something else: `profit_target` is money, no bound for `profit`
    if node is None:
        if needed:
            context.problems.at(owner, "缺少目标 target。", "`target` is missing.")
        return Target(name, value=Fraction(0))
    if node.kind == "mapping":
        return _dependent_target(name, node, context)
    if node.text != "set":
        return Target(name, value=_number(node))
    if name is None:
        context.problems.at(
            node,
            f"{key}_target 已是另一个指标值，目标不能用 set。",
            f"`{key}_target` is a figure of its own: this target cannot be `set`.",
        )
    return Target(name)


def _dependent_target(name: str | None, node: Node, context: Context) -> Target:
    parts = dict(node.items())
    if "figure" in parts:
        return Target(name, base=context.figure(parts["figure"]), plus=_number(parts["plus"]), plus_in=_in(parts["in"]))
    parameter = context.figures.parameters.get(parts["by"].text)
    if parameter is None:
        near = nearest(parts["by"].text, context.figures.parameters)
        context.problems.at(
            parts["by"],
            f"没有“{parts['by'].text}”这个参数（见 figures.yaml）。",
            f"There is no parameter `{parts['by'].text}` (see figures.yaml).",
            nearest=near,
        )
        return Target(name)
    values: dict[str, Fraction] = {}
    for choice, one in parts["values"].items():
        if choice not in parameter.choices:
            context.problems.at_key(
                parts["values"],
                choice,
                f"“{parameter.title.zh}”没有“{choice}”这个取值。",
                f"`{choice}` is no choice of `{parameter.key}`.",
                nearest=nearest(choice, parameter.choices),
            )
        values[choice] = _number(one)
    return Target(name, by=parameter.key, choices=MappingProxyType(values))


def fits(found: Rule, goal: Target, node: Node, context: Context) -> None:
    """A share of the target needs a target above 0."""
    by_share = isinstance(found, Attainment) or (isinstance(found, Steps) and found.gap_in == "relative")
    if isinstance(found, Bands):
        formulas = [formula for band in found.bands for formula in (band.points, band.when) if formula is not None]
        by_share = any("rate" in formula.names for formula in formulas)
    written = [value for value in (goal.value, *goal.choices.values()) if value is not None]
    if by_share and any(value <= 0 for value in written):
        context.problems.at(
            node,
            "这条规则按目标的比例计分，目标必须大于 0。",
            "This rule scores a share of the target, which must be more than 0.",
        )


def needed_readings(found: Rule, direction: Direction) -> tuple[str, ...]:
    """The readings without which a rule says nothing definite."""
    match found:
        case Attainment(most):
            return ("least", *(("most",) if most is None else ()), *(("lower",) if direction == "down" else ()))
        case Steps():
            return ("least", "points_of", "steps")
        case Deductions(charges):
            bundled = any(charge.every is not None for charge in charges.values())
            return ("least", "points_of", *(("bundles",) if bundled else ()))
    return ("least",)


def demand(names: tuple[str, ...], stated: Readings, node: Node, context: Context) -> None:
    """Notes the readings that something rests on; problems for those that the card does not state."""
    context.needed.update(names)
    for name in names:
        if getattr(stated, name) is None:
            context.problems.at(
                node,
                f"评分表的 readings 里没写 {name}，这一项要用到它。",
                f"The card's `readings` do not state `{name}`, which this needs.",
            )


def refuse_unused(written: Node | None, context: Context) -> None:
    """A reading that nothing rests on would change nothing when somebody changes it."""
    for name, _ in written.items() if written is not None else ():
        if name not in context.needed and written is not None:
            context.problems.at_key(
                written, name, f"没有一项用到“{name}”这个读法。", f"Nothing here rests on the reading `{name}`."
            )
