"""The pictures of the cycle board, as numbers for the attributes of SVG: no style, no script, no rounding that could show.

Widths are of drawings, never of money or scores: whole pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDE: Final = 460
"""Width of the proportional bar."""
GAP: Final = 2
STEP: Final = 49
BASE: Final = 126
HIGH: Final = 96
ROOM: Final = 22
"""How high above a column its number reaches, with a little air."""
LEAST: Final = 2
"""A count that is not nothing is drawn at least this high or wide."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of the proportional bar: where it begins and how wide it is, of `WIDE`."""

    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One band of the distribution: its column (`x`, `y`, `height`), its words, and the line of the month before (`line`)."""

    label: str
    now: int
    before: int | None
    x: int
    y: int
    height: int
    line: int | None
    said: int
    """Where the number stands: on the column that it counts; above the line only where that would run through it."""


def pieces(counts: Sequence[int]) -> tuple[Piece, ...]:
    """The parts of one bar in proportion, in order, a gap between them; what is nothing takes no room."""
    shown = [count for count in counts if count]
    room = WIDE - GAP * max(len(shown) - 1, 0)
    total, at, found = sum(counts) or 1, 0, []
    for count in counts:
        width = max(LEAST, count * room // total) if count else 0
        found.append(Piece(at, min(width, WIDE - at)))
        at += width + GAP if count else 0
    return tuple(found)


def bars(bands: Sequence[tuple[str, int, int | None]]) -> tuple[Bar, ...]:
    """The columns of a distribution: label, how many now, how many the month before (None: nothing to compare with)."""
    most = max((n for _, now, before in bands for n in (now, before or 0)), default=0) or 1
    return tuple(_bar(at, most, *band) for at, band in enumerate(bands))


def _bar(at: int, most: int, label: str, now: int, before: int | None) -> Bar:
    height = _high(now, most)
    line = None if before is None else BASE - _high(before, most)
    column = BASE - height
    top = line if line is not None and column - ROOM <= line <= column else column
    return Bar(label, now, before, 6 + at * STEP, column, height, line, top - 6)


def _high(count: int, most: int) -> int:
    return max(LEAST, count * HIGH // most) if count else 0
