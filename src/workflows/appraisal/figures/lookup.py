"""Which figures hold for people in a month: one statement, however many people are asked about.

A person's own figure comes first, then their unit's, innermost first, then the company's. A figure that the catalogue lets hold
until it is changed is the newest one up to the month. What is missing and follows from earlier months is derived.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, Inexact, localcontext
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from workflows.appraisal.figures.derived import Rolling, rolling
from workflows.appraisal.figures.meaning import Catalogue, adds_up, is_held
from workflows.appraisal.figures.measured import DERIVED, MeasuredFigure, PersonId
from workflows.appraisal.figures.tables import FigureValue, Level, Source
from workflows.org.organisation import Member, Organisation

MOST_NAMED = 1000
"""Above so many people the statement names nobody and reads the month of everybody: parameters of a statement are limited."""

Owner = PersonId | str | None
"""Whose a figure is: a person's id, a unit's key, or None for the company."""
Values = Mapping[tuple[Owner, str], Mapping[str, MeasuredFigure]]
"""Owner and name → month → what was given for it."""


def measured(
    session: Session,
    organisation: Organisation,
    people: Collection[PersonId],
    month: str,
    names: Collection[str],
    catalogue: Catalogue,
) -> dict[PersonId, dict[str, MeasuredFigure]]:
    """The figures of `names` that hold in `month` (`2026-11`) for each of `people`; what is missing is not there.

    One statement. People without any figure have an empty mapping. Raises `InvalidInput` for what is no month.
    """
    held = frozenset(name for name in names if is_held(catalogue, name))
    derivable = {name: way for name in names if name not in held and (way := rolling(name, month)) is not None}
    values = _values(session, people, month, frozenset(names) - held, held, derivable)
    asked = tuple(sorted(names))
    return {
        person: _of_person(organisation.people.get(person), _owners(organisation, person), month, asked, held, derivable,
                           values, catalogue)
        for person in people
    }  # fmt: skip


def parameters(
    session: Session, organisation: Organisation, people: Collection[PersonId], month: str, names: Collection[str]
) -> dict[PersonId, dict[str, str]]:
    """What scorecards' parameters (`category`) are to be for each of `people` in `month`; they hold until changed.

    One statement. A parameter that nobody gave is not there: the scorecard's own default holds.
    """
    asked = {"b_names": sorted(names), "b_month": month, "b_people": list(people)}
    found: dict[tuple[Owner, str], str] = {}
    for row in session.connection().execute(_asking_texts(everybody=len(people) > MOST_NAMED), asked):
        found[row.person_id or row.unit_key, row.name] = row.text
    return {person: _texts(_owners(organisation, person), names, found) for person in people}


def _texts(owners: tuple[Owner, ...], names: Collection[str], found: Mapping[tuple[Owner, str], str]) -> dict[str, str]:
    nearest = {name: next((found[o, name] for o in owners if (o, name) in found), None) for name in names}
    return {name: text for name, text in nearest.items() if text is not None}


def current(row: Any = FigureValue) -> ColumnElement[bool]:
    """Whether a value still stands: nothing replaces it. `row`: the mapped class, or an alias of it."""
    later = aliased(FigureValue)
    return ~exists(select(later.id).where(later.replaces == row.id))


# -- reading ----------------------------------------------------------------------------------------------------------


def _values(
    session: Session,
    people: Collection[PersonId],
    month: str,
    plain: frozenset[str],
    held: frozenset[str],
    derivable: Mapping[str, Rolling],
) -> Values:
    months = {month for way in derivable.values() for month in way.months}
    asked = {
        "b_people": list(people), "b_plain": sorted(plain), "b_month": month, "b_held": sorted(held),
        "b_bases": sorted({way.base for way in derivable.values()}), "b_months": sorted(months),
    }  # fmt: skip
    statement = _asking(everybody=len(people) > MOST_NAMED, derivable=bool(derivable), held=bool(held))
    found: dict[tuple[Owner, str], dict[str, MeasuredFigure]] = {}
    for row in session.connection().execute(statement, asked):
        owner: Owner = row.person_id or row.unit_key
        found.setdefault((owner, row.name), {})[row.month] = _figure(row)
    return found


_COLUMNS = (
    FigureValue.id, FigureValue.month, FigureValue.scope, FigureValue.person_id, FigureValue.unit_key, FigureValue.name,
    FigureValue.value, FigureValue.source, FigureValue.entered_by, FigureValue.entered_at,
)  # fmt: skip


_OF_GROUPS = FigureValue.scope.in_([Level.UNIT, Level.COMPANY])


def _whose(*, everybody: bool) -> tuple[ColumnElement[bool], ...]:
    """Whose figures, a select for each: with both in one `or` SQLite reads everybody's month to find one person's."""
    people = FigureValue.person_id.in_(_listed("b_people", FigureValue.person_id.type))
    return (true(),) if everybody else (people, _OF_GROUPS)


@functools.cache
def _asking(*, everybody: bool, derivable: bool, held: bool) -> Any:
    """The one statement, made once: building it takes longer than asking it."""
    month = bindparam("b_month", type_=FigureValue.month.type)
    given = and_(FigureValue.name.in_(_listed("b_plain")), FigureValue.month == month)
    # The base figures in all months that some name asks for; a month too many does no harm.
    earlier = and_(FigureValue.name.in_(_listed("b_bases")), FigureValue.month.in_(_listed("b_months")))
    whose = _whose(everybody=everybody)
    selects = [_standing(or_(given, earlier) if derivable else given, owners) for owners in whose]
    if held:
        selects += [_newest(_standing(_up_to("b_held"), owners)) for owners in whose]
    return union_all(*selects)


@functools.cache
def _asking_texts(*, everybody: bool) -> Any:
    """The statement of `parameters`, made once."""
    given = and_(_up_to("b_names"), FigureValue.text.is_not(None), current())
    asked = (select(*_COLUMNS, FigureValue.text).where(given, owners) for owners in _whose(everybody=everybody))
    return union_all(*asked).order_by(FigureValue.month)


def _listed(name: str, kind: Any = None) -> Any:
    return bindparam(name, type_=kind if kind is not None else FigureValue.name.type, expanding=True)


def _standing(which: ColumnElement[bool], owners: ColumnElement[bool]) -> Any:
    return select(*_COLUMNS).where(which, FigureValue.value.is_not(None), current(), owners)


def _up_to(names: str) -> ColumnElement[bool]:
    """Figures with the names of a parameter, up to the month asked for."""
    month = bindparam("b_month", type_=FigureValue.month.type)
    return and_(FigureValue.name.in_(_listed(names)), FigureValue.month <= month)


def _newest(standing: Any) -> Any:
    """Of each owner's figure the one of the latest month."""
    owner = (standing.selected_columns.scope, standing.selected_columns.person_id, standing.selected_columns.unit_key)
    place = func.row_number().over(
        partition_by=(*owner, standing.selected_columns.name), order_by=standing.selected_columns.month.desc()
    )
    ranked = standing.add_columns(place.label("place")).subquery()
    return select(*(ranked.c[column.key] for column in _COLUMNS)).where(ranked.c.place == 1)


