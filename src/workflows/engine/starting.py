"""Cases are born: by a person's form, by another case, by a schedule."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.definition.model import START, Action, Process
from workflows.definition.names import case_number
from workflows.definition.values.forms import clean
from workflows.engine import chain, data, filling, forms, refusals, steps
from workflows.engine.company import Company
from workflows.engine.definitions import Published
from workflows.engine.loading import event_of
from workflows.engine.outcomes import outcome, replay_outcome
from workflows.engine.people import Situation, meets
from workflows.engine.record import Record
from workflows.engine.requests import Outcome, StartRequest
from workflows.engine.rows import CaseRow
from workflows.engine.running import Running, Step
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Counter
from workflows.errors import Conflict, NotFound

PersonId = uuid.UUID

_HAND_IN = Action("submit", refusals.SUBMIT, "submit")


def start(company: Company, session: Session, request: StartRequest, now: datetime) -> Outcome:
    """Start a case by a person. Raises `NotFound`, `NotAllowed`, `Replayed`, `InvalidInput`, or `Conflict` where one with this
    key exists already."""
    scene = company.scene(session, now)
    digest = chain.submission_digest(request.actor, request.process, dict(request.values))
    event = event_of(session, request.key)
    if event is not None:
        return replay_outcome(session, scene, event, digest, request.actor)
    published = newest(scene, request.process)
    permit_start(scene, published.process, request.actor)
    typed = {**_known(published.process, scene, request.actor), **request.values}
    values = clean(published.process, published.process.start.form, typed, zone=scene.calendar.zone)
    run = born(session, scene, Record(set(scene.queues)), published, values, starter=request.actor)
    step = Step("started", request.actor, submission=request.key, submission_digest=digest)
    set_first_values(run, values, step)
    forms.check_values(run, _HAND_IN, values, request.actor)
    keep_key(session, run)
    steps.begin(run, step)
    steps.settle(run)
    run.write()
    run.record.flush(session)
    return outcome(run, request.actor)


def _known(process: Process, scene: Scene, actor: PersonId) -> dict[str, Any]:
    """What stands in fields of the start form where a program leaves them out: the starter, the moment."""
    fields = {name: process.fields[name] for name in process.start.form}
    known = {name: field for name, field in fields.items() if field.by_starter or field.by_clock}
    return {name: data.default(field, scene.calendar, actor, scene.now) for name, field in known.items()}


def start_by_itself(
    company: Company,
    session: Session,
    process: str,
    given: Mapping[str, Any],
    starter: PersonId | None,
    why: str,
    now: datetime,
) -> uuid.UUID | None:
    """Start a case that nobody filled a form in for, with the newest version; None where one with its key exists already.

    `given`: values as JSON; `why` is kept with the step. Raises `NotFound` where the process is gone.
    """
    scene = company.scene(session, now)
    published = newest(scene, process)
    values = data.adopt(published.process, given, scene.calendar.zone)
    key = business_key(published.process, values)
    if key is not None and existing_keys(session, process, [key]):
        return None
    run = born(session, scene, Record(set(scene.queues)), published, values, starter=starter)
    step = Step("started", said={"why": why})
    set_first_values(run, values, step)
    steps.begin(run, step)
    steps.settle(run)
    run.write()
    run.record.flush(session)
    return run.row.id


def newest(scene: Scene, process: str) -> Published:
    """The newest version of a process. Raises `NotFound`."""
    published = scene.newest.get(process)
    if published is None:
        raise NotFound("没有这个流程。", "There is no such process.")
    return published


def permit_start(scene: Scene, process: Process, actor: PersonId) -> None:
    """Raises `NotAllowed` where the actor is not one who starts this process."""
    if not may_start(scene, process, actor):
        raise refusals.not_for_you(process.title)


def may_start(scene: Scene, process: Process, actor: PersonId) -> bool:
    """Whether a person may start this process by hand."""
    member = scene.organisation.people.get(actor)
    if member is None or not member.active or not process.start.by:
        return False
    situation = Situation(scene.organisation, starter=actor, scorecards=scene.scorecards)
    return meets(process.start.by, actor, situation)


def born(
    session: Session,
    scene: Scene,
    record: Record,
    published: Published,
    values: Mapping[str, Any],
    *,
    starter: PersonId | None,
    parent: tuple[uuid.UUID, uuid.UUID] | None = None,
    spawned: tuple[str, str, str | None] | None = None,
) -> Running:
    """A new case in hand, with its number, before its first step. `parent`: (parent, root); `spawned`: (state, key, awaited state)."""
    run = unborn(session, scene, record, published, values, starter=starter, parent=parent, spawned=spawned)
    run.row.number = next_number(session, published.process, scene)
    return run


def unborn(
    session: Session,
    scene: Scene,
    record: Record,
    published: Published,
    values: Mapping[str, Any],
    *,
    starter: PersonId | None,
    parent: tuple[uuid.UUID, uuid.UUID] | None = None,
    spawned: tuple[str, str, str | None] | None = None,
) -> Running:
    """As `born`, without a number: for looking at what would be."""
    row = CaseRow(
        id=new_id(), definition_id=published.id, process=published.key, number=None, title="", business_key=None, state=START,
        visit=0, version=0, data={}, entries={}, starter_id=starter, subject_id=_subject(values), parent_id=parent[0] if parent else None,
        root_id=parent[1] if parent else None, spawn_state=spawned[0] if spawned else None, spawn_key=spawned[1] if spawned else None,
        awaited=spawned[2] if spawned else None, started_at=scene.now, entered_at=scene.now, ended_at=None, outcome=None,
        suspended_at=None, event_count=0, chain_hash=chain.GENESIS,
    )  # fmt: skip
    return Running(session, scene, record, published, row, [], new=True)


def set_first_values(run: Running, values: Mapping[str, Any], step: Step) -> None:
    """Defaults, what was given, what a source knows; the key that makes the case the only one of its kind."""
    given = {name: value for name, value in values.items() if value is not None}
    run.set_fields({**data.defaults(run.process, run.scene.calendar, run.row.starter_id, run.now), **given}, step)
    filling.at_start(run, step)
    run.row.business_key = business_key(run.process, run.row.data)


def business_key(process: Process, values: Mapping[str, Any]) -> str | None:
    """The canonical text of the key fields, e.g. `2026-11|<person>`; None for a process without a key."""
    return "|".join(str(values.get(name, "")) for name in process.key_fields)[:200] if process.key_fields else None


def keep_key(session: Session, run: Running) -> None:
    """Raises `Conflict` where a case with this key exists; two at one moment meet at the unique constraint."""
    if run.row.business_key is None:
        return
    found = existing_keys(session, run.row.process, [run.row.business_key])
    if found:
        title = run.process.title
        raise Conflict(f"这个“{title.zh}”已经有了，不能再发起一件。", f"There is already a “{title.en}” with this key.")


def existing_keys(session: Session, process: str, keys: list[str]) -> set[str]:
    """Those of the keys that a case of the process has."""
    return set(session.scalars(select(Case.business_key).where(Case.process == process, Case.business_key.in_(keys))))


def next_number(session: Session, process: Process, scene: Scene) -> str | None:
    """The next number of the process's series, counted per year (TG-2026-0412); None where it has none. One statement."""
    if process.number is None:
        return None
    series = f"{process.number}-{scene.today.year}"
    store = session.connection()
    counted = store.execute(_counting(store.dialect.name), {"b_series": series}).scalar_one()
    return case_number(process, scene.today.year, counted)


@functools.cache
def _counting(dialect: str) -> Any:
    """One more in a series; made once."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    counter: Any = Counter.__table__
    counted = insert(counter).values(series=bindparam("b_series"), last=1)
    more = counted.on_conflict_do_update(index_elements=["series"], set_={"last": counter.c.last + 1})
    return more.returning(counter.c.last)


def _subject(values: Mapping[str, Any]) -> PersonId | None:
    """Whom the case is about: its field `subject`, where it has one."""
    named = values.get("subject")
    return uuid.UUID(named) if isinstance(named, str) else None
