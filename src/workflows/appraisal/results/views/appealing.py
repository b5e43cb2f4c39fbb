"""Appeals: until when a result may be disputed, whose still is, and what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows.appraisal.results.views.processes import Processes, correcting
from workflows.definition.model import Anytime, Process
from workflows.engine.fire import anytime_taken
from workflows.engine.forms import fields_of
from workflows.engine.reading import Seen
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskStatus
from workflows.errors import Text

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Window:
    """The right to dispute. `action`: the anytime action of the case; `until`: aware UTC, None without an end; `used`: it was taken;
    `open`: it may be taken now."""

    action: str
    until: datetime | None
    used: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal. `outcome` None while it is open; `ruling`: the lines as they were ruled, only once it is decided.

    `disputed`, `ruling`: stored `lines` values; times aware, UTC.
    """

    case: uuid.UUID
    number: str | None
    state: str
    state_title: Text
    filed_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    disputed: Any
    ruling: Any


def open_appeals(session: Session, processes: Processes, period: str) -> dict[PersonId, uuid.UUID]:
    """Open cases that correct a scorecard of the month, by whose it is: one statement."""
    chosen = select(Case.subject_id, Case.id).where(
        Case.process.in_(correcting(processes)), Case.ended_at.is_(None), Case.data["period"].as_string() == period
    )
    return {person: case for person, case in session.execute(chosen) if person is not None}


def appeal_of(session: Session, processes: Processes, scene: Scene, case: uuid.UUID) -> Appeal | None:
    """The newest appeal against the result of an appraisal: one statement."""
    due = (
        select(func.min(Task.due_at, type_=Task.due_at.type))
        .where(Task.case_id == Case.id, Task.status == TaskStatus.OPEN)
        .scalar_subquery()
    )
    chosen = select(Case, due).where(Case.parent_id == case, Case.process.in_(correcting(processes)))
    row = session.execute(chosen.order_by(Case.id.desc()).limit(1)).first()
    if row is None:
        return None
    found, due_at = row
    published = scene.store.get(session, found.definition_id)
    claimed, ruled = lines_fields(published.process)
    return Appeal(
        found.id, found.number, found.state, published.machine.state(found.state).title, found.started_at, due_at, found.ended_at,
        found.outcome, found.data.get(claimed or ""), found.data.get(ruled or "") if found.ended_at is not None else None,
    )  # fmt: skip


def window_of(session: Session, seen: Seen, appeal: Appeal | None) -> Window | None:
    """Until when the case's result may be disputed; None where its process knows no appeal."""
    run = seen.run
    anytime = next((one for one in run.process.anytime.values() if _disputes(run.process, one)), None)
    if anytime is None or not seen.row.entries.keys() & set(anytime.states):
        return None
    until = run.moment(anytime.until, "until") if anytime.until is not None else None
    used = appeal is not None or bool(session.scalar(select(anytime_taken(seen.row.id, anytime.action.name))))
    here = not seen.row.ended and (not anytime.states or seen.row.state in anytime.states)
    in_time = until is None or run.now <= until
    return Window(anytime.action.name, until, used, here and in_time and not (used and anytime.once))


def lines_fields(process: Process) -> tuple[str | None, str | None]:
    """The fields of what is disputed and of the ruling about it."""
    ruled = next((field for field in process.fields.values() if field.type == "lines" and field.only is not None), None)
    return (ruled.only, ruled.name) if ruled is not None else (None, None)


def _disputes(process: Process, anytime: Anytime) -> bool:
    return any(one.type == "lines" for one in fields_of(process, None, anytime.action).values())
