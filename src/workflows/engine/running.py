"""One case in hand during a step: its row, its tasks, its definition, and what the step has done to them so far."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.definition.machine import PartTask, Snapshot
from workflows.definition.model import Moment, Process, State
from workflows.definition.moments import MomentContext, Purpose, resolve
from workflows.definition.values.typed import typed, with_formulas
from workflows.engine import anonymous, chain, data
from workflows.engine.definitions import Published
from workflows.engine.parameters import fitting
from workflows.engine.people import Situation
from workflows.engine.record import Record
from workflows.engine.rows import CASE_COLUMNS, TASK_COLUMNS, CaseRow, TaskRow
from workflows.engine.scene import Scene
from workflows.engine.search_words import search_words

PersonId = uuid.UUID

_CASE_ROW = select(*CASE_COLUMNS).where(CASE_COLUMNS[0] == bindparam("b_case", type_=CASE_COLUMNS[0].type))
_TASK_ROWS = select(*TASK_COLUMNS).where(
    TASK_COLUMNS[0].table.c.case_id == bindparam("b_case", type_=CASE_COLUMNS[0].type)
)


@dataclass(slots=True)
class Step:
    """One event in the making. `changes`: field → [old, new] stored values; `said`: reason, comment and the like."""

    kind: str
    actor: PersonId | None = None
    on_behalf_of: PersonId | None = None
    action: str | None = None
    task: uuid.UUID | None = None
    from_state: str | None = None
    to_state: str | None = None
    late: bool = False
    submission: uuid.UUID | None = None
    submission_digest: str | None = None
    returning: bool = False
    """The case goes back: whoever did the work before gets it again."""
    silent: bool = False
    """An anonymous answer: the event does not say which task was done."""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    opened: list[TaskRow] = field(default_factory=list)
    closed: list[uuid.UUID] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A step that comes by itself in the same transaction.

    `skip`: the engine takes `action` on `task`; `pass`: all parts were left out, go on as `action` would; `ring`: the timer
    `index` of the state is past already; `gathered`: the spawn `index` of the state has nobody to wait for. It is dropped
    where the case has left the `visit` it was meant for.
    """

    kind: Literal["skip", "pass", "ring", "gathered"]
    visit: int
    task: uuid.UUID | None = None
    action: str = ""
    index: int = 0
    why: str = ""


