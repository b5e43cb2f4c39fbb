"""The people of a rehearsal: they see their new tasks, plan when to act, and act through the engine like anybody else."""

from __future__ import annotations

import heapq
import itertools
import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from workflows.db import Database, new_id
from workflows.definition.machine import start_state
from workflows.definition.model import START, Action, Field, People, Process, State
from workflows.engine.engine import Engine
from workflows.engine.requests import StartRequest, Submission
from workflows.engine.tables import Case, Event, Task, TaskStatus
from workflows.errors import Conflict, InvalidInput, NotAllowed, WrongState
from workflows.org.organisation import Organisation
from workflows.rehearsal.content import Writer
from workflows.rehearsal.habits import Habits, choose_action, in_working_time, moment_to_act, starts_on

PersonId = uuid.UUID
_Send = Callable[[Session, Mapping[str, object]], object]
_BEFORE_ALL = uuid.UUID(int=0)
_LEFT_LYING = 0.7
_TRIES = 6
"""How often a form that was refused is filled anew before the rehearsal stops and says what is wrong."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Somebody means to do something: a task, an anytime action of a case, or the start of a process."""

    task: uuid.UUID | None = None
    case: uuid.UUID | None = None
    action: str | None = None
    process: str | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """A task as planning needs it."""

    id: uuid.UUID
    case: uuid.UUID
    definition: uuid.UUID
    state: str
    part: str
    holder: PersonId | None
    queue: str | None
    excluded: str
    opened_at: datetime
    due_at: datetime | None


