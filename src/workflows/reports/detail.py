"""Each finished case of a report with what it took: for tables that leave the house."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from workflows.engine.tables import Case
from workflows.reports.hours import WorkingHours
from workflows.reports.times import CASE_ID, CaseTimes, case_times


@dataclass(frozen=True, slots=True)
class Line:
    """What a case is called and how it ended. `state`: the end it reached."""

    number: str | None
    title: str
    definition_id: uuid.UUID
    state: str
    started_at: datetime


def finished_cases(
    session: Session, hours: WorkingHours, *which: ColumnElement[bool]
) -> Iterator[tuple[Line, CaseTimes]]:
    """The ended cases for which all conditions hold, oldest first. Two statements."""
    columns = (CASE_ID, Case.number, Case.title, Case.definition_id, Case.state, Case.started_at)
    lines = {row[0]: Line(*row[1:]) for row in session.execute(select(*columns).where(*which))}
    for times in case_times(session, hours, *which):
        if times.id in lines:
            yield lines[times.id], times
