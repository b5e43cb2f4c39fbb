"""Scores over months as a picture: where lines, dots and words of an inline SVG stand, for a desk and for a phone.

Pure and exact: coordinates are decimals with one place, so that the same scores always draw the same picture. A month without a
total is a gap, never a zero. The picture says nothing that the sentence and the table beside it do not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

STEP: Final = Decimal(10)
LEAST: Final = Decimal(70)
MOST: Final = Decimal(100)
_ONE: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Point:
    """One month: how it is called on the axis and in the table, its total (None: there is none), where its page is."""

    axis: str
    name: str
    total: Decimal | None
    href: str = ""
    current: bool = False

    @property
    def said(self) -> str:
        """The total with its two places; "" where there is none."""
        return "" if self.total is None else f"{self.total:.2f}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold worth seeing: 90 and 优秀."""

    at: Decimal
    title: str


@dataclass(frozen=True, slots=True)
class Word:
    """A text in the picture: where, what, and how it hangs (`mid`, `end`, or from its start)."""

    x: Decimal
    y: Decimal
    text: str
    hang: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A month in the picture; `now` is the month of the page."""

    x: Decimal
    y: Decimal
    now: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws: a view box, a band above the highest mark, axes, one path a stretch, dots and words."""

    width: int
    height: int
    left: int
    right: int
    band: tuple[Decimal, Decimal]
    axes: tuple[Decimal, ...]
    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    words: tuple[Word, ...]
    values: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A size of the picture: `left`/`right`/`top`/`bottom` are the edges of the plot itself, `foot` where months are named."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    foot: int
    every: int


DESK: Final = Frame(640, 176, 44, 622, 12, 150, 170, 2)
PHONE: Final = Frame(358, 170, 30, 340, 12, 144, 164, 4)


@dataclass(frozen=True, slots=True)
class TrendView:
    """Scores over months: what it is called, a remark, the sentence that says the picture, and the picture in two sizes."""

    title: str
    note: str
    said: str
    points: tuple[Point, ...]
    desk: Picture | None
    phone: Picture | None


def draw(points: Sequence[Point], marks: Sequence[Mark], frame: Frame) -> Picture | None:
    """The picture of these months, oldest first; None where no month has a total. `marks`: thresholds, highest first."""
    totals = [point.total for point in points if point.total is not None]
    if not totals:
        return None
    plot = _Plot(frame, len(points), _floor(min(totals)), _ceiling(max(totals)))
    seen = tuple(mark for mark in marks if plot.low < mark.at < plot.high)
    return Picture(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        band=_band(plot, seen),
        axes=tuple(plot.y(level) for level in plot.levels),
        paths=tuple(_paths(plot, points)),
        dots=tuple(Dot(plot.x(n), plot.y(p.total), p.current) for n, p in enumerate(points) if p.total is not None),
        words=(*_levels(plot), *_titles(plot, seen), *_months(plot, points)),
        values=tuple(_values(plot, points)),
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    frame: Frame
    months: int
    low: Decimal
    high: Decimal

    @property
    def levels(self) -> tuple[Decimal, ...]:
        """Scores that get a line: every ten, every twenty where that would be too many."""
        step = STEP if self.high - self.low <= 5 * STEP else 2 * STEP
        first = (self.low / step).to_integral_value(ROUND_CEILING) * step
        return tuple(
            first + step * n for n in range(int((self.high - first) / step) + 1) if first + step * n < self.high
        )

    def x(self, month: int) -> Decimal:
        """Where a month stands, the last one at the right edge."""
        if self.months == 1:
            return Decimal(self.frame.right)
        width = Decimal(self.frame.right - self.frame.left)
        return _place(self.frame.left + width * month / (self.months - 1))

    def y(self, score: Decimal) -> Decimal:
        """How high a score stands."""
        height = Decimal(self.frame.bottom - self.frame.top)
        return _place(self.frame.top + height * (self.high - score) / (self.high - self.low))


def _band(plot: _Plot, marks: Sequence[Mark]) -> tuple[Decimal, Decimal]:
    """From where to how deep the ground is tinted: what lies above the highest mark."""
    if not marks:
        return Decimal(plot.frame.top), Decimal(0)
    return Decimal(plot.frame.top), plot.y(marks[0].at) - plot.frame.top


def _paths(plot: _Plot, points: Sequence[Point]) -> list[str]:
    found: list[str] = []
    stretch: list[str] = []
    for month, point in enumerate(points):
        if point.total is not None:
            stretch.append(f"{plot.x(month)} {plot.y(point.total)}")
        if stretch and (point.total is None or month == len(points) - 1):
            found += [f"M{'L'.join(stretch)}"] if len(stretch) > 1 else []
            stretch = []
    return found


def _levels(plot: _Plot) -> list[Word]:
    return [Word(Decimal(plot.frame.left - 8), plot.y(level) + 4, f"{level:f}", "end") for level in plot.levels]


def _titles(plot: _Plot, marks: Sequence[Mark]) -> list[Word]:
    return [Word(Decimal(plot.frame.left + 6), plot.y(mark.at) - 5, mark.title) for mark in marks]


def _months(plot: _Plot, points: Sequence[Point]) -> list[Word]:
    last = len(points) - 1
    every = plot.frame.every
    named = [n for n in range(len(points)) if n == last or (n % every == 0 and last - n > every // 2)]
    return [_month(plot, n, points[n].axis, last) for n in named]


def _month(plot: _Plot, month: int, text: str, last: int) -> Word:
    foot = Decimal(plot.frame.foot)
    if month == last:
        return Word(Decimal(plot.frame.right + 10), foot, text, "end")
    if month == 0:
        return Word(Decimal(max(0, plot.frame.left - 20)), foot, text)
    return Word(plot.x(month), foot, text, "mid")


def _values(plot: _Plot, points: Sequence[Point]) -> list[Word]:
    """The lowest, the highest and this month's total are written out; the table has them all."""
    scored = [(n, point.total) for n, point in enumerate(points) if point.total is not None]
    lowest = min(scored, key=lambda one: one[1])[0]
    highest = max(scored, key=lambda one: one[1])[0]
    shown = {scored[-1][0], *(n for n, point in enumerate(points) if point.current and point.total is not None)}
    near = {lowest, highest} - {m for n in shown for m in (n - 1, n, n + 1)}
    return [_value(plot, n, total, n == lowest and n != highest) for n, total in scored if n in shown | near]


def _value(plot: _Plot, month: int, total: Decimal, below: bool) -> Word:
    x = min(max(plot.x(month), Decimal(plot.frame.left + 14)), Decimal(plot.frame.right - 4))
    y = plot.y(total)
    under = (below and y + 20 < plot.frame.bottom) or y - 11 < plot.frame.top
    return Word(x, y + 20 if under else y - 11, f"{total:.2f}", "mid")


def _floor(lowest: Decimal) -> Decimal:
    return min(LEAST, (lowest / STEP).to_integral_value(ROUND_FLOOR) * STEP)


def _ceiling(highest: Decimal) -> Decimal:
    return max(MOST, (highest / STEP).to_integral_value(ROUND_CEILING) * STEP)


def _place(at: Decimal) -> Decimal:
    return at.quantize(_ONE, ROUND_HALF_UP)