@dataclass(slots=True)
class Department:
    """Everybody at once. From `leave_lying_after` on most tasks are left for whoever looks at the result (a demo). `done` counts actions by (process, action); `late_comers` those who found it already done."""

    database: Database
    engine: Engine
    habits: Habits
    dice: random.Random
    leave_lying_after: datetime | None = None
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    late_comers: int = 0
    _agenda: list[tuple[datetime, int, _Plan]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _last_task: uuid.UUID = _BEFORE_ALL
    _last_event: uuid.UUID = _BEFORE_ALL

    # -- planning ---------------------------------------------------------------------------------------------------

    def next_moment(self) -> datetime | None:
        """When somebody means to act next; None when nobody has anything to do."""
        return self._agenda[0][0] if self._agenda else None

    def plan_starts(self, morning: datetime) -> None:
        """Decide which cases people begin by themselves on the day that begins at `morning` (UTC)."""
        with self.database.read() as session:
            calendar = self.engine.calendar(session)
            processes = self.engine.processes(session)
        day = calendar.day_of(morning)
        for process in processes.values():
            if "person" not in process.start.kinds:
                continue
            for _ in range(starts_on(day, self.habits.of(process.key).starts, calendar, self.dice)):
                when = calendar.opening_at(day) + timedelta(minutes=self.dice.randint(5, 480))
                self._put(when, _Plan(process=process.key))

    def look(self, now: datetime) -> None:
        """Everybody sees what came in since the last look and plans when to do it."""
        with self.database.read() as session:
            calendar = self.engine.calendar(session)
            for task in self._new_tasks(session):
                when = moment_to_act(max(task.opened_at, now), task.due_at, self.habits, calendar, self.dice)
                self._put(when, _Plan(task=task.id))
            for case, state, definition in self._entered(session):
                self._plan_anytime(session, case, state, definition, now)

    def act_until(self, until: datetime) -> None:
        """Carry out everything planned up to `until`, each at its own time."""
        while self._agenda and self._agenda[0][0] <= until:
            now, _, plan = heapq.heappop(self._agenda)
            self._carry_out(plan, now)

    def _put(self, when: datetime, plan: _Plan) -> None:
        heapq.heappush(self._agenda, (when, next(self._order), plan))

    def _new_tasks(self, session: Session) -> list[_Open]:
        rows = session.execute(_open_tasks().where(Task.id > self._last_task).order_by(Task.id)).all()
        if rows:
            self._last_task = rows[-1][0]
        return [_Open(*row) for row in rows]

    def _entered(self, session: Session) -> Sequence[tuple[uuid.UUID, str, uuid.UUID]]:
        rows = session.execute(
            select(Event.id, Event.case_id, Event.to_state, Case.definition_id)
            .join(Case, Case.id == Event.case_id)
            .where(Event.id > self._last_event, Event.to_state.is_not(None))
            .order_by(Event.id)
        ).all()
        if rows:
            self._last_event = rows[-1][0]
        return [(case, state, definition) for _, case, state, definition in rows if state is not None]

    def _plan_anytime(
        self, session: Session, case: uuid.UUID, state: str, definition: uuid.UUID, now: datetime
    ) -> None:
        process = self.engine.definition(session, definition)
        chances = self.habits.of(process.key).chances
        for name, anytime in process.anytime.items():
            if state in anytime.states and self.dice.random() < chances.get(name, 0):
                calendar = self.engine.calendar(session)
                wanted = now + timedelta(hours=self.dice.uniform(2, 40))
                self._put(in_working_time(wanted, calendar, self.dice), _Plan(case=case, action=name))

    # -- acting -----------------------------------------------------------------------------------------------------

    def _carry_out(self, plan: _Plan, now: datetime) -> None:
        if plan.process is None and self._left_lying(now):
            return
        if plan.process is not None:
            self._start(plan.process, now)
        elif plan.task is not None:
            self._do_task(plan.task, now)
        elif plan.case is not None and plan.action is not None:
            self._do_anytime(plan.case, plan.action, now)

    def _left_lying(self, now: datetime) -> bool:
        after = self.leave_lying_after
        return after is not None and now > after and self.dice.random() < _LEFT_LYING

    def _start(self, key: str, now: datetime) -> None:
        with self.database.read() as session:
            process = self.engine.processes(session)[key]
            organisation = self.engine.organisation(session)
        actor = self._one_of(_candidates(process.start.by, organisation))
        if actor is None:
            return
        fields = [process.fields[name] for name in process.start.form]
        self._submit(process, actor, fields, {}, now, lambda session, values: self.engine.start(
            session, StartRequest(new_id(), actor, key, values), now
        ))  # fmt: skip
        self.done[key, "start"] += 1

    def _do_task(self, task_id: uuid.UUID, now: datetime) -> None:
        with self.database.read() as session:
            row = session.execute(_open_tasks().where(Task.id == task_id)).one_or_none()
            if row is None:
                self.late_comers += 1
                return
            task = _Open(*row)
            case = session.get_one(Case, task.case)
            process = self.engine.definition(session, task.definition)
            organisation = self.engine.organisation(session)
            calendar = self.engine.calendar(session)
            back, stayed = self._history(session, task.case)
        today = calendar.day_of(now)
        actor = self._actor(task, organisation, today)
        if actor is None or organisation.absence_of(actor, today) is not None:
            self._put(in_working_time(now + timedelta(hours=20), calendar, self.dice), _Plan(task=task_id))
            return
        state = start_state(process) if task.state == START else process.states[task.state]
        action = choose_action(state.actions, self.habits.of(process.key), back, stayed, self.dice)
        fields = _asked(process, state, task.part, action)
        parts = self._parts(process, action)
        self._submit(process, actor, fields, case.data, now, lambda session, values: self.engine.fire(
            session,
            Submission(new_id(), actor, action.name, task=task_id, values=values,
                       reason=self._reason(process, action, now, organisation), parts=parts),
            now,
        ))  # fmt: skip
        self.done[process.key, action.name] += 1
        if action.stay:
            self._put(in_working_time(now + timedelta(hours=30), calendar, self.dice), _Plan(task=task_id))

    def _do_anytime(self, case_id: uuid.UUID, name: str, now: datetime) -> None:
        with self.database.read() as session:
            case = session.get_one(Case, case_id)
            process = self.engine.definition(session, case.definition_id)
            organisation = self.engine.organisation(session)
        anytime = process.anytime[name]
        if case.ended_at is not None or case.state not in anytime.states:
            return
        actor = _person_of(anytime.by, case)
        if actor is None or not organisation.person(actor).active:
            return
        fields = [process.fields[f] for f in anytime.action.form]
        self._submit(process, actor, fields, case.data, now, lambda session, values: self.engine.fire(
            session,
            Submission(new_id(), actor, name, case=case_id, values=values,
                       reason=self._reason(process, anytime.action, now, organisation)),
            now,
        ))  # fmt: skip
        self.done[process.key, name] += 1

    def _submit(
        self,
        process: Process,
        actor: PersonId,
        fields: Sequence[Field],
        known: Mapping[str, object],
        now: datetime,
        send: _Send,
    ) -> None:
        """Fill the form and hand it in; a refused form is filled anew, somebody faster is taken with a shrug."""
        problem: InvalidInput | None = None
        for _ in range(_TRIES):
            try:
                with self.database.write() as session:
                    writer = self._writer(session, process, actor, known, now)
                    send(session, writer.fill(fields))
                    return
            except InvalidInput as refused:
                problem = refused
            except (Conflict, WrongState, NotAllowed):
                self.late_comers += 1
                return
        if problem is not None:
            raise problem

    def _writer(
        self, session: Session, process: Process, actor: PersonId, known: Mapping[str, object], now: datetime
    ) -> Writer:
        organisation = self.engine.organisation(session)
        return Writer(
            self.habits.of(process.key),
            self.dice,
            self.engine.calendar(session).day_of(now),
            [m.id for m in organisation.people.values() if m.active],
            lambda name: self.engine.upload(session, actor, f"{name}.txt", "text/plain", name.encode(), now),
            known=known,
        )

    def _reason(self, process: Process, action: Action, now: datetime, organisation: Organisation) -> str:
        if action.reason != "required":
            return ""
        return self.dice.choice(self.habits.of(process.key).reasons or ("请补充说明后再提交。",))

    def _parts(self, process: Process, action: Action) -> tuple[str, ...]:
        if not action.choose_parts:
            return ()
        return (self.dice.choice(process.states[action.ways[0].to].tasks).part,)

    def _actor(self, task: _Open, organisation: Organisation, today: date) -> PersonId | None:
        """Who does it: the holder, or their deputy while they are away; somebody of the group it is offered to."""
        if task.holder is not None:
            return organisation.deputy_of(task.holder, today) or task.holder
        members = {p for key in (task.queue or "").split("|") for p in _members(key, organisation)}
        return self._one_of([p for p in sorted(members, key=str) if p.hex not in task.excluded])

    def _one_of(self, people: Sequence[PersonId]) -> PersonId | None:
        return self.dice.choice(people) if people else None

    def _history(self, session: Session, case: uuid.UUID) -> tuple[int, int]:
        """How often the case was sent back, and how many actions left it where it was."""
        rows = session.execute(
            select(Event.action, Event.from_state, Event.to_state).where(Event.case_id == case)
        ).all()
        back = sum(1 for action, _, _ in rows if action in ("send_back", "reject"))
        stayed = sum(1 for action, before, after in rows if action and (after is None or before == after))
        return back, stayed


def _open_tasks() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Task.id, Task.case_id, Case.definition_id, Task.state, Task.part, Task.holder_id, Task.queue, Task.excluded,
            Task.opened_at, Task.due_at,
        )
        .join(Case, Case.id == Task.case_id)
        .where(Task.status == TaskStatus.OPEN)
    )  # fmt: skip


