"""Somebody of a rehearsal does what was planned: through the engine, like anybody else."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from workflows.db import Database, new_id
from workflows.definition.machine import start_state
from workflows.definition.model import START, Action, Field, People, Process, State
from workflows.definition.model import Task as Rule
from workflows.definition.values.typed import typed
from workflows.engine.engine import Engine
from workflows.engine.forms import fields_of, wanted_parts
from workflows.engine.people import Situation, resolve
from workflows.engine.requests import StartRequest, Submission
from workflows.engine.running import load_situation
from workflows.engine.scene import FillRequest, Scene
from workflows.errors import Conflict, InvalidInput, NotAllowed, NotFound, WrongState
from workflows.org.calendar import Calendar
from workflows.rehearsal.asking import OpenTask, open_task, standing, times_back_and_stayed
from workflows.rehearsal.content import Writer, shown_card
from workflows.rehearsal.crowd import Crowd
from workflows.rehearsal.diary import Diaries, minutes_for
from workflows.rehearsal.habits import Habits, choose_action, in_working_time
from workflows.scoring.model import Scorecard

PersonId = uuid.UUID
_Send = Callable[[Session, Mapping[str, object]], object]
_TRIES = 6
"""How often a form that was refused is filled anew before the rehearsal stops and says what is wrong."""
_WHOLE = 3
"""After so many refusals nothing is left out of a form any more."""
_WAITS = 60
"""How often somebody comes back to a form that waits for what others owe, before the rehearsal stops and says what."""
_LATE_FIGURES = 3
"""Until this working day of a month figures of the month before may still come; nobody waives a line before."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Somebody means to do something: a task, an anytime action of a case, or the start of a process.

    `who`, `begun`: somebody has the task in hand already and is done with it at the planned time.
    """

    task: uuid.UUID | None = None
    case: uuid.UUID | None = None
    action: str | None = None
    process: str | None = None
    who: PersonId | None = None
    begun: datetime | None = None


Later = tuple[datetime, Plan]
"""What is to be done then."""


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody fills in. `known`: the case's data as the form shows them; `case` None: it begins one; `sure`: their claims
    turn out right; `task`: it belongs to a task; `agrees`: several people sign the same."""

    scene: Scene
    process: Process
    actor: PersonId
    fields: Sequence[Field]
    known: Mapping[str, object]
    case: uuid.UUID | None
    sure: bool = False
    task: bool = False
    agrees: bool = False


