"""One action of one person, one transaction: found, permitted, decided, recorded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from workflows.definition.model import Action, Anytime, Check, Task
from workflows.engine import anonymous, chain, family, filling, forms, refusals, steps
from workflows.engine.company import Company
from workflows.engine.entering import part_of
from workflows.engine.loading import no_such_case, open_case
from workflows.engine.outcomes import outcome, replay_outcome
from workflows.engine.people import Situation, meets
from workflows.engine.reading import case_for
from workflows.engine.requests import Outcome, Submission
from workflows.engine.rights import Right, may_act, represented
from workflows.engine.rows import TaskRow
from workflows.engine.running import Running, Step
from workflows.engine.tables import Event, EventValue
from workflows.engine.visibility import may_see, may_stand_in
from workflows.errors import Text

BLOCKABLE = frozenset({"submit", "approve", "other"})
"""Kinds of actions that a failed blocking check stops: nobody is kept from sending back."""


LONGEST_REASON = 4000
"""Characters of a reason or a comment."""


def fire(company: Company, session: Session, submission: Submission, now: datetime) -> Outcome:
    """Take an action on a task, or an anytime action of a case.

    Raises `NotFound`, `Replayed`, `NotAllowed`, `Conflict`, `WrongState`, `Stale` or `InvalidInput`; nothing is written then.
    """
    run, event = open_case(
        company,
        session,
        now,
        case=submission.case if submission.task is None else None,
        task=submission.task,
        submission=submission.key,
    )
    digest = _digest(submission)
    if event is not None:
        return replay_outcome(session, run.scene, event, digest, submission.actor, _silent_digest(submission))
    step = Step(
        "acted", submission.actor, action=submission.action, submission=submission.key, submission_digest=digest
    )
    if submission.task is not None:
        _on_task(run, submission, step)
    else:
        _anytime(run, submission, step)
    steps.settle(run)
    run.write()
    run.record.flush(session)
    return outcome(run, submission.actor)


def _on_task(run: Running, submission: Submission, step: Step) -> None:
    row = next(task for task in run.tasks if task.id == submission.task)
    state = run.published.machine.state(row.state)
    task = part_of(state, row.part)
    right = _permit(run, task, row, submission.actor)
    if not row.open or run.row.ended:
        raise refusals.task_is_gone(run, row)
    action = state.actions.get(submission.action)
    if action is None or run.row.suspended_at is not None:
        raise refusals.no_action(run, submission.action)
    _refuse_stale(run, submission, (*task.show, *task.edit))
    if task.anonymous:
        anonymous.refuse_reason(submission.reason)
    else:
        _give_reason(action, submission, step)
    step.task, step.on_behalf_of, step.returning = row.id, right.on_behalf_of, action.kind == "send_back"
    if right.escalated:
        step.said["why"] = "escalated"
    values = forms.read_values(run, task, action, submission.values, right.on_behalf_of or submission.actor)
    _refuse_rewriting(run, row, action, values)
    if task.anonymous:
        step.submission_digest = _silent_digest(submission)
        anonymous.give(run, task, values, step)
        anonymous.forget_drafts(run, [row], submission.actor)
    else:
        run.set_fields(values, step)
        filling.when_handed_in(run, task, row, action, values, step)
        _check(run, action, values, submission.actor)
    _refuse_blocked(run, action, state.checks)
    running = family.still_running(run.session, run.row.id, run.published.machine.awaited(row.state))
    move = run.published.machine.act(
        run.snapshot(running), row.id, submission.actor, action.name, _parts(run, action, submission)
    )
    if move.done:
        steps.complete(run, row.id, action.name, submission.actor, right.on_behalf_of, step)
    if action.children == "cancel" and move.to is not None:
        family.cancel_children(run)
    steps.take(run, move, step, action.effects)


def _refuse_rewriting(run: Running, row: TaskRow, action: Action, values: Mapping[str, object]) -> None:
    """Where several people release the same thing, nobody changes it after the first of them. Raises `InvalidInput`."""
    same = (row.visit, row.part, action.name)
    if not any(task.done and (task.visit, task.part, task.action) == same for task in run.tasks) or action.people < 2:
        return
    changed = [name for name, value in values.items() if value != run.row.data.get(name)]
    if changed:
        raise refusals.released_already(changed)


def _anytime(run: Running, submission: Submission, step: Step) -> None:
    anytime = run.process.anytime.get(submission.action)
    if anytime is None or not may_see(run.scene, run.situation(), run.process, submission.actor):
        raise refusals.no_action(run, submission.action) if anytime is None else refusals.not_yours()
    action = anytime.action
    step.on_behalf_of = permit_anytime(run, anytime, submission.actor)
    refuse_anytime(run, anytime, submission.actor)
    _refuse_stale(run, submission, action.form if action.append is None else ())
    _give_reason(action, submission, step)
    values = forms.read_values(run, None, action, submission.values, step.on_behalf_of or submission.actor)
    run.set_fields(values, step)
    _check(run, action, values, submission.actor)
    move = run.published.machine.anytime(run.snapshot(), action.name)
    if action.children == "cancel" and move.to is not None:
        family.cancel_children(run)
    steps.take(run, move, step, action.effects)


def ask_anytime(
    company: Company, session: Session, actor: uuid.UUID, case_id: uuid.UUID, action: str, now: datetime
) -> None:
    """Whether the actor may take an action of no task now; returns where nothing is in the way, and changes nothing.

    Raises `NotFound`, `NotAllowed` and `WrongState` as taking it would.
    """
    run = case_for(session, company.scene(session, now), case_id).run
    if not may_see(run.scene, run.situation(), run.process, actor):
        raise no_such_case()
    anytime = run.process.anytime.get(action)
    if anytime is None:
        raise refusals.no_action(run, action)
    permit_anytime(run, anytime, actor)
    refuse_anytime(run, anytime, actor)


def permit_anytime(run: Running, anytime: Anytime, actor: uuid.UUID) -> uuid.UUID | None:
    """Whom the actor stands in for, None for themselves. Raises `NotAllowed`."""
    situation, action = run.situation(), anytime.action
    if _may_take(anytime, actor, situation):
        return None
    away = run.scene.stands_in_for(actor, run.row.process)
    absent = next((p for p in away if _may_take(anytime, p, situation)), None)
    if absent is None or meets(anytime.exclude, actor, situation):
        raise refusals.not_for_you(action.title)
    fields = (action.append,) if action.append is not None else action.form
    if not may_stand_in(run.scene, situation, run.process, actor, anytime.by, fields):
        raise refusals.not_for_deputies([run.scene.organisation.name_of(absent)])
    return absent


def _may_take(anytime: Anytime, person: uuid.UUID, situation: Situation) -> bool:
    return meets(anytime.by, person, situation) and not meets(anytime.exclude, person, situation)


def refuse_anytime(run: Running, anytime: Anytime, actor: uuid.UUID) -> None:
    """What is in the way of an action of no task that is the actor's to take. Raises `WrongState`.

    That it has been taken, or that its time is over, is said before what follows from it: the state the case is in now.
    """
    _refuse_second_time(run, anytime, actor)
    if anytime.until is not None and anytime.until.anchor.args:  # not counted from wherever the case stands now
        _refuse_late(run, anytime)
    if run.row.ended:
        raise refusals.over()
    refuse_closed_window(run, anytime)


def refuse_closed_window(run: Running, anytime: Anytime) -> None:
    """Raises `WrongState` in another state, or after `until`."""
    if anytime.states and run.row.state not in anytime.states:
        raise refusals.no_action(run, anytime.action.name)
    _refuse_late(run, anytime)


def _refuse_late(run: Running, anytime: Anytime) -> None:
    until = run.moment(anytime.until, "until") if anytime.until is not None else None
    if until is not None and run.now > until:
        raise refusals.too_late(anytime.action.title, until, run)


def _refuse_second_time(run: Running, anytime: Anytime, actor: uuid.UUID) -> None:
    if not anytime.once:
        return
    taken = _takings(run.row.id, anytime.action.name).with_only_columns(Event.actor_id, Event.at)
    first = run.session.execute(taken.order_by(Event.seq).limit(1)).first()
    if first is not None:
        raise refusals.only_once(run, anytime.action.title, first.actor_id, first.at, actor)


def anytime_taken(case: uuid.UUID, action: str) -> ColumnElement[bool]:
    """Whether an anytime action was taken before, as a condition."""
    return _takings(case, action).exists()


def _takings(case: uuid.UUID, action: str) -> Select[Any]:
    return select(Event.id).where(
        Event.case_id == case,
        Event.action == action,
        Event.task_id.is_(None),
        Event.actor_id.is_not(None),
        Event.kind == "acted",
    )


def _permit(run: Running, task: Task, row: TaskRow, actor: uuid.UUID) -> Right:
    right = may_act(run.session, run.scene, run.situation(), run.process, task, row, actor)
    if right is not None:
        return right
    if row.open and row.holder_id is not None and row.queue and _could_have(run, task, row, actor):
        raise refusals.held_by(run, row)
    if not row.open and _could_have(run, task, row, actor):
        raise refusals.task_is_gone(run, row)
    if absent := represented(run.scene, run.situation(), row, actor):
        raise refusals.not_for_deputies(run.scene.organisation.name_of(person) for person in absent)
    if not may_see(run.scene, run.situation(), run.process, actor):
        raise no_such_case()
    raise refusals.not_yours()


def _could_have(run: Running, task: Task, row: TaskRow, actor: uuid.UUID) -> bool:
    """Whether the task was offered to the actor as well, before somebody took it."""
    return meets(task.who, actor, run.situation()) and actor not in row.excluded_people


def _give_reason(action: Action, submission: Submission, step: Step) -> None:
    reason = submission.reason.strip()
    if action.reason == "required" and not reason:
        raise refusals.reason_missing()
    if len(reason) > LONGEST_REASON:
        raise refusals.too_long("reason", LONGEST_REASON)
    if reason:
        step.said["reason"] = reason


def _check(run: Running, action: Action, values: Mapping[str, Any], actor: uuid.UUID) -> None:
    filling.check(run, action, values)
    forms.check_values(run, action, values, actor)


def _refuse_stale(run: Running, submission: Submission, shown: tuple[str, ...]) -> None:
    if submission.seen is None or submission.seen >= run.row.event_count:
        return
    since = (
        select(EventValue.values)
        .join(Event, Event.id == EventValue.event_id)
        .where(Event.case_id == run.row.id, Event.seq > submission.seen)
    )
    changed = {name for values in run.session.scalars(since) for name in values.get("changes", {})}
    fields = [run.process.fields[name] for name in shown if name in changed and name in run.process.fields]
    if fields:
        raise refusals.stale(fields)


def failed_checks(run: Running, checks: tuple[Check, ...]) -> list[Text]:
    """Blocking checks that apply and do not pass (one that reads what is missing does not)."""
    values = run.values()
    blocking = (check for check in checks if check.otherwise == "block" and forms.applies(check, values))
    return [c.title for c in blocking if not (forms.answerable(c.that, values) and c.that.holds(values))]


def _refuse_blocked(run: Running, action: Action, checks: tuple[Check, ...]) -> None:
    if action.kind in BLOCKABLE and not action.stay:
        failed = failed_checks(run, checks)
        if failed:
            raise refusals.blocked(failed)


def _parts(run: Running, action: Action, submission: Submission) -> tuple[str, ...]:
    if not action.choose_parts:
        return ()
    states = [run.published.machine.state(way.to) for way in action.ways]
    known = {task.part for state in states for task in forms.wanted_parts(state, run.values())}
    chosen = tuple(part for part in submission.parts if part in known)
    if not chosen or len(chosen) != len(submission.parts):
        raise refusals.choose_parts()
    return chosen


def _digest(submission: Submission) -> str:
    return chain.submission_digest(
        submission.actor,
        submission.action,
        submission.task,
        submission.case,
        dict(submission.values),
        submission.reason,
        submission.parts,
    )


def _silent_digest(submission: Submission) -> str:
    """The digest of an anonymous answer: one over the answer could be guessed back to it and to the person."""
    return chain.submission_digest("anonymous", submission.task)
