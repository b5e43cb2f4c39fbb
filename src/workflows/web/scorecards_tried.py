"""A scorecard tried with numbers of one's own: what was typed, what is wrong with it, and what it gives. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from workflows.appraisal.figures.meaning import UNITS
from workflows.errors import InvalidInput, Text
from workflows.scoring.catalogue import Catalogue, Parameter
from workflows.scoring.cells import BadCell, read_figure
from workflows.scoring.grades import Grades
from workflows.scoring.model import Scorecard
from workflows.scoring.score import CardScore, figures_of, score_card
from workflows.web.components import Option, Problem
from workflows.web.fields import FieldView
from workflows.web.language import _, language

LONGEST: Final = 40
UNSAID: Final = frozenset({"number", "ratio"})
"""Units that say nothing beside a label."""


@dataclass(frozen=True, slots=True)
class Section:
    """The figures that one line of the card asks for and no line before it did."""

    title: str
    views: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed, by figure or parameter, and what came of it. `score` None: something is wrong, or nothing was typed."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    score: CardScore | None = None

    def problems(self, card: Scorecard) -> tuple[Problem, ...]:
        """The lines of the error summary, in the order of the form."""
        return tuple(
            Problem(card.title_of(name).text(language()), text.text(language()), f"f-{name}")
            for name in names_of(card)
            for text in self.wrong.get(name, ())
        )


def try_card(card: Scorecard, grades: Grades, form: Mapping[str, str]) -> Tried:
    """The card with these numbers; what the card does not ask for is left out, what is left empty is missing, never a 0."""
    typed = {name: form.get(name, "").strip() for name in names_of(card)}
    figures, wrong = _figures(card, typed)
    if not any(typed.values()):
        return Tried(typed)
    parameters = {key: typed[key] for key in card.parameters if typed[key]}
    if wrong:
        return Tried(typed, wrong)
    try:
        return Tried(typed, {}, score_card(card, figures, parameters, grades=grades))
    except InvalidInput as error:
        return Tried(typed, {name: tuple(texts) for name, texts in error.fields.items()})


def names_of(card: Scorecard) -> tuple[str, ...]:
    """What the form asks for: parameters, then figures in the order of the lines that use them."""
    figures = (name for indicator in card.indicators.values() for name in figures_of(indicator))
    return tuple(dict.fromkeys((*card.parameters, *figures)))


def sections(card: Scorecard, tried: Tried) -> tuple[Section, ...]:
    """The form: parameters first, then line by line what is asked for there first. Targets that the card has itself are left out."""
    asked = set(_own_targets(card))
    found = [Section("", tuple(_choice(one, tried) for one in card.parameters.values()))] if card.parameters else []
    for indicator in card.indicators.values():
        names = [name for name in figures_of(indicator) if name not in asked]
        asked.update(names)
        if names:
            found.append(Section(indicator.title.text(language()), tuple(_number(card, name, tried) for name in names)))
    return tuple(found)


def targets(card: Scorecard, tried: Tried) -> Section:
    """Targets that may be tried instead of the card's own."""
    return Section(_("目标"), tuple(_number(card, name, tried) for name in _own_targets(card)))


def _own_targets(card: Scorecard) -> tuple[str, ...]:
    """Figures that would set a target anew which the card has already."""
    had = (
        one.target for one in card.every.values() if one.target.value is not None or one.target.base or one.target.by
    )
    return tuple(
        dict.fromkeys(target.name for target in had if target.name is not None and target.name in card.figures)
    )


def _figures(card: Scorecard, typed: Mapping[str, str]) -> tuple[dict[str, Decimal], dict[str, tuple[Text, ...]]]:
    figures: dict[str, Decimal] = {}
    wrong: dict[str, tuple[Text, ...]] = {}
    for name, figure in card.figures.items():
        if typed.get(name):
            try:
                figures[name] = read_figure(typed[name][:LONGEST], figure)
            except BadCell as error:
                wrong[name] = (error.message,)
    if not wrong:
        wrong = {name: (text,) for name, text in Catalogue(card.figures).contradictions(figures).items()}
    return figures, wrong


def _number(card: Scorecard, name: str, tried: Tried) -> FieldView:
    figure = card.figures[name]
    return FieldView(
        name,
        "decimal",
        figure.title.text(language()),
        unit="" if figure.unit in UNSAID else UNITS[figure.unit].text(language()),
        value=tried.typed.get(name, ""),
        errors=_said(tried.wrong.get(name, ())),
    )


def _choice(parameter: Parameter, tried: Tried) -> FieldView:
    typed = tried.typed.get(parameter.key, "")
    return FieldView(
        parameter.key,
        "choice",
        parameter.title.text(language()),
        value=typed,
        options=tuple(Option(key, title.text(language())) for key, title in parameter.choices.items()),
        errors=_said(tried.wrong.get(parameter.key, ())),
    )


def _said(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(text.text(language()) for text in texts)
