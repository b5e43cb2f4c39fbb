"""Somebody of a rehearsal does what was planned: through the engine, like anybody else."""

from __future__ import annotations

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
from workflows.definition.model import Task as Rule
from workflows.engine.engine import Engine
from workflows.engine.forms import fields_of
from workflows.engine.people import Situation, of_queue, resolve
from workflows.engine.requests import StartRequest, Submission
from workflows.engine.scene import FillRequest
from workflows.engine.tables import Case, Event, Task, TaskStatus
from workflows.errors import Conflict, InvalidInput, NotAllowed, WrongState
from workflows.org.calendar import Calendar
from workflows.org.organisation import Organisation
from workflows.rehearsal.content import Writer, shown_card
from workflows.rehearsal.habits import Habits, choose_action, in_working_time
from workflows.scoring.model import Scorecard

PersonId = uuid.UUID
_Send = Callable[[Session, Mapping[str, object]], object]
_TRIES = 6
"""How often a form that was refused is filled anew before the rehearsal stops and says what is wrong."""
_WAITS = 60
"""How often somebody comes back to a form that waits for what others owe, before the rehearsal stops and says what."""
_LATE_FIGURES = 3
"""Until this working day of a month figures of the month before may still come; nobody waives a line before."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Somebody means to do something: a task, an anytime action of a case, or the start of a process."""

    task: uuid.UUID | None = None
    case: uuid.UUID | None = None
    action: str | None = None
    process: str | None = None


@dataclass(frozen=True, slots=True)
class OpenTask:
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
class Worker:
    """Everybody's hands. `cards`: scorecards by position; `persistent`: people who dispute their first result, and are right;
    `unscored`: of whom and for which month nobody scores.

    `done` counts actions by (process, action); `late_comers` those who found it already done.
    """

    database: Database
    engine: Engine
    habits: Habits
    dice: random.Random
    cards: Mapping[str, Scorecard] = field(default_factory=dict)
    persistent: frozenset[PersonId] = frozenset()
    unscored: frozenset[tuple[PersonId | None, str]] = frozenset()
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    late_comers: int = 0
    waits: Counter[uuid.UUID] = field(default_factory=Counter)

    def carry_out(self, plan: Plan, now: datetime) -> datetime | None:
        """Do what was planned for `now`; when to try again, where it could not be done or is to be done once more."""
        if plan.process is not None:
            self._start(plan.process, now)
        elif plan.task is not None:
            return self._do_task(plan.task, now)
        elif plan.case is not None and plan.action is not None:
            self._do_anytime(plan.case, plan.action, now)
        return None

    def _start(self, key: str, now: datetime) -> None:
        with self.database.read() as session:
            process = self.engine.processes(session)[key]
            organisation = self.engine.organisation(session)
        actor = self._one_of(sorted(resolve(process.start.by, Situation(organisation))))
        if actor is None:
            return
        fields = [process.fields[name] for name in process.start.form]
        self._submit(process, actor, fields, {}, now, lambda session, values: self.engine.start(
            session, StartRequest(new_id(), actor, key, values), now
        ))  # fmt: skip
        self.done[key, "start"] += 1

    def _do_task(self, task_id: uuid.UUID, now: datetime) -> datetime | None:
        with self.database.read() as session:
            row = session.execute(open_tasks().where(Task.id == task_id)).one_or_none()
            if row is None:
                self.late_comers += 1
                return None
            task = OpenTask(*row)
            case = session.get_one(Case, task.case)
            process = self.engine.definition(session, task.definition)
            organisation = self.engine.organisation(session)
            calendar = self.engine.calendar(session)
            back, stayed = self._history(session, task.case)
        today = calendar.day_of(now)
        actor = self._actor(task, organisation, today)
        if actor is None or organisation.absence_of(actor, today) is not None:
            return in_working_time(now + timedelta(hours=20), calendar, self.dice)
        state = start_state(process) if task.state == START else process.states[task.state]
        if _rule(state, task.part).fill is not None and (case.subject_id, case.data.get("period")) in self.unscored:
            return None
        action = choose_action(state.actions, self.habits.of(process.key), back, stayed, self.dice)
        fields = _asked(process, state, task.part, action)
        parts = self._parts(process, action)
        known = self._as_shown(case, process, state, task.part, now)
        later = in_working_time(now + timedelta(hours=20), calendar, self.dice)
        if any(self._waits_for_figures(one, known) for one in fields) and _may_still_come(calendar, today):
            return later
        try:
            taken = self._submit(process, actor, fields, known, now, lambda session, values: self.engine.fire(
                session,
                Submission(new_id(), actor, action.name, task=task_id, values=values,
                           reason=self._reason(process, action), parts=parts),
                now,
            ), sure=case.subject_id in self.persistent)  # fmt: skip
        except InvalidInput:
            # What a source fills in may wait for what others owe: a month that is not published, an appeal that is not decided.
            self.waits[task_id] += 1
            if _rule(state, task.part).fill is None or self.waits[task_id] > _WAITS:
                raise
            return later
        self.done[process.key, action.name] += taken
        # A deputy who may not see the case leaves it to whom it belongs; an action that stays leaves the task open.
        return in_working_time(now + timedelta(hours=30), calendar, self.dice) if action.stay or not taken else None

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
        fields = _typed(process, None, anytime.action)
        self._submit(process, actor, fields, case.data, now, lambda session, values: self.engine.fire(
            session,
            Submission(new_id(), actor, name, case=case_id, values=values,
                       reason=self._reason(process, anytime.action)),
            now,
        ))  # fmt: skip
        self.done[process.key, name] += 1

    def _as_shown(self, case: Case, process: Process, state: State, part: str, now: datetime) -> Mapping[str, object]:
        """The case's data as the form shows them: with what a source fills in now."""
        fill = _rule(state, part).fill
        if fill is None:
            return case.data
        with self.database.read() as session:
            source = self.engine.scene(session, now).source(fill)
            request = FillRequest(
                case.id, process.key, case.state, case.subject_id, case.data, now, None, process.fields
            )
            return {**case.data, **source(session, request)}

    def _waits_for_figures(self, wanted: Field, known: Mapping[str, object]) -> bool:
        """Whether a judgement is asked of a card that still lacks something."""
        if wanted.type != "lines" or "score" not in wanted.give or "verdict" in wanted.give:
            return False
        shown = shown_card(wanted, known, self.cards)
        return shown is not None and shown.lacking

    def _submit(
        self,
        process: Process,
        actor: PersonId,
        fields: Sequence[Field],
        known: Mapping[str, object],
        now: datetime,
        send: _Send,
        *,
        sure: bool = False,
    ) -> bool:
        """Fill the form and hand it in; a refused form is filled anew. False: somebody was faster, or they may not."""
        problem = InvalidInput()
        for _ in range(_TRIES):
            try:
                with self.database.write() as session:
                    writer = self._writer(session, process, actor, known, now)
                    writer.cards, writer.sure = self.cards, sure
                    send(session, writer.fill(fields))
                    return True
            except InvalidInput as refused:
                problem = refused
            except (Conflict, WrongState, NotAllowed):
                self.late_comers += 1
                return False
        raise _explained(process, problem)

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

    def _reason(self, process: Process, action: Action) -> str:
        if action.reason != "required":
            return ""
        return self.dice.choice(self.habits.of(process.key).reasons or ("请补充说明后再提交。",))

    def _parts(self, process: Process, action: Action) -> tuple[str, ...]:
        if not action.choose_parts:
            return ()
        return (self.dice.choice(process.states[action.ways[0].to].tasks).part,)

    def _actor(self, task: OpenTask, organisation: Organisation, today: date) -> PersonId | None:
        """Who does it: the holder, or their deputy while they are away; somebody of the group it is offered to."""
        if task.holder is not None:
            return organisation.deputy_of(task.holder, today) or task.holder
        offered = of_queue(task.queue or "", Situation(organisation))
        return self._one_of([p for p in sorted(offered) if p.hex not in task.excluded])

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


