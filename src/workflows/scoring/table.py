"""Scores as a table in a terminal: columns line up, Chinese characters counted as the two places they take."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from fractions import Fraction

from workflows.errors import Text
from workflows.scoring.explaining.numbers import apart, fixed, in_unit
from workflows.scoring.line import Line
from workflows.scoring.score import CardScore
from workflows.scoring.words import target_words

_HEADINGS = (
    Text("指标", "Indicator"),
    Text("实际", "Actual"),
    Text("目标", "Target"),
    Text("得分", "Score"),
    Text("权重", "Weight"),
    Text("计入", "Counted"),
    Text("怎么算的", "How"),
)
_STATUS = {
    "missing": Text("缺数据", "missing"),
    "undefined": Text("算不出", "undefined"),
    "not_applicable": Text("不适用", "n/a"),
    "waived": Text("免计", "waived"),
}
_NUMBERS = range(1, 6)
"""Columns that are set to the right."""


def card_table(score: CardScore, language: str) -> str:
    """All lines of a card and its total."""
    rows = [_cells(line, language) for line in score.lines.values()]
    return "\n".join([*_lines(rows, language), "", total_line(score, language)])


def line_table(line: Line, language: str) -> str:
    """One line by itself."""
    return "\n".join(_lines([_cells(line, language)], language))


def total_line(score: CardScore, language: str) -> str:
    """The total with its grade, or what is missing to it."""
    word = Text("合计", "Total").text(language)
    if score.total is not None:
        grade = score.grade
        return f"{word} {score.total}" + (f" {grade.title.text(language)}" if grade is not None else "")
    if not score.missing:
        return Text("合计：没有可计的项", "Total: no line counts").text(language)
    between = "、" if language == "zh" else ", "
    names = between.join(f"{score.card.title_of(name).text(language)} ({name})" for name in score.missing)
    return Text(f"合计：还缺 {names}", f"Total: still missing {names}").text(language)


def _cells(line: Line, language: str) -> list[str]:
    one = line.indicator
    return [
        one.title.text(language),
        _value(line, line.actual, line.target).text(language),
        _target(line).text(language),
        fixed(line.score) if line.score is not None else _STATUS.get(line.status, Text("", "")).text(language),
        fixed(line.holds) if one.part_of is None else "",
        fixed(line.counted) if line.counted is not None else "",
        _how(line, language),
    ]


def _how(line: Line, language: str) -> str:
    how, formula = line.how.text(language), line.formula
    if formula is None:
        return how
    return f"{formula.zh}。{how}" if language == "zh" else f"{formula.en}. {how}"


def _value(line: Line, value: Fraction | None, other: Fraction | None) -> Text:
    if value is None:
        return Text("", "")
    one = line.indicator
    whole = one.unit in ("count", "persons") and value.denominator == 1
    return in_unit(value, one.unit, None, None if whole else apart(value, [other]))


def _target(line: Line) -> Text:
    if line.target is None:
        return target_words(line.card, line.indicator)
    sign = "≥" if line.indicator.direction == "up" else "≤"
    value = in_unit(line.target, line.indicator.unit)
    return Text(f"{sign} {value.zh}", f"{sign} {value.en}")


def _lines(rows: Sequence[Sequence[str]], language: str) -> Iterator[str]:
    """Headings, a rule, and the rows; the last column is as long as it is."""
    table = [[heading.text(language) for heading in _HEADINGS], *rows]
    widths = [max(width(row[column]) for row in table) for column in range(len(_HEADINGS) - 1)]
    for place, row in enumerate(table):
        cells = [_padded(cell, widths[column], column in _NUMBERS) for column, cell in enumerate(row[:-1])]
        yield "  ".join([*cells, row[-1]]).rstrip()
        if place == 0:
            yield "  ".join("─" * one for one in (*widths, width(row[-1])))


def width(text: str) -> int:
    """The places a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text if not unicodedata.combining(one))


def _padded(text: str, places: int, right: bool) -> str:
    space = " " * (places - width(text))
    return space + text if right else text + space
