"""Scores over months as a picture, for a desk and for a phone: the total of each month, over the thresholds worth seeing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from workflows.web.trend import STEP, Dot, Frame, Picture, Plot, Word, floor_of, named

MOST: Final = Decimal(100)
"""The axis ends here, higher only where a total is higher."""


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
    plot = _plot(frame, len(points), totals)
    levels = _levels(plot)
    seen = tuple(mark for mark in marks if plot.low < mark.at < plot.high)
    return Picture(
        frame=frame,
        band=plot.band(seen[0].at if seen else plot.high),
        axes=tuple(plot.y(level) for level in levels),
        paths=plot.paths([point.total for point in points]),
        dots=tuple(Dot(plot.x(n), plot.y(p.total), p.current) for n, p in enumerate(points) if p.total is not None),
        words=(*plot.levels(levels), *_titles(plot, seen), *_months(plot, points)),
        values=tuple(_values(plot, points)),
    )


def _plot(frame: Frame, months: int, totals: Sequence[Decimal]) -> Plot:
    """Months from edge to edge, one alone at the right one."""
    low, high = floor_of(totals), max(MOST, (max(totals) / STEP).to_integral_value(ROUND_CEILING) * STEP)
    if months == 1:
        return Plot(frame, Decimal(frame.right), Decimal(0), low, high)
    return Plot(frame, Decimal(frame.left), Decimal(frame.right - frame.left) / (months - 1), low, high)


def _levels(plot: Plot) -> list[Decimal]:
    """Scores that get a line, below the highest."""
    step = STEP if plot.high - plot.low <= 5 * STEP else 2 * STEP
    first = (plot.low / step).to_integral_value(ROUND_CEILING) * step
    return [level for n in range(int((plot.high - first) / step) + 1) if (level := first + step * n) < plot.high]


def _titles(plot: Plot, marks: Sequence[Mark]) -> list[Word]:
    return [Word(Decimal(plot.frame.left + 6), plot.y(mark.at) - 5, mark.title) for mark in marks]


def _months(plot: Plot, points: Sequence[Point]) -> list[Word]:
    last = len(points) - 1
    return [_month(plot, n, points[n].axis, last) for n in named(len(points), plot.frame.every)]


def _month(plot: Plot, month: int, text: str, last: int) -> Word:
    foot = Decimal(plot.frame.foot)
    if month == last:
        return Word(Decimal(plot.frame.right + 10), foot, text, "end")
    if month == 0:
        return Word(Decimal(max(0, plot.frame.left - 20)), foot, text)
    return Word(plot.x(month), foot, text, "mid")


def _values(plot: Plot, points: Sequence[Point]) -> list[Word]:
    """The lowest, the highest and this month's total are written out; the table has them all."""
    scored = [(n, point.total) for n, point in enumerate(points) if point.total is not None]
    lowest = min(scored, key=lambda one: one[1])[0]
    highest = max(scored, key=lambda one: one[1])[0]
    shown = {scored[-1][0], *(n for n, point in enumerate(points) if point.current and point.total is not None)}
    near = {lowest, highest} - {m for n in shown for m in (n - 1, n, n + 1)}
    return [_value(plot, n, total, n == lowest and n != highest) for n, total in scored if n in shown | near]


def _value(plot: Plot, month: int, total: Decimal, below: bool) -> Word:
    x = min(max(plot.x(month), Decimal(plot.frame.left + 14)), Decimal(plot.frame.right - 4))
    return plot.written(x, total, f"{total:.2f}", below=below)
