"""What a score is computed from, made exact at the door: figures, parameters, and what a person said about a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workflows.document.problems import nearest
from workflows.errors import InvalidInput, Text
from workflows.expression import ExpressionError, exact
from workflows.scoring.catalogue import Parameter
from workflows.scoring.model import Scorecard


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person said about a line: a `score` instead of the computed one, or `waived`, never both; a `reason` always."""

    score: Decimal | None = None
    waived: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """`numbers`: exact, by figure; `written`: the same as they were handed in; `choices`: keys that hold, by parameter."""

    numbers: Mapping[str, Fraction]
    written: Mapping[str, Decimal]
    choices: Mapping[str, tuple[str, ...]]


def given(card: Scorecard, figures: Mapping[str, Decimal], parameters: Mapping[str, str]) -> Given:
    """Figures that the card does not use are left out; None and absent are both missing.

    Raises InvalidInput by figure or parameter: for binary floats, infinities and other numbers that are not exact, and for values
    that a parameter does not have.
    """
    wrong: dict[str, list[Text]] = {}
    numbers: dict[str, Fraction] = {}
    written: dict[str, Decimal] = {}
    for name in card.figures:
        value = figures.get(name)
        if value is None:
            continue
        try:
            numbers[name] = exact(value)
            written[name] = Decimal(value)
        except ExpressionError as error:
            wrong[name] = [error.message]
    choices: dict[str, tuple[str, ...]] = {}
    for key, parameter in card.parameters.items():
        if not parameters.get(key):
            continue
        try:
            choices[key] = parameter.read(parameters[key])
        except ValueError as error:
            wrong[key] = [no_such_choice(parameter, str(error))]
    if wrong:
        raise InvalidInput(fields=wrong)
    return Given(numbers, written, choices)


def no_such_choice(parameter: Parameter, text: str) -> Text:
    """A parameter has no such value: all it has, and the nearest."""
    near = nearest(text, [name for choice, title in parameter.choices.items() for name in (choice, title.zh, title.en)])
    known_zh = "、".join(title.zh for title in parameter.choices.values())
    known_en = ", ".join(parameter.choices)
    hint_zh, hint_en = (f"是否指 {near}？", f" Did you mean `{near}`?") if near else ("", "")
    return Text(
        f"“{parameter.title.zh}”没有“{text}”这个取值；可以写：{known_zh}。{hint_zh}",
        f"`{parameter.key}` cannot be `{text}`; known: {known_en}.{hint_en}",
    )
