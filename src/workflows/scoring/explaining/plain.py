"""Scores as JSON: numbers as text, exact where they are finite decimals, else to 10 places, half up; sentences in both languages."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from workflows.errors import Text
from workflows.scoring.explaining.numbers import exact_text

if TYPE_CHECKING:
    from workflows.scoring.line import Line
    from workflows.scoring.score import CardScore


def card_json(score: CardScore) -> dict[str, Any]:
    """A scored card: total, grade, what is missing, groups and lines."""
    grade = score.grade
    return {
        "scorecard": score.card.key,
        "title": both(score.card.title),
        "digest": score.card.digest,
        "total": None if score.total is None else str(score.total),
        "exact": number(score.exact),
        "grade": None if grade is None else {"key": grade.key, **both(grade.title)},
        "missing": list(score.missing),
        "below_target": score.below_target,
        "groups": [
            {
                "key": key,
                "title": both(group.group.title),
                "lines": list(group.lines),
                "holds": number(group.holds),
                "counted": number(group.counted),
            }
            for key, group in score.groups.items()
        ],
        "lines": [line_json(line) for line in score.lines.values()],
    }


def line_json(line: Line) -> dict[str, Any]:
    """One line with its explanation; `deduction` for a part scored alone, which is its score."""
    indicator = line.indicator
    return {
        "key": indicator.key,
        "title": both(indicator.title),
        "group": indicator.group,
        "part_of": indicator.part_of,
        "status": line.status,
        "unit": indicator.unit,
        "better": "higher" if indicator.direction == "up" else "lower",
        "actual": number(line.actual),
        "target": number(line.target),
        "score": number(line.score),
        "computed": number(line.computed),
        "weight": number(indicator.weight),
        "holds": number(line.holds),
        "counted": number(line.counted),
        "lost": number(line.lost),
        "figures": {name: format(value, "f") for name, value in line.figures.items()},
        "missing": list(line.missing),
        "parts": {
            part.indicator.key: {
                "actual": number(part.measured.actual),
                "target": number(part.measured.target),
                "deduction": number(part.outcome.cost if part.outcome is not None else None),
            }
            for part in line.parts
        },
        "beside": [{**both(one.title), "value": number(value)} for one, value in line.beside],
        "formula": None if (formula := line.formula) is None else both(formula),
        "how": both(line.how),
        "reason": line.entry.reason if line.entry is not None else None,
    }


def number(value: Fraction | None) -> str | None:
    """An exact number as text; None stays None."""
    return None if value is None else exact_text(value)


def both(text: Text) -> dict[str, str]:
    """A text as its two languages."""
    return {"zh": text.zh, "en": text.en}
