"""Numbers of a scored card as text: points, weights, figures with their units, targets with their signs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from workflows.scoring.explaining.numbers import apart, figure_text, fixed, in_unit
from workflows.scoring.line import Line
from workflows.scoring.model import Scorecard
from workflows.scoring.rules import Attainment

PLACES: Final = 2
NOTHING: Final = "–"
"""What stands where there is no number."""


def points(value: Fraction | Decimal | None) -> str:
    """A score, or what it counts: two places, half up; a dash for none."""
    return NOTHING if value is None else fixed(Fraction(value), PLACES)


def difference(value: Fraction | Decimal) -> str:
    """Points more or less, with their sign: +0.50, −4.61; "" where that would be 0.00."""
    said = fixed(abs(Fraction(value)), PLACES)
    return "" if said == "0.00" else f"{'+' if value > 0 else '−'}{said}"


def weight(value: Fraction) -> str:
    """A weight of 100: 30.00%."""
    return f"{fixed(value, PLACES)}%"


def whole_weight(value: Fraction) -> str:
    """A group's weight, without places where it has none: 60, 33.33."""
    return f"{value.numerator}" if value.denominator == 1 else fixed(value, PLACES)


def figure_said(card: Scorecard, name: str, value: Decimal, language: str) -> str:
    """A figure with its unit, nothing rounded: ¥4,231,800, 3.1%, 1,248,330 人."""
    unit = card.figures[name].unit
    if unit in ("CNY", "percent"):
        return figure_text(value, unit)
    return in_unit(Fraction(value), unit, places=_places_of(value)).text(language)


def actual_said(line: Line, language: str) -> str:
    """What was measured, with its unit, never looking like a target that it is not."""
    if line.actual is None:
        return NOTHING
    indicator = line.indicator
    places = apart(line.actual, [line.target], PLACES)
    fixed_places = places if indicator.unit in ("percent", "ratio") or places > PLACES else None
    return in_unit(line.actual, indicator.unit, indicator.unit_words, fixed_places).text(language)


def target_said(line: Line, language: str) -> str:
    """What it is held against: ≥ 20%, ≤ 15%; plain where the score is a share of it, and where none at all is wanted."""
    if line.target is None:
        return NOTHING
    indicator = line.indicator
    places = PLACES if indicator.unit == "percent" and line.target.denominator != 1 else None
    said = in_unit(line.target, indicator.unit, indicator.unit_words, places).text(language)
    if isinstance(indicator.rule, Attainment) or line.target == 0:
        return said
    return f"{'≥' if indicator.direction == 'up' else '≤'} {said}"


def _places_of(value: Decimal) -> int | None:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else None
