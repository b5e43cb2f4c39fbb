"""One line of a score: what was measured, what it gave, and everything needed to say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from workflows.errors import Text
from workflows.scoring.applying import Outcome, is_met
from workflows.scoring.explaining.formula import with_numbers
from workflows.scoring.explaining.how import cuts, how
from workflows.scoring.given import Entry
from workflows.scoring.measuring import Measured
from workflows.scoring.model import Beside, Indicator, Scorecard

Status = Literal["scored", "missing", "undefined", "not_applicable", "waived", "judged"]
"""scored: by its rule. missing: figures are not there. undefined: a divisor is zero; it blocks as a missing one does.
not_applicable: no case in the month, or a condition dropped it. waived, judged: a person said so, with a reason."""

BLOCKING: frozenset[Status] = frozenset({"missing", "undefined"})
ASIDE: frozenset[Status] = frozenset({"not_applicable", "waived"})
"""Lines whose weight the others share."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line and what came of it; `outcome` None where nothing is deducted."""

    indicator: Indicator
    measured: Measured
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line. All numbers are exact; None is what is not known.

    `score`: what counts, 0 to 120; of a part scored alone, its deduction. `computed`: the score by the rule, also where a person
    said another. `holds`: the weight that is used now, of 100. `figures`: those used, as they were given. `missing`: names that are
    missing or make a divisor zero. `beside`: numbers shown without points.
    """

    card: Scorecard
    indicator: Indicator
    status: Status
    measured: Measured
    outcome: Outcome | None
    parts: tuple[Part, ...]
    score: Fraction | None
    computed: Fraction | None
    holds: Fraction
    figures: Mapping[str, Decimal]
    choices: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...] = ()
    entry: Entry | None = None
    beside: tuple[tuple[Beside, Fraction], ...] = ()

    @property
    def key(self) -> str:
        """The indicator's key."""
        return self.indicator.key

    @property
    def actual(self) -> Fraction | None:
        """What was measured, in the indicator's unit."""
        return self.measured.actual

    @property
    def target(self) -> Fraction | None:
        """What it is held against, in the same unit."""
        return self.measured.target

    @property
    def counted(self) -> Fraction | None:
        """Score × weight ÷ 100; None for lines aside, for what is not known, and for a part scored alone."""
        if self.score is None or self.status in ASIDE or self.indicator.part_of is not None:
            return None
        return self.score * self.holds / 100

    @property
    def lost(self) -> Fraction | None:
        """What is missing to the weight; below 0 where sales passed 100."""
        counted = self.counted
        return None if counted is None else self.holds - counted

    @property
    def below_target(self) -> bool:
        """Whether it, or a part of it, misses its target; where that is not known, whether its judged score is below 100."""
        if self.status not in ("scored", "judged"):
            return False
        known = [
            is_met(measured.actual, measured.target, one.direction)
            for one, measured in (
                (self.indicator, self.measured),
                *((part.indicator, part.measured) for part in self.parts),
            )
            if measured.actual is not None and measured.target is not None
        ]
        if known:
            return not all(known)
        return self.score is not None and self.score < 100

    @property
    def alarmed(self) -> bool:
        """Whether the actual is below the indicator's alarm this month; the alarm rings after so many months of it."""
        alarm = self.indicator.alarm
        return alarm is not None and self.actual is not None and self.actual < alarm.below

    @property
    def how(self) -> Text:
        """How the score came about, in a sentence made of the figures, the rule and what it cost."""
        return how(self)

    @property
    def cuts(self) -> tuple[Text, ...]:
        """The words of `how` that say what was deducted, exactly as they stand there: pages set them off."""
        return cuts(self)

    @property
    def formula(self) -> Text | None:
        """The formula with the numbers put in, and what it gives; None where nothing could be computed."""
        return with_numbers(self)
