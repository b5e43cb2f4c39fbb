"""Tasks of people who left open anew for somebody who is there."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.definition.model import Task as TaskRule
from workflows.engine.assigning import Assignment, assign
from workflows.engine.company import Company
from workflows.engine.entering import part_of
from workflows.engine.handling import one_event
from workflows.engine.loading import open_case
from workflows.engine.running import Running, Step
from workflows.engine.tables import Task, TaskStatus
from workflows.org.tables import Person


def orphaned(session: Session) -> list[uuid.UUID]:
    """Open tasks whose holder no longer works here."""
    gone = select(Person.id).where(Person.active.is_(False))
    held = select(Task.id).where(Task.status == TaskStatus.OPEN, Task.holder_id.in_(gone)).order_by(Task.id)
    return list(session.scalars(held))


def reassign_leavers(company: Company, session: Session, now: datetime) -> int:
    """Give every orphaned task to somebody else; how many there were. Restartable: one event each."""
    return sum(reassign(company, session, task, now) for task in orphaned(session))


def reassign(company: Company, session: Session, task: uuid.UUID, now: datetime) -> bool:
    """Open one task anew: for `if_left`, else for its `for`, else for the manager of who left."""
    run, _ = open_case(company, session, now, task=task)
    row = next(one for one in run.tasks if one.id == task)
    member = run.scene.organisation.people.get(row.holder_id) if row.holder_id else None
    if not row.open or member is None or member.active:
        return False
    found = _anew(run, part_of(run.published.machine.state(row.state), row.part), member.id)
    row.holder_id, row.queue, row.touched = found.holder, found.queue, True
    step = Step("released", task=row.id)
    step.said = {"holder": row.holder_id.hex if row.holder_id else None, "queue": row.queue, "why": "left"}
    for person in found.people:
        facts = {"process": row.process, "state": row.state, "action": "", "actor": ""}
        run.record.message("task", f"left:{row.id.hex}:{person.hex}", person, run.row.id, row.id, facts, now)
    one_event(session, run, step)
    return True


def _anew(run: Running, rule: TaskRule, left: uuid.UUID) -> Assignment:
    others = rule.if_left.people if rule.if_left is not None else None
    found = assign(replace(rule, who=others) if others else rule, run.situation(), run.tasks)
    above = run.scene.organisation.manager_of(left)
    if found.nobody and above is not None and above not in found.excluded:
        return Assignment((above,), None, found.excluded, holder=above)
    return found
