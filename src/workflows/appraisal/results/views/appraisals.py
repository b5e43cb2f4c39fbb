"""Appraisals of a month as rows: who, where it stands, in whose hands, with what total; a fixed number of statements for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.results.reading import of_period
from workflows.appraisal.results.views.processes import Processes, publishing, waiving
from workflows.appraisal.results.views.public import position_title
from workflows.definition.model import Process
from workflows.definition.periods import parse
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.errors import Text
from workflows.org.organisation import Organisation
from workflows.scoring.grades import Grade

PersonId = uuid.UUID

NO_SELF_REVIEW = "self_review_missing"
"""The field that says that scoring went on without the employee's own words."""


@dataclass(frozen=True, slots=True)
class Lack:
    """A figure that keeps a line from its score. `owed`: where it is to come from; `waiting`: names of those who have it in hand."""

    name: str
    title: Text
    line: Text
    owed: Text
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One appraisal. `task`: its open task, in the hands of `holder` (None: offered to a group), done by `deputy` while they are away.

    `self_review`: True handed in, False went on without, None not asked any more or not yet; `total`: two places, None while there is
    none; `before`: that of the month before; `reviewed`: it waits for publication or is past it; `published`: its result has been;
    `waived`: it ended without one; `waive`: the action by which it can be waived where it stands, "" where it cannot; `lacks`: looked
    for where it is being scored;
    times aware, UTC.
    """

    case: uuid.UUID
    number: str | None
    subject: PersonId
    name: str
    position: Text
    unit: str
    unit_title: Text
    state: str
    state_title: Text
    scoring: bool
    reviewed: bool
    ended: bool
    self_review: bool | None
    total: Decimal | None
    grade: Grade | None
    before: Decimal | None
    task: uuid.UUID | None = None
    holder: PersonId | None = None
    holder_name: str = ""
    deputy_name: str = ""
    opened_at: datetime | None = None
    due_at: datetime | None = None
    late: bool = False
    published: bool = False
    waived: bool = False
    waive: str = ""
    lacks: tuple[Lack, ...] = field(default=())


def appraisals(
    session: Session, around: Surroundings, scene: Scene, processes: Processes, period: str, which: ColumnElement[bool]
) -> tuple[Appraisal, ...]:
    """Those cases `which` meets, by login: three statements. `processes`: those that may be among them."""
    chosen = select(
        Case.id, Case.number, Case.subject_id, Case.process, Case.definition_id, Case.state, Case.awaited, Case.entries, Case.ended_at,
        _total(processes).label("total"), Case.data[NO_SELF_REVIEW].as_boolean().label("unreviewed"),
    ).where(which)  # fmt: skip
    found = session.execute(chosen).all()
    tasks = _open_tasks(session, which)
    before = {
        one.subject: one.total for one in of_period(session, "month", str(parse(period, "month").previous)).values()
    }
    grades = around.store.grades(session, period)
    rows = [
        _row(session, scene, line, tasks.get(line.id), before.get(line.subject_id), grades.grade_of)
        for line in found
        if line.subject_id
    ]
    logins = {person: member.login for person, member in scene.organisation.people.items()}
    return tuple(sorted(rows, key=lambda row: logins.get(row.subject, "")))


def card_field(process: Process) -> str | None:
    """The scorecard field that a process fills in."""
    return next((one.name for one in process.fields.values() if one.type == "scorecard" and one.filled), None)


def _total(processes: Processes) -> Any:
    """The total of the scorecard field, whichever it is called in a process, out of the JSON of the case."""
    named = {key: name for key, process in processes.items() if (name := card_field(process)) is not None}
    totals = {key: Case.data[(name, "total")].as_string() for key, name in named.items()}
    if len(set(named.values())) == 1:
        return next(iter(totals.values()))
    return case(*((Case.process == key, total) for key, total in totals.items()), else_=None)


def _open_tasks(session: Session, which: ColumnElement[bool]) -> dict[uuid.UUID, Any]:
    """The open task of each case, the oldest where there are several."""
    chosen = (
        select(Task.case_id, Task.id, Task.state, Task.holder_id, Task.opened_at, Task.due_at)
        .join(Case, Case.id == Task.case_id)
        .where(which, Task.status == TaskStatus.OPEN)
        .order_by(Task.id.desc())
    )
    return {row.case_id: row for row in session.execute(chosen)}


def _row(session: Session, scene: Scene, line: Any, task: Any, before: Decimal | None, grade_of: Any) -> Appraisal:
    organisation, today = scene.organisation, scene.today
    definition = scene.store.get(session, line.definition_id)
    state = definition.machine.state(line.state)
    published = not publishing(definition.process).isdisjoint(line.entries)
    member = organisation.person(line.subject_id)
    total = None if line.total is None else Decimal(line.total)
    row = Appraisal(
        case=line.id, number=line.number, subject=member.id, name=member.name,
        position=position_title(organisation, member.appraised_position), unit=member.unit or "",
        unit_title=_unit_title(organisation, member.unit), state=line.state, state_title=state.title,
        scoring=any(one.fill is not None for one in state.tasks), ended=line.ended_at is not None,
        reviewed=line.awaited in line.entries if line.awaited else line.ended_at is not None,
        self_review=_self_review(definition.process, line), total=total, grade=None if total is None else grade_of(total), before=before,
        published=published, waived=line.ended_at is not None and not published, waive=_waive(definition.process, line),
    )  # fmt: skip
    if task is None:
        return row
    deputy = organisation.deputy_of(task.holder_id, today, line.process) if task.holder_id is not None else None
    return replace(
        row, task=task.id, holder=task.holder_id, holder_name=organisation.name_of(task.holder_id),
        deputy_name=organisation.name_of(deputy), opened_at=task.opened_at, due_at=task.due_at,
        late=task.due_at is not None and task.due_at < scene.now,
    )  # fmt: skip


def _self_review(process: Process, line: Any) -> bool | None:
    """Handed in, went on without, or still open: the first state is the employee's own."""
    first = process.start.to
    if NO_SELF_REVIEW not in process.fields or line.state == first:
        return None
    return not line.unreviewed


def _waive(process: Process, line: Any) -> str:
    action = waiving(process)
    here = action is not None and line.ended_at is None and (not action.states or line.state in action.states)
    return action.action.name if action is not None and here else ""


def _unit_title(organisation: Organisation, key: str | None) -> Text:
    unit = organisation.units.get(key or "")
    return Text(unit.zh, unit.en) if unit is not None else Text("", "")


def totals(rows: Sequence[Appraisal]) -> list[Decimal]:
    """The totals there are."""
    return [row.total for row in rows if row.total is not None]
