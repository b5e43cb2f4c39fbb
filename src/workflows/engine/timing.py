"""The timers of a case: what is due by the definition now, compared with what was due before the step.

A plan is computed from the case as it stands, before a step and after it; what is new or moved is written, what is past acts at
once. So a changed date moves its timers without anybody having to remember which.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from workflows.db import new_id
from workflows.definition.model import Task
from workflows.engine.rows import TaskRow
from workflows.engine.running import FollowUp, Running, Step
from workflows.engine.tables import TimerStatus

Plan = dict[tuple[int, str, str], tuple[datetime, uuid.UUID | None]]
"""(visit, kind, rule) → when, and for which task."""

LATE = timedelta(minutes=10)
"""A timer that rings later than this after its moment is marked late."""


def plan(run: Running) -> Plan:
    """What the definition wants to ring for the case as it stands now."""
    if run.row.ended:
        return {}
    return {key: (at, task) for key, at, task in _wanted(run) if at is not None}


def set_timers(run: Running, step: Step | None = None) -> None:
    """Bring timers and due times in line with the case after a step; due times that moved are noted in it."""
    for row in run.open_tasks():
        moved = set_due(run, _task_of(run, row), row)
        if moved and step is not None and row not in step.opened:
            step.said.setdefault("due", {})[row.id.hex] = row.due_at.isoformat() if row.due_at else None
    wanted = plan(run)
    for (visit, kind, rule), (at, task) in wanted.items():
        if run.plan.get((visit, kind, rule)) == (at, task):
            continue
        if kind == "after" and at <= run.now:
            run.followups.append(FollowUp("ring", visit, index=int(rule.rpartition("/")[2])))
        elif kind != "remind" or at > run.now:
            _set(run, visit, kind, rule, at, task)
    run.plan = wanted


def set_due(run: Running, task: Task | None, row: TaskRow) -> bool:
    """The due time of a task by its rule; whether it has changed."""
    if task is None or task.due is None:
        return False
    due_at = run.moment(task.due, "due", row)
    if due_at == row.due_at:
        return False
    row.falls_due(due_at, due_at is not None and provisional(run, due_at))
    return True


def cancel_visit(run: Running) -> None:
    """The present visit is left: its timers will not ring."""
    visit = run.row.visit
    if any(key[0] == visit for key in run.plan):
        run.record.cancel_timers(run.row.id, visit)
    run.plan = {key: at for key, at in run.plan.items() if key[0] != visit}
    run.followups = [f for f in run.followups if f.visit != visit]


def cancel_task(run: Running, task: TaskRow) -> None:
    """One part is done while the state goes on: its reminders will not ring."""
    if any(at[1] == task.id for at in run.plan.values()):
        run.record.cancel_timers(run.row.id, task.visit, task.id)
    run.plan = {key: at for key, at in run.plan.items() if at[1] != task.id}


def cancel_all(run: Running) -> None:
    """The case has ended: nothing of it rings any more, alerts included."""
    cancel_visit(run)
    if any(key[0] == 0 for key in run.plan):
        run.record.cancel_timers(run.row.id, 0)
    run.plan = {}
    run.followups = []


def provisional(run: Running, at: datetime) -> bool:
    """Whether a time lies in a year without an official holiday arrangement."""
    return run.scene.calendar.provisional(run.scene.calendar.day_of(at).year)


def _set(run: Running, visit: int, kind: str, rule: str, at: datetime, task: uuid.UUID | None) -> None:
    run.record.timer({
        "id": new_id(), "case_id": run.row.id, "task_id": task, "visit": visit, "kind": kind, "rule": rule, "due_at": at, "next_at": at,
        "provisional": provisional(run, at), "status": TimerStatus.DUE, "attempt": 0,
    })  # fmt: skip


def _wanted(run: Running) -> Iterator[tuple[tuple[int, str, str], datetime | None, uuid.UUID | None]]:
    state, visit = run.state, run.row.visit
    for index, after in enumerate(state.after):
        yield (visit, "after", f"{state.key}/after/{index}"), run.moment(after.when, "after"), None
    for row in run.open_tasks():
        yield from _of_task(run, row)
    for index, alert in enumerate(run.process.alerts):
        if alert.unless is None or alert.unless not in run.row.entries:
            yield (0, "alert", f"alert/{index}"), run.moment(alert.when, "alert"), None


def _of_task(run: Running, row: TaskRow) -> Iterator[tuple[tuple[int, str, str], datetime | None, uuid.UUID | None]]:
    task = _task_of(run, row)
    if task is None:
        return
    place = f"{row.state}/{row.part}"
    for index, reminder in enumerate(task.remind):
        at = run.moment(reminder.when, "remind", row)
        # A reminder of a time before the task was opened would only repeat that it was opened.
        if at is not None and at > row.opened_at:
            yield (row.visit, "remind", f"{place}/remind/{index}/{row.id.hex}"), at, row.id
    for index, escalation in enumerate(task.escalate):
        at = run.moment(escalation.when, "escalate", row)
        yield (row.visit, "escalate", f"{place}/escalate/{index}/{row.id.hex}"), at, row.id


def _task_of(run: Running, row: TaskRow) -> Task | None:
    state = run.published.machine.states.get(row.state)
    return next((task for task in state.tasks if task.part == row.part), None) if state is not None else None
