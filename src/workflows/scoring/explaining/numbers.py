"""Exact numbers as text: for programs digit by digit, for people with separators, units, and no more digits than they need."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from workflows.errors import Text
from workflows.expression import half_up, to_decimal
from workflows.scoring.catalogue import Unit

_MINUS = "−"
_WORDS: dict[Unit, Text] = {
    "hours": Text(" 小时", " h"),
    "minutes": Text(" 分钟", " min"),
    "seconds": Text(" 秒", " s"),
    "persons": Text(" 人", ""),
    "mark": Text(" 分", ""),
}


def exact_text(value: Fraction) -> str:
    """`value` as a decimal: exact where it is finite, else to 10 places, half up. Without an exponent, separators or needless zeros."""
    places = _places(value)
    text = format(to_decimal(value, 10 if places is None else places), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _places(value: Fraction) -> int | None:
    """How many decimal places `value` has; None where they never end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def fixed(value: Fraction, places: int = 2) -> str:
    """`value` to exactly so many places, half up, with separators: 4,231,800.00."""
    return _signed(to_decimal(value, places))


def short(value: Fraction, places: int = 2) -> str:
    """`value` to at most so many places, half up, without needless zeros: 18, 12.5."""
    return _signed(_trimmed(to_decimal(value, places)))


def written(value: Decimal) -> str:
    """A figure as it was given, with separators: nothing rounded."""
    return _signed(_trimmed(value))


def _trimmed(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _signed(value: Decimal) -> str:
    return f"{abs(value):,f}" if value >= 0 else f"{_MINUS}{abs(value):,f}"


def apart(value: Fraction, marks: Iterable[Fraction | None], places: int = 2) -> int:
    """The places at which `value` does not look like a mark that it is not: 79.996 beside 80 shows as 79.996, not as 80.00."""
    others = [mark for mark in marks if mark is not None and mark != value]
    while places < 10 and any(half_up(value, places) == half_up(mark, places) for mark in others):
        places += 1
    return places


def in_unit(value: Fraction, unit: Unit, words: Text | None = None, places: int | None = None) -> Text:
    """A value with its unit: 84.64%, ¥238.60, 3.5 小时. `places` None: at most two, four digits that count for small ratios;
    `words`: what the card calls the unit."""
    if places is None and unit == "CNY" and value.denominator != 1:
        places = 2  # money is written with both digits or none
    if places is not None:
        number = fixed(value, places)
    else:
        number = short(value, _ratio_places(value) if unit == "ratio" else 2)
    if unit == "percent":
        return Text(f"{number}%", f"{number}%")
    if unit == "CNY":
        money = _money(number)
        return Text(money, money)
    tail = Text(f" {words.zh}", f" {words.en}") if words is not None else _WORDS.get(unit, Text("", ""))
    return Text(f"{number}{tail.zh}", f"{number}{tail.en}")


def figure_text(value: Decimal, unit: Unit) -> str:
    """A figure within a formula: money and percent with their signs, all else as a bare number. Money has fen or none."""
    number = written(value)
    match unit:
        case "CNY":
            whole, point, fen = number.partition(".")
            return _money(f"{whole}{point}{fen.ljust(2, '0')}" if point else whole)
        case "percent":
            return f"{number}%"
    return number


def distance(value: Fraction, unit: Unit, words: Text | None = None, places: int | None = None) -> Text:
    """A difference in a unit: of percentages in percentage points."""
    number = short(value) if places is None else fixed(value, places)
    if unit == "percent":
        return Text(f"{number} 个点", f"{number} pp")
    return in_unit(value, unit, words, places)


def _money(number: str) -> str:
    return f"{_MINUS}¥{number[1:]}" if number.startswith(_MINUS) else f"¥{number}"


def _ratio_places(value: Fraction) -> int:
    """Two, or as many as show four digits of a small one."""
    places = 2
    while places < 8 and value and abs(value) * 10**places < 1000:
        places += 1
    return places