def _asked(process: Process, state: State, part: str, action: Action) -> list[Field]:
    """The fields somebody is asked for: the part's own and the action's (columns of the table it appends to)."""
    task = next(t for t in state.tasks if t.part == part)
    columns = process.fields[action.append].columns if action.append else ()
    own = {c.name: c for c in columns} | dict(process.fields)
    names = () if action.stay or action.kind in ("send_back", "reject") else task.edit
    return [own[name] for name in (*names, *action.form) if own[name].formula is None]


def _candidates(people: People, organisation: Organisation) -> list[PersonId]:
    return sorted({p for w in people.words for p in _members(f"{w.kind}:{w.arg}" if w.arg else w.kind, organisation)})


def _members(key: str, organisation: Organisation) -> Sequence[PersonId]:
    """Who belongs to one queue key."""
    kind, _, arg = key.partition(":")
    match kind:
        case "position":
            return organisation.holders_of(arg)
        case "unit":
            return organisation.members_of(arg)
        case "lead_of":
            lead = organisation.lead_of(arg)
            return (lead,) if lead else ()
        case "person":
            return (uuid.UUID(arg),)
        case "auditors":
            return organisation.auditors()
        case "administrators":
            return organisation.administrators()
        case _:
            return tuple(m.id for m in organisation.people.values() if m.active)


def _person_of(people: People, case: Case) -> PersonId | None:
    kinds = {word.kind for word in people.words}
    return case.subject_id if "subject" in kinds else case.starter_id
