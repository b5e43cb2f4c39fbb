"""How full each week was, as columns: large for a position's page, small for its line among all. Pure and exact, as `trend`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from workflows.reports.load import FULL, PositionLoad, WeekLoad
from workflows.web.trend import STEP, Bar, Frame, Picture, Plot, Word, named, place

DESK: Final = Frame(700, 232, 48, 686, 30, 196, 220, 1)
PHONE: Final = Frame(358, 210, 38, 348, 30, 176, 198, 1)
MOST: Final = Decimal(100)
LEVELS: Final = (Decimal(0), Decimal(50), MOST)
ROOM: Final = 44
"""So wide a week must be for its number and its name to stand side by side with the next."""
_THICK: Final = Decimal("0.62")
SMALL: Final = (160, 24)
"""Width and height of the small picture."""


@dataclass(frozen=True, slots=True)
class Column:
    """One week of the small picture; `full` is drawn in another colour."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    full: bool


def scale_of(found: Iterable[PositionLoad]) -> Decimal:
    """What the full height of the small pictures stands for: the ten above the fullest week of all, a hundred at most."""
    shares = [week.share for one in found for week in one.weeks if week.share is not None]
    return min(MOST, max(STEP, (max(shares, default=MOST) / STEP).to_integral_value(ROUND_CEILING) * STEP))


def columns(weeks: Sequence[WeekLoad], scale: Decimal) -> tuple[Column, ...]:
    """The weeks of a line among others, all of them on the same scale."""
    wide, high = (Decimal(one) for one in SMALL)
    step = wide / max(len(weeks), 1)
    found = []
    for n, week in enumerate(weeks):
        share = min(week.share or Decimal(0), scale)
        height = place(high * share / scale)
        found.append(Column(place(step * n), high - height, place(step * _THICK), height, (week.share or 0) >= FULL))
    return tuple(found)


def draw(weeks: Sequence[WeekLoad], names: Sequence[str], title: str, frame: Frame) -> Picture:
    """The weeks of one position, oldest first, with their names on the axis; the ground above `FULL` is tinted."""
    width = Decimal(frame.right - frame.left) / len(weeks)
    plot = Plot(frame, frame.left + width / 2, width, Decimal(0), MOST)
    shares = [min(week.share or Decimal(0), MOST) for week in weeks]
    shown = named(len(weeks), int(ROOM / width) + 1)
    return Picture(
        frame=frame,
        band=plot.band(FULL),
        axes=tuple(plot.y(level) for level in LEVELS),
        paths=(),
        dots=(),
        words=(Word(Decimal(frame.left), Decimal(14), title), *plot.levels(LEVELS, "%"), *_names(plot, names, shown)),
        values=tuple(_value(plot, n, weeks[n].share) for n in _written(shares, shown) if shares[n]),
        bars=tuple(_bar(plot, n, share) for n, share in enumerate(shares) if share),
    )


def _names(plot: Plot, names: Sequence[str], shown: Sequence[int]) -> list[Word]:
    return [Word(plot.x(n), Decimal(plot.frame.foot), names[n], "mid") for n in shown]


def _written(shares: Sequence[Decimal], shown: Sequence[int]) -> list[int]:
    """All weeks where there is room for each; else the fullest and the last."""
    if len(shown) == len(shares):
        return list(shown)
    return sorted({shares.index(max(shares)), len(shares) - 1})


def _value(plot: Plot, n: int, share: Decimal | None) -> Word:
    return Word(plot.x(n), plot.y(min(share or Decimal(0), MOST)) - 6, f"{share:.0f}%", "mid")


def _bar(plot: Plot, n: int, share: Decimal) -> Bar:
    top, width = plot.y(share), min(place(plot.step * _THICK), Decimal(30))
    return Bar(place(plot.x(n) - width / 2), top, width, plot.frame.bottom - top)
