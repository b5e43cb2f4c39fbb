"""Where a card's points went: what lines lost, what they gained above full marks, and how both make the total.

All that is shown adds up: the bars to the heading, and 100 less what was lost with what was gained to the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from workflows.expression import half_up
from workflows.scoring.explaining.adding_up import adding_up
from workflows.scoring.explaining.numbers import fixed
from workflows.scoring.line import Line
from workflows.scoring.score import CardScore
from workflows.web.language import _
from workflows.web.scores_numbers import PLACES, points

MOST_LOST: Final = 5
"""Lines named where points went; the others are one line together."""


_Part = tuple[str, Line, Fraction]
"""A title, the line it leads to, and exact points."""


@dataclass(frozen=True, slots=True)
class BarView:
    """A line (or the rest of them): where it is, a bar of 0 to 100, and its points with their sign."""

    title: str
    anchor: str
    width: str
    points: str


@dataclass(frozen=True, slots=True)
class BalanceView:
    """`lost`: the largest losses, the others together; `lost_total`: all of them; `gained`: lines above what they weigh; `arithmetic`:
    100 − 11.33 + 2.11 = 90.78, "" without a total and where nothing was lost or gained."""

    lost: tuple[BarView, ...]
    lost_total: str
    gained: tuple[BarView, ...]
    arithmetic: str


def balance_view(score: CardScore, language: str) -> BalanceView:
    """What a card's lines lost and gained."""
    gaining = [(_title(line, language), line, -_lost(line)) for line in score.lines.values() if _lost(line) < 0]
    gains = _adding_up([gain for *_part, gain in gaining])
    gained = sum(gains, Fraction(0))
    parts = _together([(_title(line, language), line, _lost(line)) for line in score.lost])
    losses = _adding_up(
        [loss for *_part, loss in parts], None if score.total is None else 100 + gained - Fraction(score.total)
    )
    lost = sum(losses, Fraction(0))
    most = max((loss for *_part, loss in parts), default=Fraction(0))
    return BalanceView(
        lost=tuple(_bar(part, loss, most, "−") for part, loss in zip(parts, losses, strict=True)),
        lost_total=points(lost),
        gained=tuple(_bar(part, gain, part[2], "+") for part, gain in zip(gaining, gains, strict=True)),
        arithmetic=_arithmetic(score, lost, gained),
    )


def _title(line: Line, language: str) -> str:
    return line.indicator.title.text(language)


def _lost(line: Line) -> Fraction:
    return Fraction(0) if line.lost is None else line.lost


def _together(losing: list[_Part]) -> list[_Part]:
    """Each of the largest losses alone, the others together under the first of them."""
    named = losing if len(losing) <= MOST_LOST + 1 else losing[:MOST_LOST]
    rest = losing[len(named) :]
    if not rest:
        return named
    return [*named, (_("另外 %(n)s 项", n=len(rest)), rest[0][1], sum((loss for *_part, loss in rest), Fraction(0)))]


def _adding_up(parts: Sequence[Fraction], whole: Fraction | None = None) -> tuple[Fraction, ...]:
    return adding_up(parts, half_up(sum(parts, Fraction(0)), PLACES) if whole is None else whole, PLACES)


def _bar(part: _Part, shown: Fraction, most: Fraction, sign: str) -> BarView:
    title, line, exact = part
    return BarView(title, f"l-{line.key}", fixed(min(exact / most, Fraction(1)) * 100, 1), f"{sign}{points(shown)}")


def _arithmetic(score: CardScore, lost: Fraction, gained: Fraction) -> str:
    if score.total is None or not (lost or gained):
        return ""
    taken, given = f" − {points(lost)}" if lost else "", f" + {points(gained)}" if gained else ""
    return f"100{taken}{given} = {points(score.total)}"
