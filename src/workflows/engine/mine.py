"""Whose a task is, as conditions on `Task`: what a person holds, what is offered to them, themselves or for absent people."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, and_, false, or_

from workflows.engine.people import keys_of
from workflows.engine.scene import Scene
from workflows.engine.tables import Task, TaskStatus

PersonId = uuid.UUID


def held_by(scene: Scene, person: PersonId) -> ColumnElement[bool]:
    """Tasks in the person's hands, and in those of people they stand in for (each for the processes of that absence)."""
    everything, parts = _covered(scene, person)
    partly = (and_(Task.holder_id == absent, Task.process.in_(sorted(keys))) for absent, keys in parts.items())
    return or_(Task.holder_id.in_(everything), *partly)


def offered_to(scene: Scene, person: PersonId) -> tuple[ColumnElement[bool], ...]:
    """Open tasks of the person's groups that nobody holds and that are not forbidden to them."""
    everything, parts = _covered(scene, person)
    queues = sorted({key for one in everything for key in _keys(scene, one)})
    partly = {absent: sorted(_keys(scene, absent)) for absent in parts}
    wanted: list[ColumnElement[bool]] = [Task.queue.in_(queues)] if queues else []
    wanted += [and_(Task.queue.in_(keys), Task.process.in_(sorted(parts[p]))) for p, keys in partly.items() if keys]
    if not wanted:
        return (false(),)
    return (or_(*wanted), Task.status == TaskStatus.OPEN, Task.holder_id.is_(None), ~Task.excluded.contains(person.hex))


def _covered(scene: Scene, person: PersonId) -> tuple[list[PersonId], dict[PersonId, frozenset[str]]]:
    """The person and those they stand in for everywhere; and those they stand in for in some processes."""
    absent = scene.standing_in(person)
    everywhere = [p for p, keys in absent.items() if keys >= scene.newest.keys()]
    return [person, *everywhere], {p: keys for p, keys in absent.items() if p not in everywhere}


def _keys(scene: Scene, person: PersonId) -> list[str]:
    return keys_of(person, scene.organisation, scene.queues, scene.scorecards)
