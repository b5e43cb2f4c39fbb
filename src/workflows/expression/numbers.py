"""Exact numbers: rationals inside, decimals in and out, no binary fraction anywhere."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from workflows.expression import limits
from workflows.expression.errors import ExpressionError

_LARGEST_EXPONENT = 400


def exact(value: int | Decimal) -> Fraction:
    """`value` as a Fraction; raises ExpressionError for infinities and for exponents nobody means (1e99999999)."""
    if isinstance(value, Decimal):
        if (
            not value.is_finite()
            or abs(value.adjusted()) > _LARGEST_EXPONENT
            or len(value.as_tuple().digits) > _LARGEST_EXPONENT
        ):
            raise _too_large()
        return Fraction(value)
    if abs(value).bit_length() > limits.MOST_BITS:
        raise _too_large()
    return Fraction(value)


def bounded(value: Fraction) -> Fraction:
    """`value` itself, unless it has grown beyond what any honest figure needs."""
    if abs(value.numerator).bit_length() > limits.MOST_BITS or value.denominator.bit_length() > limits.MOST_BITS:
        raise _too_large()
    return value


def half_up(value: Fraction, places: int) -> Fraction:
    """`value` rounded to `places` decimal places, halves away from zero (the company's rule, as people round)."""
    scale = 10**places
    whole = (abs(value) * scale * 2 + 1) // 2
    return Fraction(whole if value >= 0 else -whole, scale)


def to_decimal(value: Fraction, places: int) -> Decimal:
    """`value` rounded half up to exactly `places` places: 2.5 with 2 places is Decimal("2.50")."""
    scaled = int(half_up(value, places) * 10**places)
    digits = tuple(int(digit) for digit in str(abs(scaled)))
    return Decimal((1 if scaled < 0 else 0, digits, -places))


def _too_large() -> ExpressionError:
    return ExpressionError("数字太大。", "The number is too large.")
