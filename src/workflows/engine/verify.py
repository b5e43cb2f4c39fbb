"""Is the history whole? Every chain link, every digest, and that what is stored is what the events tell."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.definition.model import Process
from workflows.engine import chain
from workflows.engine.anonymous import tables_of
from workflows.engine.definitions import DefinitionStore
from workflows.engine.replay import Replayed, replay
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, TaskRow, case_row, task_row
from workflows.engine.tables import Case, Event, EventValue, Task, TaskStatus
from workflows.errors import Text

BATCH = 200
"""Cases read at once."""

EventPair = tuple[Mapping[str, Any], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written. `seq`: the event, 0 where the case itself disagrees."""

    case: uuid.UUID
    number: str
    seq: int
    what: Text


@dataclass(slots=True)
class Report:
    """What was looked at and what is wrong; empty `faults` mean that every chain is whole."""

    cases: int = 0
    events: int = 0
    erased: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take in what was found elsewhere."""
        self.cases += other.cases
        self.events += other.events
        self.erased += other.erased
        self.faults += other.faults


class Share(NamedTuple):
    """Cases from the id `first` on, before the id `end` where there is one."""

    first: uuid.UUID
    end: uuid.UUID | None


def verify(
    session: Session, only: uuid.UUID | None = None, share: Share | None = None, store: DefinitionStore | None = None
) -> Report:
    """Check every case (or one, or a share of them) in batches by key; memory does not grow with the history.

    `store`: keeps the definitions from one call to the next.
    """
    report, store = Report(), store or DefinitionStore()
    for batch in _batches(session, only, share):
        events, tasks = _events_of(session, list(batch)), _open_tasks_of(session, list(batch))
        for case in batch.values():
            process = store.get(session, case.definition_id).process
            _check(report, case, events.get(case.id, []), tasks.get(case.id, []), process)
    return report


def _batches(session: Session, only: uuid.UUID | None, share: Share | None) -> Iterator[dict[uuid.UUID, CaseRow]]:
    last: uuid.UUID | None = None
    while True:
        chosen = select(*CASE_COLUMNS).order_by(Case.id).limit(BATCH)
        if only is not None:
            chosen = chosen.where(Case.id == only)
        if share is not None:
            chosen = chosen.where(Case.id >= share.first)
        if share is not None and share.end is not None:
            chosen = chosen.where(Case.id < share.end)
        if last is not None:
            chosen = chosen.where(Case.id > last)
        found = [case_row(row) for row in session.execute(chosen).mappings()]
        if found:
            yield {case.id: case for case in found}
        if len(found) < BATCH:
            return
        last = found[-1].id


def _events_of(session: Session, cases: list[uuid.UUID]) -> dict[uuid.UUID, list[tuple[Mapping[str, Any], Any]]]:
    joined = select(Event.__table__, EventValue.salt, EventValue.values).outerjoin(
        EventValue, EventValue.event_id == Event.id
    )
    found: dict[uuid.UUID, list[tuple[Mapping[str, Any], Any]]] = {}
    row: Any
    for row in session.execute(joined.where(Event.case_id.in_(cases)).order_by(Event.case_id, Event.seq)).mappings():
        said = None if row["salt"] is None else (row["salt"], row["values"])
        found.setdefault(row["case_id"], []).append((row, said))
    return found


def _open_tasks_of(session: Session, cases: list[uuid.UUID]) -> dict[uuid.UUID, list[TaskRow]]:
    found: dict[uuid.UUID, list[TaskRow]] = {}
    for row in session.execute(
        select(*TASK_COLUMNS).where(Task.case_id.in_(cases), Task.status == TaskStatus.OPEN)
    ).mappings():
        found.setdefault(row["case_id"], []).append(task_row(row))
    return found


def _check(
    report: Report,
    case: CaseRow,
    events: list[tuple[Mapping[str, Any], Any]],
    tasks: list[TaskRow],
    process: Process,
) -> None:
    report.cases += 1
    report.events += len(events)
    previous = chain.GENESIS
    for place, (event, said) in enumerate(events, start=1):
        for what in _faults_of(event, said, place, previous):
            report.faults.append(Fault(case.id, case.number or case.title, event["seq"], what))
        report.erased += said is None
        previous = event["hash"]
    ends = frozenset(key for key, state in process.states.items() if state.end is not None)
    told = replay(((event, said[1] if said is not None else None) for event, said in events), ends)
    for what in differences(case, tasks, told, tables_of(process)):
        report.faults.append(Fault(case.id, case.number or case.title, 0, what))


def _faults_of(event: Mapping[str, Any], said: Any, place: int, previous: str) -> Iterator[Text]:
    if event["seq"] != place:
        yield Text(f"缺第 {place} 条记录", f"record {place} is missing")
    if event["prev_hash"] != previous:
        yield Text("与上一条记录接不上", "it does not continue the record before")
    if chain.event_hash(event) != event["hash"]:
        yield Text("记录被改过", "the record was changed")
    if said is not None and chain.values_digest(*said) != event["values_digest"]:
        yield Text("记录的内容被改过", "what the record says was changed")


def differences(
    case: CaseRow, tasks: list[TaskRow], told: Replayed, untold: frozenset[str] = frozenset()
) -> Iterator[Text]:
    """Where the case and its open tasks are not what the events tell. `untold`: fields of anonymous answers, in no event."""
    compared: list[tuple[str, str, Any, Any]] = [
        ("步骤", "state", case.state, told.state),
        ("步次", "visit", case.visit, told.visit),
        ("记录数", "number of records", case.event_count, told.count),
        ("末尾的指纹", "last fingerprint", case.chain_hash, told.last_hash),
        ("是否结束", "whether it has ended", case.ended, told.ended),
        ("待办", "open tasks", {_task(t) for t in tasks}, {(k, *v) for k, v in told.tasks.items()}),
    ]
    if not told.erased:
        stored, expected = ({k: v for k, v in d.items() if k not in untold} for d in (case.data, told.data))
        compared.append(("数据", "data", stored, expected))
    for zh, en, stored, expected in compared:
        if stored != expected:
            yield Text(f"{zh}与记录不符", f"the {en} is not what the records tell")


def _task(task: TaskRow) -> tuple[str, str, str, str | None, str | None]:
    return (task.id.hex, task.state, task.part, task.holder_id.hex if task.holder_id is not None else None, task.queue)
