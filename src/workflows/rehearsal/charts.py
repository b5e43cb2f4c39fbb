"""The report's pictures as SVG: columns week by week, and a field of weeks for every position. Markup only, no scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from markupsafe import Markup, escape

from workflows.errors import Text
from workflows.rehearsal.findings import FamilyLines, PositionLine

_WIDTH, _LEFT, _HEIGHT, _BELOW = 920, 44, 190, 22
COLOURS = ("#2f5d8a", "#c05f2f", "#3f7f4f", "#7a5195", "#b08a1e", "#6b7280", "#a23b57")
"""One for each family, told apart in print as well."""


def weekly_columns(weeks: Sequence[date], families: Sequence[FamilyLines], language: str) -> Markup:
    """Cases begun in each week, one above another by family."""
    totals = [sum(family.weeks[n] for family in families) for n in range(len(weeks))]
    top = _round_up(max(totals, default=0))
    wide = (_WIDTH - _LEFT) / max(len(weeks), 1)
    parts = [_lines(top)]
    for n in range(len(weeks)):
        x, y = _LEFT + n * wide, float(_HEIGHT)
        for family, colour in zip(families, _colours(len(families)), strict=True):
            high = _HEIGHT * family.weeks[n] / top if top else 0
            if high:
                y -= high
                parts.append(
                    f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{max(wide - 2, 1):.1f}" height="{high:.1f}" fill="{colour}">'
                    f"<title>{weeks[n]} {escape(family.title.text(language))}: {family.weeks[n]}</title></rect>"
                )
    parts += _months(weeks, wide, _HEIGHT + 15)
    return _svg(_HEIGHT + _BELOW, "".join(parts))


def load_field(weeks: Sequence[date], positions: Sequence[PositionLine], language: str) -> Markup:
    """A row for each position, a square for each week: the darker, the fuller."""
    left, row = 190, 22
    wide = (_WIDTH - left) / max(len(weeks), 1)
    parts = []
    for place, position in enumerate(positions):
        y = place * row
        title = position.title.text(language)
        parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end" font-size="12">{escape(title)}</text>')
        for n, share in enumerate(position.weeks):
            parts.append(
                f'<rect x="{left + n * wide:.1f}" y="{y + 2}" width="{max(wide - 1, 1):.1f}" height="{row - 4}" fill="{_heat(share)}">'
                f"<title>{escape(title)} {weeks[n]}: {share}%</title></rect>"
            )
    parts += _months(weeks, wide, len(positions) * row + 14, left)
    return _svg(len(positions) * row + _BELOW, "".join(parts))


def bar(share: Decimal) -> Markup:
    """A bar of so many percent, with a mark at a hundred."""
    filled = min(float(share), 120) / 120 * 120
    colour = "#a23b2f" if share >= 100 else "#c08a2f" if share >= 85 else "#2f5d8a"
    return Markup(  # noqa: S704  numbers only
        f'<svg width="120" height="12" viewBox="0 0 120 12" role="img" aria-label="{share}%"><rect width="120" height="12" fill="#eceff3"/>'
        f'<rect width="{filled:.1f}" height="12" fill="{colour}"/><line x1="100" y1="0" x2="100" y2="12" stroke="#1f2933"/></svg>'
    )


def legend(families: Sequence[FamilyLines]) -> list[tuple[str, Text]]:
    """Colour and family, in the order of the columns."""
    return [(colour, family.title) for colour, family in zip(_colours(len(families)), families, strict=True)]


def _colours(count: int) -> list[str]:
    return [COLOURS[n % len(COLOURS)] for n in range(count)]


def _heat(share: Decimal) -> str:
    """From paper to dark red: a hundred percent and more are the darkest."""
    part = min(float(share) / 100, 1.0)
    light, dark = (241, 244, 247), (148, 40, 32)
    middle = (230, 170, 80)
    first, second, place = (light, middle, part * 2) if part < 0.5 else (middle, dark, part * 2 - 1)
    red, green, blue = (round(a + (b - a) * place) for a, b in zip(first, second, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _lines(top: int) -> str:
    """Four lines across with what they stand for."""
    found = []
    for n in range(5):
        y = _HEIGHT - _HEIGHT * n / 4
        found.append(
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH}" y2="{y:.1f}" stroke="#d5dae0"/>'
            f'<text x="{_LEFT - 6}" y="{max(y + 4, 10):.1f}" text-anchor="end" font-size="11">{top * n // 4}</text>'
        )
    return "".join(found)


def _months(weeks: Sequence[date], wide: float, y: int, left: int = _LEFT) -> list[str]:
    """The number of each month below the first week that lies mostly in it."""
    found, last = [], 0
    for n, week in enumerate(weeks):
        thursday = week + timedelta(days=3)
        if thursday.month != last:
            last = thursday.month
            found.append(f'<text x="{left + n * wide:.1f}" y="{y}" font-size="11">{thursday:%m}</text>')
    return found


def _svg(height: int, inside: str) -> Markup:
    return Markup(  # noqa: S704  names are escaped where they are set in
        f'<svg viewBox="0 0 {_WIDTH} {height}" width="100%" role="img" xmlns="http://www.w3.org/2000/svg" fill="#1f2933">{inside}</svg>'
    )


def _round_up(number: int) -> int:
    """The next number that divides into four round steps."""
    step = 4
    while step * 10 < number:
        step *= 10
    return -(-number // step) * step or 4