@dataclass(slots=True)
class Worker:
    """Everybody's hands. `cards`: scorecards by position; `persistent`: people who dispute their first result, and are right;
    `unscored`: of whom and for which month nobody scores.

    `done` counts actions by (process, action); `late_comers` those who found it already done, `refused` forms that were filled
    in wrongly at first.
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
    refused: int = 0
    unfilled: Counter[str] = field(default_factory=Counter)
    """Forms that nobody could fill in so that they were taken, and why."""
    waits: Counter[uuid.UUID] = field(default_factory=Counter)
    crowd: Crowd = field(default_factory=Crowd)
    diaries: Diaries = field(default_factory=Diaries)

    def carry_out(self, plan: Plan, scene: Scene) -> Later | None:
        """Do what was planned for the moment of `scene`; when to try again, where it could not be done or is to be done once more."""
        if plan.process is not None:
            self._start(plan.process, scene)
        elif plan.task is not None:
            return self._do_task(plan, plan.task, scene)
        elif plan.case is not None and plan.action is not None:
            self._do_anytime(plan.case, plan.action, scene)
        return None

    def _start(self, key: str, scene: Scene) -> None:
        process = scene.newest[key].process
        actor = self.crowd.somebody(self.crowd.starters(scene, process), "", self.dice, self.diaries, scene)
        if actor is None:
            return
        fields = [process.fields[name] for name in process.start.form]
        form = Form(scene, process, actor, fields, {}, None)
        self.done[key, "start"] += self._submit(form, lambda session, values: self.engine.start(
            session, StartRequest(new_id(), actor, key, values), scene.now
        ))  # fmt: skip

    def _do_task(self, plan: Plan, task_id: uuid.UUID, scene: Scene) -> Later | None:
        now = scene.now
        with self.database.read() as session:
            task = open_task(session, task_id)
            if task is None:
                self.late_comers += 1
                return None
            process = scene.store.get(session, task.definition).process
            state = start_state(process) if task.state == START else process.states[task.state]
            history = times_back_and_stayed(session, task.case) if _may_go_back(state) else (0, 0)
        later = in_working_time(now + timedelta(hours=20), scene.calendar, self.dice), Plan(task=task_id)
        actor = plan.who or self._actor(task, scene)
        if actor is None or not _is_there(actor, scene):
            return later
        rule = _rule(state, task.part)
        if rule.fill is not None and (task.subject, task.data.get("period")) in self.unscored:
            return None
        clocked = bool(state.after)
        possible = {name: one for name, one in state.actions.items() if _may_be_taken(process, rule, one, task)}
        action = choose_action(
            possible or state.actions, self.habits.of(process.key), *history, self.dice, clocked=clocked
        )
        if action is None:
            return later
        fields = _asked(process, rule, action)
        begun, done = self._turn(plan, actor, task, process, fields, scene)
        if done > now:
            return done, replace(plan, who=actor, begun=begun)
        known = self._as_shown(task, process, rule, scene)
        if any(self._waits_for_figures(one, known) for one in fields) and _may_still_come(scene.calendar, scene.today):
            return later
        sure, agrees = task.subject in self.persistent, action.people > 1
        form = Form(scene, process, actor, fields, known, task.case, sure, task=True, agrees=agrees)
        return self._hand_in(form, task, rule, action, max(begun, task.opened_at))

    def _turn(
        self, plan: Plan, actor: PersonId, task: OpenTask, process: Process, fields: Sequence[Field], scene: Scene
    ) -> tuple[datetime, datetime]:
        """When they turn to it and when they are done: as planned, where it was planned already."""
        if plan.begun is not None:
            return plan.begun, scene.now
        takes = minutes_for(fields, self.dice, self.habits.of(process.key).minutes.get(task.state))
        return self.diaries.begin(actor, scene.now, takes, scene.calendar, self.dice)

    def _hand_in(self, form: Form, task: OpenTask, rule: Rule, action: Action, opened: datetime) -> Later | None:
        """Hand the form of a task in; when to come back to it, where it stays open."""
        process, scene, now = form.process, form.scene, form.scene.now
        parts = self._parts(process, action, task.data)

        def send(session: Session, values: Mapping[str, object]) -> None:
            self.engine.mark_opened(session, form.actor, task.id, opened)
            reason = self._reason(process, action)
            done = Submission(
                new_id(), form.actor, action.name, task=task.id, values=values, reason=reason, parts=parts
            )
            self.engine.fire(session, done, now)

        again = in_working_time(now + timedelta(hours=30), scene.calendar, self.dice), Plan(task=task.id)
        try:
            taken = self._submit(form, send)
        except InvalidInput as problem:
            # What a source fills in may wait for what others owe: a month that is not published, an appeal that is not decided.
            self.waits[task.id] += 1
            if rule.fill is None or self.waits[task.id] == _WAITS:
                self.unfilled[f"{process.key}/{task.state}: {_said(problem)}"] += 1
            return again if self.waits[task.id] < _WAITS else None
        self.waits.pop(task.id, None)
        self.done[process.key, action.name] += taken
        # A deputy who may not see the case leaves it to whom it belongs; an action that stays leaves the task open.
        return again if action.stay or not taken else None

    def _do_anytime(self, case_id: uuid.UUID, name: str, scene: Scene) -> None:
        with self.database.read() as session:
            case = standing(session, case_id)
            process = scene.store.get(session, case.definition).process
            anytime = process.anytime[name]
            if case.ended or case.state not in anytime.states:
                return
            may = resolve(anytime.by, load_situation(session, case_id, scene))
        actor = self.crowd.somebody(may, "", self.dice, self.diaries, scene)
        if actor is None:
            return
        fields = _typed(process, None, anytime.action)
        form = Form(scene, process, actor, fields, case.data, case_id)
        reason = self._reason(process, anytime.action)
        self.done[process.key, name] += self._submit(form, lambda session, values: self.engine.fire(
            session, Submission(new_id(), actor, name, case=case_id, values=values, reason=reason), scene.now
        ))  # fmt: skip

    def _as_shown(self, task: OpenTask, process: Process, rule: Rule, scene: Scene) -> Mapping[str, object]:
        """The case's data as the form shows them: with what a source fills in now."""
        if rule.fill is None:
            return task.data
        with self.database.read() as session:
            source = scene.source(rule.fill)
            request = FillRequest(
                task.case, process.key, task.case_state, task.subject, task.data, scene.now, None, process.fields
            )
            return {**task.data, **source(session, request)}

    def _waits_for_figures(self, wanted: Field, known: Mapping[str, object]) -> bool:
        """Whether a judgement is asked of a card that still lacks something."""
        if wanted.type != "lines" or "score" not in wanted.give or "verdict" in wanted.give:
            return False
        shown = shown_card(wanted, known, self.cards)
        return shown is not None and shown.lacking

    def _submit(self, form: Form, send: _Send) -> bool:
        """Fill the form and hand it in; a refused form is filled anew. False: somebody was faster, or they may not.

        Raises `InvalidInput` where it is refused again and again; of a start that is noted.
        """
        problem = InvalidInput()
        for attempt in range(_TRIES):
            try:
                with self.database.write() as session:
                    writer = self._writer(session, form)
                    writer.keeps, writer.whole = attempt == 0, attempt >= _WHOLE
                    send(session, writer.fill(form.fields))
                    return True
            except InvalidInput as refused:
                self.refused += 1
                problem = refused
            except (Conflict, WrongState, NotAllowed, NotFound):
                self.late_comers += 1
                return False
        if form.task:
            raise problem
        self.unfilled[f"{form.process.key}: {_said(problem)}"] += 1
        return False

    def _writer(self, session: Session, form: Form) -> Writer:
        scene, actor = form.scene, form.actor

        def named(people: People) -> Sequence[PersonId]:
            situation = (
                load_situation(session, form.case, scene)
                if form.case is not None
                else Situation(scene.organisation, starter=actor, scorecards=scene.scorecards)
            )
            return sorted(resolve(people, situation))

        return Writer(
            self.habits.of(form.process.key),
            self.dice,
            scene.today,
            self.crowd.everybody(scene),
            lambda name: self.engine.upload(session, actor, f"{name}.txt", "text/plain", name.encode(), scene.now),
            known=form.known,
            cards=self.cards,
            sure=form.sure,
            agrees=form.agrees,
            now=scene.now.astimezone(scene.calendar.zone),
            named=named,
            actor=actor,
            by_login=lambda login: scene.organisation.by_login(login).id,
        )

    def _reason(self, process: Process, action: Action) -> str:
        if action.reason != "required":
            return ""
        return self.dice.choice(self.habits.of(process.key).reasons or ("请补充说明后再提交。",))

    def _parts(self, process: Process, action: Action, data: Mapping[str, object]) -> tuple[str, ...]:
        if not action.choose_parts:
            return ()
        wanted = wanted_parts(process.states[action.ways[0].to], typed(process, data))
        return (self.dice.choice(wanted).part,)

    def _actor(self, task: OpenTask, scene: Scene) -> PersonId | None:
        """Who does it: the holder, or their deputy while they are away; somebody of the group it is offered to."""
        if task.holder is not None:
            return scene.organisation.deputy_of(task.holder, scene.today) or task.holder
        offered = self.crowd.offered(scene, task.queue or "")
        return self.crowd.somebody(offered, task.excluded, self.dice, self.diaries, scene)


