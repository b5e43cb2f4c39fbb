"""What a total means: its grade, and the bonus that follows it. Both use the total rounded to two places."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workflows.errors import Text
from workflows.expression import exact, to_decimal


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the least total that reaches it (None for the lowest)."""

    key: str
    title: Text
    least: Decimal | None


@dataclass(frozen=True, slots=True)
class BonusRule:
    """Base bonus × total ÷ 100; nothing below `least`, at most `most` times the base. `base`: the figure's name."""

    base: str
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Grades:
    """The company's grades, best first, and its bonus rule. `text`, `digest`, `file`: as of a catalogue."""

    grades: tuple[Grade, ...]
    bonus_rule: BonusRule
    text: str = ""
    digest: str = ""
    file: str = ""

    def grade_of(self, total: Decimal) -> Grade:
        """The grade of a rounded total. Raises ExpressionError for what is no exact number."""
        exact(total)
        return next(grade for grade in self.grades if grade.least is None or total >= grade.least)

    def next_above(self, total: Decimal) -> Grade | None:
        """The next better grade than that of `total`; None at the top."""
        place = self.grades.index(self.grade_of(total))
        return self.grades[place - 1] if place else None

    def bonus(self, base: Decimal, total: Decimal) -> Decimal:
        """The monthly bonus in CNY to two places, half up, for a base bonus in CNY and a rounded total.

        Raises ExpressionError for what is no exact number.
        """
        rule = self.bonus_rule
        share = min(exact(total) / 100, exact(rule.most))
        return to_decimal(exact(base) * share if total >= rule.least else Fraction(0), 2)
