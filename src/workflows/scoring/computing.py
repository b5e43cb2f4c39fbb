"""One line: measured, held against its rule, and what a person said put before what was computed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from workflows.expression import exact
from workflows.scoring.applying import Outcome, apply, together
from workflows.scoring.given import Entry, Given
from workflows.scoring.line import BLOCKING, Line, Part, Status
from workflows.scoring.measuring import Measured, Undefined, measure, value_of
from workflows.scoring.model import Beside, Indicator, Scorecard, in_order

_ZERO = Fraction(0)


def line_of(card: Scorecard, indicator: Indicator, known: Given, entry: Entry | None) -> Line:
    """One line with its parts; `holds` is its weight in the full card."""
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


def _applied(indicator: Indicator, measured: Measured, known: Given, weight: Fraction) -> Outcome | None:
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


def part_alone(card: Scorecard, indicator: Indicator, known: Given) -> Line:
    """A part by itself: its score is the deduction."""
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


def figures_of(indicator: Indicator) -> tuple[str, ...]:
    """The figures a line is computed from or shows beside, its parts, condition and targets included."""
    found: list[str] = []
    for one in indicator.whole:
        found += [*one.reads, *(name for name in (one.target.base, one.target.name) if name is not None)]
        found += [name for extra in one.beside for name in in_order(extra.formula)]
    return tuple(dict.fromkeys(found))
