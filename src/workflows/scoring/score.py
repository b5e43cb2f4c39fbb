"""Scores: a card, figures and what people said in; lines, groups and a total out, each with its explanation.

Nothing is rounded but the total, at the very end. What is not known is never a 0: it blocks the total until it is entered or waived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from workflows.document.problems import nearest
from workflows.errors import InvalidInput, NotFound, Text
from workflows.expression import ExpressionError, exact, to_decimal
from workflows.scoring.applying import apply, most_points, together
from workflows.scoring.explaining.plain import card_json
from workflows.scoring.given import Entry, Given, given
from workflows.scoring.grades import Grade, Grades
from workflows.scoring.line import ASIDE, BLOCKING, Line, Part, Status
from workflows.scoring.measuring import Measured, Undefined, measure, value_of
from workflows.scoring.model import Beside, Group, Indicator, Scorecard

__all__ = ["CardScore", "Entry", "GroupScore", "Line", "figures_of", "score_card", "score_indicator"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_ZERO = Fraction(0)
_HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's part of the total. `holds`: the weight its lines have now; `counted`: None while one of them blocks."""

    group: Group
    lines: tuple[str, ...]
    holds: Fraction
    counted: Fraction | None


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
    _refuse_entries(card, entries)
    lines = {key: _line(card, one, known, entries.get(key)) for key, one in card.indicators.items()}
    weighed = _weighed(card, lines)
    groups = {key: _group_score(card, group, weighed) for key, group in card.groups.items()}
    exactly = _total(weighed)
    rounded = None if exactly is None else to_decimal(exactly, 2)
    return CardScore(card, MappingProxyType(weighed), MappingProxyType(groups), exactly, rounded, grades)


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
        return _line(card, indicator, known, None)
    return _part_alone(card, indicator, known)


def figures_of(indicator: Indicator) -> tuple[str, ...]:
    """The figures a line is computed from, its parts and targets included."""
    found: list[str] = []
    for one in indicator.whole:
        found += [*one.reads, *([one.target.name] if one.target.name is not None else [])]
    return tuple(dict.fromkeys(found))


def no_such_indicator(card: Scorecard, key: str) -> NotFound:
    """What to raise for a key that is none of the card's, with the nearest one."""
    near = nearest(key, card.every)
    return NotFound(
        f"“{card.title.zh}”没有“{key}”这一项。" + (f"是否指 {near}？" if near else ""),
        f"The scorecard `{card.key}` has no indicator `{key}`." + (f" Did you mean `{near}`?" if near else ""),
    )


# -- lines ------------------------------------------------------------------------------------------------------------


def _line(card: Scorecard, indicator: Indicator, known: Given, entry: Entry | None) -> Line:
    measured = measure(indicator, known)
    parts = [
        Part(part, found := measure(part, known), _applied(part, found, known, indicator.weight))
        for part in indicator.parts
    ]
    status, missing = _status(measured, parts)
    outcome = _applied(indicator, measured, known, indicator.weight)
    computed = None
    if status == "scored" and outcome is not None:
        computed = together(
            indicator, outcome, [part.outcome.cost for part in parts if part.outcome and part.outcome.cost]
        )
        if _condition_fails(indicator, measured):
            computed = _ZERO
    line = Line(
        card=card,
        indicator=indicator,
        status=status,
        measured=measured,
        outcome=outcome,
        parts=tuple(parts),
        score=computed,
        computed=computed,
        holds=indicator.holds,
        figures=MappingProxyType(
            {name: known.written[name] for name in figures_of(indicator) if name in known.written}
        ),
        choices=known.choices,
        missing=missing,
        beside=_beside(indicator, known),
    )
    return _with_entry(line, entry)


def _applied(indicator: Indicator, measured: Measured, known: Given, weight: Fraction) -> Any:
    if measured.actual is None or measured.target is None:
        return None
    return apply(indicator, measured.actual, measured.target, known.numbers, weight)


def _status(measured: Measured, parts: list[Part]) -> tuple[Status, tuple[str, ...]]:
    """A line is as its own measure is; a part that is not known leaves it not known either."""
    if measured.found in ("not_applicable", "dropped"):
        return "not_applicable", ()
    found = [measured, *(part.measured for part in parts)]
    names = tuple(dict.fromkeys(name for one in found if one.found in BLOCKING for name in one.missing))
    if any(one.found == "missing" for one in found):
        return "missing", names
    if any(one.found == "undefined" for one in found):
        return "undefined", names
    return "scored", ()


def _condition_fails(indicator: Indicator, measured: Measured) -> bool:
    """Whether its condition is not met and read as `zero`."""
    condition = indicator.condition
    if condition is None or condition.otherwise != "zero" or measured.condition is None:
        return False
    return measured.condition < condition.least