def open_tasks() -> Select[*tuple[Any, ...]]:
    """All open tasks, with the columns of `OpenTask`."""
    return (
        select(
            Task.id, Task.case_id, Case.definition_id, Task.state, Task.part, Task.holder_id, Task.queue, Task.excluded,
            Task.opened_at, Task.due_at,
        )
        .join(Case, Case.id == Task.case_id)
        .where(Task.status == TaskStatus.OPEN)
    )  # fmt: skip


def _asked(process: Process, state: State, part: str, action: Action) -> list[Field]:
    """The fields somebody is asked for: the part's own and the action's (columns where they make a row of a table)."""
    lenient = action.stay or action.kind in ("send_back", "reject")
    return _typed(process, None if lenient else _rule(state, part), action)


def _typed(process: Process, task: Rule | None, action: Action) -> list[Field]:
    """Those of the fields asked for that a person types."""
    return [one for one in fields_of(process, task, action).values() if one.formula is None and not one.filled]


def _explained(process: Process, problem: InvalidInput) -> InvalidInput:
    """The refusal with what was wrong with which field: nobody sees the form of a rehearsal."""
    said = "; ".join(f"{name}: {sentence.en}" for name, found in problem.fields.items() for sentence in found)
    return InvalidInput(f"{process.key}：{said}", f"{process.key}: {said}", fields=problem.fields)


def _rule(state: State, part: str) -> Rule:
    return next(task for task in state.tasks if task.part == part)


def _may_still_come(calendar: Calendar, today: date) -> bool:
    """Whether figures of the month before are still coming in."""
    return today <= calendar.workday(_LATE_FIGURES, today)


def _person_of(people: People, case: Case) -> PersonId | None:
    kinds = {word.kind for word in people.words}
    return case.subject_id if "subject" in kinds else case.starter_id
