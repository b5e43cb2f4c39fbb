"""Two scores of one card held against each other: which lines changed, and through which figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from workflows.scoring.line import Line
from workflows.scoring.score import CardScore


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that came out differently.

    `figures`: those of its figures that differ, by name; `follows`: nobody corrected this line, it changed with figures or weights
    that it shares with others; `counted`: what it adds to the total now less what it added before (None where either is unknown).
    """

    before: Line
    after: Line
    figures: tuple[str, ...]
    follows: bool

    @property
    def key(self) -> str:
        """The indicator's key."""
        return self.after.key

    @property
    def counted(self) -> Fraction | None:
        """What the change is worth in the total; a line aside counts as 0."""
        before, after = (line.counted if line.holds else Fraction(0) for line in (self.before, self.after))
        return None if before is None or after is None else after - before


def changed_lines(before: CardScore, after: CardScore, corrected: Collection[str] = ()) -> tuple[LineChange, ...]:
    """The lines of `after` that differ from `before`, in the card's order. `corrected`: keys of lines that somebody ruled on; the
    others only follow."""
    found = []
    for key, now in after.lines.items():
        was = before.lines.get(key)
        if was is not None and _said(was) != _said(now):
            names = dict.fromkeys((*was.figures, *now.figures))
            differing = tuple(name for name in names if was.figures.get(name) != now.figures.get(name))
            found.append(LineChange(was, now, differing, key not in corrected))
    return tuple(found)


def _said(line: Line) -> tuple[object, ...]:
    return line.status, line.score, line.holds, line.actual, line.target
