"""The cases that may count in a month, with what is needed to tell: a few statements for a process, none for a single case.

What is chosen here is a little too much, never too little; whether a case counts its definition's expressions say.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from workflows.definition.model import People, Process
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, TaskRow, case_row, task_row
from workflows.engine.tables import Case, Event, Task
from workflows.reports.window import Window

_OF_TASKS = ("first(", "done(", "on_time(", "did", "participants", "holder")
"""Words of figures that are answered from tasks."""

AT_ONCE = 1000
"""Cases whose tasks are read in one statement."""


@dataclass(slots=True)
class Candidate:
    """A case, how often it was sent back to each state, and what is there only where a figure asks for it: all its tasks, and the case
    that started it."""

    row: CaseRow
    tasks: list[TaskRow] = field(default_factory=list)
    sent_back: dict[str, int] = field(default_factory=dict)
    parent: Candidate | None = None


def candidates(session: Session, processes: Sequence[Process], window: Window) -> list[Candidate]:
    """Cases of one process (all its versions are given) that may count in the month; cancelled ones count nowhere."""
    where = _may_count(processes, window)
    if not where:
        return []
    chosen = select(*CASE_COLUMNS).where(Case.process == processes[0].key, or_(*where))
    chosen = chosen.where(or_(Case.outcome.is_(None), Case.outcome != "cancelled"))
    found = [Candidate(case_row(row)) for row in session.execute(chosen.order_by(Case.id)).mappings()]
    by_id = {one.row.id: one for one in found}
    if any(_asks_parent(process) for process in processes):
        _add_parents(session, by_id)
    asks_returns = any(_asks_returns(process) for process in processes)
    asks_tasks = any(_asks_tasks(process) for process in processes)
    for part in _parts(list(by_id)):
        if asks_tasks:
            _add_tasks(session, by_id, part)
        if asks_returns:
            _add_sent_back(session, by_id, part, processes)
    return found


def _may_count(processes: Sequence[Process], window: Window) -> list[ColumnElement[bool]]:
    states: set[str] = set()
    where: list[ColumnElement[bool]] = []
    for process in processes:
        for figure in process.figures:
            anchor = str(figure.settings["month"])
            if anchor.startswith("each."):
                where.append(_contains(str(figure.settings["rows"]), window))
            elif anchor in process.fields:
                where.append(_field(anchor, process.fields[anchor].type, window))
            else:
                states.add(anchor)
    if states:
        entered = select(Event.case_id).where(
            Event.to_state.in_(sorted(states)), Event.at >= window.start, Event.at < window.end
        )
        where.append(Case.id.in_(entered))
    return where


def _field(name: str, kind: str, window: Window) -> ColumnElement[bool]:
    text: ColumnElement[str] = Case.data[name].as_string()
    match kind:
        case "month":
            return text == window.month
        case "date":
            return and_(text >= window.first_day.isoformat(), text <= window.last_day.isoformat())
        case "datetime":  # stored in UTC: the days there on which the month begins and ends
            return and_(text >= f"{window.start:%Y-%m-%d}", text < f"{window.end + timedelta(days=1):%Y-%m-%d}")
    # A week, quarter or year that ends in the month: looked at more closely once it is here.
    return text.is_not(None)


def _contains(table: str, window: Window) -> ColumnElement[bool]:
    text: ColumnElement[str] = Case.data[table].as_string()
    return text.contains(f'"{window.month}-', autoescape=True)


# -- what belongs to them ---------------------------------------------------------------------------------------------


def _parts(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    return (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))


def _add_tasks(session: Session, cases: Mapping[uuid.UUID, Candidate], ids: Sequence[uuid.UUID]) -> None:
    chosen = select(*TASK_COLUMNS).where(Task.case_id.in_(ids)).order_by(Task.id)
    for row in session.execute(chosen).mappings():
        task = task_row(row)
        cases[task.case_id].tasks.append(task)


def _add_sent_back(
    session: Session, cases: Mapping[uuid.UUID, Candidate], ids: Sequence[uuid.UUID], processes: Iterable[Process]
) -> None:
    """Counted are actions that the definition (any version of it) draws as a send-back."""
    actions = {
        (state.key, action.name)
        for process in processes
        for state in process.states.values()
        for action in state.actions.values()
        if action.kind == "send_back"
    }
    columns = (Event.case_id, Event.from_state, Event.action, Event.to_state)
    chosen = select(*columns).where(Event.case_id.in_(ids), Event.action.in_({action for _, action in actions}))
    for case, from_state, action, to_state in session.execute(chosen):
        if (from_state, action) in actions and to_state is not None:
            counts = cases[case].sent_back
            counts[to_state] = counts.get(to_state, 0) + 1


def _asks_returns(process: Process) -> bool:
    """Whether an expression of a figure speaks of `sent_back__…`."""
    return any("sent_back" in str(figure.settings) for figure in process.figures)


def _asks_tasks(process: Process) -> bool:
    """Whether a figure speaks of tasks, or of people by what they did: a word that only looks so reads too much, never too little."""
    return any(word in str(figure.settings) for figure in process.figures for word in _OF_TASKS)


def _asks_parent(process: Process) -> bool:
    return any(_has_parent(figure.settings["for"]) for figure in process.figures)


def _has_parent(people: Any) -> bool:
    return isinstance(people, People) and any(word.parent or _has_parent(word.arg) for word in people.words)


def _add_parents(session: Session, cases: Mapping[uuid.UUID, Candidate]) -> None:
    wanted = {one.row.parent_id for one in cases.values() if one.row.parent_id is not None}
    parents: dict[uuid.UUID, Candidate] = {}
    for part in _parts(sorted(wanted)):
        chosen = select(*CASE_COLUMNS).where(Case.id.in_(part))
        parents |= {row["id"]: Candidate(case_row(row)) for row in session.execute(chosen).mappings()}
        _add_tasks(session, parents, part)
    for one in cases.values():
        one.parent = parents.get(one.row.parent_id) if one.row.parent_id is not None else None
