"""The cases behind a number of a report: what was counted, as a list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from workflows.definition.model import START
from workflows.engine.rows import CASE_COLUMNS, CaseRow, case_row
from workflows.engine.tables import Case, Event
from workflows.engine.views.pages import PageKey
from workflows.org.organisation import PersonId
from workflows.reports.handed import handed_on_by
from workflows.reports.seen import EVERYTHING, Seen, finished_in, late_at, of_processes, still_open, was_late
from workflows.reports.span import Span

Which = Literal["finished", "late", "open"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases of a process: finished in the time, late among them, or open now. Further: that came to a `step` (late there, with
    `late`), or went a way `source` → `target`."""

    process: str
    span: Span
    which: Which = "finished"
    step: str | None = None
    source: str | None = None
    target: str | None = None


def conditions(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """As conditions on `Case`: the same that the numbers were counted with."""
    return (of_processes([wanted.process]), *_which(wanted), *_came(wanted))


def _which(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.which == "open":
        yield still_open()
        return
    yield finished_in(wanted.span)
    if wanted.which == "late":
        yield late_at(wanted.step) if wanted.step is not None else was_late()


def _came(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    here = Event.case_id == Case.id
    if wanted.step is not None and wanted.which != "late" and wanted.step != START:
        yield select(Event.id).where(here, Event.to_state == wanted.step).exists()
    if wanted.target is not None:
        came_from = Event.from_state == wanted.source
        if wanted.source == START:
            came_from = or_(came_from, Event.from_state.is_(None))
        yield select(Event.id).where(here, Event.to_state == wanted.target, came_from).exists()


def cases_of(
    session: Session, wanted: Wanted, seen: Seen = EVERYTHING, after: PageKey | None = None, limit: int = 50
) -> CasesPage:
    """One page of them, paged by key: ended ones by when they ended, newest first; open ones by when they began, oldest first."""
    where = (*conditions(wanted), *seen)
    if wanted.which == "open":
        return _page(session, where, "started_at", after, limit, oldest_first=True)
    return _page(session, where, "ended_at", after, limit)


def cases_handled(
    session: Session,
    people: Collection[PersonId],
    span: Span,
    seen: Seen = EVERYTHING,
    after: PageKey | None = None,
    limit: int = 50,
    *,
    process: str | None = None,
    step: str | None = None,
) -> CasesPage:
    """One page of the cases of which these people handed on a task in the time (at a `step` of a `process`), the last begun first."""
    return _page(session, (handed_on_by(people, span, process, step), *seen), "started_at", after, limit)


CasesPage = tuple[tuple[CaseRow, ...], PageKey | None]
"""Cases, and where the next page begins."""


def _page(
    session: Session,
    where: Iterable[ColumnElement[bool]],
    by: Literal["started_at", "ended_at"],
    after: PageKey | None,
    limit: int,
    *,
    oldest_first: bool = False,
) -> CasesPage:
    at, chosen = getattr(Case, by), select(*CASE_COLUMNS).where(*where)
    if after is not None:
        place, last = tuple_(at, Case.id), tuple_(literal(after.at, at.type), literal(after.id, Case.id.type))
        chosen = chosen.where(place > last if oldest_first else place < last)
    order = (at, Case.id) if oldest_first else (at.desc(), Case.id.desc())
    rows = [case_row(row) for row in session.execute(chosen.order_by(*order).limit(limit + 1)).mappings()]
    last_one = rows[limit - 1] if len(rows) > limit else None
    return tuple(rows[:limit]), PageKey(getattr(last_one, by), last_one.id) if last_one is not None else None
