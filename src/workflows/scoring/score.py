"""Scores: a card, figures and what people said in; lines, groups and a total out, each with its explanation.

Nothing is rounded but the total, at the very end. What is not known is never a 0: it blocks the total until it is entered or waived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from workflows.expression import to_decimal
from workflows.scoring.computing import figures_of, line_of, part_alone
from workflows.scoring.entries import no_such_indicator, refuse_entries
from workflows.scoring.explaining.plain import card_json
from workflows.scoring.given import Entry, given
from workflows.scoring.grades import Grade, Grades
from workflows.scoring.line import BLOCKING, Line
from workflows.scoring.model import Scorecard
from workflows.scoring.weighing import GroupScore, group_score, total_of, weighed

__all__ = [
    "CardScore",
    "Entry",
    "GroupScore",
    "Line",
    "figures_of",
    "no_such_indicator",
    "score_card",
    "score_indicator",
]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class CardScore:
    """A scored card.

    `lines` by key, in the card's order; `groups` by key, outer ones before those within. `exact` is the sum of what the lines
    count, `total` the same to two places, half up; both None while anything blocks, or where no line is left to count.
    """

    card: Scorecard
    lines: Mapping[str, Line]
    groups: Mapping[str, GroupScore]
    exact: Fraction | None
    total: Decimal | None
    grades: Grades | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of figures and parameters that must be entered, or their lines waived, before there is a total."""
        blocking = [line for line in self.lines.values() if line.status in BLOCKING]
        return tuple(dict.fromkeys(name for line in blocking for name in line.missing))

    @property
    def grade(self) -> Grade | None:
        """The grade of the rounded total; None without a total, or where no grades were given."""
        return None if self.total is None or self.grades is None else self.grades.grade_of(self.total)

    @property
    def below_target(self) -> int:
        """How many lines miss their target."""
        return sum(line.below_target for line in self.lines.values())

    @property
    def lost(self) -> tuple[Line, ...]:
        """Lines that lost points, those that lost most first."""
        losing = [line for line in self.lines.values() if (line.lost or _ZERO) > 0]
        return tuple(sorted(losing, key=lambda line: -(line.lost or _ZERO)))

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON: numbers as text, exact where they are finite decimals, else to 10 places, half up."""
        return card_json(self)


def score_card(
    card: Scorecard,
    figures: Mapping[str, Decimal],
    parameters: Mapping[str, str] = _NOTHING,
    entries: Mapping[str, Entry] = _NOTHING,
    *,
    grades: Grades | None = None,
) -> CardScore:
    """The score of a card over `figures`, with `parameters` such as the category of goods, and `entries` by line.

    Figures that the card does not use are ignored. Raises InvalidInput by figure, parameter or line, for numbers that are not exact,
    values that cannot be, and entries without a reason or of no such line.
    """
    known = given(card, figures, parameters)
    refuse_entries(card, entries)
    lines = {key: line_of(card, one, known, entries.get(key)) for key, one in card.indicators.items()}
    weights = weighed(card, lines)
    groups = {key: group_score(card, group, weights) for key, group in card.groups.items()}
    exactly = total_of(weights)
    rounded = None if exactly is None else to_decimal(exactly, 2)
    return CardScore(card, MappingProxyType(weights), MappingProxyType(groups), exactly, rounded, grades)


def score_indicator(
    card: Scorecard, key: str, figures: Mapping[str, Decimal], parameters: Mapping[str, str] = _NOTHING
) -> Line:
    """One line by itself, with the weight it has in the full card; a part gives its deduction.

    Raises NotFound with the nearest key for what is no indicator of the card, InvalidInput as `score_card`.
    """
    indicator = card.every.get(key)
    if indicator is None:
        raise no_such_indicator(card, key)
    known = given(card, figures, parameters)
    if indicator.part_of is None:
        return line_of(card, indicator, known, None)
    return part_alone(card, indicator, known)
