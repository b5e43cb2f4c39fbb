"""What processes contribute to scorecards in a month, counted from their cases as the definitions' `figures:` say."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.engine.definitions import Published
from workflows.engine.scene import Scene
from workflows.reports.candidates import candidates
from workflows.reports.contribution import Contribution, Way, contributions, way_of
from workflows.reports.window import Window, window_of

PLACES = 10
"""Decimal places to which a mean or a percentage without a finite decimal is rounded, half up."""

MOST_CASES = 50
"""Cases that are named with a figure."""

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class CountedFigure:
    """A number that cases make. `cases`: at most `MOST_CASES` of them, `count`: how many there are."""

    value: Decimal
    processes: tuple[str, ...]
    cases: tuple[uuid.UUID, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Counting:
    """How a figure is counted by this system. `zero`: who has no case has 0; else no case leaves the figure missing."""

    name: str
    processes: tuple[str, ...]
    zero: bool


def counting(scene: Scene, month: str) -> Mapping[str, Counting]:
    """The figures that processes count in a month, by name: those of every process that had been published before it ended.

    A process that came later has counted nothing yet, and one that came during the month has not seen all of it: no case is no 0 then. A
    `mean` or `share` of no case is missing, also where another process counts the same name.
    """
    window = window_of(month, scene.calendar)
    whole = {one.key for one in scene.versions if one.published_at <= window.start}
    found: dict[str, Counting] = {}
    for process in _newest(scene, window):
        for figure in process.figures:
            zero = process.key in whole and way_of(figure) in ("count", "sum") and "if_none" not in figure.settings
            known = found.get(figure.name, Counting(figure.name, (), zero))
            found[figure.name] = Counting(figure.name, (*known.processes, process.key), known.zero and zero)
    return found


def counted(
    session: Session, scene: Scene, month: str, names: Collection[str] | None = None
) -> dict[PersonId, dict[str, CountedFigure]]:
    """What cases contribute in the month `2026-11` (of `names`, else of all figures), by person.

    Set-based: a few statements for a process. A case counts by the version of the definition with which it began; cancelled cases
    count nowhere. Only people who work here have figures. Several processes may contribute to one name: their contributions are
    added up, or go into one mean.
    """
    window = window_of(month, scene.calendar)
    made: defaultdict[tuple[PersonId, str], list[tuple[str, Contribution]]] = defaultdict(list)
    for processes in _published(scene, window, names):
        for one in _of_process(session, scene, processes, window, names):
            made[one.person, one.figure].append((processes[0].key, one))
    figures: defaultdict[PersonId, dict[str, CountedFigure]] = defaultdict(dict)
    for (person, name), found in made.items():
        figures[person][name] = _figure(found)
    return dict(figures)


def _newest(scene: Scene, window: Window) -> Iterator[Process]:
    """Of every process the version in force when the month ended (or now, while it lasts)."""
    newest: dict[str, Published] = {}
    for one in scene.versions:
        if one.published_at < window.end and (one.key not in newest or newest[one.key].version < one.version):
            newest[one.key] = one
    return (newest[key].process for key in sorted(newest))


def _published(scene: Scene, window: Window, names: Collection[str] | None) -> Iterator[list[Process]]:
    """Every process that counts one of the names (None: any) and was published before the month ended: all its versions, cases may
    have begun with any."""
    versions: defaultdict[str, list[Process]] = defaultdict(list)
    for one in scene.versions:
        versions[one.key].append(one.process)
    for process in _newest(scene, window):
        counts = {figure.name for version in versions[process.key] for figure in version.figures}
        if counts if names is None else not counts.isdisjoint(names):
            yield versions[process.key]


def _of_process(
    session: Session, scene: Scene, processes: list[Process], window: Window, names: Collection[str] | None
) -> Iterable[Contribution]:
    for candidate in candidates(session, processes, window):
        began_with = scene.store.get(session, candidate.row.definition_id).process
        yield from contributions(began_with, candidate, scene, window, names)


def _figure(found: list[tuple[str, Contribution]]) -> CountedFigure:
    cases = tuple(dict.fromkeys(one.case for _, one in found))
    value = _together(found[0][1].way, [one.value for _, one in found])
    return CountedFigure(value, tuple(dict.fromkeys(key for key, _ in found)), cases[:MOST_CASES], len(cases))


def _together(way: Way, values: list[Fraction]) -> Decimal:
    total = sum(values, Fraction(0))
    if way in ("count", "sum"):
        return as_decimal(total)
    return as_decimal(total / len(values) * (100 if way == "share" else 1))


def as_decimal(value: Fraction) -> Decimal:
    """The number, exactly where it has a finite decimal of at most `PLACES` places, else rounded half up to that many."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        rounded = exact.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
        return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()
