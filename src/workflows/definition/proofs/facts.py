"""What is certain when a case stands in a state: which fields are set, which states it has been in.

A *must* analysis: a fact holds in a state when it holds on every way there. It starts from "everything" and takes away until
nothing changes, so a circle does not lose what was certain before it. `possible` is the *may* side: on some way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from workflows.definition.model import START, Action, FigureStart, Process, Spawn, State, Task
from workflows.definition.periods import PERIOD_WORDS
from workflows.definition.proofs.family import Family, Spawning
from workflows.definition.proofs.graph import Edge, graph_of
from workflows.expression import Expression
from workflows.expression.reads import needed, set_if_true, zero_divisors

Facts = frozenset[str]
"""Names of fields that are set, and `@state` for states that were entered."""

_MAY_BE_EMPTY = ("choices", "people", "table")
"""Types whose values are unset where there is nothing to say: a source that fills them does not make them set."""

GOING_BACK = ("send_back", "reject")
"""Kinds of actions for which a task's own form need not be complete."""


@dataclass(frozen=True)
class Certain:
    """The facts of a process. `initial`: at the start; `inside`: in a state, once it is entered; `possible`: ever there."""

    initial: Facts
    inside: Mapping[str, Facts]
    possible: Mapping[str, Facts]


@lru_cache(maxsize=64)
def family_facts(family: Family) -> Mapping[str, Certain]:
    """Facts of all processes of a family, by key.

    What a child surely has depends on what its parents surely have, and a process may start itself: all begin with "all
    that is said is given", and what proves unsure is taken away until nothing changes.
    """
    given = {spawning: frozenset(spawning.spawn.assign) for spawning in family.spawnings}
    while True:
        facts = {process.key: _certain(process, family, given) for process in family}
        surer = {spawning: _given(spawning, facts[spawning.parent.key]) & given[spawning] for spawning in given}
        if surer == given:
            return facts
        given = surer


def certain(process: Process, family: Family) -> Certain:
    """Facts of every state of a process that can be reached."""
    return family_facts(family)[process.key]


def _certain(process: Process, family: Family, given: Mapping[Spawning, Facts]) -> Certain:
    graph = graph_of(process)
    initial = with_formulas(process, _initial(process, family, given))
    everything = frozenset(process.fields) | {f"@{key}" for key in process.states}
    inside: dict[str, Facts] = dict.fromkeys(graph.reached(), everything) | {START: initial}
    changed = True
    while changed:
        changed = False
        for edge in (edge for key in inside for edge in graph.edges.get(key, ())):
            arriving = entering(process, edge, after_step(process, edge, inside[edge.source]))
            kept = inside[edge.target] & arriving
            if kept != inside[edge.target]:
                inside[edge.target], changed = kept, True
    return Certain(initial, inside, _possible(process, family))


def _initial(process: Process, family: Family, given: Mapping[Spawning, Facts]) -> Facts:
    """What is set when a case begins, however it is started."""
    filled = {name: field for name, field in process.fields.items() if field.default is not None}
    # Nobody starts what the clock or another case starts, as far as can be seen from here.
    defaults = frozenset(
        name
        for name, field in filled.items()
        if not field.by_starter and (not field.by_clock or name in process.start.form)
    )
    ways: list[Facts] = []
    if "person" in process.start.kinds:
        ways.append(_filled(process, process.start.form, defaults))  # the form may empty what was filled in beforehand
    ways += [defaults | frozenset(schedule.assign) for schedule in process.schedules]
    if "spawn" in process.start.kinds:
        spawnings = family.started_by(process)
        unseen = not spawnings and not family.complete
        ways += [_asked_of_outside(process)] if unseen else [defaults | given[spawning] for spawning in spawnings]
    ways += [defaults | given_by_figures(start) for start in process.start.figures]
    return frozenset.intersection(*ways) if ways else defaults


def surely_given(spawning: Spawning, family: Family) -> Facts:
    """The fields that a spawn surely gives its child."""
    return _given(spawning, family_facts(family)[spawning.parent.key])


def _given(spawning: Spawning, facts: Certain) -> Facts:
    """Those whose expression reads nothing that may be unset."""
    parent = spawning.parent
    known = facts.inside.get(spawning.state.key, frozenset()) | {"starter", *parent.parameters}
    known |= each_surely(parent, spawning.spawn)
    return frozenset(
        name for name, value in spawning.spawn.assign.items() if needed(value) <= known and not zero_divisors(value)
    )