def _with_entry(line: Line, entry: Entry | None) -> Line:
    """What a person said goes before what was computed, which is kept beside it."""
    if entry is None:
        return line
    if entry.waived:
        return replace(line, status="waived", score=None, entry=entry)
    score = None if entry.score is None else exact(entry.score)
    return replace(line, status="judged", score=score, entry=entry)


def _beside(indicator: Indicator, known: Given) -> tuple[tuple[Beside, Fraction], ...]:
    found: list[tuple[Beside, Fraction]] = []
    for one in indicator.beside:
        if one.formula.names <= known.numbers.keys():
            try:
                found.append((one, value_of(one.formula, known.numbers)))
            except Undefined:  # without points, and without sales there are no shares of sales to show
                continue
    return tuple(found)


def _part_alone(card: Scorecard, indicator: Indicator, known: Given) -> Line:
    weight = card.indicators[str(indicator.part_of)].weight
    measured = measure(indicator, known)
    status, missing = _status(measured, [])
    outcome = _applied(indicator, measured, known, weight)
    cost = outcome.cost if outcome is not None and status == "scored" else None
    figures = {name: known.written[name] for name in figures_of(indicator) if name in known.written}
    return Line(
        card,
        indicator,
        status,
        measured,
        outcome,
        (),
        cost,
        cost,
        _ZERO,
        MappingProxyType(figures),
        known.choices,
        missing,
    )


# -- entries ----------------------------------------------------------------------------------------------------------


def _refuse_entries(card: Scorecard, entries: Mapping[str, Entry]) -> None:
    wrong: dict[str, list[Text]] = {}
    for key, entry in entries.items():
        line = card.indicators.get(key)
        if line is None:
            wrong[key] = [no_such_indicator(card, key).message]
        elif (text := _wrong_entry(line, entry)) is not None:
            wrong[key] = [text]
    if wrong:
        raise InvalidInput(fields=wrong)


def _wrong_entry(line: Indicator, entry: Entry) -> Text | None:
    if entry.waived is (entry.score is not None):
        return Text("要么评分，要么免计。", "Either give a score or waive the line.")
    if not entry.reason.strip():
        return Text("请写明理由。", "Please give the reason.")
    if entry.score is not None:
        try:
            score = exact(entry.score)
        except ExpressionError as error:
            return error.message
        low, high = line.readings.least or _ZERO, most_points(line)
        if not low <= score <= high:
            return Text(f"这一项的得分应在 {low} 到 {high} 之间。", f"This line scores {low} to {high}.")
    return None


# -- weights and sums -------------------------------------------------------------------------------------------------


def _weighed(card: Scorecard, lines: Mapping[str, Line]) -> dict[str, Line]:
    """The lines with the weights they have now: first what a condition dropped goes to the rest of its group, then what does not
    apply or is waived goes to the rest of the whole card, each in proportion."""
    holds = {key: line.holds for key, line in lines.items()}
    for group in card.groups.values():
        dropped = {key for key in group.indicators if _is_dropped(lines[key])}
        kept = sum((holds[key] for key in group.indicators if key not in dropped), _ZERO)
        if dropped and kept:
            whole = sum((holds[key] for key in group.indicators), _ZERO)
            for key in group.indicators:
                holds[key] = _ZERO if key in dropped else holds[key] * whole / kept
    active = sum((holds[key] for key, line in lines.items() if line.status not in ASIDE), _ZERO)
    return {
        key: replace(line, holds=_ZERO if line.status in ASIDE else holds[key] * _HUNDRED / active)
        for key, line in lines.items()
    }


def _is_dropped(line: Line) -> bool:
    return line.status == "not_applicable" and line.measured.found == "dropped"


def _total(lines: Mapping[str, Line]) -> Fraction | None:
    if any(line.status in BLOCKING for line in lines.values()):
        return None
    counted = [line.counted for line in lines.values() if line.counted is not None]
    return sum(counted, _ZERO) if counted else None


def _group_score(card: Scorecard, group: Group, lines: Mapping[str, Line]) -> GroupScore:
    inside = {key: line for key, line in lines.items() if _within(card, line.indicator.group, group.key)}
    blocked = any(line.status in BLOCKING for line in inside.values())
    counted = None if blocked else sum((line.counted or _ZERO for line in inside.values()), _ZERO)
    return GroupScore(group, tuple(inside), sum((line.holds for line in inside.values()), _ZERO), counted)


def _within(card: Scorecard, group: str | None, around: str) -> bool:
    while group is not None:
        if group == around:
            return True
        group = card.groups[group].parent
    return False
