"""Lists of cases: search, children. Only what the reader may see, newest first, paged by key."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal, literal_column, select, table, text, tuple_
from sqlalchemy import case as case_
from sqlalchemy.orm import Session

from workflows.engine.company import Company
from workflows.engine.rows import CASE_COLUMNS, CaseRow, case_row
from workflows.engine.scene import Scene
from workflows.engine.search_words import query_words
from workflows.engine.tables import Case
from workflows.engine.views.pages import CaseList, PageKey, SearchQuery, Standing
from workflows.engine.views.pages import CaseRow as Line
from workflows.engine.visibility import visible_cases

PersonId = uuid.UUID


def search(
    company: Company,
    session: Session,
    person: PersonId,
    query: SearchQuery,
    now: datetime,
    after: PageKey | None,
    limit: int,
) -> CaseList:
    """Cases for which every filter holds and which the person may see."""
    scene = company.scene(session, now)
    chosen = select(*CASE_COLUMNS).where(*_filters(session, query))
    return _page(session, scene, person, chosen, after, limit)


def children(
    company: Company,
    session: Session,
    person: PersonId,
    case: uuid.UUID,
    now: datetime,
    after: PageKey | None,
    limit: int,
) -> CaseList:
    """The cases spawned by a case."""
    scene = company.scene(session, now)
    return _page(session, scene, person, select(*CASE_COLUMNS).where(Case.parent_id == case), after, limit)


def children_standing(
    company: Company, session: Session, person: PersonId, case: uuid.UUID, now: datetime
) -> tuple[Standing, ...]:
    """Where the cases spawned by a case stand, as far as the person may see them: most first."""
    scene = company.scene(session, now)
    running = func.sum(case_((Case.ended_at.is_(None), 1), else_=0))
    counted = select(Case.definition_id, Case.state, func.count(), running).where(Case.parent_id == case)
    visible = visible_cases(session, scene, person)
    if visible is not None:
        counted = counted.where(visible)
    found: dict[tuple[str, str], Standing] = {}
    for definition, state, number, still in session.execute(counted.group_by(Case.definition_id, Case.state)):
        published = scene.store.get(session, definition)
        key = published.key, state
        before = found.get(key)
        found[key] = Standing(
            published.machine.states[state].title,
            number + (before.number if before else 0),
            int(still) + (before.running if before else 0),
        )
    return tuple(sorted(found.values(), key=lambda one: -one.number))


def _page(
    session: Session, scene: Scene, person: PersonId, chosen: Select[Any], after: PageKey | None, limit: int
) -> CaseList:
    visible = visible_cases(session, scene, person)
    if visible is not None:
        chosen = chosen.where(visible)
    if after is not None:
        at, row = literal(after.at, Case.started_at.type), literal(after.id, Case.id.type)
        chosen = chosen.where(tuple_(Case.started_at, Case.id) < tuple_(at, row))
    found = session.execute(chosen.order_by(Case.started_at.desc(), Case.id.desc()).limit(limit + 1)).mappings().all()
    rows = tuple(line(session, scene, case_row(row)) for row in found[:limit])
    return CaseList(rows, PageKey(rows[-1].started_at, rows[-1].id) if len(found) > limit else None)


def line(session: Session, scene: Scene, case: CaseRow) -> Line:
    """One row of a list of cases."""
    published = scene.store.get(session, case.definition_id)
    name = scene.organisation.name_of
    return Line(
        id=case.id, process=case.process, process_title=published.process.title, title=case.title, number=case.number, state=case.state,
        state_title=published.machine.states[case.state].title, starter=case.starter_id, starter_name=name(case.starter_id),
        subject=case.subject_id, subject_name=name(case.subject_id), started_at=case.started_at, entered_at=case.entered_at,
        ended_at=case.ended_at, outcome=case.outcome,
    )  # fmt: skip


def _filters(session: Session, query: SearchQuery) -> list[ColumnElement[bool]]:
    equal = (
        (Case.process, query.process),
        (Case.state, query.state),
        (Case.starter_id, query.starter),
        (Case.subject_id, query.subject),
    )
    filters: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
    if query.open is not None:
        filters.append(Case.ended_at.is_(None) if query.open else Case.ended_at.is_not(None))
    if query.since is not None:
        filters.append(Case.started_at >= query.since)
    if query.until is not None:
        filters.append(Case.started_at < query.until)
    if query.text.strip():
        filters.append(words_condition(session, query.text))
    return filters


def words_condition(session: Session, typed: str) -> ColumnElement[bool]:
    """Cases whose title, number or people have all the words typed; nothing where no word is left of it."""
    words = query_words(typed)
    if not words:
        return literal(False)
    if session.get_bind().dialect.name == "sqlite":
        match = " AND ".join(f'"{word.removesuffix("*")}"{"*" if word.endswith("*") else ""}' for word in words)
        rowids: Any = select(column("rowid")).select_from(table("case_search")).where(text("case_search MATCH :words"))
        return literal_column('"case".rowid').in_(rowids.params(words=match))
    asked = " & ".join(f"'{word.removesuffix('*')}'{':*' if word.endswith('*') else ''}" for word in words)
    return func.to_tsvector(literal_column("'simple'"), Case.search).op("@@")(
        func.to_tsquery(literal_column("'simple'"), asked)
    )