def each_surely(process: Process, spawn: Spawn) -> Facts:
    """What is surely known of each person or row of a spawn: of a row the required columns."""
    if spawn.rows is None:
        return frozenset({"each"})
    return frozenset(f"each.{column.name}" for column in process.fields[spawn.rows].columns if column.required)


def given_by_figures(start: FigureStart) -> Facts:
    """The fields that a start by figures surely gives: it waits until every figure that it reads is there."""
    return frozenset(
        name
        for name, value in start.assign.items()
        if value in PERIOD_WORDS
        or not (zero_divisors(Expression(value)) or "unit" in needed(Expression(value)))  # a person's has no unit
    )


def _asked_of_outside(process: Process) -> Facts:
    """A starter that cannot be seen from here is trusted with what only it can give."""
    asked = {name for state in process.states.values() for task in state.tasks for name in task.edit}
    asked |= {name for edge in graph_of(process).all() if edge.action for name in edge.action.form}
    asked |= filled_somewhere(process)
    outside = {name for name, field in process.fields.items() if field.required and name not in asked}
    return frozenset(outside | set(process.key_fields) | name_fields(process))


def name_fields(process: Process) -> set[str]:
    """The fields that a case's name is made of."""
    return {piece[1:-1] for piece in process.name if piece.startswith("{") and piece[1:-1] in process.fields}


def after_step(process: Process, edge: Edge, before: Facts) -> Facts:
    """The facts once the step is taken: what its forms set, what they may have cleared, what it assigns."""
    facts = before
    if edge.kind == "start":
        return facts
    state = process.states[edge.source]
    if (action := edge.action) is not None:
        if edge.kind == "action":
            facts = _after_forms(process, state, action, facts)
        facts = _filled(process, action.form, facts) if action.append is None else facts
        facts |= set(action.require)
        if action.append is not None:
            facts |= {action.append}
    guard = edge.way.condition.expression if edge.way is not None and edge.way.condition is not None else None
    if guard is not None:
        facts |= set_if_true(guard)  # `{to: improving, when: is_set(plan)}`: who goes this way has a plan
    return assigned(process, edge.effects.assign, facts)


def entering(process: Process, edge: Edge, facts: Facts) -> Facts:
    """The facts once the step's target is entered."""
    if edge.target == START:  # the starter has the form again, and hands it in before anything else
        facts = _filled(process, process.start.form, facts)
    if edge.target in process.states:
        facts = assigned(process, process.states[edge.target].enter.assign, facts) | {f"@{edge.target}"}
    return with_formulas(process, facts)


def assigned(process: Process, assign: Mapping[str, Expression], facts: Facts) -> Facts:
    """`set:`: a field is set where its expression has a value, and cleared where it may have none."""
    known = facts | {"starter", *process.parameters}
    for name, value in assign.items():
        facts = facts | {name} if needed(value) <= known and not zero_divisors(value) else facts - {name}
    return facts


def _after_forms(process: Process, state: State, action: Action, facts: Facts) -> Facts:
    """The tasks' own forms: a required field is set, another one may have been emptied."""
    if action.kind in GOING_BACK:
        return facts - {name for task in state.tasks for name in task.edit}
    edited = {name for task in state.tasks for name in _own_fields(process, task)}
    surely = {name for name in edited if _done_for_sure(process, state, action, name)}
    if _enough(state, action, [task for task in state.tasks if task.fill]):
        surely |= {name for name in process.filled() if process.fields[name].type not in _MAY_BE_EMPTY}
    optional = {name for name in edited if not process.fields[name].required}
    return with_formulas(process, (facts - optional) | surely)


def _own_fields(process: Process, task: Task) -> Iterable[str]:
    """Fields of the case in the task's form; with `into` its columns are none of them."""
    columns = {column.name for column in process.fields[task.into].columns} if task.into else set()
    return (name for name in task.edit if name in process.fields and name not in columns)


def _done_for_sure(process: Process, state: State, action: Action, name: str) -> bool:
    """Whether enough parts are completed before this action leads on for the field to be filled in by one of them."""
    return process.fields[name].required and _enough(state, action, [t for t in state.tasks if name in t.edit])


