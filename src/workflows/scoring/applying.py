"""The rules' arithmetic: a measured value in, points out. Exact, and without words: `explaining` has those."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from workflows.expression.nodes import Constant
from workflows.scoring.measuring import value_of
from workflows.scoring.model import Indicator
from workflows.scoring.rules import Attainment, Bands, Charge, Deductions, Direction, Met, Readings, Steps

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule made of a value.

    `points`: before parts are taken off, not yet held to the card's `least`; `cost`: what it deducts from 100 (None where the rule
    does not deduct); `gap`: to the target, above 0 where it is missed, in the rule's own measure; `steps`: that cost; `share`:
    attainment before its bounds; `band`: which one, counted from 0; `costs`: by figure.
    """

    points: Fraction
    cost: Fraction | None = None
    gap: Fraction | None = None
    steps: Fraction | None = None
    share: Fraction | None = None
    band: int | None = None
    costs: Mapping[str, Fraction] | None = None


def apply(
    indicator: Indicator, actual: Fraction, target: Fraction, counts: Mapping[str, Fraction], weight: Fraction
) -> Outcome:
    """Points by the indicator's rule. `counts`: occurrences by figure; `weight`: of the line, as the card writes it."""
    readings = indicator.readings
    match indicator.rule:
        case Attainment(most):
            return _attainment(most or readings.most, actual, target, indicator.direction, readings)
        case Steps():
            return _steps(indicator.rule, actual, target, indicator, weight)
        case Bands():
            return _bands(indicator.rule, actual, target)
        case Met(met, missed):
            return Outcome(met if is_met(actual, target, indicator.direction) else missed)
        case Deductions(charges):
            return _deductions(charges, counts, readings, weight)


def is_met(actual: Fraction, target: Fraction, direction: Direction) -> bool:
    """Whether the target is reached: at least it where more is better, at most it where less is."""
    return actual >= target if direction == "up" else actual <= target


def most_points(indicator: Indicator) -> Fraction:
    """The most a line can score: what a person may give it, too."""
    match indicator.rule:
        case Attainment(most):
            return most or indicator.readings.most or HUNDRED
        case Met(met, missed):
            return max(met, missed)
        case Bands(bands):
            fixed = [band.points.root.value for band in bands if isinstance(band.points.root, Constant)]
            return max((value for value in fixed if isinstance(value, Fraction)), default=HUNDRED)
    return HUNDRED


def together(indicator: Indicator, own: Outcome, parts: list[Fraction]) -> Fraction:
    """The score of a line: its own points less what its parts cost, not below the card's `least`."""
    if indicator.readings.parts == "larger" and parts:
        costs = [*parts, *([own.cost] if own.cost is not None else [])]
        points = (HUNDRED if own.cost is not None else own.points) - max(costs)
    else:
        points = own.points - sum(parts, Fraction(0))
    return max(points, indicator.readings.least or Fraction(0))


def _attainment(
    most: Fraction | None, actual: Fraction, target: Fraction, direction: Direction, readings: Readings
) -> Outcome:
    """S↑ and S↓. An actual of 0 is the best result where less is better, and never a divisor."""
    if direction == "up":
        share = actual / target * 100
    elif readings.lower == "ratio":
        share = target / actual * 100 if actual > 0 else most or HUNDRED
    else:
        share = (2 - actual / target) * 100
    points = max(share, readings.least or Fraction(0))
    return Outcome(points if most is None else min(points, most), share=share)


def _steps(rule: Steps, actual: Fraction, target: Fraction, indicator: Indicator, weight: Fraction) -> Outcome:
    gap = target - actual if indicator.direction == "up" else actual - target
    if rule.gap_in == "relative":
        gap = gap / target * 100
    steps = _counted(max(gap, Fraction(0)) / rule.every, indicator.readings)
    cost = _of_hundred(steps * rule.costs, indicator.readings, weight)
    return Outcome(HUNDRED - cost, cost=cost, gap=gap, steps=steps)


def _counted(steps: Fraction, readings: Readings) -> Fraction:
    match readings.steps:
        case "begun":
            return Fraction(math.ceil(steps))
        case "linear":
            return steps
    return Fraction(math.floor(steps))


def _of_hundred(points: Fraction, readings: Readings, weight: Fraction) -> Fraction:
    """Points as they are taken from 100; read as points of the weight, 3 of a weight of 10 are 30 of 100."""
    return points * 100 / weight if readings.points_of == "weight" and weight else points


def _bands(rule: Bands, actual: Fraction, target: Fraction) -> Outcome:
    values = {"actual": actual, "target": target}
    if target > 0:
        values["rate"] = actual / target * 100
    for place, band in enumerate(rule.bands):
        if band.when is None or band.when.holds(values):
            return Outcome(value_of(band.points, values), band=place)
    raise AssertionError("the last band takes every value")


def _deductions(
    charges: Mapping[str, Charge], counts: Mapping[str, Fraction], readings: Readings, weight: Fraction
) -> Outcome:
    costs = {name: _charge(charge, counts[name], readings) for name, charge in charges.items()}
    cost = _of_hundred(sum(costs.values(), Fraction(0)), readings, weight)
    return Outcome(HUNDRED - cost, cost=cost, costs=costs)


def _charge(charge: Charge, count: Fraction, readings: Readings) -> Fraction:
    """5 for each three and 1 for each of the rest; read as `all`, the three cost their 1 each as well."""
    if charge.every is None or charge.costs is None:
        return count * charge.each
    bundles = count // charge.every
    single = count if readings.bundles == "all" else count - bundles * charge.every
    return bundles * charge.costs + single * charge.each
