"""Values over months as a picture: where lines, dots, bars and words of an inline SVG stand. What all such pictures share.

Pure and exact: coordinates are decimals with one place, so that the same values always draw the same picture. A month without a
value is a gap, never a zero. A picture says nothing that the sentence and the table beside it do not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

STEP: Final = Decimal(10)
"""Values that get a line are this far apart, twice as far where that would be too many."""
LEAST: Final = Decimal(70)
"""An axis begins here, lower only where a value is lower."""
_ONE: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Word:
    """A text in the picture: where, what, and how it hangs (`mid`, `end`, or from its start)."""

    x: Decimal
    y: Decimal
    text: str
    hang: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A month in the picture; `now` is the one that the page is about."""

    x: Decimal
    y: Decimal
    now: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A number of a month, as high as it is large."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


@dataclass(frozen=True, slots=True)
class Frame:
    """A size of the picture: `left`/`right`/`top`/`bottom` are the edges of the line's plot, `foot` where months are named, each
    `every`-th of them."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    foot: int
    every: int

    @property
    def room(self) -> tuple[int, int]:
        """Between which heights the values of the line may be written."""
        return self.top, self.bottom


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws: a tinted band, axes, one path a stretch, dots, bars, and words."""

    frame: Frame
    band: tuple[Decimal, Decimal]
    axes: tuple[Decimal, ...]
    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    words: tuple[Word, ...]
    values: tuple[Word, ...]
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """The scales of a picture: month n stands at `first` + n × `step`, `high` at the frame's top, `low` at its bottom."""

    frame: Frame
    first: Decimal
    step: Decimal
    low: Decimal
    high: Decimal

    def x(self, month: int) -> Decimal:
        """Where a month stands."""
        return place(self.first + self.step * month)

    def y(self, value: Decimal) -> Decimal:
        """How high a value stands."""
        height = Decimal(self.frame.bottom - self.frame.top)
        return place(self.frame.top + height * (self.high - value) / (self.high - self.low))

    def band(self, value: Decimal) -> tuple[Decimal, Decimal]:
        """From where to how deep the ground is tinted: what lies above a value."""
        return Decimal(self.frame.top), self.y(value) - self.frame.top

    def paths(self, values: Sequence[Decimal | None]) -> tuple[str, ...]:
        """The line through the months, in stretches between the gaps; a month alone has a dot and no line."""
        found: list[str] = []
        stretch: list[str] = []
        for month, value in enumerate((*values, None)):
            if value is not None:
                stretch.append(f"{self.x(month)} {self.y(value)}")
            else:
                found += [f"M{'L'.join(stretch)}"] if len(stretch) > 1 else []
                stretch = []
        return tuple(found)

    def levels(self, values: Iterable[Decimal], unit: str = "") -> list[Word]:
        """What the lines across stand for, left of them."""
        return [Word(Decimal(self.frame.left - 8), self.y(value) + 4, f"{value:f}{unit}", "end") for value in values]

    def written(self, x: Decimal, value: Decimal, text: str, *, below: bool) -> Word:
        """A value written out above its dot; `below` it where it should be and can, and where there is no room above."""
        top, bottom = self.frame.room
        y = self.y(value)
        under = (below and y + 20 < bottom) or y - 11 < top
        return Word(x, y + 20 if under else y - 11, text, "mid")


def named(months: int, every: int) -> list[int]:
    """Which of the months the axis names: each `every`-th and the last, with room between them."""
    last = months - 1
    return [n for n in range(months) if n == last or (n % every == 0 and last - n > every // 2)]


def floor_of(values: Iterable[Decimal]) -> Decimal:
    """Where the axis begins: at `LEAST`, or at the ten below the lowest value."""
    return min(LEAST, (min(values, default=LEAST) / STEP).to_integral_value(ROUND_FLOOR) * STEP)


def place(at: Decimal) -> Decimal:
    """A coordinate as it is drawn."""
    return at.quantize(_ONE, ROUND_HALF_UP)
