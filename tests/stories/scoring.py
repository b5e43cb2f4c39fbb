"""What a story says about scores: the figures of a month as they come in, and lines of a card by the names that people read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from stories.reading import Act
from workflows.appraisal.figures.store import FigureInput, Key
from workflows.appraisal.wiring import Appraisal
from workflows.rehearsal.figures import load_figures
from workflows.scoring.load import load_scorecards
from workflows.scoring.model import Scorecard
from workflows.settings import project_folder

CARDS = load_scorecards(project_folder("definitions") / "scorecards")
SAMPLE = replace(load_figures(project_folder("sample") / "figures.yaml"), one_in=0, weak_months=0)

Values = Mapping[str, Any]
PLAIN = ("score", "waive", "verdict", "reason")
Attach = Callable[[list[str]], list[str]]
"""Names of files → their ids, once they are uploaded."""


def measured(session: Session, appraisal: Appraisal, act: Act, people: Mapping[str, uuid.UUID]) -> list[FigureInput]:
    """The figures of the month `act.action`: those given by name; where `其余: 样例` stands beside them the sample draws the rest
    of that person's, with `每人: 样例` everybody else's."""
    month, given = act.action, dict(act.values)
    everybody = given.pop("每人", None) is not None
    named = {people[name]: figures for name, figures in given.items()}
    inputs = [
        _input(person, month, name, value)
        for person, said in named.items()
        for name, value in said.items()
        if name != "其余"
    ]
    return inputs + (list(_drawn(session, appraisal, month, named)) if everybody else [])


def _drawn(
    session: Session, appraisal: Appraisal, month: str, named: Mapping[uuid.UUID, Values]
) -> Iterator[FigureInput]:
    organisation = appraisal.engine.organisation(session)
    company = SAMPLE.of_everybody(month, SAMPLE.of_company, 1)
    yield from (_input(None, month, name, value) for name, value in company.items())
    for person in organisation.employees(CARDS.cards):
        member, said = organisation.people[person], named.get(person)
        if said is not None and "其余" not in said:
            continue
        card = CARDS.cards[member.appraised_position or ""]
        drawn = dict(SAMPLE.of_person(member.login, month, [*card.figures, "base_bonus"], company, 1, 0))
        drawn |= {name: next(iter(parameter.choices)) for name, parameter in card.parameters.items()}
        yield from (_input(person, month, name, value) for name, value in drawn.items() if name not in (said or ()))


def _input(person: uuid.UUID | None, month: str, name: str, value: Any) -> FigureInput:
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
