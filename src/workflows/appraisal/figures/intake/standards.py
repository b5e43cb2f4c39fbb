"""What given figures are held against: people, the catalogue, what this system counts itself, and the day."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.figures.meaning import Catalogue
from workflows.appraisal.figures.measured import PersonId
from workflows.engine.scene import Scene
from workflows.org.organisation import Organisation
from workflows.reports.figures import counting


@dataclass(frozen=True, slots=True)
class Standards:
    """What given figures are held against.

    `counted`: the names that this system counts itself in a month (`2026-11`), refused unless `by_hand` (a correction by human
    resources); `today`: the company's day; `actor`: who hands them in, nobody gives figures of their own.
    """

    organisation: Organisation
    catalogue: Catalogue
    counted: Callable[[str], Collection[str]]
    today: date
    actor: PersonId | None = None
    by_hand: bool = False


def standards_of(
    session: Session, scene: Scene, store: ScorecardStore, actor: PersonId | None, *, by_hand: bool = False
) -> Standards:
    """The standards of this moment. `actor` None: a program, or the command line."""
    return Standards(
        scene.organisation, store.catalogue(session), cache(lambda month: counted_names(scene, month)), scene.today, actor, by_hand
    )  # fmt: skip


def counted_names(scene: Scene, month: str) -> frozenset[str]:
    """The figures that processes count in the month, so that nobody types them in. What they only take over from a case (an agreed
    target, a mark) may come from a file as long as there is no such case."""
    return frozenset(name for name, way in counting(scene, month).items() if way.zero)
