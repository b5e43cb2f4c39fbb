"""Months of a report as a picture: two panels over one axis of months, never two scales in one. For a desk and for a phone.

Pure and exact: coordinates are decimals with one place. A month in which nothing ended is a gap in the line, never a zero. The
picture says nothing that the sentence and the table beside it do not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final

from workflows.reports.sums import FEWEST
from workflows.web.scores_trend import Dot, Word

TARGET: Final = Decimal(90)
"""Cases on time, in percent: the ground above it is tinted."""
LEAST: Final = Decimal(70)
"""The line's panel begins here, lower only where a month is lower."""
FULL: Final = Decimal(100)
STEP: Final = Decimal(10)
_ONE: Final = Decimal("0.1")
_THICK: Final = Decimal("0.56")
"""How much of its month's width a bar takes."""


@dataclass(frozen=True, slots=True)
class Point:
    """One month: how the axis calls it, cases that ended, and how many of them on time in percent (None: nothing ended)."""

    axis: str
    finished: int
    share: Decimal | None

    @property
    def said(self) -> str:
        """The share with one place; "" where there is none."""
        return "" if self.share is None else f"{self.share:.1f}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """One month's cases."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


@dataclass(frozen=True, slots=True)
class Picture:
    """What the template draws."""

    width: int
    height: int
    left: int
    right: int
    base: int
    band: tuple[Decimal, Decimal]
    axes: tuple[Decimal, ...]
    paths: tuple[str, ...]
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    words: tuple[Word, ...]
    values: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A size of the picture. The line lies between `top` and `middle`, the bars between `head` and `base`; `every`: months named."""

    width: int
    height: int
    left: int
    right: int
    top: int
    middle: int
    head: int
    base: int
    every: int
    all_counts: bool


DESK: Final = Frame(700, 372, 48, 686, 22, 145, 236, 348, 2, all_counts=True)
PHONE: Final = Frame(358, 300, 38, 348, 22, 118, 198, 276, 4, all_counts=False)


@dataclass(frozen=True, slots=True)
class Labels:
    """What the two panels show."""

    share: str
    finished: str


def draw(points: Sequence[Point], labels: Labels, frame: Frame) -> Picture:
    """The picture of these months, oldest first."""
    plot = _Plot(frame, len(points), _floor(points))
    known = [(n, point.share) for n, point in enumerate(points) if point.share is not None]
    return Picture(
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        base=frame.base,
        band=(Decimal(frame.top), plot.y(TARGET) - frame.top),
        axes=tuple(plot.y(level) for level in plot.levels),
        paths=tuple(_paths(plot, points)),
        dots=tuple(Dot(plot.x(n), plot.y(share), n == known[-1][0]) for n, share in known),
        bars=tuple(_bar(plot, n, point.finished, _most(points)) for n, point in enumerate(points) if point.finished),
        words=(*_titles(plot, labels), *_levels(plot), *_months(plot, points)),
        values=(*_shares(plot, points, known), *_counts(plot, points)),
    )


def extremes(points: Sequence[Point]) -> tuple[int, int] | None:
    """The months with the lowest and the highest share, the latest of equals, among those with enough cases; None of fewer than two."""
    known = [(point.share, n) for n, point in enumerate(points) if point.share is not None and point.finished >= FEWEST]
    if len(known) < 2:
        return None
    lowest = min(known, key=lambda one: (one[0], -one[1]))[1]
    return lowest, max(known)[1]


@dataclass(frozen=True, slots=True)
class _Plot:
    frame: Frame
    months: int
    low: Decimal

    @property
    def levels(self) -> tuple[Decimal, ...]:
        """Percents that get a line: every ten, every twenty where that would be too many."""
        step = STEP if FULL - self.low <= 4 * STEP else 2 * STEP
        return tuple(FULL - step * n for n in range(int((FULL - self.low) / step) + 1))

    @property
    def step(self) -> Decimal:
        """The width of a month."""
        return Decimal(self.frame.right - self.frame.left) / self.months

    def x(self, month: int) -> Decimal:
        """The middle of a month."""
        return _place(self.frame.left + self.step * month + self.step / 2)

    def y(self, share: Decimal) -> Decimal:
        """How high a share stands."""
        height = Decimal(self.frame.middle - self.frame.top)
        return _place(self.frame.top + height * (FULL - share) / (FULL - self.low))


def _floor(points: Sequence[Point]) -> Decimal:
    lowest = min((point.share for point in points if point.share is not None), default=LEAST)
    return min(LEAST, (lowest / STEP).to_integral_value(ROUND_FLOOR) * STEP)


def _most(points: Sequence[Point]) -> int:
    return max((point.finished for point in points), default=0) or 1


def _paths(plot: _Plot, points: Sequence[Point]) -> list[str]:
    found: list[str] = []
    stretch: list[str] = []
    for month, point in enumerate(points):
        if point.share is not None:
            stretch.append(f"{plot.x(month)} {plot.y(point.share)}")
        if stretch and (point.share is None or month == len(points) - 1):
            found += [f"M{'L'.join(stretch)}"] if len(stretch) > 1 else []
            stretch = []
    return found


def _bar(plot: _Plot, month: int, count: int, most: int) -> Bar:
    height = _place(Decimal(plot.frame.base - plot.frame.head) * count / most)
    width = min(_place(plot.step * _THICK), Decimal(30))
    return Bar(_place(plot.x(month) - width / 2), plot.frame.base - height, width, height)


def _titles(plot: _Plot, labels: Labels) -> list[Word]:
    frame = plot.frame
    return [
        Word(Decimal(frame.left), Decimal(12), labels.share),
        Word(Decimal(frame.left), Decimal(frame.head - 26), labels.finished),
    ]


def _levels(plot: _Plot) -> list[Word]:
    return [Word(Decimal(plot.frame.left - 8), plot.y(level) + 4, f"{level:f}%", "end") for level in plot.levels]


def _months(plot: _Plot, points: Sequence[Point]) -> list[Word]:
    last, every = len(points) - 1, plot.frame.every if len(points) > 6 else 1
    named = [n for n in range(len(points)) if n == last or (n % every == 0 and last - n > every // 2)]
    return [Word(plot.x(n), Decimal(plot.frame.base + 18), points[n].axis, "mid") for n in named]


def _shares(plot: _Plot, points: Sequence[Point], known: Sequence[tuple[int, Decimal]]) -> list[Word]:
    """The first, the lowest and the last are written out, below the dot where the line comes from above; the table has them all."""
    if not known:
        return []
    ends = extremes(points)
    lowest = ends[0] if ends is not None else min(known, key=lambda one: one[1])[0]
    near = {lowest - 1, lowest + 1}
    shown = {known[-1][0], lowest} | ({known[0][0]} - near)
    before = {n: earlier for (_, earlier), (n, _) in pairwise(known)}
    return [_share(plot, n, share, share < before.get(n, share) or n == lowest) for n, share in known if n in shown]


def _share(plot: _Plot, month: int, share: Decimal, below: bool) -> Word:
    y = plot.y(share)
    under = (below and y + 20 < plot.frame.head - 40) or y - 11 < plot.frame.top - 8
    return Word(plot.x(month), y + 20 if under else y - 11, f"{share:.1f}%", "mid")


def _counts(plot: _Plot, points: Sequence[Point]) -> list[Word]:
    most = _most(points)
    highest = next((n for n, point in enumerate(points) if point.finished == most), 0)
    lowest = min(range(len(points)), key=lambda n: points[n].finished, default=0)
    shown = range(len(points)) if plot.frame.all_counts else {highest, lowest, len(points) - 1}
    return [_count(plot, n, points[n].finished, most) for n in shown if points[n].finished]


def _count(plot: _Plot, month: int, count: int, most: int) -> Word:
    return Word(plot.x(month), _bar(plot, month, count, most).y - 6, str(count), "mid")


def _place(at: Decimal) -> Decimal:
    return at.quantize(_ONE, ROUND_HALF_UP)
