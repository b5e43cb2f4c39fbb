"""Months of a report as a picture, for a desk and for a phone: two panels over one axis of months, never two scales in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from workflows.reports.sums import FEWEST
from workflows.web.trend import STEP, Bar, Dot, Frame, Picture, Plot, Word, floor_of, named, place

TARGET: Final = Decimal(90)
"""Cases on time, in percent: the ground above it is tinted."""
FULL: Final = Decimal(100)
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
class Panels(Frame):
    """A size of the picture with bars below the line, between `head` and `base`. `all_counts`: each bar has its number."""

    head: int
    base: int
    all_counts: bool

    @property
    def room(self) -> tuple[int, int]:
        """Values may reach into the space between the panels."""
        return self.top - 8, self.head - 40


DESK: Final = Panels(700, 372, 48, 686, 22, 145, 366, 2, 236, 348, all_counts=True)
PHONE: Final = Panels(358, 300, 38, 348, 22, 118, 294, 4, 198, 276, all_counts=False)


@dataclass(frozen=True, slots=True)
class Labels:
    """What the two panels show."""

    share: str
    finished: str


def draw(points: Sequence[Point], labels: Labels, frame: Panels) -> Picture:
    """The picture of these months, oldest first."""
    known = [(n, point.share) for n, point in enumerate(points) if point.share is not None]
    plot = _plot(frame, len(points), [share for _, share in known])
    bars = [_bar(plot, frame, n, point.finished, _most(points)) for n, point in enumerate(points)]
    levels = _levels(plot)
    return Picture(
        frame=frame,
        band=plot.band(TARGET),
        axes=(*(plot.y(level) for level in levels), Decimal(frame.base)),
        paths=plot.paths([point.share for point in points]),
        dots=tuple(Dot(plot.x(n), plot.y(share), n == known[-1][0]) for n, share in known),
        words=(*_titles(frame, labels), *plot.levels(levels, "%"), *_months(plot, points)),
        values=(*_shares(plot, points, known), *_counts(plot, frame, points, bars)),
        bars=tuple(bar for bar in bars if bar.height),
    )


def extremes(points: Sequence[Point]) -> tuple[int, int] | None:
    """The months with the lowest and the highest share, the latest of equals, among those with enough cases; None of fewer than two."""
    known = [(point.share, n) for n, point in enumerate(points) if point.share is not None and point.finished >= FEWEST]
    if len(known) < 2:
        return None
    lowest = min(known, key=lambda one: (one[0], -one[1]))[1]
    return lowest, max(known)[1]


def _plot(frame: Panels, months: int, shares: Sequence[Decimal]) -> Plot:
    """Every month has a column of its own and stands in the middle of it."""
    width = Decimal(frame.right - frame.left) / months
    return Plot(frame, frame.left + width / 2, width, floor_of(shares), FULL)


def _levels(plot: Plot) -> list[Decimal]:
    """Percents that get a line, the full hundred first."""
    step = STEP if FULL - plot.low <= 4 * STEP else 2 * STEP
    return [FULL - step * n for n in range(int((FULL - plot.low) / step) + 1)]


def _most(points: Sequence[Point]) -> int:
    return max((point.finished for point in points), default=0) or 1


def _bar(plot: Plot, frame: Panels, month: int, count: int, most: int) -> Bar:
    height = place(Decimal(frame.base - frame.head) * count / most)
    width = min(place(plot.step * _THICK), Decimal(30))
    return Bar(place(plot.x(month) - width / 2), frame.base - height, width, height)


def _titles(frame: Panels, labels: Labels) -> list[Word]:
    left = Decimal(frame.left)
    return [Word(left, Decimal(12), labels.share), Word(left, Decimal(frame.head - 26), labels.finished)]


def _months(plot: Plot, points: Sequence[Point]) -> list[Word]:
    every = plot.frame.every if len(points) > 6 else 1
    return [Word(plot.x(n), Decimal(plot.frame.foot), points[n].axis, "mid") for n in named(len(points), every)]


def _shares(plot: Plot, points: Sequence[Point], known: Sequence[tuple[int, Decimal]]) -> list[Word]:
    """The first, the lowest and the last are written out, below the dot where the line comes from above; the table has them all."""
    if not known:
        return []
    ends = extremes(points)
    lowest = ends[0] if ends is not None else min(known, key=lambda one: one[1])[0]
    near = {lowest - 1, lowest + 1}
    shown = {known[-1][0], lowest} | ({known[0][0]} - near)
    before = {n: earlier for (_, earlier), (n, _) in pairwise(known)}
    return [
        plot.written(plot.x(n), share, f"{share:.1f}%", below=share < before.get(n, share) or n == lowest)
        for n, share in known
        if n in shown
    ]


def _counts(plot: Plot, frame: Panels, points: Sequence[Point], bars: Sequence[Bar]) -> list[Word]:
    """Every number stands on its bar; where there is little room the highest, the lowest and the last."""
    counts = [point.finished for point in points]
    few = {counts.index(max(counts)), counts.index(min(counts)), len(counts) - 1}
    shown = range(len(counts)) if frame.all_counts else few
    return [Word(plot.x(n), bars[n].y - 6, str(counts[n]), "mid") for n in shown if counts[n]]
