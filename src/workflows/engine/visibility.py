"""Who may see a case and its fields: exactly for one case, and as an SQL condition for lists.

Auditors see everything. Whoever takes or took part in a case by a task sees it. Beyond that the definition's `see` holds; where
it says nothing: participants, and the managers of whoever started it or whom it is about.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Text, and_, cast, false, or_, select, true, union
from sqlalchemy.orm import Session

from workflows.definition.model import Field, People, Process, Word
from workflows.engine.mine import held_by, offered_to
from workflows.engine.people import Situation, of_queue, resolve
from workflows.engine.rows import TaskRow
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskEscalation
from workflows.org.organisation import AUDITOR

PersonId = uuid.UUID

_STARTER = People((Word("starter"),))
_SUBJECT = People((Word("subject"),))
DEFAULT_SEE = People((Word("participants"), Word("managers_of", _STARTER), Word("managers_of", _SUBJECT)))


def may_see(scene: Scene, situation: Situation, process: Process, person: PersonId) -> bool:
    """Whether the person may see the case at all."""
    member = scene.organisation.people.get(person)
    if member is None or not member.active:
        return False
    if AUDITOR in member.roles or took_part(scene, situation, person):
        return True
    return person in resolve(process.see or DEFAULT_SEE, situation, ever=True)


def took_part(scene: Scene, situation: Situation, person: PersonId) -> bool:
    """Whether the person started it, is its subject, or has or had to do with one of its tasks."""
    if person in (situation.starter, situation.subject):
        return True
    processes = {task.process for task in situation.tasks}  # one: they are all of this case
    me = frozenset({person, *(p for process in processes for p in scene.stands_in_for(person, process))})
    return any(_has_to_do(task, situation, me, person) for task in situation.tasks)


def _has_to_do(task: TaskRow, situation: Situation, me: frozenset[PersonId], person: PersonId) -> bool:
    if person in (task.completed_by, task.on_behalf_of) or (task.holder_id is not None and task.holder_id in me):
        return True
    if not task.open or task.holder_id is not None or not task.queue or person in task.excluded_people:
        return False
    return not me.isdisjoint(of_queue(task.queue, situation))


def may_see_field(field: Field, situation: Situation, person: PersonId) -> bool:
    """Whether the person may see this field of a case that they may see. `see:` on a field allows nobody else."""
    return field.see is None or person in resolve(field.see, situation, ever=True)


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
    ruled = (_seen_by(people, ids, scene, person) for people, ids in by_see.items())
    return or_(
        Case.starter_id == person,
        Case.subject_id == person,
        Case.id.in_(my_cases(scene, person)),
        *(r for r in ruled if r is not None),
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


def _seen_by(
    people: People, definitions: list[uuid.UUID], scene: Scene, person: PersonId
) -> ColumnElement[bool] | None:
    conditions = [c for word in people.words if (c := _word(word, scene, person)) is not None]
    if not conditions:
        return None
    return and_(Case.definition_id.in_(definitions), or_(*conditions))


def _word(word: Word, scene: Scene, person: PersonId) -> ColumnElement[bool] | None:
    found = None if word.parent else _plain_word(word, scene, person)
    if found is None or word.since is None:
        return found
    return and_(found, Case.entries[word.since].as_string().is_not(None))


def _plain_word(word: Word, scene: Scene, person: PersonId) -> ColumnElement[bool] | None:
    match word.kind:
        case "starter":
            return Case.starter_id == person
        case "subject":
            return Case.subject_id == person
        case "participants":
            return or_(Case.starter_id == person, Case.subject_id == person)
        case "manager_of" | "managers_of":
            return _managed(word, scene, person)
        case "field":
            return cast(Case.data[str(word.arg)], Text).contains(str(person))
        case "did" | "holder":
            return None  # by a task: `my_cases`
    is_one = person in resolve(People((word,)), Situation(scene.organisation, scorecards=scene.scorecards))
    return true() if is_one else None


def _managed(word: Word, scene: Scene, person: PersonId) -> ColumnElement[bool] | None:
    team = scene.organisation.team_of(person) if word.kind == "managers_of" else scene.organisation.reports_of(person)
    if not team or not isinstance(word.arg, People):
        return None
    return or_(false(), *_of_team(word.arg.words, team))


def _of_team(words: Iterable[Word], team: tuple[PersonId, ...]) -> Iterable[ColumnElement[bool]]:
    for word in words:
        if word.kind == "starter":
            yield Case.starter_id.in_(team)
        if word.kind == "subject":
            yield Case.subject_id.in_(team)
