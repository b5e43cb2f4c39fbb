"""Whom to ask for figures that are missing: open tasks of cases about somebody that would give them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.results.views.processes import Processes
from workflows.engine.tables import Case, Task, TaskStatus

PersonId = uuid.UUID
Asked = tuple[PersonId, str]
"""Whose figure, and which."""


def tasks_owing(
    session: Session, processes: Processes, period: str, asked: Collection[Asked]
) -> Mapping[Asked, tuple[uuid.UUID, ...]]:
    """Open tasks of the month's cases about these people, by the figure that such a case would give: one statement."""
    names = {name for _, name in asked}
    giving = {
        key: names & {figure.name for figure in process.figures}
        for key, process in processes.items()
        if "period" in process.fields
    }
    counting = [key for key, found in giving.items() if found]
    if not counting:
        return {}
    chosen = (
        select(Task.id, Case.subject_id, Case.process)
        .join(Case, Case.id == Task.case_id)
        .where(
            Case.process.in_(counting), Case.subject_id.in_({person for person, _ in asked}), Case.ended_at.is_(None),
            Case.data["period"].as_string() == period, Task.status == TaskStatus.OPEN,
        )
    )  # fmt: skip
    found: defaultdict[Asked, list[uuid.UUID]] = defaultdict(list)
    for task, subject, process in session.execute(chosen):
        for name in giving[process]:
            if subject is not None and (subject, name) in asked:
                found[subject, name].append(task)
    return {one: tuple(tasks) for one, tasks in found.items()}
