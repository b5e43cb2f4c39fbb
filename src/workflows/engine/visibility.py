"""Who may see a case and its fields: exactly for one case, and as an SQL condition for lists.

Auditors see everything. Whoever started a case about somebody else, or takes or took part in it by a task, sees it. Beyond that the
definition's `see` holds, also for whom the case is about, even where a step of theirs made another case start this one; where it says
nothing: participants, whoever it is about, and the managers of both. Deputies: `may_stand_in`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_, select, union
from sqlalchemy.orm import Session

from workflows.definition.model import NOBODY, START, Field, People, Process, Word
from workflows.definition.model import Task as TaskRule
from workflows.engine.mine import began, held_by, offered_to
from workflows.engine.people import Situation, is_offered, meets, names_subject, resolve_all
from workflows.engine.rows import TaskRow
from workflows.engine.scene import Scene
from workflows.engine.see_words import meant
from workflows.engine.tables import Case, Task, TaskEscalation
from workflows.org.organisation import AUDITOR

PersonId = uuid.UUID

_STARTER = People((Word("starter"),))
_SUBJECT = People((Word("subject"),))
DEFAULT_SEE = People((Word("participants"), Word("managers_of", _STARTER), Word("managers_of", _SUBJECT)))


def may_see(scene: Scene, situation: Situation, process: Process, person: PersonId) -> bool:
    """Whether the person may see the case at all: in their own right, or as deputy for somebody who has a task of it."""
    member = scene.organisation.people.get(person)
    if member is None or not member.active:
        return False
    return sees_alone(scene, situation, process, person) or _stands_in(scene, situation, process, person)


def sees_alone(scene: Scene, situation: Situation, process: Process, person: PersonId) -> bool:
    """Whether the person may see the case without standing in for anybody."""
    member = scene.organisation.people.get(person)
    if member is not None and AUDITOR in member.roles:
        return True
    return _has_part(situation, person) or meets(process.see or DEFAULT_SEE, person, situation, ever=True)


def took_part(scene: Scene, situation: Situation, process: Process, person: PersonId) -> bool:
    """Whether the person started it, is its subject, or has or had to do with one of its tasks, as a deputy too."""
    own = person == situation.subject or _has_part(situation, person)
    return own or _stands_in(scene, situation, process, person)


def _stands_in(scene: Scene, situation: Situation, process: Process, person: PersonId) -> bool:
    absent = scene.stands_in_for(person, process.key)
    open_tasks = (task for task in situation.tasks if task.open) if absent else ()
    return any(
        _has_to_do(row, situation, frozenset(absent), person)
        and person not in row.excluded_people
        and may_stand_in(scene, situation, process, person, rule.who or rule.each, rule.edit)
        for row in open_tasks
        for rule in (_rule_of(process, row),)
    )


def _has_part(situation: Situation, person: PersonId) -> bool:
    me = frozenset({person})
    return (person == situation.starter and person != situation.subject) or any(
        _has_to_do(task, situation, me, person) for task in situation.tasks
    )


def _has_to_do(task: TaskRow, situation: Situation, me: frozenset[PersonId], person: PersonId) -> bool:
    if person in (task.completed_by, task.on_behalf_of) or (task.holder_id is not None and task.holder_id in me):
        return True
    if not task.open or task.holder_id is not None or not task.queue or person in task.excluded_people:
        return False
    return any(is_offered(task.queue, one, situation) for one in me)


def _rule_of(process: Process, row: TaskRow) -> TaskRule:
    if row.state == START:
        return TaskRule(row.part, edit=process.start.form)
    return next(task for task in process.states[row.state].tasks if task.part == row.part)


# -- standing in ------------------------------------------------------------------------------------------------------


def may_stand_in(
    scene: Scene, situation: Situation, process: Process, person: PersonId, people: People, fields: Iterable[str]
) -> bool:
    """Whether a deputy may do what is for `people` and fills in `fields`.

    What is for the subject nobody does for them. A process with its own `see` is opened to nobody by somebody else's absence:
    the deputy must see the case anyway, and every field that is to be filled in.
    """
    if names_subject(people) or (process.see and not sees_alone(scene, situation, process, person)):
        return False
    return all(may_see_field(process.fields[name], situation, person) for name in fields if name in process.fields)


def with_deputies(
    scene: Scene,
    situation: Situation,
    process: Process,
    people: Iterable[PersonId],
    rule: TaskRule | None,
    row: TaskRow | None,
) -> tuple[PersonId, ...]:
    """These people and those who stand in for the absent among them, each once: whom to tell. `rule` and `row`: of which task."""
    told = tuple(people)
    deputies = (scene.organisation.deputy_of(person, scene.today, process.key) for person in told)
    excluded = row.excluded_people if row is not None else frozenset()
    if rule is not None:
        excluded |= resolve_all(rule.exclude, situation)
    whose, fields = (rule.who or rule.each, rule.edit) if rule is not None else (NOBODY, ())
    fitting = (
        deputy
        for deputy in deputies
        if deputy is not None
        and deputy not in excluded
        and may_stand_in(scene, situation, process, deputy, whose, fields)
    )
    return tuple(dict.fromkeys((*told, *fitting)))


# -- fields -----------------------------------------------------------------------------------------------------------


def may_see_field(field: Field, situation: Situation, person: PersonId) -> bool:
    """Whether the person may see this field of a case that they may see. `see:` on a field allows nobody else."""
    return field.see is None or meets(field.see, person, situation, ever=True)


def hidden_fields(process: Process, situation: Situation, person: PersonId) -> frozenset[str]:
    """The names of the fields that are not for this person."""
    return frozenset(name for name, field in process.fields.items() if not may_see_field(field, situation, person))


# -- lists ------------------------------------------------------------------------------------------------------------


def visible_cases(session: Session, scene: Scene, person: PersonId) -> ColumnElement[bool] | None:
    """A condition on `Case` for lists; None where the person sees everything.

    Each case is judged by the definition it began with. Words that only the case itself can answer (`parent`) are left to
    the page of the case: a list may show less than can be opened, never more.
    """
    member = scene.organisation.people.get(person)
    if member is None or not member.active:
        return false()
    if AUDITOR in member.roles:
        return None
    by_see: dict[People, list[uuid.UUID]] = {}
    for published in scene.store.all_versions(session):
        by_see.setdefault(published.process.see or DEFAULT_SEE, []).append(published.id)
    ruled = (and_(Case.definition_id.in_(ids), meant(people, scene, person)) for people, ids in by_see.items())
    return or_(
        began(person),
        Case.id.in_(my_cases(scene, person)),
        *ruled,
    )


def my_cases(scene: Scene, person: PersonId) -> ColumnElement[uuid.UUID]:
    """Cases the person has or had to do with by a task; as many index reads as there are such tasks."""
    escalated = select(Task.case_id).join(TaskEscalation, TaskEscalation.task_id == Task.id)
    return union(  # type: ignore[return-value]
        select(Task.case_id).where(held_by(scene, person)),
        select(Task.case_id).where(Task.completed_by == person),
        select(Task.case_id).where(*offered_to(scene, person)),
        escalated.where(TaskEscalation.person_id == person),
    )
