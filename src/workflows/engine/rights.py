"""Who may act on a task now: asked in the engine on locked rows, so that no door can forget it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.definition.model import Task
from workflows.engine.assigning import still_excluded
from workflows.engine.people import Situation, of_queue
from workflows.engine.rows import TaskRow
from workflows.engine.scene import Scene
from workflows.engine.tables import TaskEscalation

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Right:
    """`on_behalf_of`: the absent person the actor stands in for; `escalated`: told because it is late; `group`: not held yet."""

    on_behalf_of: PersonId | None = None
    escalated: bool = False
    group: bool = False


def right_to_act(scene: Scene, situation: Situation, task: Task, row: TaskRow, actor: PersonId) -> Right | None:
    """The actor's right to this task by holding it, by belonging to its group, or by standing in; None without any.

    Separation of duties is asked again: of the actor, and of whoever they stand in for.
    """
    member = scene.organisation.people.get(actor)
    if member is None or not member.active:
        return None
    excluded = still_excluded(task, row, situation)
    if actor in excluded:
        return None
    offered = frozenset(of_queue(row.queue, situation)) if row.holder_id is None and row.queue else frozenset()
    candidates = ({row.holder_id} if row.holder_id is not None else offered) - excluded
    if actor in candidates:
        return Right(group=row.holder_id is None)
    absent = (p for p in scene.stands_in_for(actor, row.process) if p in candidates)
    return next((Right(on_behalf_of=p, group=row.holder_id is None) for p in absent), None)


def escalated_to(session: Session, task: uuid.UUID, actor: PersonId) -> bool:
    """Whether the actor was told that this task is late, and so may do it: one statement."""
    found = select(TaskEscalation.at).where(TaskEscalation.task_id == task, TaskEscalation.person_id == actor)
    return session.execute(found).first() is not None


def may_act(
    session: Session, scene: Scene, situation: Situation, task: Task, row: TaskRow, actor: PersonId
) -> Right | None:
    """As `right_to_act`, and by escalation where nothing else gives the right."""
    right = right_to_act(scene, situation, task, row, actor)
    if right is not None or actor in still_excluded(task, row, situation):
        return right
    member = scene.organisation.people.get(actor)
    active = member is not None and member.active
    return Right(escalated=True) if active and escalated_to(session, row.id, actor) else None
