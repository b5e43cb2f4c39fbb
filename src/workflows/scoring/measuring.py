"""From figures to what an indicator measures: its actual and its target, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from workflows.errors import Text
from workflows.expression import Expression, ExpressionError, half_up, walk
from workflows.expression.evaluate import evaluate
from workflows.expression.nodes import Binary, Name, Node, children
from workflows.scoring.given import Given
from workflows.scoring.model import Indicator, Target
from workflows.scoring.rules import Attainment, Bands, Steps

Found = Literal["measured", "missing", "undefined", "not_applicable", "dropped"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for an indicator.

    `missing`: figures or parameters that are not there, or (`undefined`) that make a divisor zero. `between`: its intermediate
    values. `condition`: what its condition came to. `why`: of an undefined one.
    """

    found: Found
    actual: Fraction | None = None
    target: Fraction | None = None
    missing: tuple[str, ...] = ()
    between: Mapping[str, Fraction] = field(default_factory=dict)
    condition: Fraction | None = None
    why: Text | None = None


class Undefined(Exception):
    """A formula has no value over these figures. `names`: those that make it so."""

    def __init__(self, names: tuple[str, ...], why: Text) -> None:
        super().__init__(why.en)
        self.names = names
        self.why = why


def measure(indicator: Indicator, given: Given) -> Measured:
    """Actual and target of an indicator, without its parts."""
    target, target_missing = target_of(indicator.target, given)
    if indicator.cases is not None and given.numbers.get(indicator.cases) == 0:
        return Measured("not_applicable", target=target)
    try:
        condition = _condition(indicator, given)
        if _drops(indicator, condition):
            return Measured("dropped", target=target, condition=condition)
        missing = (*(name for name in indicator.reads if name not in given.numbers), *target_missing)
        if missing:
            return Measured("missing", target=target, missing=tuple(dict.fromkeys(missing)), condition=condition)
        between = _between(indicator, given)
        actual = _actual(indicator, given, between)
        _refuse_target(indicator, target)
    except Undefined as error:
        if indicator.readings.zero == "not_applicable" and error.names:
            return Measured("not_applicable", target=target)
        return Measured("undefined", target=target, missing=error.names, why=error.why)
    return Measured("measured", actual, target, between=between, condition=condition)


def target_of(target: Target, given: Given) -> tuple[Fraction | None, tuple[str, ...]]:
    """The target that holds, or what is missing to know it. A figure KEY_target goes before what the card says."""
    if target.name is not None and target.name in given.numbers:
        return given.numbers[target.name], ()
    if target.value is not None:
        return target.value, ()
    if target.base is not None:
        base = given.numbers.get(target.base)
        if base is None:
            return None, (target.base,)
        return (base + target.plus if target.plus_in == "points" else base * (1 + target.plus / 100)), ()
    if target.by is not None:
        if target.by not in given.choices:
            return None, (target.by,)
        values = {target.choices[choice] for choice in given.choices[target.by] if choice in target.choices}
        if len(values) == 1:
            return values.pop(), ()
        if values:  # fast-moving and durable at once: which of the two targets holds, nobody said
            return None, (target.by,)
    return None, (target.name,) if target.name is not None else ()


def value_of(formula: Expression, values: Mapping[str, Fraction]) -> Fraction:
    """The number a formula gives; raises Undefined where it divides by zero or grows beyond any honest figure."""
    try:
        value = formula.evaluate(values)
    except ExpressionError as error:
        names = _zero_names(formula, values)
        if names:
            raise Undefined(names, Text("除数为 0。", "The divisor is 0.")) from None
        raise Undefined(tuple(sorted(formula.names)), error.message) from None
    if not isinstance(value, Fraction):  # the loader refuses such formulas
        raise TypeError(f"{formula.source} gives no number")
    return value


def _zero_names(formula: Expression, values: Mapping[str, Fraction]) -> tuple[str, ...]:
    """The names in divisors that are zero, as far as they can be told."""
    found: list[str] = []
    for node in walk(formula.root):
        if isinstance(node, Binary) and node.operator == "/":
            try:
                zero = evaluate(node.right, values) == 0
            except ExpressionError:  # a division within this divisor: it is looked at for itself
                continue
            if zero:
                names = _names_below(node.right)
                found += [name for name in names if values.get(name) == 0] or names
    return tuple(dict.fromkeys(found))


def _names_below(root: Node) -> list[str]:
    waiting, found = [root], list[str]()
    while waiting:
        node = waiting.pop()
        found += [node.name] if isinstance(node, Name) else []
        waiting.extend(children(node))
    return found


def _condition(indicator: Indicator, given: Given) -> Fraction | None:
    """What the condition comes to; None where there is none, it is ignored, or its figures are missing."""
    condition = indicator.condition
    if condition is None or condition.otherwise == "ignore" or not condition.formula.names <= given.numbers.keys():
        return None
    return _rounded(value_of(condition.formula, given.numbers), indicator)


def _drops(indicator: Indicator, value: Fraction | None) -> bool:
    condition = indicator.condition
    return condition is not None and condition.otherwise == "drop" and value is not None and value < condition.least


def _between(indicator: Indicator, given: Given) -> dict[str, Fraction]:
    values = dict(given.numbers)
    found: dict[str, Fraction] = {}
    for step in indicator.steps:
        try:
            found[step.name] = values[step.name] = value_of(step.formula, values)
        except Undefined as error:
            raise Undefined(figures_behind(indicator, error.names, given), error.why) from None
    return found


def _actual(indicator: Indicator, given: Given, between: Mapping[str, Fraction]) -> Fraction:
    if indicator.formula is None:
        charges = getattr(indicator.rule, "charges", {})
        return sum((given.numbers[name] for name in charges), Fraction(0))
    try:
        return _rounded(value_of(indicator.formula, {**given.numbers, **between}), indicator)
    except Undefined as error:
        raise Undefined(figures_behind(indicator, error.names, given), error.why) from None


def figures_behind(indicator: Indicator, names: tuple[str, ...], given: Given) -> tuple[str, ...]:
    """Figures instead of intermediate values, those that are zero where some are: what somebody can look up and enter."""
    made = {step.name: step.formula for step in indicator.steps}
    found: list[str] = []
    for name in names:
        found += figures_behind(indicator, tuple(sorted(made[name].names)), given) if name in made else [name]
    zero = [name for name in found if given.numbers.get(name) == 0]
    return tuple(dict.fromkeys(zero or found))


def _rounded(value: Fraction, indicator: Indicator) -> Fraction:
    """A rate meets thresholds as it is, unless the card's reading rounds it first."""
    places = indicator.readings.rates
    return half_up(value, places) if isinstance(places, int) else value


def _refuse_target(indicator: Indicator, target: Fraction | None) -> None:
    """A share of a target asks for one above 0."""
    rule = indicator.rule
    by_share = isinstance(rule, Attainment) or (isinstance(rule, Steps) and rule.gap_in == "relative")
    if isinstance(rule, Bands):
        formulas = [formula for band in rule.bands for formula in (band.points, band.when) if formula is not None]
        by_share = any("rate" in formula.names for formula in formulas)
    if by_share and target is not None and target <= 0:
        name = indicator.target.name or indicator.target.base
        raise Undefined(
            (name,) if name is not None else (), Text("目标应大于 0。", "The target should be more than 0.")
        )
