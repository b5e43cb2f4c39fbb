"""What a story says about scores: the figures of a month as they come in, and lines of a card by the names that people read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from stories.reading import Act
from workflows.appraisal.figures.store import FigureInput, Key
from workflows.appraisal.wiring import Appraisal
from workflows.scoring.load import load_scorecards
from workflows.scoring.model import Scorecard
from workflows.settings import project_folder

CARDS = load_scorecards(project_folder("definitions") / "scorecards")

Values = Mapping[str, Any]
PLAIN = ("score", "waive", "verdict", "reason")
Attach = Callable[[list[str]], list[str]]
"""Names of files → their ids, once they are uploaded."""


def measured(session: Session, appraisal: Appraisal, act: Act, people: Mapping[str, uuid.UUID]) -> list[FigureInput]:
    """The figures of the month `act.action`, by person and name; `其余: 100` is the number of every other figure of that person's
    card, `每人: 100` that of everybody else."""
    given = dict(act.values)
    everybody = given.pop("每人", None)
    said: dict[uuid.UUID, dict[str, Any]] = {people[name]: dict(figures) for name, figures in given.items()}
    organisation = appraisal.engine.organisation(session)
    for person in organisation.employees(CARDS.cards):
        figures = said.setdefault(person, {"其余": everybody})
        rest, position = figures.pop("其余", None), organisation.people[person].appraised_position
        said[person] = {**_all(CARDS.cards[position or ""], rest), **figures} if rest is not None else figures
    return [_input(person, act.action, n, value) for person, figures in said.items() for n, value in figures.items()]


def _all(card: Scorecard, number: int) -> dict[str, Any]:
    """Every figure of a card as this number, every parameter as its first choice, and a bonus to reckon from."""
    first = {name: next(iter(parameter.choices)) for name, parameter in card.parameters.items()}
    return {**dict.fromkeys([*card.figures, "base_bonus"], number), **first}


def _input(person: uuid.UUID, month: str, name: str, value: Any) -> FigureInput:
    is_text = name in CARDS.figures.parameters
    return FigureInput(Key(person, None, month, name), str(value) if is_text else Decimal(str(value)), "以平台后台为准")


def said_of_lines(card: Scorecard, said: Mapping[str, Values], attach: Attach) -> dict[str, Any]:
    """A `lines` field as the form sends it; `said` names lines and figures by their Chinese titles."""
    keys = {line.title.zh: line.key for line in card.indicators.values()}
    return {"seen": None, "lines": {keys[title]: _line(card, line, attach) for title, line in said.items()}}


def _line(card: Scorecard, said: Values, attach: Attach) -> dict[str, Any]:
    names = {figure.title.zh: name for name, figure in card.figures.items()}
    line = {part: str(value).lower() if value is True else str(value) for part, value in said.items() if part in PLAIN}
    if "figures" in said:
        line["figures"] = {names[title]: str(value) for title, value in said["figures"].items()}  # type: ignore[assignment]
    if "files" in said:
        line["files"] = attach(said["files"])  # type: ignore[assignment]
    return line
