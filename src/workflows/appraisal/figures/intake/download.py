"""A template put together from what is stored."""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.figures.intake.standards import counted_names
from workflows.appraisal.figures.intake.template import columns_of, known_names, template
from workflows.appraisal.figures.ledger import appraised, ledgers
from workflows.appraisal.figures.measured import PersonId
from workflows.definition.periods import parse
from workflows.document.problems import nearest
from workflows.engine.scene import Scene
from workflows.errors import NotFound


def template_of(
    session: Session,
    scene: Scene,
    store: ScorecardStore,
    position: str,
    month: str,
    language: str,
    without: PersonId | None = None,
) -> bytes:
    """The workbook of a position's scorecard for the month `2026-10`, a row for everybody appraised in it but `without`.

    Raises `InvalidInput` for what is no month, `NotFound` (with the nearest key) for a position without a scorecard.
    """
    parse(month, "month")
    version = store.version_for(session, position, month)
    if version is None:
        near = nearest(position, store.positions(session) or ())
        zh, en = (f"是否指 {near}？", f" Did you mean {near}?") if near else ("", "")
        raise NotFound(f"没有“{position}”的评分表。{zh}", f'There is no scorecard of "{position}".{en}')
    people = [
        person
        for person in appraised(scene.organisation, month)
        if scene.organisation.people[person].appraised_position == position and person != without
    ]
    found = list(ledgers(session, store, scene.organisation, people, month).values())
    base = store.catalogue(session).get(store.grades(session, month).bonus_rule.base)
    counted, known = counted_names(scene, month), known_names(found)
    columns = columns_of(version.card, base, counted, known)
    return template(found, columns, month, language)
