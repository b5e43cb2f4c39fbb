"""Exact numbers: rationals inside, decimals in and out, no binary fraction anywhere."""

from __future__ import annotations

from decimal import Context, Decimal, Rounded
from fractions import Fraction

from workflows.expression import limits
from workflows.expression.errors import ExpressionError

_LARGEST_EXPONENT = 400
_SHORT = Context(prec=_LARGEST_EXPONENT, traps=[Rounded])


def exact(value: int | Decimal) -> Fraction:
    """`value` as a Fraction; raises ExpressionError for infinities, for exponents nobody means (1e99999999), and for what is
    no exact number: binary floats, true and false."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _not_exact(value)
    if isinstance(value, Decimal):
        return _of_decimal(value)
    if value.bit_length() > limits.MOST_BITS:
        raise too_large()
    return Fraction(value)


def _of_decimal(value: Decimal) -> Fraction:
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise too_large()
    try:
        _SHORT.plus(value)  # counts the digits without listing them
    except Rounded:
        raise too_large() from None
    return Fraction(*value.as_integer_ratio())


def bounded(value: Fraction) -> Fraction:
    """`value` itself, unless it has grown beyond what any honest figure needs."""
    numerator, denominator = value.as_integer_ratio()
    if numerator.bit_length() > limits.MOST_BITS or denominator.bit_length() > limits.MOST_BITS:
        raise too_large()
    return value


def half_up(value: Fraction, places: int) -> Fraction:
    """`value` rounded to `places` decimal places, halves away from zero (the company's rule, as people round).

    Raises ExpressionError for a binary float: half of it may never have been there.
    """
    if not isinstance(value, Fraction):
        raise _not_exact(value)
    scale = 10**places
    whole = (abs(value) * scale * 2 + 1) // 2
    return Fraction(whole if value >= 0 else -whole, scale)


def to_decimal(value: Fraction, places: int) -> Decimal:
    """`value` rounded half up to exactly `places` places: 2.5 with 2 places is Decimal("2.50"). Raises as `half_up`."""
    scaled = int(half_up(value, places) * 10**places)
    digits = tuple(int(digit) for digit in str(abs(scaled)))
    return Decimal((1 if scaled < 0 else 0, digits, -places))


def too_large() -> ExpressionError:
    """The refusal of a number that has grown beyond what any honest figure needs."""
    return ExpressionError("数字太大。", "The number is too large.")


def _not_exact(value: object) -> ExpressionError:
    name = type(value).__name__
    return ExpressionError(f"不能用 {name} 类型的数计算。", f"Numbers of type {name} cannot be computed with.")
