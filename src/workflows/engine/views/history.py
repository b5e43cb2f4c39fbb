"""The timeline of a case: events with what they changed, as far as the reader may see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.definition.model import Action
from workflows.engine.rows import CaseRow, TaskRow
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Event, EventValue
from workflows.engine.views.pages import FieldChange, TimelineEvent
from workflows.engine.views.parts import in_history
from workflows.engine.words import may_read
from workflows.errors import Text

PersonId = uuid.UUID
PAGE = 50
NOTED = ("changes", "reason", "comment", "files")

_COLUMNS = (
    Event.id, Event.seq, Event.at, Event.kind, Event.actor_id, Event.on_behalf_of, Event.action, Event.task_id, Event.from_state,
    Event.to_state, Event.late, Event.hash, EventValue.values,
)  # fmt: skip


def events(
    session: Session,
    scene: Scene,
    run: Running,
    hidden: frozenset[str],
    reader: PersonId,
    seen: int | None,
    before: int | None,
) -> tuple[tuple[TimelineEvent, ...], int | None]:
    """The newest events (older than number `before`), newest first; and where the next older page begins.

    `seen`: how far the reader has read. What they did themselves is never new to them.
    """
    chosen = select(*_COLUMNS).outerjoin(EventValue, EventValue.event_id == Event.id).where(Event.case_id == run.row.id)
    if before is not None:
        chosen = chosen.where(Event.seq < before)
    found = session.execute(chosen.order_by(Event.seq.desc()).limit(PAGE)).mappings().all()
    told = tuple(_event(scene, run, row, hidden, reader, seen) for row in found)
    return told, told[-1].seq if told and told[-1].seq > 1 else None


def _event(
    scene: Scene, run: Running, row: Any, hidden: frozenset[str], reader: PersonId, seen: int | None
) -> TimelineEvent:
    said = row["values"] or {}
    changes = said.get("changes", {})
    action, name = _action(run, row), scene.organisation.name_of
    note, files = said.get("reason") or said.get("comment") or "", said.get("files", ())
    words_hidden = bool(note or files) and not _may_read(run, row, action, reader)
    return TimelineEvent(
        id=row["id"], seq=row["seq"], at=row["at"], kind=row["kind"], actor=row["actor_id"], actor_name=name(row["actor_id"]),
        on_behalf_of=row["on_behalf_of"], on_behalf_of_name=name(row["on_behalf_of"]), action=row["action"],
        action_title=action.title if action is not None else None, action_kind=action.kind if action is not None else None,
        from_state=row["from_state"], from_title=_title(run, row["from_state"]), to_state=row["to_state"],
        to_title=_title(run, row["to_state"]), late=row["late"], changes=tuple(_changes(run, changes, hidden)),
        hidden=sum(field in hidden for field in changes), note="" if words_hidden else note,
        files=() if words_hidden else tuple(uuid.UUID(file) for file in files),
        new=seen is not None and row["seq"] > seen and row["actor_id"] != reader, hash=row["hash"],
        extra={key: value for key, value in said.items() if key not in NOTED}, words_hidden=words_hidden,
    )  # fmt: skip


def _may_read(run: Running, row: Any, action: Action | None, reader: PersonId) -> bool:
    """Whether the words of an event are for the reader."""
    form = (*action.form, action.append or "") if action is not None and row["task_id"] is None else ()
    authors = (row["actor_id"], row["on_behalf_of"])
    return may_read(run.process, run.situation(), reader, authors, row["at"], row["task_id"], form)


def _action(run: Running, row: Any) -> Action | None:
    name, state = row["action"], run.published.machine.states.get(row["from_state"] or "")
    if name is None:
        return None
    if row["task_id"] is None and name in run.process.anytime:
        return run.process.anytime[name].action
    return state.actions.get(name) if state is not None else None


def _title(run: Running, state: str | None) -> Text | None:
    known = run.published.machine.states.get(state or "")
    return known.title if known is not None else None


def _changes(run: Running, changes: Mapping[str, Any], hidden: frozenset[str]) -> Iterable[FieldChange]:
    for name, field in run.process.fields.items():  # in the order of the definition, however they were stored
        if name in changes and name not in hidden:
            old, new = changes[name]
            yield FieldChange(field, in_history(field, old), in_history(field, new))


def changed_since(
    run: Running, told: tuple[TimelineEvent, ...], hidden: frozenset[str], seen: int | None
) -> tuple[FieldChange, ...] | None:
    """What is different since the viewer last looked: oldest value against newest, fields that went back left out."""
    if seen is None:
        return None
    found: dict[str, FieldChange] = {}
    for event in reversed([event for event in told if event.seq > seen]):
        for change in event.changes:
            first = found.get(change.field.name)
            found[change.field.name] = FieldChange(
                change.field, first.old if first is not None else change.old, change.new
            )
    ordered = (found[name] for name in run.process.fields if name in found and name not in hidden)
    return tuple(change for change in ordered if change.old != change.new)


def people_of(row: CaseRow, tasks: Iterable[TaskRow], told: Iterable[TimelineEvent]) -> set[PersonId]:
    """Everyone whose name the page needs."""
    named = {row.starter_id, row.subject_id}
    named.update(person for task in tasks for person in (task.holder_id, task.completed_by, task.on_behalf_of))
    named.update(person for event in told for person in (event.actor, event.on_behalf_of))
    return {person for person in named if person is not None}
