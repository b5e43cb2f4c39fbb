"""What would have changed the grade: for each line, how much better it alone would have had to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from workflows.errors import Text
from workflows.expression import exact
from workflows.scoring.applying import Outcome, apply, most_points, together
from workflows.scoring.catalogue import WHOLE
from workflows.scoring.explaining.numbers import apart, distance, in_unit, short
from workflows.scoring.grades import Grade
from workflows.scoring.line import Line
from workflows.scoring.measuring import Measured
from workflows.scoring.model import Indicator
from workflows.scoring.rules import Deductions
from workflows.scoring.score import CardScore

_HALF_A_CENT = Fraction(1, 200)
"""A total that lies so little below a bound is rounded up to it."""

_FURTHEST = 1 << 40


@dataclass(frozen=True, slots=True)
class Hint:
    """One line that alone would have been enough.

    `indicator`: the line, or the part of it, that is to be better; `figure`: what is counted, where the rule counts occurrences;
    `now`, `then`: its value and the nearest one that is enough; `text`: the sentence.
    """

    line: Line
    indicator: Indicator
    figure: str | None
    now: Fraction
    then: Fraction
    grade: Grade
    text: Text

    @property
    def better_by(self) -> Fraction:
        """How much better, in the indicator's own unit."""
        return abs(self.then - self.now)


def to_next_grade(score: CardScore) -> tuple[Hint, ...]:
    """What alone would have reached the next grade, the smallest share of its value first; empty at the top, without a total or
    without grades. Values are looked for in steps of 0.01, counts in whole ones. Lines that a person judged or that do not count are
    left out."""
    if score.total is None or score.exact is None or score.grades is None:
        return ()
    grade = score.grades.next_above(score.total)
    if grade is None or grade.least is None:
        return ()
    needed = exact(grade.least) - _HALF_A_CENT - score.exact
    found: list[Hint] = []
    for line in score.lines.values():
        if line.status != "scored" or line.score is None or not line.holds:
            continue
        wanted = line.score + needed * 100 / line.holds
        if wanted <= most_points(line.indicator):
            found += _of_line(line, wanted, grade)
    return tuple(sorted(found, key=lambda hint: hint.better_by / (abs(hint.now) or 1)))


def _of_line(line: Line, wanted: Fraction, grade: Grade) -> list[Hint]:
    found: list[Hint] = []
    for one in line.indicator.whole:
        if isinstance(one.rule, Deductions):
            found += [hint for name in one.rule.charges if (hint := _fewer(line, one, name, wanted, grade)) is not None]
        elif (hint := _better(line, one, wanted, grade)) is not None:
            found.append(hint)
    return found


def _better(line: Line, one: Indicator, wanted: Fraction, grade: Grade) -> Hint | None:
    measured = line.measured if one.key == line.key else _part_of(line, one)
    now = measured.actual
    if now is None or measured.target is None:
        return None
    step = Fraction(1) if one.unit in WHOLE else Fraction(1, 100)
    up = one.direction == "up"
    start = math.floor(now / step) + 1 if up else math.ceil(now / step) - 1

    def value(further: int) -> Fraction:
        return (start + further if up else start - further) * step

    most = _FURTHEST if up else start
    place = _first(lambda further: _score_with(line, one.key, value(further), {}) >= wanted, most)
    if place is None:
        return None
    then = value(place)
    gap = distance(abs(then - now), one.unit, one.unit_words)
    reached = in_unit(then, one.unit, one.unit_words, None if one.unit in WHOLE else apart(then, [now]))
    more = Text("高" if up else "低", "more" if up else "less")
    text = Text(
        f"{one.title.zh}再{more.zh} {gap.zh}（到 {reached.zh}）就是{grade.title.zh}",
        f"{one.title.en}: {gap.en} {more.en} ({reached.en}) would have made it “{grade.title.en}”",
    )
    return Hint(line, one, None, now, then, grade, text)


def _fewer(line: Line, one: Indicator, name: str, wanted: Fraction, grade: Grade) -> Hint | None:
    now = Fraction(line.figures[name])
    place = _first(lambda further: _score_with(line, one.key, None, {name: now - further - 1}) >= wanted, int(now) - 1)
    if place is None:
        return None
    then = now - place - 1
    title = line.card.title_of(name)
    text = Text(
        f"{title.zh}少 {short(now - then)}（到 {short(then)}）就是{grade.title.zh}",
        f"{title.en}: {short(now - then)} fewer ({short(then)}) would have made it “{grade.title.en}”",
    )
    return Hint(line, one, name, now, then, grade, text)


def _first(enough: Callable[[int], bool], most: int) -> int | None:
    """The least number from 0 to `most` that is enough, where more is never worse; None where none is."""
    high = 0
    while high < most and not enough(high):
        high = min(most, high * 2 + 1)
    if most < 0 or not enough(high):
        return None
    low = 0
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def _part_of(line: Line, one: Indicator) -> Measured:
    return next(part.measured for part in line.parts if part.indicator.key == one.key)


def _score_with(line: Line, key: str, actual: Fraction | None, counts: Mapping[str, Fraction]) -> Fraction:
    """The line's score if the actual of `key` (the line or a part) were `actual`, or these figures were counted."""
    numbers = {name: Fraction(value) for name, value in line.figures.items()} | dict(counts)
    outcomes: list[Outcome | None] = []
    for one, measured in ((line.indicator, line.measured), *((part.indicator, part.measured) for part in line.parts)):
        value = actual if one.key == key and actual is not None else measured.actual
        if value is None or measured.target is None:
            outcomes.append(None)
        else:
            outcomes.append(apply(one, value, measured.target, numbers, line.indicator.weight))
    costs = [outcome.cost for outcome in outcomes[1:] if outcome is not None and outcome.cost is not None]
    own = outcomes[0]
    return Fraction(0) if own is None else together(line.indicator, own, costs)
