"""Steps that a case takes: one event each, and after each the steps that follow by themselves."""

from __future__ import annotations

import uuid

from workflows.definition.machine import Move
from workflows.definition.model import START, Effects
from workflows.engine import anonymous, entering, family, timing
from workflows.engine.running import FollowUp, Running, Step
from workflows.engine.tables import TaskStatus
from workflows.errors import WrongState

MOST_STEPS = 50
"""Steps that may follow one submission by themselves: more is a definition that runs in a circle."""

NO_EFFECTS = Effects()


def begin(run: Running, step: Step) -> None:
    """The first step of a case: out of the start form into the first state."""
    # The pseudo-state is where the form lay; the case itself has never stood there.
    run.row.state = START
    move = run.published.machine.hand_in(run.snapshot())
    entering.follow(run, move, step, NO_EFFECTS)
    run.finish(step)


def take(run: Running, move: Move, step: Step, effects: Effects = NO_EFFECTS) -> None:
    """One step: do what the move says and close its event."""
    step.from_state = run.row.state
    entering.follow(run, move, step, effects)
    run.finish(step)


def settle(run: Running) -> None:
    """Take the steps that follow by themselves, until the case waits for somebody or something."""
    for _ in range(MOST_STEPS):
        if not run.followups:
            return
        followup = run.followups.pop(0)
        if not run.row.ended and run.row.visit == followup.visit:
            _FOLLOW[followup.kind](run, followup)
    raise WrongState(
        f"流程“{run.process.title.zh}”在自动步骤里转圈，没有往下走。请联系管理员。",
        f"The process “{run.process.title.en}” runs in a circle by itself and was not moved. Tell an administrator.",
    )


def complete(
    run: Running, task_id: uuid.UUID, action: str, actor: uuid.UUID | None, on_behalf_of: uuid.UUID | None, step: Step
) -> None:
    """Mark a task as done by an action."""
    task = next(task for task in run.tasks if task.id == task_id)
    task.status, task.action = TaskStatus.DONE, action
    task.completed_at, task.completed_by, task.on_behalf_of = run.now, actor, on_behalf_of
    task.touched = True
    step.closed.append(task.id)


def ring(run: Running, index: int, *, late: bool) -> bool:
    """The `index`-th timer of the state has come; False where none of its conditions holds."""
    awaited = run.published.machine.awaited(run.row.state)
    running = family.still_running(run.session, run.row.id, awaited)
    move = run.published.machine.ring(run.snapshot(running), index)
    if move is None:
        return False
    after = run.state.after[index]
    step = Step("timer", late=late, said={"rule": after.when.source})
    take(run, move, step, after.effects)
    return True


def recheck(run: Running) -> bool:
    """Timers of the state whose moment has passed without its condition holding: does it hold now?"""
    for index, after in enumerate(run.state.after):
        conditional = any(way.condition is not None for way in after.ways)
        at = run.moment(after.when, "after") if conditional else None
        if at is not None and at <= run.now and ring(run, index, late=True):
            return True
    return False


def gathered(run: Running, index: int) -> bool:
    """All children of a spawn are ready, or there are none; False while one is missing."""
    if not family.gathered(run.session, run.row.id, run.row.state, index):
        return False
    running = family.still_running(run.session, run.row.id, run.published.machine.awaited(run.row.state))
    move = run.published.machine.gathered(run.snapshot(running), index)
    if move is None:
        return False
    take(run, move, Step("signal", said={"signal": "gathered"}))
    return True


def _skip(run: Running, followup: FollowUp) -> None:
    task = next((task for task in run.tasks if task.id == followup.task), None)
    if task is None or not task.open:
        return
    move = run.published.machine.act(run.snapshot(), task.id, None, followup.action)
    step = Step("skipped", action=followup.action, task=task.id, said={"why": followup.why})
    complete(run, task.id, followup.action, None, None, step)
    take(run, move, step, run.state.actions[followup.action].effects)


def _pass(run: Running, followup: FollowUp) -> None:
    move = run.published.machine.act(run.snapshot(), uuid.UUID(int=0), None, followup.action)
    step = Step("skipped", action=followup.action, said={"why": "no_part"})
    take(run, move, step, run.state.actions[followup.action].effects)


def _ring(run: Running, followup: FollowUp) -> None:
    ring(run, followup.index, late=True)


def _gathered(run: Running, followup: FollowUp) -> None:
    gathered(run, followup.index)


_FOLLOW = {"skip": _skip, "pass": _pass, "ring": _ring, "gathered": _gathered}


def cancel(run: Running, step: Step) -> None:
    """End the case without reaching one of its ends; its children hear of it."""
    step.from_state = run.row.state
    anonymous.drop(run)
    entering.leave(run, step)
    family.cancel_children(run)
    family.end(run, "cancelled", NO_EFFECTS)
    timing.set_timers(run)
    run.finish(step)
