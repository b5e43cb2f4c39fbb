"""Formulas for people: with titles in place of names, or with the numbers put in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from workflows.errors import Text
from workflows.expression import Expression
from workflows.expression.nodes import Binary, Call, Choose, Compare, Constant, Logic, Name, Negative, Node, Not
from workflows.scoring.explaining.numbers import apart, figure_text, in_unit, short
from workflows.scoring.model import Indicator, Scorecard

if TYPE_CHECKING:
    from workflows.scoring.line import Line

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_ORDERS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠", "in": "∈", "not in": "∉"}
_CALLS: Mapping[str, Text] = {
    "mean": Text("平均", "mean"),
    "sum": Text("合计", "sum"),
    "min": Text("最小", "min"),
    "max": Text("最大", "max"),
    "abs": Text("绝对值", "abs"),
    "round": Text("四舍五入", "round"),
    "clamp": Text("限于", "clamp"),
}
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}

Naming = Callable[[str], Text]


def in_words(formula: Expression, name: Naming) -> Text:
    """A formula with `name` asked for what stands in place of each name."""
    return Text(_say(formula.root, name, "zh"), _say(formula.root, name, "en"))


def in_titles(card: Scorecard, indicator: Indicator) -> Text | None:
    """The formula of an indicator with titles of figures, its intermediate values explained first; None where it has none."""
    titles = {step.name: step.title for step in indicator.steps}

    def name(figure: str) -> Text:
        return titles.get(figure) or card.title_of(figure)

    if indicator.formula is None:
        return None
    before = [(step.title, in_words(step.formula, name)) for step in indicator.steps]
    whole = in_words(indicator.formula, name)
    return Text(
        "".join(f"{title.zh} = {text.zh}；" for title, text in before) + whole.zh,
        "".join(f"{title.en} = {text.en}; " for title, text in before) + whole.en,
    )


def with_numbers(line: Line) -> Text | None:
    """The formula of a line with the numbers put in and what it gives; None where it was not computed."""
    indicator, measured = line.indicator, line.measured
    if measured.actual is None or indicator.formula is None:
        return None
    units = {step.name: step.unit for step in indicator.steps}

    def name(figure: str) -> Text:
        if figure in measured.between:
            return in_unit(measured.between[figure], units[figure])
        text = figure_text(line.figures[figure], line.card.figures[figure].unit)
        return Text(text, text)

    def labelled(figure: str) -> Text:
        title, number = line.card.title_of(figure), name(figure)
        return Text(f"{title.zh} {number.zh}", f"{title.en} {number.en}")

    before = [
        (step.title, in_words(step.formula, name), in_unit(measured.between[step.name], step.unit))
        for step in indicator.steps
    ]
    alike = isinstance(indicator.formula.root, Call | Name)  # without arithmetic around them, numbers need their names
    given = in_words(indicator.formula, labelled if alike else name)
    result = (
        in_unit(measured.actual, indicator.unit, indicator.unit_words, apart(measured.actual, [measured.target]))
        if isinstance(indicator.formula.root, Binary | Call)
        else None
    )
    return Text(
        "".join(f"{title.zh} {text.zh} = {value.zh}；" for title, text, value in before)
        + _result(given.zh, result, "zh"),
        "".join(f"{title.en} {text.en} = {value.en}; " for title, text, value in before)
        + _result(given.en, result, "en"),
    )


def _result(given: str, result: Text | None, language: str) -> str:
    return given if result is None else f"{given} = {result.text(language)}"


def _say(node: Node, name: Naming, language: str) -> str:
    match node:
        case Constant(value):
            return short(value, 6) if isinstance(value, Fraction) else str(value)
        case Name(found):
            return name(found).text(language)
        case Negative(operand):
            return f"−{_within(operand, 3, name, language)}"
        case Binary(sign, left, right):
            strength = _STRENGTH[sign]
            one = _within(left, strength, name, language)
            other = _within(right, strength + (sign in "-/"), name, language)
            return f"{one} {_SIGNS[sign]} {other}"
        case Compare(first, rest):
            others = "".join(f" {_ORDERS[sign]} {_say(other, name, language)}" for sign, other in rest)
            return _say(first, name, language) + others
        case Call(function, arguments):
            word = _CALLS.get(function, Text(function, function)).text(language)
            between = "、" if language == "zh" else ", "
            return f"{word}({between.join(_say(argument, name, language) for argument in arguments)})"
    return _say_choice(node, name, language)


def _say_choice(node: Node, name: Naming, language: str) -> str:
    match node:
        case Not(operand):
            return ("非 " if language == "zh" else "not ") + _within(operand, 4, name, language)
        case Logic(word, parts):
            joined = {"and": Text(" 且 ", " and "), "or": Text(" 或 ", " or ")}[word].text(language)
            return joined.join(_within(part, 4, name, language) for part in parts)
        case Choose(test, yes, no):
            one, condition, other = (_say(part, name, language) for part in (yes, test, no))
            return f"{condition} 时 {one}，否则 {other}" if language == "zh" else f"{one} if {condition}, else {other}"
    raise AssertionError(f"no words for {type(node).__name__}")


def _within(node: Node, strength: int, name: Naming, language: str) -> str:
    """A part of a larger formula, in brackets where it binds less than what is around it."""
    text = _say(node, name, language)
    weak = isinstance(node, Binary) and _STRENGTH[node.operator] < strength
    return f"({text})" if weak or (strength > 3 and isinstance(node, Logic | Compare | Choose)) else text
