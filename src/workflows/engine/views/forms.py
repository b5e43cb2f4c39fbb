"""The viewer's task: its form, its buttons, what each of them leads to."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from workflows.definition.model import Action, Field
from workflows.engine import fire
from workflows.engine.data import default
from workflows.engine.entering import part_of
from workflows.engine.forms import fields_of, wanted_parts
from workflows.engine.people import of_queue
from workflows.engine.reading import Seen
from workflows.engine.rights import Right, right_to_act
from workflows.engine.rows import TaskRow
from workflows.engine.running import Running
from workflows.engine.views.ahead import next_steps
from workflows.engine.views.pages import ActionView, AnytimeView, FormField, NextStep, TaskView, TimelineEvent
from workflows.errors import Text, WorkflowsError

PersonId = uuid.UUID
Draft = tuple[Any, datetime] | None


def my_tasks(seen: Seen, person: PersonId, told: Collection[uuid.UUID]) -> list[tuple[TaskRow, Right]]:
    """The open tasks the viewer may act on, held ones first. `told`: tasks they were told of because they are late."""
    found: list[tuple[TaskRow, Right]] = []
    for row in seen.run.open_tasks():
        task = part_of(seen.published.machine.state(row.state), row.part)
        right = right_to_act(seen.run.scene, seen.situation, seen.published.process, task, row, person)
        if right is not None:
            found.append((row, right))
    if not found:
        late = (row for row in seen.run.open_tasks() if row.id in told and person not in row.excluded_people)
        found = [(row, Right(escalated=True)) for row in late]
    return sorted(found, key=lambda one: (one[0].holder_id != person, one[0].rank_at))


def task_view(
    run: Running,
    row: TaskRow,
    right: Right,
    person: PersonId,
    hidden: frozenset[str],
    draft: Draft,
    events: Iterable[TimelineEvent],
) -> TaskView:
    """The task with its form."""
    task = part_of(run.state, row.part)
    returned = next((e for e in events if e.action_kind == "send_back" and e.to_state == row.state), None)
    sent_back = returned if returned is not None and returned.at == row.opened_at else None
    return TaskView(
        id=row.id, part=row.part, title=task_title(run, row), holder=row.holder_id,
        holder_name=run.scene.organisation.name_of(row.holder_id), on_behalf_of=right.on_behalf_of, opened_at=row.opened_at,
        due_at=row.due_at, due_provisional=row.due_provisional, may_claim=right.group and "claim" not in run.process.forbids,
        may_release=row.holder_id == person and row.queue is not None and "claim" not in run.process.forbids,
        show=tuple(_fields(run, {n: run.process.fields[n] for n in task.show if n in run.process.fields}, hidden, editable=False)),
        edit=tuple(_fields(run, fields_of(run.process, task, None), hidden if task.into is None else frozenset(), editable=True, blank=task.into is not None)),
        actions=tuple(action_view(run, action, hidden) for action in run.state.actions.values()),
        draft=draft[0] if draft else None, draft_at=draft[1] if draft else None, returned_reason=sent_back.note if sent_back else "",
        returned_by=sent_back.actor_name if sent_back else "", takes_reason=not task.anonymous,
    )  # fmt: skip


def action_view(run: Running, action: Action, hidden: frozenset[str]) -> ActionView:
    """A button of the present state."""
    failed = fire.failed_checks(run, run.state.checks) if action.kind in fire.BLOCKABLE and not action.stay else []
    form = tuple(
        _fields(
            run,
            fields_of(run.process, None, action),
            frozenset() if action.append else hidden,
            editable=True,
            blank=action.append is not None,
        )
    )
    return ActionView(action, tuple(failed), form, _parts(run, action), _ahead(run, action))


def anytime_views(
    run: Running, person: PersonId, hidden: frozenset[str], taken: Collection[str]
) -> tuple[AnytimeView, ...]:
    """Actions of no task that the viewer may take now."""
    found = []
    for anytime in run.process.anytime.values():
        if run.row.ended or anytime.action.name in taken:
            continue
        try:
            fire.permit_anytime(run, anytime, person)
            fire.refuse_closed_window(run, anytime)
        except WorkflowsError:
            continue  # not theirs, or its time is over: there is no button then
        until = run.moment(anytime.until, "until") if anytime.until is not None else None
        form = tuple(
            _fields(
                run,
                fields_of(run.process, None, anytime.action),
                hidden,
                editable=True,
                blank=anytime.action.append is not None,
            )
        )
        found.append(AnytimeView(ActionView(anytime.action, (), form, (), next_steps(run, anytime.action.ways)), until))
    return tuple(found)


def task_title(run: Running, row: TaskRow) -> Text:
    """What a task is called: its part's title, else its state's."""
    state = run.published.machine.state(row.state)
    return part_of(state, row.part).title or state.title


def offered_to(run: Running, row: TaskRow) -> tuple[PersonId, ...]:
    """Whose it is: the holder, else everyone it is offered to."""
    if row.holder_id is not None:
        return (row.holder_id,)
    offered = of_queue(row.queue or "", run.situation())
    return tuple(person for person in offered if person not in row.excluded_people)


def _fields(
    run: Running, fields: dict[str, Field], hidden: frozenset[str], *, editable: bool, blank: bool = False
) -> Iterable[FormField]:
    """`blank`: the fields make a new row, so nothing stands in them yet."""
    for name, field in fields.items():
        if name in hidden or (field.formula is not None and editable):
            continue
        value = None if blank else run.row.data.get(name)
        if blank or (editable and value is None and field.by_clock):
            value = default(field, run.scene.calendar, None, run.now)
        card, only = (
            run.row.data.get(other or "") if other not in hidden else None for other in (field.of, field.only)
        )
        yield FormField(field, value, editable, field.required and editable, card, only)


def _ahead(run: Running, action: Action) -> tuple[NextStep, ...]:
    return next_steps(run, action.ways, returning=action.kind == "send_back")


def _parts(run: Running, action: Action) -> tuple[tuple[str, Text], ...]:
    if not action.choose_parts:
        return ()
    states = [run.published.machine.state(way.to) for way in action.ways]
    values = run.values()
    return tuple((task.part, task.title or state.title) for state in states for task in wanted_parts(state, values))