@dataclass(slots=True)
class Running:
    """A case and all its tasks, locked, with everything needed to move it. Writes go to `record`, never to the database.

    `followups`: steps that come by themselves after the present one (moments already past, skipped parts).
    """

    session: Session
    scene: Scene
    record: Record
    published: Published
    row: CaseRow
    tasks: list[TaskRow]
    new: bool = False
    loaded_version: int = 0
    loaded_title: str = ""
    plan: dict[tuple[int, str, str], tuple[datetime, uuid.UUID | None]] = field(default_factory=dict)
    followups: list[FollowUp] = field(default_factory=list)
    visited: frozenset[str] = frozenset()
    """States entered before this transaction."""
    last_event: dict[str, Any] | None = None
    first_event: dict[str, Any] | None = None
    first_changes: dict[str, list[Any]] = field(default_factory=dict)
    """What a case is born with."""
    answers: anonymous.Answers | None = None
    """Anonymous answers of the present visit, in the hands of a step; None for whoever only looks."""
    _typed: dict[str, Any] | None = None
    _parent: Situation | None = None

    @property
    def process(self) -> Process:
        """The definition the case began with."""
        return self.published.process

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.published.machine.state(self.row.state)

    @property
    def now(self) -> datetime:
        """The time of the step."""
        return self.scene.now

    # -- what rules ask -----------------------------------------------------------------------------------------------

    def values(self) -> Mapping[str, Any]:
        """Fields and parameters as expressions read them."""
        if self._typed is None:
            self._typed = dict(
                typed(self.process, self.row.data, parameters=self.parameters(), starter=self._starter())
            )
        return self._typed

    def parameters(self) -> Mapping[str, str]:
        """The company's own values of the definition's parameters."""
        return fitting(self.process, self.scene.parameters.get(self.row.process, {}))

    def _starter(self) -> str | None:
        return str(self.row.starter_id) if self.row.starter_id else None

    def visit_tasks(self) -> list[TaskRow]:
        """Tasks of the present visit that are open or done."""
        return [t for t in self.tasks if t.visit == self.row.visit and (t.open or t.done)]

    def open_tasks(self) -> list[TaskRow]:
        """Tasks that wait for somebody."""
        return [task for task in self.tasks if task.open]

    def snapshot(self, running: Mapping[str, int] | None = None) -> Snapshot:
        """What the machine decides over."""
        parts = tuple(PartTask(t.id, t.part, t.done, t.completed_by, t.action) for t in self.visit_tasks())
        return Snapshot(self.row.state, self._values_on_leaving(), parts, running or {})

    def _values_on_leaving(self) -> Mapping[str, Any]:
        """`values()` with the anonymous answers that will be shown when the state is left: ways out may rest on them."""
        tables = anonymous.shown(self) if self.answers else {}
        if not tables:
            return self.values()
        own, starter = self.parameters(), self._starter()
        stored = with_formulas(self.process, {**self.row.data, **tables}, parameters=own, starter=starter)
        return typed(self.process, stored, parameters=own, starter=starter)

    def situation(self, holders: tuple[PersonId, ...] = ()) -> Situation:
        """What words for people ask."""
        return Situation(
            self.scene.organisation, self.row.starter_id, self.row.subject_id, self.row.data, self.row.entries, self.tasks, holders,
            self.scene.scorecards, self.parent,
        )  # fmt: skip

    def parent(self) -> Situation | None:
        """The parent case as words for people see it; two statements, only where a definition asks."""
        if self._parent is None and self.row.parent_id is not None:
            self._parent = load_situation(self.session, self.row.parent_id, self.scene)
        return self._parent

    def moment(self, moment: Moment, purpose: Purpose, task: TaskRow | None = None) -> datetime | None:
        """When a moment is for this case (of a task: from its opening); None while something it counts from is unset.

        `due` of a state's own timers is that of its task.
        """
        of_visit = moment.anchor.kind == "entered" and moment.anchor.args
        visits = {state: datetime.fromisoformat(at) for state, at in self.row.entries.items()} if of_visit else {}
        entered = self.row.entered_at if task is None else task.opened_at
        dues = [t.due_at for t in self.visit_tasks() if t.due_at is not None] if task is None else [task.due_at]
        context = MomentContext(entered, visits, next(iter(dues), None), self.values(), self.parameters())
        return resolve(moment, context, self.scene.calendar, purpose)

    # -- what steps change --------------------------------------------------------------------------------------------

    def set_fields(self, changes: Mapping[str, Any], step: Step) -> None:
        """Set stored values (None unsets), note what changed, and compute the formulas anew."""
        for name, value in changes.items():
            self._set(name, value, step)
        computed = with_formulas(self.process, self.row.data, parameters=self.parameters(), starter=self._starter())
        for name, one in self.process.fields.items():
            if one.formula is not None:
                self._set(name, computed.get(name), step)
        self._typed = None

    def suppose(self, values: Mapping[str, Any]) -> None:
        """Look at the case as if it had these values too. For whoever only looks: no step may be taken afterwards."""
        own, starter = self.parameters(), self._starter()
        self.row.data = with_formulas(self.process, {**self.row.data, **values}, parameters=own, starter=starter)
        self._typed = None

    def _set(self, name: str, value: Any, step: Step) -> None:
        old = self.row.data.get(name)
        if old == value:
            return
        first = step.changes.setdefault(name, [old, value])
        first[1] = value
        if value is None:
            self.row.data.pop(name, None)
        else:
            self.row.data[name] = value

    def finish(self, step: Step) -> None:
        """Close a step: the title, the event and its link in the chain."""
        row = self.row
        row.title = data.title(self.process, row.data, self.scene.organisation, row.starter_id, row.number)
        row.version += 1
        row.event_count += 1
        # A field set there and back within one step has not changed.
        changes = {name: pair for name, pair in step.changes.items() if pair[0] != pair[1]}
        values = {**step.said, **({"changes": changes} if changes else {})}
        salt = chain.new_salt()
        event = {
            "id": new_id(), "case_id": row.id, "seq": row.event_count, "at": self.now, "kind": step.kind, "actor_id": step.actor,
            "on_behalf_of": step.on_behalf_of, "action": step.action, "task_id": None if step.silent else step.task, "from_state": step.from_state,
            "to_state": step.to_state, "visit": row.visit, "late": step.late, "opened": [_opened(task) for task in step.opened],
            "closed": [task.hex for task in step.closed], "values_digest": chain.values_digest(salt, values),
            "submission": step.submission, "submission_digest": step.submission_digest, "prev_hash": row.chain_hash,
        }  # fmt: skip
        event["hash"] = row.chain_hash = chain.event_hash(event)
        self.record.events.append(event)
        self.record.values.append({"event_id": event["id"], "salt": salt, "values": values})
        self.last_event = event
        self.first_event = self.first_event or event

    def write(self) -> None:
        """Hand the case and its tasks to the record; `record.flush` sends them."""
        changed_title = self.new or self.row.title != self.loaded_title
        people = (self.row.starter_id, self.row.subject_id)
        names = [self.scene.organisation.name_of(person) for person in people]
        process = self.process.title
        texts = (self.row.title, self.row.number or "", *names, process.zh, process.en, *self.process.also)
        words = search_words(*texts) if changed_title else None
        if self.new:
            self.record.new_cases.append((self.row, words or ""))
        elif self.row.version != self.loaded_version:
            self.record.cases[self.row.id] = (self.row, self.loaded_version, words)
        for task in self.tasks:
            if task.fresh or task.touched:
                self.record.task(task)


def load_situation(session: Session, case_id: uuid.UUID, scene: Scene) -> Situation:
    """Another case (a parent), read without a lock, as words for people see it."""
    row = CaseRow(*session.execute(_CASE_ROW, {"b_case": case_id}).one())
    tasks = [TaskRow(*task) for task in session.execute(_TASK_ROWS, {"b_case": case_id})]

    def above() -> Situation | None:
        return load_situation(session, row.parent_id, scene) if row.parent_id else None

    return Situation(
        scene.organisation, row.starter_id, row.subject_id, row.data, row.entries, tasks, (), scene.scorecards, above
    )


def _opened(task: TaskRow) -> dict[str, Any]:
    return {
        "id": task.id.hex, "state": task.state, "part": task.part, "holder": chain.plain(task.holder_id), "queue": task.queue,
        "due_at": chain.plain(task.due_at),
    }  # fmt: skip
