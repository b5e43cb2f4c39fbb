"""Figures that this system knows itself: counted from its cases, and kept where they have changed.

Every employee whose scorecard uses a figure gets it, 0 where no case counted, so that "no case" is told from "not known". Where a
person has entered or corrected a figure that value stays: counting replaces only what was counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.figures.derived import month_before, months_to, rolling
from workflows.appraisal.figures.meaning import Catalogue, is_held
from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.figures.store import (
    FigureInput,
    Key,
    Progress,
    Recorded,
    Standing,
    lock,
    record,
    standing_values,
)
from workflows.appraisal.figures.tables import Source
from workflows.appraisal.results.closed import closed
from workflows.db import new_id, upsert
from workflows.engine.engine import Engine
from workflows.engine.scene import Scene
from workflows.engine.tables import Case
from workflows.org.organisation import Member, Organisation
from workflows.org.tables import Version
from workflows.org.versions import read_versions
from workflows.reports.figures import CountedFigure, Counting, counted, counting

COLLECTED: Final = "figures collected"
"""The counter whose number is the day (as an ordinal) on which figures were last counted."""

MOST_MONTHS: Final = 13
"""How far back figures are counted by themselves."""


def collect(
    session: Session,
    engine: Engine,
    store: ScorecardStore,
    month: str,
    now: datetime,
    progress: Progress | None = None,
) -> Recorded:
    """Count the month `2026-11` anew and write down what has changed; people whose result is published are left alone.

    A few statements for a process and a few for the figures, however many people there are. Raises `InvalidInput` for what is no
    month.
    """
    scene = engine.scene(session, now)
    ways = counting(scene, month)
    wanted = _wanted(session, store, scene.organisation, month, ways) if ways else {}
    done = closed(session, month) if wanted else frozenset()
    wanted = {who: names for who, names in wanted.items() if who not in done}
    if not wanted:
        return Recorded(0, 0, 0)
    found = counted(session, scene, month, {name for names in wanted.values() for name in names})
    lock(session)
    catalogue = store.catalogue(session)
    keys = [Key(who, None, month, name) for who, names in wanted.items() for name in sorted(names)]
    standing = standing_values(session, keys)
    inputs = [one for key in keys if (one := _input(key, found, ways, catalogue, standing.get(key))) is not None]
    return record(session, inputs, source=Source.SYSTEM, actor=None, now=now, progress=progress)


def used_figures(figures: Collection[str], month: str) -> frozenset[str]:
    """The figures of a card, with those that its rolling ones are made of."""
    ways = (rolling(name, month) for name in figures)
    return frozenset(figures) | {way.base for way in ways if way is not None}


def _wanted(
    session: Session,
    store: ScorecardStore,
    organisation: Organisation,
    month: str,
    ways: Mapping[str, Counting],
) -> dict[PersonId, frozenset[str]]:
    """For every employee of the month the counted figures that their card uses."""
    versions = read_versions(session)
    by_position: dict[str, frozenset[str]] = {}
    wanted: dict[PersonId, frozenset[str]] = {}
    for person in organisation.active:
        member = organisation.people[person]
        position = member.appraised_position
        if position is None or not _was_here(member, month):
            continue
        if position not in by_position:
            version = store.version_for(session, position, month, versions)
            used = used_figures(version.card.figures, month) if version is not None else frozenset()
            by_position[position] = used & ways.keys()
        if by_position[position]:
            wanted[person] = by_position[position]
    return wanted


def _was_here(member: Member, month: str) -> bool:
    return member.joined_on is None or f"{member.joined_on:%Y-%m}" <= month


def _input(
    key: Key,
    found: Mapping[PersonId, Mapping[str, CountedFigure]],
    ways: Mapping[str, Counting],
    catalogue: Catalogue,
    standing: Standing | None,
) -> FigureInput | None:
    """What to write for one figure; None where nobody counted or somebody else has the say."""
    if key.person is None or (standing is not None and standing.source != Source.SYSTEM):
        return None
    figure = found.get(key.person, {}).get(key.name)
    if figure is not None:
        cases = [case.hex for case in figure.cases]
        evidence = {"processes": list(figure.processes), "cases": cases, "count": figure.count}
        return FigureInput(key, figure.value, evidence=evidence)
    if _is_zero(key.name, ways, catalogue):
        return FigureInput(
            key, Decimal(0), evidence={"processes": list(ways[key.name].processes), "cases": [], "count": 0}
        )
    return FigureInput(key, None) if standing is not None else None


def _is_zero(name: str, ways: Mapping[str, Counting], catalogue: Catalogue) -> bool:
    """Whether no case makes 0: not where a value holds until another is given, nor where 0 cannot be."""
    possible = name not in catalogue or catalogue[name].misfit(Decimal(0)) is None
    return ways[name].zero and possible and not is_held(catalogue, name)


# -- which months -----------------------------------------------------------------------------------------------------


def months_to_collect(session: Session, scene: Scene) -> tuple[str, ...]:
    """The months to count today, oldest first: this and the last, every one of which an appraisal is still open, and those that
    passed since counting was last done (after a stop)."""
    this = f"{scene.today:%Y-%m}"
    last_done = collected_on(session)
    since = month_before(f"{last_done:%Y-%m}") if last_done is not None else this
    missed = [month for month in months_to(this, MOST_MONTHS) if month >= since]
    oldest = months_to(this, MOST_MONTHS)[-1]
    still_open = {month for month in _open_months(session, scene) if oldest <= month <= this}
    return tuple(sorted({this, month_before(this), *missed, *still_open}))


def _open_months(session: Session, scene: Scene) -> set[str]:
    """What the open cases with a scorecard that is filled say in `period`."""
    filled = {
        one.process.key
        for one in scene.versions
        if any(field.type == "scorecard" and field.filled for field in one.process.fields.values())
    }
    period: ColumnElement[str] = Case.data["period"].as_string()
    chosen = select(period).where(Case.process.in_(filled), Case.ended_at.is_(None)).distinct()
    return {month for month in session.scalars(chosen) if month} if filled else set()


def collected_on(session: Session) -> date | None:
    """The company's day on which figures were last counted; None before the first."""
    known = read_versions(session).get(COLLECTED)
    return date.fromordinal(known.number) if known is not None else None


def mark_collected(session: Session, day: date) -> None:
    """Note that figures were counted on the company's day."""
    row = upsert(session, Version).values(name=COLLECTED, number=day.toordinal(), stamp=new_id())
    again = {"number": row.excluded.number, "stamp": row.excluded.stamp}
    session.execute(row.on_conflict_do_update(index_elements=[Version.name], set_=again))
