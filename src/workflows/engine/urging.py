"""Urging (催办): a word to whoever has an open task in hand, at most once per person, task and day of the company.

An urge changes nothing about a case and leaves no event: it is a message like a reminder, and stands in the story as one.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine.definitions import Published
from workflows.engine.entering import part_of
from workflows.engine.people import Situation, of_queue
from workflows.engine.record import Record
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, TaskRow, case_row, task_row
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Message, Task
from workflows.engine.visibility import visible_cases, with_deputies

PersonId = uuid.UUID
KIND: Final = "urge"


@dataclass(frozen=True, slots=True)
class Urged:
    """What an urge did: who was told now, and who had been told today already (each person once)."""

    told: tuple[PersonId, ...]
    before: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """One message to write: `key` names it, so that the same one is never written twice."""

    key: str
    person: PersonId
    task: TaskRow


def urge(
    session: Session, scene: Scene, actor: PersonId, tasks: Collection[uuid.UUID], *, unseen: bool = False
) -> Urged:
    """Ask whoever has these tasks to get on with them; deputies of the absent hear as well, `actor` never does.

    Tasks that are done, of processes that forbid `urge`, or of cases that `actor` may not see, are left out. Two reads
    and one write, whatever the number of tasks. An `actor` who may only read is for the door to refuse. `unseen`: also about
    cases that `actor` may not see, where the caller has asked for the right: whoever scores may ask for the figures.
    """
    words = [
        word
        for case, rows in _cases(session, scene, None if unseen else actor, tasks)
        for word in _words(scene, scene.store.get(session, case.definition_id), case, rows)
        if word.task.id in tasks and word.person != actor
    ]
    known = set(session.scalars(select(Message.dedup_key).where(Message.dedup_key.in_([word.key for word in words]))))
    record = Record()
    for word in words:
        facts = {"process": word.task.process, "state": word.task.state, "actor": actor.hex}
        record.message(KIND, word.key, word.person, word.task.case_id, word.task.id, facts, scene.now)
    record.flush(session)
    told = dict.fromkeys(word.person for word in words if word.key not in known)
    before = dict.fromkeys(word.person for word in words if word.key in known and word.person not in told)
    return Urged(tuple(told), tuple(before))


def urged_today(session: Session, scene: Scene, tasks: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[PersonId]]:
    """Who has been urged today about each of these tasks; one read."""
    today = scene.calendar.start_of(scene.today)
    asked = select(Message.task_id, Message.person_id).where(Message.kind == KIND, Message.task_id.in_(tasks))
    found: defaultdict[uuid.UUID, set[PersonId]] = defaultdict(set)
    for task, person in session.execute(asked.where(Message.created_at >= today)):
        if task is not None:
            found[task].add(person)
    return {task: frozenset(people) for task, people in found.items()}


def _cases(
    session: Session, scene: Scene, viewer: PersonId | None, tasks: Collection[uuid.UUID]
) -> Iterator[tuple[CaseRow, list[TaskRow]]]:
    """The cases of these tasks that the viewer may see, each with all its tasks: who did what decides who may stand in."""
    wanted = select(*_CASE).where(
        Case.id.in_(select(Task.case_id).where(Task.id.in_(tasks))), Case.suspended_at.is_(None)
    )
    visible = visible_cases(session, scene, viewer) if viewer is not None else None
    found = session.execute(wanted if visible is None else wanted.where(visible)).mappings()
    cases = [case_row(row, "case_") for row in found]
    rows: defaultdict[uuid.UUID, list[TaskRow]] = defaultdict(list)
    for row in session.execute(select(*_TASK).where(Task.case_id.in_([case.id for case in cases]))).mappings():
        task = task_row(row, "task_")
        rows[task.case_id].append(task)
    return ((case, rows[case.id]) for case in cases)


def _words(scene: Scene, published: Published, case: CaseRow, rows: list[TaskRow]) -> Iterator[_Word]:
    """A word to everybody who has an open task of the case. Who has not answered anonymously yet is told by the clock alone."""
    process = published.process
    situation = Situation(
        scene.organisation, case.starter_id, case.subject_id, case.data, case.entries, rows, (), scene.scorecards
    )
    for row in rows if KIND not in process.forbids else ():
        if row.open and not row.anonymous:
            rule = part_of(published.machine.state(row.state), row.part)
            for person in with_deputies(scene, situation, process, _holders(row, situation), rule, row):
                yield _Word(f"{KIND}:{row.id.hex}:{person.hex}:{scene.today:%Y%m%d}", person, row)


def _holders(row: TaskRow, situation: Situation) -> tuple[PersonId, ...]:
    """Who has the task; while nobody does, all it is offered to."""
    if row.holder_id is not None:
        return (row.holder_id,)
    return tuple(person for person in of_queue(row.queue or "", situation) if person not in row.excluded_people)


_CASE: tuple[Any, ...] = tuple(column.label(f"case_{column.name}") for column in CASE_COLUMNS)
_TASK: tuple[Any, ...] = tuple(column.label(f"task_{column.name}") for column in TASK_COLUMNS)
