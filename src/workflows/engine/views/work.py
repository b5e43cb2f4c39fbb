"""The work list: what is in hand, what is offered, what I started, what I have done. As many statements for five rows as for fifty."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from workflows.definition.model import Process, State
from workflows.engine.company import Company
from workflows.engine.entering import part_of
from workflows.engine.mine import held_by, offered_to
from workflows.engine.people import Situation
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, TaskRow, case_row, task_row
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Event, Task, TaskEscalation, TaskStatus
from workflows.engine.views.pages import PageKey, Shown, Tab, WorkCounts, WorkPage, WorkRow
from workflows.engine.visibility import may_see_field

PersonId = uuid.UUID

_CASE = tuple(column.label(f"case_{column.name}") for column in CASE_COLUMNS)
_TASK = tuple(column.label(f"task_{column.name}") for column in TASK_COLUMNS)


def work_list(
    company: Company,
    session: Session,
    person: PersonId,
    now: datetime,
    tab: Tab,
    process: str | None,
    after: PageKey | None,
    limit: int,
) -> WorkPage:
    """One page of one tab, its counts, and how often each case came back."""
    scene = company.scene(session, now)
    chosen = _CHOOSE[tab](scene, person, process, after, limit + 1)
    found = session.execute(chosen).mappings().all()
    returned = _returned(session, [row["case_id"] for row in found[:limit]])
    rows = tuple(_row(session, scene, person, row, returned) for row in found[:limit])
    key = PageKey(found[limit - 1]["rank"], found[limit - 1]["row"]) if len(found) > limit else None
    titles = tuple((published.key, published.process.title) for published in scene.newest.values())
    return WorkPage(tab, rows, key, work_counts(scene, session, person), titles)


def work_counts(scene: Scene, session: Session, person: PersonId) -> WorkCounts:
    """What waits for a person: one statement."""
    held = (Task.status == TaskStatus.OPEN, held_by(scene, person))
    offered = offered_to(scene, person)
    end_of_today = scene.calendar.end_of(scene.today)
    late, today = Task.due_at < scene.now, (Task.due_at >= scene.now) & (Task.due_at < end_of_today)
    asked = [held, (*held, late), (*held, today), offered, (*offered, late)]
    counted = select(
        *(select(func.count()).select_from(Task).where(*conditions).scalar_subquery() for conditions in asked)
    )
    return WorkCounts(*session.execute(counted).one())


def _mine(scene: Scene, person: PersonId, process: str | None, after: PageKey | None, limit: int) -> Select[Any]:
    """In hand (mine and of those I stand in for), and what came to me because it is late."""
    held: Any = select(Task.id, Task.rank_at, literal(0).label("escalated")).where(held_by(scene, person))
    told: Any = select(Task.id, Task.rank_at, literal(1).label("escalated")).join(
        TaskEscalation, TaskEscalation.task_id == Task.id
    )
    told = told.where(
        TaskEscalation.person_id == person,
        ~Task.excluded.contains(person.hex),
        Task.holder_id.is_(None) | ~held_by(scene, person),
    )
    pages: list[Any] = [select(_page(each, process, after, limit).subquery()) for each in (held, told)]
    both = union_all(*pages).subquery()
    chosen = select(*_TASK, *_CASE, both.c.escalated, Task.rank_at.label("rank"), Task.id.label("row"))
    return (
        chosen.join(both, both.c.id == Task.id)
        .join(Case, Case.id == Task.case_id)
        .order_by(Task.rank_at, Task.id)
        .limit(limit)
    )


def _page(chosen: Select[Any], process: str | None, after: PageKey | None, limit: int) -> Select[Any]:
    chosen = chosen.where(Task.status == TaskStatus.OPEN)
    if process is not None:
        chosen = chosen.where(Task.process == process)
    if after is not None:
        chosen = chosen.where(
            tuple_(Task.rank_at, Task.id)
            > tuple_(literal(after.at, Task.rank_at.type), literal(after.id, Task.id.type))
        )
    return chosen.order_by(Task.rank_at, Task.id).limit(limit)


def _for_groups(scene: Scene, person: PersonId, process: str | None, after: PageKey | None, limit: int) -> Select[Any]:
    page = _page(select(Task.id).where(*offered_to(scene, person)), process, after, limit).subquery()
    chosen = select(*_TASK, *_CASE, literal(0).label("escalated"), Task.rank_at.label("rank"), Task.id.label("row"))
    return chosen.join(page, page.c.id == Task.id).join(Case, Case.id == Task.case_id).order_by(Task.rank_at, Task.id)


def _started(_scene: Scene, person: PersonId, process: str | None, after: PageKey | None, limit: int) -> Select[Any]:
    chosen = select(*_CASE, Case.started_at.label("rank"), Case.id.label("row")).where(Case.starter_id == person)
    if process is not None:
        chosen = chosen.where(Case.process == process)
    if after is not None:
        chosen = chosen.where(
            tuple_(Case.started_at, Case.id)
            < tuple_(literal(after.at, Case.started_at.type), literal(after.id, Case.id.type))
        )
    return chosen.order_by(Case.started_at.desc(), Case.id.desc()).limit(limit)


def _done(_scene: Scene, person: PersonId, process: str | None, after: PageKey | None, limit: int) -> Select[Any]:
    chosen = select(
        *_TASK, *_CASE, literal(0).label("escalated"), Task.completed_at.label("rank"), Task.id.label("row")
    )
    chosen = chosen.join(Case, Case.id == Task.case_id).where(Task.completed_by == person)
    if process is not None:
        chosen = chosen.where(Task.process == process)
    if after is not None:
        at, row = literal(after.at, Task.rank_at.type), literal(after.id, Task.id.type)
        chosen = chosen.where(tuple_(Task.completed_at, Task.id) < tuple_(at, row))
    return chosen.order_by(Task.completed_at.desc(), Task.id.desc()).limit(limit)


_CHOOSE = {"mine": _mine, "offered": _for_groups, "started": _started, "done": _done}


def _returned(session: Session, cases: list[uuid.UUID]) -> Mapping[tuple[uuid.UUID, str], int]:
    if not cases:
        return {}
    counted = select(Event.case_id, Event.to_state, func.count()).where(
        Event.case_id.in_(cases), Event.action == "send_back"
    )
    return {
        (case, state): n
        for case, state, n in session.execute(counted.group_by(Event.case_id, Event.to_state))
        if state is not None
    }


def _row(
    session: Session, scene: Scene, person: PersonId, found: Any, returned: Mapping[tuple[uuid.UUID, str], int]
) -> WorkRow:
    case = case_row(found, "case_")
    task = task_row(found, "task_") if "task_id" in found else None
    published = scene.store.get(session, case.definition_id)
    state = published.machine.states[task.state if task is not None else case.state]
    part = part_of(state, task.part) if task is not None else None
    absent = task.holder_id if task is not None and task.open and task.holder_id != person else None
    escalated = bool(found.get("escalated"))  # told for themselves, not for the absent holder
    absent = absent if not escalated and absent in scene.stands_in_for(person, case.process) else None
    name = scene.organisation.name_of
    return WorkRow(
        task=task.id if task is not None else None, case=case.id, process=case.process, process_title=published.process.title,
        title=case.title, number=case.number, state=state.key, state_title=state.title, verb=state.verb,
        part_title=part.title if part is not None else None, starter=case.starter_id, starter_name=name(case.starter_id),
        holder=task.holder_id if task is not None else None, holder_name=name(task.holder_id) if task is not None else "",
        opened_at=task.opened_at if task is not None else case.entered_at, due_at=task.due_at if task is not None else None,
        due_provisional=task.due_provisional if task is not None else False, facts=tuple(_facts(scene, person, published.process, case, state, task)),
        on_behalf_of=absent, on_behalf_of_name=name(absent), escalated=escalated,
        returned=returned.get((case.id, state.key), 0), completed_at=task.completed_at if task is not None else None,
        action=task.action if task is not None else None, ended_at=case.ended_at, outcome=case.outcome,
    )  # fmt: skip


def _facts(
    scene: Scene, person: PersonId, process: Process, case: CaseRow, state: State, task: TaskRow | None
) -> Iterable[Shown]:
    tasks = [task] if task is not None else []
    situation = Situation(
        scene.organisation, case.starter_id, case.subject_id, case.data, case.entries, tasks, (), scene.scorecards
    )
    for name in state.listed:
        field = process.fields.get(name)
        value = case.data.get(name)
        if field is not None and value is not None and may_see_field(field, situation, person):
            yield Shown(field, value)
