"""Where a case is likely to go: the steps after a button, and the line of steps ahead."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from workflows.definition.machine import condition_holds, parts_on_entry
from workflows.definition.model import Condition, State, Task, Way
from workflows.definition.moments import MomentContext
from workflows.definition.moments import resolve as moment_at
from workflows.engine.forms import GOING_BACK
from workflows.engine.people import resolve, resolve_all
from workflows.engine.running import Running
from workflows.engine.views.pages import NextStep
from workflows.expression import ExpressionError


def next_steps(run: Running, ways: Iterable[Way], returning: bool = False) -> tuple[NextStep, ...]:
    """What follows these ways: the one whose condition holds, or all where nobody can say yet.

    `returning`: it is sent back, to whoever did it before.
    """
    certain, likely = _likely(run, tuple(ways))
    return tuple(
        step for way in likely for step in _steps(run, run.published.machine.state(way.to), certain, returning)
    )


def _likely(run: Running, ways: tuple[Way, ...]) -> tuple[bool, tuple[Way, ...]]:
    if len(ways) <= 1:
        return True, ways
    if any(_reads(way.condition) & _said_here(run) for way in ways):
        return False, ways  # the form at hand decides it, and it is not handed in yet
    try:
        first = next((way for way in ways if condition_holds(way.condition, run.snapshot())), None)
    except ExpressionError:
        return False, ways  # a condition rests on what the form is about to say
    return first is not None, (first,) if first is not None else ways


def _reads(condition: Condition | None) -> frozenset[str]:
    return condition.expression.names if condition is not None and condition.expression is not None else frozenset()


def _said_here(run: Running) -> frozenset[str]:
    """The fields that a form of this state gives their value, directly, by its source or by a formula."""
    process = run.process
    said = {name for task in run.state.tasks for name in task.edit}
    if any(task.fill is not None for task in run.state.tasks):
        said |= process.filled()
    formulas = {name: field.formula.names for name, field in process.fields.items() if field.formula is not None}
    while more := {name for name, names in formulas.items() if name not in said and names & said}:
        said |= more
    return frozenset(said)


def _steps(run: Running, state: State, certain: bool, returning: bool) -> Iterator[NextStep]:
    tasks = _tasks(run, state)
    if not tasks:
        yield NextStep(state.key, state.title, (), None, state.end is not None, certain)
    for task in tasks:
        yield NextStep(
            state.key,
            task.title or state.title,
            names(run, task, state.key if returning else None),
            _due(run, task),
            False,
            certain,
        )


def _tasks(run: Running, state: State) -> tuple[Task, ...]:
    try:
        return parts_on_entry(state, run.values())
    except ExpressionError:
        return state.tasks


def names(run: Running, task: Task, back_to: str | None = None) -> tuple[str, ...]:
    """Who would get the task. `back_to`: the state it is sent back to, where whoever did it before has it again."""
    situation = run.situation()
    excluded = resolve_all(task.exclude, situation)
    people = [person for person in resolve(task.who or task.each, situation) if person not in excluded]
    before = _did_before(run, back_to, task.part) if back_to is not None and not task.each else None
    if before is not None and before in people:
        people = [before]
    return tuple(run.scene.organisation.name_of(person) for person in people)


def _did_before(run: Running, state: str, part: str) -> uuid.UUID | None:
    done = [task for task in run.tasks if task.state == state and task.part == part and task.done]
    return max(done, key=lambda task: task.visit).completed_by if done else None


def _due(run: Running, task: Task) -> datetime | None:
    if task.due is None:
        return None
    visits = {state: datetime.fromisoformat(at) for state, at in run.row.entries.items()}
    return moment_at(
        task.due, MomentContext(run.now, visits, None, run.values(), run.parameters()), run.scene.calendar, "due"
    )


def likely_way(run: Running, state: State) -> Iterator[State]:
    """The states after this one if all goes well, each once, to an end."""
    seen = {state.key}
    at: State | None = state
    while at is not None:
        at = _forward(run, at)
        if at is None or at.key in seen:
            return
        seen.add(at.key)
        yield at


def _forward(run: Running, state: State) -> State | None:
    """The next state on the likely way: a good action, else what spawns lead to, else a signal, else the first timer."""
    good = [action.ways for action in state.actions.values() if action.ways and action.kind not in GOING_BACK]
    spawned = [spawn.ways for spawn in state.spawns if spawn.ways]
    others = [*(reaction.ways for reaction in state.signals), *(after.ways for after in state.after)]
    for ways in (*good, *spawned, *others):
        _, likely = _likely(run, ways)
        target = likely[-1] if likely else None
        if target is not None:
            return run.published.machine.state(target.to)
    return None
