"""Rounded parts that add up to their rounded whole, so that whoever adds up what is shown gets what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from workflows.expression import half_up


def adding_up(parts: Sequence[Fraction], whole: Fraction, places: int = 2) -> tuple[Fraction, ...]:
    """`parts` with so many decimal places that add up to `whole` exactly.

    `whole` has at most so many places and is what the parts come to but for rounding. Each part is rounded half up; what is then
    too much or too little is taken from, or given to, those whose rounding did most in that direction, one last digit each.
    """
    step = Fraction(1, 10**places)
    found = [half_up(part, places) for part in parts]
    over = (sum(found, Fraction(0)) - whole) / step
    direction = 1 if over > 0 else -1
    order = sorted(range(len(parts)), key=lambda number: direction * (parts[number] - found[number]))
    for number in order[: int(abs(over))]:
        found[number] -= direction * step
    return tuple(found)
