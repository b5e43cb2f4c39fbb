"""The manager's scoring desk: whom one has to score, what is missing first, and whom one has scored this month."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.results.views.appraisals import Appraisal, appraisals
from workflows.appraisal.results.views.lacking import with_lacks
from workflows.appraisal.results.views.processes import Processes, recording
from workflows.engine.mine import held_by, offered_to
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task, TaskStatus

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on a desk. `waiting`: those with everything there first by due time, then those that lack figures; `done`: scored by
    the viewer since the month began, newest first. `period` of each row stands in `periods`, by case."""

    waiting: tuple[Appraisal, ...]
    done: tuple[Appraisal, ...]
    periods: dict[uuid.UUID, str]


def desk(session: Session, around: Surroundings, scene: Scene, viewer: PersonId) -> Desk:
    """The viewer's scorings, those of absent people they stand in for included. A number of statements that does not grow with people.

    Everybody has a desk; it is empty for who scores nobody.
    """
    processes = around.processes(session)
    appraising = {key: processes[key] for key in recording(processes, "month")}
    if not appraising:
        return Desk((), (), {})
    mine = or_(held_by(scene, viewer), and_(*offered_to(scene, viewer)))
    waiting = _cases(session, appraising, mine, Task.status == TaskStatus.OPEN)
    first = scene.calendar.start_of(scene.today.replace(day=1))
    done = _cases(session, appraising, Task.completed_by == viewer, Task.completed_at >= first)
    open_rows: list[Appraisal] = []
    done_rows: list[Appraisal] = []
    for period in sorted({*waiting.values(), *done.values()}):
        ids = [case for case, month in {**done, **waiting}.items() if month == period]
        rows = appraisals(session, around, scene, appraising, period, Case.id.in_(ids))
        rows = with_lacks(session, around, scene, processes, period, rows)
        open_rows += [row for row in rows if row.case in waiting]
        done_rows += [row for row in rows if row.case in done and row.case not in waiting]
    open_rows.sort(key=lambda row: (bool(row.lacks), row.due_at or datetime.max.replace(tzinfo=scene.now.tzinfo)))
    return Desk(tuple(open_rows), tuple(done_rows), {**done, **waiting})


def _cases(session: Session, appraising: Processes, *which: object) -> dict[uuid.UUID, str]:
    """Appraisals with a scoring task that meets the conditions, with their months."""
    scoring = {
        state.key
        for one in appraising.values()
        for state in one.states.values()
        if any(task.fill for task in state.tasks)
    }
    chosen = (
        select(Task.case_id, Case.data["period"].as_string())
        .join(Case, Case.id == Task.case_id)
        .where(Task.process.in_(list(appraising)), Task.state.in_(sorted(scoring)), *which)  # type: ignore[arg-type]
        .order_by(Task.id.desc())
    )
    return {case: str(period) for case, period in session.execute(chosen)}
