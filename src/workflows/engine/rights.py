"""Who may act on a task now: asked in the engine on locked rows, so that no door can forget it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.definition.model import Process, Task
from workflows.engine.assigning import still_excluded
from workflows.engine.people import Situation, is_offered
from workflows.engine.rows import TaskRow
from workflows.engine.scene import Scene
from workflows.engine.tables import TaskEscalation
from workflows.engine.visibility import may_stand_in

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Right:
    """`on_behalf_of`: the absent person the actor stands in for; `escalated`: told because it is late; `group`: not held yet."""

    on_behalf_of: PersonId | None = None
    escalated: bool = False
    group: bool = False


def right_to_act(
    scene: Scene, situation: Situation, process: Process, task: Task, row: TaskRow, actor: PersonId
) -> Right | None:
    """The actor's right to this task by holding it, by belonging to its group, or by standing in; None without any.

    Separation of duties is asked again: of the actor, and of whoever they stand in for.
    """
    member = scene.organisation.people.get(actor)
    if member is None or not member.active:
        return None
    excluded = still_excluded(task, row, situation)
    if actor in excluded:
        return None
    if _is_asked(situation, row, actor):
        return Right(group=row.holder_id is None)
    away = (person for person in scene.stands_in_for(actor, row.process) if person not in excluded)
    absent = next((person for person in away if _is_asked(situation, row, person)), None)
    if absent is None or not may_stand_in(scene, situation, process, actor, task.who or task.each, task.edit):
        return None
    return Right(on_behalf_of=absent, group=row.holder_id is None)


def _is_asked(situation: Situation, row: TaskRow, person: PersonId) -> bool:
    """Whether the task is held by this person, or offered to them while nobody holds it."""
    if row.holder_id is not None:
        return row.holder_id == person
    return is_offered(row.queue or "", person, situation)


def represented(scene: Scene, situation: Situation, row: TaskRow, actor: PersonId) -> tuple[PersonId, ...]:
    """Absent people whose open task this is and for whom the actor otherwise stands in: for a refusal that says who may."""
    if not row.open:
        return ()
    away = scene.stands_in_for(actor, row.process)
    return tuple(person for person in away if _is_asked(situation, row, person))


def escalated_to(session: Session, task: uuid.UUID, actor: PersonId) -> bool:
    """Whether the actor was told that this task is late, and so may do it: one statement."""
    found = select(TaskEscalation.at).where(TaskEscalation.task_id == task, TaskEscalation.person_id == actor)
    return session.execute(found).first() is not None


def may_act(
    session: Session, scene: Scene, situation: Situation, process: Process, task: Task, row: TaskRow, actor: PersonId
) -> Right | None:
    """As `right_to_act`, and by escalation where nothing else gives the right."""
    right = right_to_act(scene, situation, process, task, row, actor)
    if right is not None or actor in still_excluded(task, row, situation):
        return right
    member = scene.organisation.people.get(actor)
    active = member is not None and member.active
    return Right(escalated=True) if active and escalated_to(session, row.id, actor) else None
