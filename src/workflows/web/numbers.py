"""How the screens say numbers (screens.md §5): with their unit and a space, minus as −, exact decimals only."""

from __future__ import annotations

from decimal import Decimal

MINUS = "−"


def number(value: int | Decimal, places: int | None = None) -> str:
    """1,234.5; with `places` always that many digits behind the point. Never through a float."""
    exact = abs(Decimal(value))
    text = f"{exact:,.{places}f}" if places is not None else f"{exact:,f}"
    return f"{MINUS}{text}" if value < 0 else text


def money(value: int | Decimal) -> str:
    """¥96,000; fen only where there are any: ¥1,159.50."""
    whole = value == int(value)
    return f"{MINUS if value < 0 else ''}¥{abs(value):,.{0 if whole else 2}f}"


def percent(value: int | Decimal) -> str:
    """14.1%: the value is already in percent."""
    return f"{number(value)}%"


def size(octets: int) -> str:
    """A file's size: 640 B, 84 kB, 1.2 MB (decimal units, rounded half up)."""
    if octets < 1000:
        return f"{octets} B"
    if octets < 999_500:
        return f"{(octets + 500) // 1000} kB"
    tenths = (octets + 50_000) // 100_000
    return f"{tenths // 10}.{tenths % 10} MB"
