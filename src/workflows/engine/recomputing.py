"""The calendar has changed: open cases get their due times and timers anew, batch by batch, each with an event."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine import chain, steps, timing
from workflows.engine.company import Company
from workflows.engine.loading import open_case
from workflows.engine.running import Running, Step
from workflows.engine.tables import Case, Timer, TimerStatus


def recompute(
    company: Company, session: Session, now: datetime, after: uuid.UUID | None, limit: int
) -> uuid.UUID | None:
    """The next open cases after `after` in the order of ids; the last one's id, None where there are no more."""
    open_cases = select(Case.id).where(Case.ended_at.is_(None))
    if after is not None:
        open_cases = open_cases.where(Case.id > after)
    found = list(session.scalars(open_cases.order_by(Case.id).limit(limit)))
    for case in found:
        recompute_case(company, session, case, now)
    return found[-1] if len(found) == limit else None


def recompute_case(company: Company, session: Session, case: uuid.UUID, now: datetime) -> bool:
    """Compare what is stored with what the definition and the calendar say now; False where nothing moved."""
    run, _ = open_case(company, session, now, case=case)
    if run.row.ended:
        return False
    before = {task.id: task.due_at for task in run.open_tasks()}
    run.plan = _stored_plan(session, run)
    known = dict(run.plan)
    timing.set_timers(run)
    dues = {task.id.hex: chain.plain(task.due_at) for task in run.open_tasks() if task.due_at != before[task.id]}
    timers = {key[2]: chain.plain(at) for key, (at, _) in run.plan.items() if key in known and known[key][0] != at}
    if not dues and not timers:
        return False
    step = Step("moved", from_state=run.row.state, said={"due": dues, "timers": timers, "why": "calendar"})
    run.finish(step)
    steps.settle(run)
    run.write()
    run.record.flush(session)
    return True


def _stored_plan(session: Session, run: Running) -> timing.Plan:
    """What is due by the table; what has rung already counts as it is planned, so that it does not ring again."""
    rows = select(Timer.visit, Timer.kind, Timer.rule, Timer.due_at, Timer.task_id)
    due = rows.where(Timer.case_id == run.row.id, Timer.status == TimerStatus.DUE)
    stored = {(row.visit, row.kind, row.rule): (row.due_at, row.task_id) for row in session.execute(due)}
    return {**timing.plan(run), **stored}
