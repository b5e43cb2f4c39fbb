"""The cases behind figures that this system counted, as far as a reader may see them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.figures.measured import MeasuredFigure, PersonId
from workflows.appraisal.figures.tables import FigureValue
from workflows.engine.scene import Scene
from workflows.engine.tables import Case
from workflows.engine.visibility import visible_cases


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case that was counted."""

    id: uuid.UUID
    title: str
    number: str | None


def counted_cases(
    session: Session, scene: Scene, viewer: PersonId, figures: Iterable[MeasuredFigure]
) -> Mapping[str, tuple[CountedCase, ...]]:
    """By figure name the cases it was counted from (at most 50 are kept with a figure), without those the viewer may not see.

    Two statements. Of a derived figure the cases of all its months.
    """
    names: dict[uuid.UUID, str] = {}
    for figure in figures:
        names |= dict.fromkeys(figure.parts or ((figure.id,) if figure.id is not None else ()), figure.name)
    evidence = select(FigureValue.id, FigureValue.evidence).where(
        FigureValue.id.in_(names), FigureValue.evidence.is_not(None)
    )
    behind: dict[str, list[uuid.UUID]] = {}
    for row, kept in session.execute(evidence):
        behind.setdefault(names[row], []).extend(uuid.UUID(hex=case) for case in (kept or {}).get("cases", ()))
    cases = _seen(session, scene, viewer, {case for found in behind.values() for case in found})
    return {
        name: tuple(cases[case] for case in dict.fromkeys(found) if case in cases) for name, found in behind.items()
    }


def _seen(session: Session, scene: Scene, viewer: PersonId, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, CountedCase]:
    wanted = select(Case.id, Case.title, Case.number).where(Case.id.in_(list(ids)))
    visible = visible_cases(session, scene, viewer)
    rows = session.execute(wanted if visible is None else wanted.where(visible))
    return {row.id: CountedCase(row.id, row.title, row.number) for row in rows}
