"""What a step writes, gathered while it is decided and written at its end in a handful of statements.

However many automatic steps follow one submission, each table is written once: rows are gathered in memory and go out as one
INSERT or UPDATE each. Nothing is sent before `flush`, nothing is left to send after it.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.engine import tables
from workflows.engine.rows import CaseRow, TaskRow, columns_of
from workflows.engine.tables import SignalStatus, TaskStatus, TimerStatus
from workflows.errors import Conflict
from workflows.org.versions import bump

QUEUES = "queues"
"""Name of the version counter that moves when a queue is used for the first time."""

Row = dict[str, Any]

_CASE: Table = tables.Case.__table__  # type: ignore[assignment]
_TASK: Table = tables.Task.__table__  # type: ignore[assignment]
_TIMER: Table = tables.Timer.__table__  # type: ignore[assignment]
_FILE: Table = tables.File.__table__  # type: ignore[assignment]
_MESSAGE: Table = tables.Message.__table__  # type: ignore[assignment]
_SIGNAL: Table = tables.Signal.__table__  # type: ignore[assignment]
_QUEUE: Table = tables.Queue.__table__  # type: ignore[assignment]
_ESCALATION: Table = tables.TaskEscalation.__table__  # type: ignore[assignment]
_EVENT: Table = tables.Event.__table__  # type: ignore[assignment]
_EVENT_VALUE: Table = tables.EventValue.__table__  # type: ignore[assignment]
_INCIDENT: Table = tables.Incident.__table__  # type: ignore[assignment]
_ANSWER: Table = tables.Answer.__table__  # type: ignore[assignment]

_TASK_CHANGES = (
    "status", "holder_id", "queue", "excluded", "claimed_at", "due_at", "due_provisional", "rank_at", "completed_at", "completed_by",
    "on_behalf_of", "action",
)  # fmt: skip
_CASE_CHANGES = (
    "title", "state", "visit", "version", "data", "entries", "entered_at", "ended_at", "outcome", "event_count", "chain_hash",
)  # fmt: skip

_UPDATE_TASK = (
    update(_TASK)
    .where(
        _TASK.c.id == bindparam("b_id"), _TASK.c.version == bindparam("b_version"), _TASK.c.status == TaskStatus.OPEN
    )
    .values(
        {
            **{name: bindparam(f"b_{name}", type_=_TASK.c[name].type) for name in _TASK_CHANGES},
            "version": _TASK.c.version + 1,
        }
    )
)
_ADOPT_FILE = (
    update(_FILE)
    .where(_FILE.c.id == bindparam("b_id"), _FILE.c.case_id.is_(None))
    .values(
        case_id=bindparam("b_case", type_=_FILE.c.case_id.type), field=bindparam("b_field", type_=_FILE.c.field.type)
    )
)
_CANCEL_TIMERS = (
    update(_TIMER)
    .where(
        _TIMER.c.case_id == bindparam("b_case"),
        _TIMER.c.visit == bindparam("b_visit"),
        _TIMER.c.status == TimerStatus.DUE,
        or_(
            bindparam("b_task", type_=_TIMER.c.task_id.type).is_(None),
            _TIMER.c.task_id == bindparam("b_task", type_=_TIMER.c.task_id.type),
        ),
    )
    .values(status=TimerStatus.CANCELLED)
)


@dataclass(slots=True)
class Record:
    """Rows to be written by one transaction. `queues`: keys known to exist; new ones are written first."""

    queues: set[str] = field(default_factory=set)
    new_cases: list[tuple[CaseRow, str]] = field(default_factory=list)
    cases: dict[uuid.UUID, tuple[CaseRow, int, str | None]] = field(default_factory=dict)
    tasks: dict[uuid.UUID, TaskRow] = field(default_factory=dict)
    events: list[Row] = field(default_factory=list)
    values: list[Row] = field(default_factory=list)
    timers: dict[tuple[uuid.UUID, int, str, str], Row] = field(default_factory=dict)
    cancelled: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    signals: list[Row] = field(default_factory=list)
    escalations: list[Row] = field(default_factory=list)
    incidents: list[Row] = field(default_factory=list)
    answered: dict[uuid.UUID, list[Row]] = field(default_factory=dict)
    """Case → all anonymous answers that are to lie there now."""
    files: list[Row] = field(default_factory=list)
    afterwards: list[Callable[[Session], None]] = field(default_factory=list)
    """What others write once these rows are there, in the order asked for."""

    # -- gathering ----------------------------------------------------------------------------------------------------

    def task(self, row: TaskRow) -> None:
        """A new or changed task."""
        self.tasks[row.id] = row

    def timer(self, row: Row) -> None:
        """A timer that is due; the same timer again moves it."""
        key = (row["case_id"], row["visit"], row["kind"], row["rule"])
        kept = self.timers.get(key)
        self.timers[key] = {**row, "id": kept["id"]} if kept else row

    def cancel_timers(self, case: uuid.UUID, visit: int, task: uuid.UUID | None = None) -> None:
        """Open timers of a visit (of one task) will not ring, those gathered just now included."""
        self.cancelled.append({"b_case": case, "b_visit": visit, "b_task": task})
        gone = [k for k, row in self.timers.items() if k[:2] == (case, visit) and task in (None, row["task_id"])]
        for key in gone:
            del self.timers[key]

    def message(
        self,
        kind: str,
        dedup: str,
        person: uuid.UUID,
        case: uuid.UUID | None,
        task: uuid.UUID | None,
        facts: Row,
        now: datetime,
    ) -> None:
        """Tell one person something; the same `dedup` is told once."""
        self.messages.append({
            "id": new_id(), "dedup_key": dedup, "kind": kind, "person_id": person, "case_id": case, "task_id": task,
            "facts": facts, "created_at": now, "next_at": now, "status": tables.MessageStatus.WAITING,
        })  # fmt: skip

    def signal(
        self, kind: str, key: str, sender: uuid.UUID, receiver: uuid.UUID | None, payload: Row, now: datetime
    ) -> None:
        """Tell another case something; the same `key` of one sender is told once."""
        self.signals.append({
            "id": new_id(), "kind": kind, "key": key, "from_case_id": sender, "to_case_id": receiver, "payload": payload,
            "created_at": now, "next_at": now, "status": SignalStatus.WAITING, "attempt": 0,
        })  # fmt: skip

    def file(self, file: uuid.UUID, case: uuid.UUID, field_name: str | None) -> None:
        """An uploaded file becomes one of the case."""
        self.files.append({"b_id": file, "b_case": case, "b_field": field_name})

    def incident(
        self, kind: str, case: uuid.UUID | None, job: uuid.UUID | None, code: str, detail: str, now: datetime
    ) -> None:
        """Somebody has to look at this."""
        self.incidents.append({
            "id": new_id(), "at": now, "kind": kind, "case_id": case, "job_id": job, "code": code, "detail": detail,
        })  # fmt: skip

    # -- writing ------------------------------------------------------------------------------------------------------

    def flush(self, session: Session) -> None:
        """Write everything. Raises `Conflict` where a row is no longer as it was read."""
        self._write_queues(session)
        # Of the session only its transaction is needed here; its own way to a statement takes half as long again.
        store = session.connection()
        if self.new_cases:
            _insert_cases(store, [{**columns_of(row), "search": search} for row, search in self.new_cases])
        self._update_tasks(store)
        for row, version, search in self.cases.values():
            _update_case(store, row, version, search)
        self._insert(store, _TASK, [columns_of(row) for row in self.tasks.values() if row.fresh])
        self._insert(store, _EVENT, self.events)
        self._insert(store, _EVENT_VALUE, self.values)
        self._write_timers(store)
        self._upsert(store, _MESSAGE, self.messages, "dedup_key")
        self._upsert(store, _SIGNAL, self.signals, "from_case_id", "key")
        self._upsert(store, _ESCALATION, self.escalations, "task_id", "person_id")
        self._insert(store, _INCIDENT, self.incidents)
        self._write_answers(store)
        if self.files:
            store.execute(_ADOPT_FILE, self.files)
        for write in self.afterwards:
            write(session)

    def _write_answers(self, store: Connection) -> None:
        if self.answered:
            store.execute(delete(tables.Answer).where(tables.Answer.case_id.in_(self.answered)))
            self._insert(store, _ANSWER, [row for rows in self.answered.values() for row in rows])

    def _write_queues(self, session: Session) -> None:
        used = {row.queue for row in self.tasks.values() if row.queue is not None}
        new = sorted(used - self.queues)
        if new:
            self._upsert(session.connection(), _QUEUE, [{"key": key} for key in new], "key")
            bump(session, QUEUES)

    def _update_tasks(self, store: Connection) -> None:
        changed = [row for row in self.tasks.values() if not row.fresh and row.touched]
        if not changed:
            return
        parameters = [
            {"b_id": row.id, "b_version": row.version, **{f"b_{name}": getattr(row, name) for name in _TASK_CHANGES}}
            for row in changed
        ]
        if _rowcount(store.execute(_UPDATE_TASK, parameters)) != len(changed):
            raise someone_was_faster()

    def _write_timers(self, store: Connection) -> None:
        if self.cancelled:
            store.execute(_CANCEL_TIMERS, self.cancelled)
        if not self.timers:
            return
        store.execute(_setting_timers(store.dialect.name), list(self.timers.values()))

    def _insert(self, store: Connection, table: Table, rows: list[Row]) -> None:
        if rows:
            store.execute(_inserting(table), rows)

    def _upsert(self, store: Connection, table: Table, rows: Iterable[Row], *unique: str) -> None:
        found = list(rows)
        if found:
            store.execute(_inserting_new(store.dialect.name, table, unique), found)


def _insert_cases(store: Connection, rows: list[Row]) -> None:
    try:
        store.execute(_inserting(_CASE), rows)
    except IntegrityError as error:
        # Two at one moment under one business key: the unique constraint let one of them in.
        raise Conflict(
            "同样的事项刚刚已经发起，不能再发起一件。",
            "The same case has just been started; there cannot be a second one.",
        ) from error


def _update_case(store: Connection, row: CaseRow, version: int, search: str | None) -> None:
    changes = {f"b_{name}": getattr(row, name) for name in _CASE_CHANGES}
    words = {"b_search": search} if search is not None else {}
    known = {"b_id": row.id, "b_known": version}
    if _rowcount(store.execute(_updating_case(titled=bool(words)), {**changes, **words, **known})) != 1:
        raise someone_was_faster()


# Statements are made once: building one and finding its text takes several times as long as the database takes to do it.


@functools.cache
def _inserting(table: Table) -> Any:
    return table.insert()


@functools.cache
def _insert_for(dialect: str) -> Callable[[Table], Any]:
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


@functools.cache
def _inserting_new(dialect: str, table: Table, unique: tuple[str, ...]) -> Any:
    """Rows that are not there yet by these columns."""
    return _insert_for(dialect)(table).on_conflict_do_nothing(index_elements=list(unique))


@functools.cache
def _setting_timers(dialect: str) -> Any:
    insert = _insert_for(dialect)(_TIMER)
    return insert.on_conflict_do_update(
        index_elements=["case_id", "visit", "kind", "rule"],
        set_={name: insert.excluded[name] for name in ("due_at", "next_at", "provisional", "status")},
        # An alert that has rung rings again when its date is moved; everything else rings once.
        where=or_(_TIMER.c.status == TimerStatus.DUE, _TIMER.c.kind == "alert"),
    )


@functools.cache
def _updating_case(*, titled: bool) -> Any:
    names = (*_CASE_CHANGES, "search") if titled else _CASE_CHANGES
    known = (_CASE.c.id == bindparam("b_id"), _CASE.c.version == bindparam("b_known"))
    return (
        update(_CASE).where(*known).values({name: bindparam(f"b_{name}", type_=_CASE.c[name].type) for name in names})
    )


def _rowcount(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101  an UPDATE gives nothing else
    return result.rowcount


def someone_was_faster() -> Conflict:
    """The conflict of two steps on one case where nobody knows more."""
    return Conflict("有人先一步处理了这件事，请刷新后再看。", "Somebody else has just acted on this; look at it anew.")
