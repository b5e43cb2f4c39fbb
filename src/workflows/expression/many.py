"""Computing with many numbers at once.

Lists are long and the budget is short: nothing here calls Python code for each item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from operator import attrgetter

from workflows.expression import limits
from workflows.expression.numbers import bounded, too_large
from workflows.expression.work import Work

ratio: Callable[[Fraction], tuple[int, int]] = attrgetter("_numerator", "_denominator")
"""Numerator and denominator as `as_integer_ratio` gives them, at a third of its price."""


def refuse_too_long(numbers: Iterable[Fraction]) -> None:
    """Raises ExpressionError when one of the numbers has grown beyond what any honest figure needs."""
    for numerator, denominator in map(ratio, numbers):
        if max(numerator.bit_length(), denominator.bit_length()) > limits.MOST_BITS:
            raise too_large()


def pay_for(numbers: Sequence[Fraction], work: Work) -> None:
    """Pay for computing once with each of the numbers: the longer, the dearer."""
    bits = 0
    for numerator, denominator in map(ratio, numbers):
        bits += numerator.bit_length() + denominator.bit_length()
    work.spend(limits.ITEM * len(numbers) + bits // limits.BITS_A_UNIT)


def added_up(numbers: Iterable[Fraction], work: Work) -> Fraction:
    """The sum, numerators of like denominators first: amounts of money have one or two, and only adding unlike ones is slow."""
    numerators: dict[int, int] = {}
    for numerator, denominator in map(ratio, numbers):
        numerators[denominator] = numerators.get(denominator, 0) + numerator
    return _gathered(numerators, work)


def products_added_up(first: Sequence[Fraction], second: Sequence[Fraction], work: Work) -> Fraction:
    """The sum of each of `first` times its partner in `second`; like denominators first as well."""
    pay_for(first, work)
    pay_for(second, work)
    numerators: dict[int, int] = {}
    for (one, below), (other, below_other) in zip(map(ratio, first), map(ratio, second), strict=True):
        denominator = below * below_other
        numerators[denominator] = numerators.get(denominator, 0) + one * other
    return _gathered(numerators, work)


def _gathered(numerators: dict[int, int], work: Work) -> Fraction:
    """The sum of numerators by their denominators."""
    total = Fraction(0)
    for denominator, numerator in numerators.items():
        part = Fraction(numerator, denominator)
        pay_for((total, part), work)
        total = bounded(total + part)
    return total


def least(numbers: Sequence[Fraction], work: Work) -> Fraction:
    """The smallest of the numbers, of which there is at least one."""
    return _foremost(numbers, work, -1)


def greatest(numbers: Sequence[Fraction], work: Work) -> Fraction:
    """The largest of the numbers, of which there is at least one."""
    return _foremost(numbers, work, 1)


def _foremost(numbers: Sequence[Fraction], work: Work, sign: int) -> Fraction:
    pay_for(numbers, work)
    found = numbers[0]
    best, below_best = ratio(found)
    for number in numbers:
        other, below = ratio(number)
        if (other * below_best - best * below) * sign > 0:
            found, best, below_best = number, other, below
    return found
