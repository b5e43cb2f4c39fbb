"""What happens when a case enters a state: its tasks open, its timers are set, its children are asked for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from workflows.db import new_id
from workflows.definition.machine import Move, parts_on_entry
from workflows.definition.model import START, Effects, State, Task
from workflows.engine import anonymous, data, family, recording, timing
from workflows.engine.assigning import Assignment, assign
from workflows.engine.people import resolve
from workflows.engine.rows import TaskRow
from workflows.engine.running import FollowUp, Running, Step
from workflows.engine.tables import FAR_FUTURE, TaskStatus
from workflows.engine.visibility import with_deputies

PersonId = uuid.UUID


def follow(run: Running, move: Move, step: Step, effects: Effects) -> None:
    """Do what a move says: set fields, leave and enter states, open what comes next. The event is closed by the caller."""
    if move.to is not None:
        anonymous.close(run, step)
    apply_effects(run, effects, step)
    if move.to is None:
        _stay(run, move, step)
    else:
        leave(run, step)
        enter(run, move.to, move.parts, step)
    timing.set_timers(run, step)


def apply_effects(run: Running, effects: Effects, step: Step) -> None:
    """Fields to set, signals to tell, people to notify, results to keep."""
    if effects.assign:
        run.set_fields(data.assigned(run.process, effects.assign, run.values()), step)
    family.tell(run, effects.tell)
    if effects.notify:
        notify(run, resolve(effects.notify, run.situation()), step)
    for name in effects.records:
        recording.keep(run, name, step)


def leave(run: Running, step: Step) -> None:
    """Close what is still open of the present visit."""
    for task in run.open_tasks():
        close(run, task, step)
    timing.cancel_visit(run)


def close(run: Running, task: TaskRow, step: Step) -> None:
    """The state is left without this task."""
    task.status = TaskStatus.CLOSED
    task.completed_at = run.now
    task.touched = True
    step.closed.append(task.id)


def enter(run: Running, key: str, parts: Collection[str] | None, step: Step) -> None:
    """Stand in a state: a new visit begins."""
    row = run.row
    row.state, row.entered_at = key, run.now
    row.visit += 1
    row.entries[key] = run.now.isoformat()
    step.to_state = key
    state = run.state
    apply_effects(run, state.enter, step)
    if state.end is not None:
        family.spawn(run, state, step)
        family.end(run, state.end, state.enter)
        return
    for task in parts_on_entry(state, run.values(), parts):
        open_part(run, task, step)
    family.spawn(run, state, step)
    family.reached(run, key)
    _nobody_asked(run, state, step)


def open_part(run: Running, task: Task, step: Step, also_not: Collection[PersonId] = ()) -> None:
    """Open the task (with `each`: the tasks) of a part."""
    if task.each:
        people = assign_each(run, task)
        if task.anonymous and len(people) < task.at_least:
            return  # their answers could never be shown
        for person in people:
            _open(run, task, Assignment((person,), None, frozenset(), holder=person), step)
        return
    preferred = _did_before(run, task) if step.returning else None
    assignment = assign(task, run.situation(), run.tasks, also_not, preferred)
    row = _open(run, task, assignment, step)
    if assignment.nobody:
        detail = f"{run.row.process}/{run.row.state}/{task.part}: {assignment.why}"
        run.record.incident("nobody", run.row.id, row.id, "nobody_left", detail, run.now)
    if assignment.skip is not None:
        run.followups.append(FollowUp("skip", run.row.visit, task=row.id, action=assignment.skip, why=assignment.why))


def assign_each(run: Running, task: Task) -> tuple[PersonId, ...]:
    """The people of `each:`, without those excluded."""
    situation = run.situation()
    excluded = frozenset(resolve(task.exclude, situation, ever=True))
    return tuple(person for person in resolve(task.each, situation) if person not in excluded)


def _open(run: Running, task: Task, assignment: Assignment, step: Step) -> TaskRow:
    row = TaskRow(
        id=new_id(), case_id=run.row.id, process=run.row.process, state=run.row.state, visit=run.row.visit, part=task.part,
        queue=assignment.queue, excluded=" ".join(sorted(p.hex for p in assignment.excluded)), owner_id=None,
        holder_id=assignment.holder, parent_task=None, status=TaskStatus.OPEN, version=1, opened_at=run.now, claimed_at=None,
        due_at=None, due_provisional=False, rank_at=FAR_FUTURE, completed_at=None, completed_by=None, on_behalf_of=None, action=None,
        anonymous=task.anonymous, fresh=True,
    )  # fmt: skip
    timing.set_due(run, task, row)
    run.tasks.append(row)
    step.opened.append(row)
    if assignment.skip is None:
        _tell_opened(run, row, task, assignment.people, step)
    return row


def _tell_opened(run: Running, task: TaskRow, rule: Task, people: Iterable[PersonId], step: Step) -> None:
    """One message to the holder or to everyone it is offered to; whoever stands in for an absent person hears as well."""
    if run.scene.silent:
        return
    offered = [task.holder_id] if task.holder_id is not None else list(people)
    told = with_deputies(run.scene, run.situation(), run.process, offered, rule, task)
    kind = "sent_back" if step.returning else "task"
    facts = {
        "process": run.row.process,
        "state": task.state,
        "action": step.action or "",
        "actor": step.actor.hex if step.actor else "",
    }
    for person in (p for p in told if p != step.actor):
        run.record.message(kind, f"{kind}:{task.id.hex}:{person.hex}", person, run.row.id, task.id, facts, run.now)


def notify(run: Running, people: Iterable[PersonId], step: Step) -> None:
    """A notice about the case, once per step and person; nobody is told what they did themselves."""
    if run.scene.silent:
        return
    slot = run.row.event_count + 1
    facts = {
        "process": run.row.process,
        "state": run.row.state,
        "action": step.action or "",
        "actor": step.actor.hex if step.actor else "",
    }
    for person in people:
        if person != step.actor:
            key = f"notice:{run.row.id.hex}:{slot}:{person.hex}"
            run.record.message("notice", key, person, run.row.id, None, facts, run.now)


def _did_before(run: Running, task: Task) -> PersonId | None:
    done = [
        t for t in run.tasks if t.state == run.row.state and t.part == task.part and t.done and t.visit < run.row.visit
    ]
    return max(done, key=lambda t: t.visit).completed_by if done else None


def _stay(run: Running, move: Move, step: Step) -> None:
    acting = next((task for task in run.tasks if task.id == step.task), None)
    if acting is not None and move.done:
        timing.cancel_task(run, acting)
    if move.again and acting is not None:
        done = {
            t.completed_by for t in run.visit_tasks() if t.part == acting.part and t.done and t.completed_by is not None
        }
        open_part(run, part_of(run.state, acting.part), step, also_not=done)
    if move.next_part is not None:
        open_part(run, part_of(run.state, move.next_part), step)
    if move.stuck:
        run.record.incident("nobody", run.row.id, step.task, "stuck", f"{run.row.process}/{run.row.state}", run.now)


def _nobody_asked(run: Running, state: State, step: Step) -> None:
    """All parts were left out and nothing else leads on: go the way the parts would have gone together.

    Where too few were to be asked anonymously there is nothing to wait for, whatever the clock would do later.
    """
    leads_on = state.after or state.signals or any(spawn.ways for spawn in state.spawns) or state.key == START
    unasked = any(task.anonymous for task in state.tasks)
    if step.opened or not state.tasks or (leads_on and not unasked):
        return
    action = next(iter(state.actions.values()), None)
    if action is not None and action.ways:
        run.followups.append(FollowUp("pass", run.row.visit, action=action.name))


def part_of(state: State, part: str) -> Task:
    """The task of a state by its part."""
    return next(task for task in state.tasks if task.part == part)