def _enough(state: State, action: Action, tasks: Iterable[Task]) -> bool:
    """Whether one of these tasks is surely completed before the action leads on."""
    filling = [task for task in tasks if task.condition is None and not _skipped(task, action)]
    join = action.join
    if join is None or join.kind == "any":
        return len(filling) == len(state.tasks)
    if join.kind == "all":
        return bool(filling)
    enough = join.number if join.kind == "count" else -(-len(state.tasks) * join.number // 100)
    return len(state.tasks) - len(filling) < enough


def _skipped(task: Task, action: Action) -> bool:
    """Whether the engine may take the action in a special situation: nobody has filled anything in then."""
    rules = (task.if_nobody, task.if_starter, task.if_same, task.if_left)
    return any(rule is not None and rule.skip == action.name for rule in rules)


def filled_in(process: Process, state: State) -> Facts:
    """What a source fills in for tasks of this state."""
    return process.filled() if any(task.fill for task in state.tasks) else frozenset()


def filled_somewhere(process: Process) -> Facts:
    """What a source fills in, at the start or in a state."""
    filling = process.start.fill or any(filled_in(process, state) for state in process.states.values())
    return process.filled() if filling else frozenset()


def _filled(process: Process, form: Iterable[str], facts: Facts) -> Facts:
    for name in form:
        facts = facts | {name} if process.fields[name].required else facts - {name}
    return facts


def with_formulas(process: Process, facts: Facts) -> Facts:
    """Computed fields have a value when what they read has one and nothing is divided by zero."""
    known = facts | {"starter", *process.parameters}
    safe = nonzero(process)
    grew = True
    while grew:
        fresh = {
            name
            for name, field in process.fields.items()
            if name not in known
            and field.formula is not None
            and needed(field.formula) <= known
            and not zero_divisors(field.formula, safe)
        }
        known, grew = known | fresh, bool(fresh)
    computed = {name for name, field in process.fields.items() if field.formula is not None}
    return (facts - computed) | (known & computed)


def nonzero(process: Process) -> frozenset[str]:
    """Numbers that cannot be zero: parameters, and fields whose least value is above it."""
    fields = {
        name
        for name, field in process.fields.items()
        if field.min is not None and not field.columns and _positive(field.min)
    }
    return frozenset(fields | set(process.parameters))


def _positive(text: str) -> bool:
    return not text.startswith("-") and any(sign in "123456789" for sign in text)


def _possible(process: Process, family: Family) -> Mapping[str, Facts]:
    """The fields that may be set in a state on some way there."""
    graph = graph_of(process)
    first = {name for name, field in process.fields.items() if field.default is not None or field.formula is not None}
    first |= {*process.start.form, *(process.filled() if process.start.fill else ())}
    first |= {name for schedule in process.schedules for name in schedule.assign}
    first |= {name for start in process.start.figures for name in start.assign}
    first |= {name for spawning in family.started_by(process) for name in spawning.spawn.assign}
    first |= {
        name for child in family.children(process) for state in child.states.values() for name in state.enter.returns
    }
    first |= {name for name in process.fields if not family.complete and "spawn" in process.start.kinds}
    first |= {name for anytime in process.anytime.values() for name in (*anytime.action.form, *_append(anytime.action))}
    possible = {key: frozenset(first) | _set_while_staying(process, key) for key in graph.reached()}
    changed = True
    while changed:
        changed = False
        for edge in (edge for key in possible for edge in graph.edges.get(key, ())):
            more = possible[edge.target] | possible[edge.source] | _may_set(process, edge)
            if more != possible[edge.target]:
                possible[edge.target], changed = more, True
    return possible


def _set_while_staying(process: Process, key: str) -> Facts:
    """What actions that do not leave the state fill in there."""
    if key not in process.states:
        return frozenset()
    state = process.states[key]
    staying = [action for action in state.actions.values() if action.stay]
    names = {name for action in staying for name in (*action.form, *_append(action), *action.effects.assign)}
    return frozenset(names | filled_in(process, state))  # filled in as soon as it is shown


def _may_set(process: Process, edge: Edge) -> Facts:
    names = set(edge.effects.assign)
    if edge.target in process.states:
        names |= set(process.states[edge.target].enter.assign)
    if edge.source in process.states:
        state = process.states[edge.source]
        names |= {name for task in state.tasks for name in (*task.edit, *((task.into,) if task.into else ()))}
        names |= filled_in(process, state)
        for action in state.actions.values():
            names |= {*action.form, *_append(action), *action.require}
    return frozenset(names)


def _append(action: Action) -> tuple[str, ...]:
    return (action.append,) if action.append else ()