def _may_go_back(state: State) -> bool:
    """Whether it matters what has happened to the case: nobody sends one back for ever."""
    return any(action.stay or action.kind in ("send_back", "reject") for action in state.actions.values())


def _is_there(person: PersonId, scene: Scene) -> bool:
    organisation = scene.organisation
    return organisation.person(person).active and organisation.absence_of(person, scene.today) is None


def _asked(process: Process, rule: Rule, action: Action) -> list[Field]:
    """The fields somebody is asked for: the part's own and the action's (columns where they make a row of a table)."""
    lenient = action.stay or action.kind in ("send_back", "reject")
    return _typed(process, None if lenient else rule, action)


def _may_be_taken(process: Process, rule: Rule, action: Action, task: OpenTask) -> bool:
    """Whether what the action requires stands there already or is asked for."""
    asked = {one.name for one in _asked(process, rule, action)}
    return all(task.data.get(name) is not None or name in asked for name in action.require)


def _typed(process: Process, task: Rule | None, action: Action) -> list[Field]:
    """Those of the fields asked for that a person types; what the action requires is required."""
    asked = (one for one in fields_of(process, task, action).values() if one.formula is None and not one.filled)
    return [replace(one, required=True) if one.name in action.require else one for one in asked]


def _said(problem: InvalidInput) -> str:
    """What was wrong with which field: nobody sees the form of a rehearsal."""
    return "; ".join(f"{name}: {sentence.en}" for name, found in problem.fields.items() for sentence in found)


def _rule(state: State, part: str) -> Rule:
    return next(task for task in state.tasks if task.part == part)


def _may_still_come(calendar: Calendar, today: date) -> bool:
    """Whether figures of the month before are still coming in."""
    return today <= calendar.workday(_LATE_FIGURES, today)
