"""Published scorecards: stored once, never changed, read once per process of ours.

Which versions there are is asked again when the counter `scorecards` moves; a version that was read is kept for good. A month's
version is the latest that holds on its first day. The catalogue of figures and the grades are versions of the same kind.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.tables import ScorecardVersion
from workflows.definition.load import SCORECARDS
from workflows.errors import NotFound
from workflows.org.versions import NEVER_CHANGED, Stamp, read_versions
from workflows.scoring.catalogue import Catalogue
from workflows.scoring.grades import Grades
from workflows.scoring.load import load_card, load_catalogue, load_grades, load_scorecards
from workflows.scoring.model import Scorecard, Scorecards
from workflows.settings import project_folder

FIGURES, GRADES = "figures", "grades"
"""Keys of what all cards share: the catalogue, and grades with the bonus rule."""

SHARED = frozenset({FIGURES, GRADES})
FROM_THE_BEGINNING = "0001-01"
"""`valid_from` of a first version."""

Versions = Mapping[str, Stamp]


@dataclass(frozen=True, slots=True)
class Entry:
    """One published version without its text. `valid_from`: the first month it holds for."""

    id: uuid.UUID
    key: str
    version: int
    valid_from: str
    digest: str
    published_at: datetime
    published_by: uuid.UUID | None
    case: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class CardVersion:
    """One version of a scorecard, ready to compute with."""

    entry: Entry
    card: Scorecard

    @property
    def key(self) -> str:
        """The position."""
        return self.entry.key

    @property
    def version(self) -> int:
        """Its number."""
        return self.entry.version


_ENTRY = (
    ScorecardVersion.id, ScorecardVersion.key, ScorecardVersion.version, ScorecardVersion.valid_from, ScorecardVersion.digest,
    ScorecardVersion.published_at, ScorecardVersion.published_by, ScorecardVersion.case_id,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What was published as of one stamp: versions by key, oldest first."""

    stamp: Stamp
    entries: Mapping[str, tuple[Entry, ...]]
    catalogue: Catalogue

    @property
    def edition(self) -> uuid.UUID | None:
        """Which catalogue cards are read with; None: the program's own."""
        newest = self.newest(FIGURES)
        return newest.id if newest is not None else None

    def newest(self, key: str) -> Entry | None:
        return self.entries[key][-1] if key in self.entries else None

    def holding(self, key: str, month: str) -> Entry | None:
        """The latest version that holds on the month's first day."""
        return next((one for one in reversed(self.entries.get(key, ())) if one.valid_from <= month), None)


