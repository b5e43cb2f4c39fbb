"""The rules by which a measured value becomes a score: five kinds, and the readings that they share. Data, no arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from workflows.expression import Expression

In = Literal["points", "relative"]
"""A gap counted in the indicator's own unit (for percent: percentage points), or in percent of the target."""

Direction = Literal["up", "down"]
"""Whether more (`up`) or less (`down`) is better."""


@dataclass(frozen=True, slots=True)
class Readings:
    """How the company reads what its documents leave open; each can be read otherwise by changing one word of the card.

    steps: a step that costs is `whole` (低满), `begun`, or counts in proportion (`linear`). points_of: points are taken from
    `hundred`, the whole of the indicator, or from its `weight` as written. least: no score goes below. most: no attainment counts
    for more. lower: where less is better, `mirror` is (2 − actual ÷ target) × 100, `ratio` target ÷ actual × 100. rates: `exact`, or
    the number of places an actual is rounded to before it meets a threshold. zero: a divisor of zero leaves the line `undefined`,
    which blocks as missing does, or `not_applicable`. parts: deductions of an indicator's parts are a `sum`, or the `larger` one
    counts. bundles: where so many occurrences cost together, `rest`: single ones cost only beyond that, `all`: they cost as well.
    None where the card did not say, as none of its rules needs it.
    """

    steps: Literal["whole", "begun", "linear"] | None = None
    points_of: Literal["hundred", "weight"] | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    lower: Literal["mirror", "ratio"] | None = None
    rates: Literal["exact"] | int | None = None
    zero: Literal["undefined", "not_applicable"] | None = None
    parts: Literal["sum", "larger"] | None = None
    bundles: Literal["rest", "all"] | None = None


@dataclass(frozen=True, slots=True)
class Attainment:
    """S↑ actual ÷ target × 100, S↓ its mirror, within `least` and `most` of the readings; `most` here overrides."""

    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """D(step, points): each step of the gap to the target costs points. `every`: the step; `costs`: points."""

    every: Fraction
    costs: Fraction
    gap_in: In


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of values and what it gives. Both are expressions over `actual`, `target` and `rate` (actual ÷ target × 100);
    the last band has no `when`."""

    points: Expression
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Bands:
    """The first band whose condition holds gives the score."""

    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Met:
    """Target met: so many points; missed: so many."""

    met: Fraction
    missed: Fraction


@dataclass(frozen=True, slots=True)
class Charge:
    """What occurrences of one figure cost: `each` one, and `every` so many together `costs`, where that is set."""

    each: Fraction
    every: int | None = None
    costs: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Deductions:
    """Points per occurrence, by the figure that counts them."""

    charges: Mapping[str, Charge]


Rule = Attainment | Steps | Bands | Met | Deductions