def _figure(row: Any) -> MeasuredFigure:
    return MeasuredFigure(
        row.name, row.value, row.source, row.entered_by, row.entered_at, row.scope, row.id, row.month
    )  # fmt: skip


# -- resolving --------------------------------------------------------------------------------------------------------


def _owners(organisation: Organisation, person: PersonId) -> tuple[Owner, ...]:
    """Whose figures may hold for a person, nearest first."""
    return (person, *units_outward(organisation, person), None)


def units_outward(organisation: Organisation, person: PersonId) -> tuple[str, ...]:
    """The units of a person, innermost first; of two equally deep the person's own before those of their positions."""
    return tuple(sorted(organisation.units_of(person), key=lambda unit: -_depth(organisation, unit)))


def _depth(organisation: Organisation, unit: str) -> int:
    passed: set[str] = set()
    at: str | None = unit
    while at is not None and at not in passed:
        passed.add(at)
        entry = organisation.units.get(at)
        at = entry.parent if entry else None
    return len(passed)


def _of_person(
    member: Member | None,
    owners: tuple[Owner, ...],
    month: str,
    names: Iterable[str],
    held: frozenset[str],
    derivable: Mapping[str, Rolling],
    values: Values,
    catalogue: Catalogue,
) -> dict[str, MeasuredFigure]:
    found: dict[str, MeasuredFigure] = {}
    for name in names:
        figure = _latest(owners, name, values) if name in held else _in_month(owners, name, month, values)
        if figure is None and name in derivable and (name.endswith("_prev") or adds_up(catalogue, name)):
            figure = _derived(member, owners, name, derivable[name], values)
        if figure is not None:
            found[name] = figure
    return found


def _in_month(owners: tuple[Owner, ...], name: str, month: str, values: Values) -> MeasuredFigure | None:
    for owner in owners:
        if (given := values.get((owner, name))) is not None and month in given:
            return given[month]
    return None


def _latest(owners: tuple[Owner, ...], name: str, values: Values) -> MeasuredFigure | None:
    for owner in owners:
        if given := values.get((owner, name)):
            return given[max(given)]
    return None


def _derived(
    member: Member | None, owners: tuple[Owner, ...], name: str, way: Rolling, values: Values
) -> MeasuredFigure | None:
    """The sum over the months of `way`; None unless all are known.

    A month that ended before the person joined counts nothing where this system does the counting: they could not have had a case.
    """
    known = {m: figure for m in way.months if (figure := _in_month(owners, way.base, m, values)) is not None}
    unknown = [m for m in way.months if m not in known]
    if not known or (unknown and not _before_joining(member, unknown, known.values())):
        return None
    newest = known[max(known)]
    return MeasuredFigure(
        name, _sum(figure.value for figure in known.values()), DERIVED, None, newest.entered_at, newest.level, None,
        newest.month, tuple(figure.id for figure in known.values() if figure.id is not None),
    )  # fmt: skip


def _before_joining(member: Member | None, unknown: Iterable[str], known: Iterable[MeasuredFigure]) -> bool:
    if member is None or member.joined_on is None or any(figure.source != Source.SYSTEM for figure in known):
        return False
    return max(unknown) < f"{member.joined_on:%Y-%m}"


def _sum(values: Iterable[Decimal]) -> Decimal:
    with localcontext() as context:
        context.prec, context.traps[Inexact] = 60, True
        return sum(values, Decimal(0))
