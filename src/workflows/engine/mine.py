"""Whose a task is, as conditions on `Task`: what a person holds, what is offered to them, themselves or for absent people.

What stands in a list can be done: the rules for deputies (`visibility.may_stand_in`) are asked of every row.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from workflows.definition.model import NOBODY, START, People, Process
from workflows.engine.people import keys_of, names_subject
from workflows.engine.scene import Scene
from workflows.engine.see_words import meant
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.org.organisation import AUDITOR

PersonId = uuid.UUID
Rule = tuple[People, frozenset[People], People]
"""What a deputy must be: one of `see` (nobody: no such rule), of each of these fields' `see`, and none of `not`."""

_OTHER = aliased(Task)
"""Other tasks of a case, asked about in a question of their own: made once, SQLAlchemy copies every column for a new one."""


def held_by(scene: Scene, person: PersonId) -> ColumnElement[bool]:
    """Tasks in the person's hands, and in those of people they stand in for."""
    absent = ((one, allowed) for one, allowed in _standing_in(scene, person))
    return or_(Task.holder_id == person, *(and_(Task.holder_id == one, allowed) for one, allowed in absent))


def offered_to(scene: Scene, person: PersonId) -> tuple[ColumnElement[bool], ...]:
    """Open tasks of the person's groups, or of those of absent people, that nobody holds and that are not forbidden to them."""
    queues = sorted(_keys(scene, person))
    wanted: list[ColumnElement[bool]] = [Task.queue.in_(queues)] if queues else []
    for absent, allowed in _standing_in(scene, person):
        keys = sorted(_keys(scene, absent))
        wanted += [and_(Task.queue.in_(keys), allowed)] if keys else []
    if not wanted:
        return (false(),)
    return (or_(*wanted), Task.status == TaskStatus.OPEN, Task.holder_id.is_(None), ~Task.excluded.contains(person.hex))


def began(person: PersonId) -> ColumnElement[bool]:
    """Cases that the person started about somebody or something else: as whom a case is about they have no part in it yet."""
    return and_(Case.starter_id == person, Case.subject_id.is_distinct_from(person))


def _keys(scene: Scene, person: PersonId) -> list[str]:
    return keys_of(person, scene.organisation, scene.queues, scene.scorecards)


# -- deputies ---------------------------------------------------------------------------------------------------------


def _standing_in(scene: Scene, person: PersonId) -> Iterator[tuple[PersonId, ColumnElement[bool]]]:
    """Absent people for whom the person acts, each with the tasks for which they may."""
    for absent, processes in scene.standing_in(person).items():
        nobody_forbidden = (~Task.excluded.contains(one.hex) for one in (person, absent))
        yield (
            absent,
            and_(Task.process.in_(sorted(processes)), *nobody_forbidden, _permitted(scene, person, absent, processes)),
        )


def _permitted(scene: Scene, person: PersonId, absent: PersonId, processes: frozenset[str]) -> ColumnElement[bool]:
    """By the definition that the task's case began with."""
    places: defaultdict[Rule, list[ColumnElement[bool]]] = defaultdict(list)
    for published in scene.versions:
        if published.key in processes:
            for rule, tasks in _rules(published.process).items():
                places[rule].append(and_(Case.definition_id == published.id, tuple_(Task.state, Task.part).in_(tasks)))
    asked = _Asked(scene, person, absent)
    allowed = (and_(or_(*at), *asked.of(rule)) for rule, at in places.items())
    found = select(Case.id).where(Case.id == Task.case_id, or_(false(), *allowed))
    return found.correlate(Task).exists()


def _rules(process: Process) -> dict[Rule, list[tuple[str, str]]]:
    """The tasks of a process in which one may stand in, by what is asked for it; those of the subject are not among them."""
    found: defaultdict[Rule, list[tuple[str, str]]] = defaultdict(list)
    found[(process.see or NOBODY, _see_of(process, process.start.form), NOBODY)].append((START, ""))
    for state in process.states.values():
        for task in state.tasks:
            if not names_subject(task.who or task.each):
                rule = (process.see or NOBODY, _see_of(process, task.edit), task.exclude)
                found[rule].append((state.key, task.part))
    return found


def _see_of(process: Process, fields: Iterable[str]) -> frozenset[People]:
    known = (process.fields[name].see for name in fields if name in process.fields)
    return frozenset(see for see in known if see is not None)


class _Asked:
    """What rules ask of a deputy and of whom they stand in for. Rules of many processes ask the same: each is said once."""

    def __init__(self, scene: Scene, person: PersonId, absent: PersonId) -> None:
        self._scene = scene
        self._people = (person, absent)
        self._said: dict[object, ColumnElement[bool]] = {}

    def of(self, rule: Rule) -> Iterator[ColumnElement[bool]]:
        """The conditions of one rule."""
        see, fields, exclude = rule
        if see:
            yield self._once((see,), partial(self._sees_alone, see))
        for field in fields:
            yield self._once(field, partial(meant, field, self._scene, self._people[0]))
        for one in self._people if exclude else ():
            yield self._once((exclude, one), partial(self._not_excluded, exclude, one))

    def _once(self, key: object, say: Callable[[], ColumnElement[bool]]) -> ColumnElement[bool]:
        if key not in self._said:
            self._said[key] = say()
        return self._said[key]

    def _sees_alone(self, see: People) -> ColumnElement[bool]:
        scene, person = self._scene, self._people[0]
        member = scene.organisation.people.get(person)
        if member is not None and AUDITOR in member.roles:
            return true()
        mine = or_(began(person), self._once("part", self._has_part))
        return or_(mine, meant(see, scene, person))

    def _has_part(self) -> ColumnElement[bool]:
        person, own = self._people[0], _OTHER
        waits = (own.status == TaskStatus.OPEN, own.holder_id.is_(None), ~own.excluded.contains(person.hex))
        offered = and_(own.queue.in_(_keys(self._scene, person)), *waits)
        return Case.id.in_(select(own.case_id).where(or_(own.holder_id == person, own.completed_by == person, offered)))

    def _not_excluded(self, exclude: People, one: PersonId) -> ColumnElement[bool]:
        # An unknown subject or starter must not make an unknown of the whole row.
        return ~func.coalesce(or_(meant(exclude, self._scene, one), *self._did(exclude, one)), false())

    def _did(self, people: People, person: PersonId) -> Iterator[ColumnElement[bool]]:
        for word in people.words:
            if word.kind == "did" and not word.parent:
                state = str(word.arg)
                yield self._once((state, person), partial(_did, state, person))


def _did(state: str, person: PersonId) -> ColumnElement[bool]:
    by = or_(_OTHER.completed_by == person, _OTHER.on_behalf_of == person)
    return Case.id.in_(select(_OTHER.case_id).where(_OTHER.state == state, _OTHER.status == TaskStatus.DONE, by))
