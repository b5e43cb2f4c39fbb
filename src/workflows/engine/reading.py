"""A case looked at, without a lock and without the intention to move it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine.definitions import Published
from workflows.engine.loading import no_such_case, taken
from workflows.engine.people import Situation
from workflows.engine.record import Record
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, TaskRow, case_row, task_row
from workflows.engine.running import Running
from workflows.engine.scene import Scene
from workflows.engine.tables import Case, Task


@dataclass(frozen=True, slots=True)
class Seen:
    """A case, its tasks and its definition. `run` answers questions about values and moments; it is never written."""

    run: Running
    situation: Situation

    @property
    def row(self) -> CaseRow:
        """The case."""
        return self.run.row

    @property
    def tasks(self) -> list[TaskRow]:
        """All its tasks."""
        return self.run.tasks

    @property
    def published(self) -> Published:
        """Its definition."""
        return self.run.published


def case_for(session: Session, scene: Scene, case_id: uuid.UUID) -> Seen:
    """A case with its tasks: two statements. Raises `NotFound`."""
    found = session.execute(select(*CASE_COLUMNS).where(Case.id == case_id)).mappings().one_or_none()
    if found is None:
        raise no_such_case()
    rows = session.execute(select(*TASK_COLUMNS).where(Task.case_id == case_id).order_by(Task.id)).mappings()
    run = taken(session, scene, Record(), case_row(found), [task_row(row) for row in rows])
    return Seen(run, run.situation())
