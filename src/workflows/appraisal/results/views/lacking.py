"""What keeps appraisals from their totals, for many at once: which figures, of which lines, and who has them in hand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.owing import owed_by
from workflows.appraisal.cards.store import CardVersion
from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.cards.value import Filled, begun, shown_figures
from workflows.appraisal.figures.lookup import measured, parameters
from workflows.appraisal.results.views.appraisals import Appraisal, Lack
from workflows.appraisal.results.views.processes import Processes
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.org.versions import read_versions

PersonId = uuid.UUID
Hands = Mapping[tuple[PersonId, str], tuple[str, ...]]
"""Whose, and of which process → names of those who have an open task of it."""


def with_lacks(
    session: Session, around: Surroundings, scene: Scene, processes: Processes, period: str, rows: Sequence[Appraisal]
) -> tuple[Appraisal, ...]:
    """The same rows; those being scored know what they lack. Three statements, however many they are."""
    cards = _cards(session, around, scene, period, [row for row in rows if row.scoring and row.total is None])
    if not cards:
        return tuple(rows)
    filled = _filled(session, around, scene, period, cards)
    hands = _hands(session, scene, processes, period, list(cards))
    return tuple(
        replace(row, lacks=_lacks(cards[row.subject], filled[row.subject], processes, hands, row.subject))
        if row.subject in cards and row.scoring and row.total is None
        else row
        for row in rows
    )


def _cards(
    session: Session, around: Surroundings, scene: Scene, period: str, rows: Sequence[Appraisal]
) -> dict[PersonId, CardVersion]:
    """The card that holds for each person; who has none is not there."""
    people, known = scene.organisation.people, read_versions(session)
    by_position = {
        position: around.store.version_for(session, position, period, known)
        for position in {people[row.subject].appraised_position for row in rows} - {None}
        if position is not None
    }
    held = {row.subject: by_position.get(people[row.subject].appraised_position or "") for row in rows}
    return {person: card for person, card in held.items() if card is not None}


def _filled(
    session: Session, around: Surroundings, scene: Scene, period: str, cards: Mapping[PersonId, CardVersion]
) -> dict[PersonId, Filled]:
    names = {name for version in cards.values() for name in version.card.figures}
    asked = {name for version in cards.values() for name in version.card.parameters}
    catalogue = around.store.catalogue(session)
    figures = measured(session, scene.organisation, list(cards), period, sorted(names), catalogue)
    texts = parameters(session, scene.organisation, list(cards), period, sorted(asked))
    return {
        person: replace(begun(version), figures=shown_figures(figures[person]), parameters=texts[person])
        for person, version in cards.items()
    }


def _lacks(
    version: CardVersion, filled: Filled, processes: Processes, hands: Hands, subject: PersonId
) -> tuple[Lack, ...]:
    card = version.card
    found: dict[str, Lack] = {}
    for line in filled.score(card).lines.values():
        for name in line.missing:
            counting = [key for key, one in processes.items() if any(figure.name == name for figure in one.figures)]
            waiting = tuple(dict.fromkeys(who for key in counting for who in hands.get((subject, key), ())))
            owed = owed_by(name, line.indicator, processes)
            found.setdefault(name, Lack(name, card.title_of(name), line.indicator.title, owed, waiting))
    return tuple(found.values())


def _hands(session: Session, scene: Scene, processes: Processes, period: str, people: Sequence[PersonId]) -> Hands:
    """Who has a task in hand in cases about these people that count figures of the month."""
    counting = [key for key, one in processes.items() if one.figures and "period" in one.fields]
    chosen = (
        select(Case.subject_id, Case.process, Task.holder_id)
        .join(Task, Task.case_id == Case.id)
        .where(
            Case.process.in_(counting), Case.ended_at.is_(None), Case.data["period"].as_string() == period,
            Task.status == TaskStatus.OPEN, Task.holder_id.is_not(None),
        )
    )  # fmt: skip
    wanted = frozenset(people)
    found: dict[tuple[PersonId, str], list[str]] = {}
    for subject, process, holder in session.execute(chosen):
        if subject in wanted:
            found.setdefault((subject, process), []).append(scene.organisation.name_of(holder))
    return {key: tuple(names) for key, names in found.items()}