class ScorecardStore:
    """The scorecards of one process of ours (a web worker, a scheduler). Safe to share between threads."""

    def __init__(self) -> None:
        self._shelf: _Shelf | None = None
        self._cards: dict[tuple[uuid.UUID, uuid.UUID | None], Scorecard] = {}
        self._grades: dict[uuid.UUID, Grades] = {}

    # -- cards --------------------------------------------------------------------------------------------------------

    def version_for(
        self, session: Session, key: str, month: str, versions: Versions | None = None
    ) -> CardVersion | None:
        """The version of a position's card that holds for a month (`2026-11`); None where the position has none."""
        shelf = self._fresh(session, versions)
        entry = shelf.holding(key, month) if key not in SHARED else None
        return self._card(session, shelf, entry) if entry is not None else None

    def get(self, session: Session, key: str, version: int, versions: Versions | None = None) -> CardVersion:
        """One version of a card. Raises `NotFound`."""
        shelf = self._fresh(session, versions)
        entry = next((one for one in shelf.entries.get(key, ()) if one.version == version), None)
        if entry is None or key in SHARED:
            raise NotFound("没有这个版本的评分表。", "There is no such version of a scorecard.")
        return self._card(session, shelf, entry)

    def positions(self, session: Session, versions: Versions | None = None) -> frozenset[str] | None:
        """Positions that have a card; None before any was published: then everybody appraised counts as an employee."""
        keys = frozenset(self._fresh(session, versions).entries) - SHARED
        return keys or None

    def history(self, session: Session, key: str) -> tuple[Entry, ...]:
        """Every version of a card, oldest first; empty where there is none."""
        return self._fresh(session, None).entries.get(key, ())

    def newest(self, session: Session) -> tuple[CardVersion, ...]:
        """The newest version of every card, by key."""
        shelf = self._fresh(session, None)
        entries = [one for key in sorted(shelf.entries) if key not in SHARED and (one := shelf.newest(key))]
        self._read(session, shelf, entries)
        return tuple(self._card(session, shelf, entry) for entry in entries)

    # -- what all cards share -----------------------------------------------------------------------------------------

    def catalogue(self, session: Session, versions: Versions | None = None) -> Catalogue:
        """All figures, the targets of the newest cards among them."""
        return self._fresh(session, versions).catalogue

    def grades(self, session: Session, month: str, versions: Versions | None = None) -> Grades:
        """Grades and bonus rule that hold for a month; the program's own before any were published."""
        shelf = self._fresh(session, versions)
        entry = shelf.holding(GRADES, month)
        if entry is None:
            return _own().grades
        if entry.id not in self._grades:
            self._grades[entry.id] = load_grades(*_text(session, entry.id), shelf.catalogue)
        return self._grades[entry.id]

    # -- reading ------------------------------------------------------------------------------------------------------

    def _fresh(self, session: Session, versions: Versions | None) -> _Shelf:
        stamp = (read_versions(session) if versions is None else versions).get(SCORECARDS, NEVER_CHANGED)
        kept = self._shelf
        if kept is None or kept.stamp != stamp:
            kept = self._shelf = self._stocked(session, stamp)
        return kept

    def _stocked(self, session: Session, stamp: Stamp) -> _Shelf:
        entries: dict[str, list[Entry]] = {}
        for row in session.execute(select(*_ENTRY).order_by(ScorecardVersion.key, ScorecardVersion.version)):
            entries.setdefault(row.key, []).append(Entry(*row))
        known = {key: tuple(found) for key, found in entries.items()}
        if FIGURES not in known:
            return _Shelf(stamp, known, _own().figures)
        plain = load_catalogue(*_text(session, known[FIGURES][-1].id))
        bare = _Shelf(stamp, known, plain)
        newest = [found[-1] for key, found in known.items() if key not in SHARED]
        self._read(session, bare, newest)
        targets = {
            name: figure
            for entry in newest
            for name, figure in self._card(session, bare, entry).card.figures.items()
            if name not in plain
        }
        return _Shelf(stamp, known, plain.with_figures(targets))

    def _card(self, session: Session, shelf: _Shelf, entry: Entry) -> CardVersion:
        if (entry.id, shelf.edition) not in self._cards:
            self._read(session, shelf, [entry])
        return CardVersion(entry, self._cards[entry.id, shelf.edition])

    def _read(self, session: Session, shelf: _Shelf, entries: Iterable[Entry]) -> None:
        """Parse those cards that are not known yet: one statement for all of them."""
        missing = [entry.id for entry in entries if (entry.id, shelf.edition) not in self._cards]
        if not missing:
            return
        chosen = select(ScorecardVersion.id, ScorecardVersion.text, ScorecardVersion.file)
        for row in session.execute(chosen.where(ScorecardVersion.id.in_(missing))):
            self._cards[row.id, shelf.edition] = load_card(row.text, row.file, shelf.catalogue)


def scorecards_folder() -> Path:
    """Where the program's own scorecards lie."""
    return project_folder("definitions") / SCORECARDS


@cache
def _own() -> Scorecards:
    """The program's own scorecards, read once: they come with the program and stay as they are while it runs."""
    return load_scorecards(scorecards_folder())


def _text(session: Session, version: uuid.UUID) -> tuple[str, str]:
    chosen = select(ScorecardVersion.text, ScorecardVersion.file).where(ScorecardVersion.id == version)
    row = session.execute(chosen).one()
    return row.text, row.file
