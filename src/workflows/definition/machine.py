"""What a case does next, decided over a snapshot: nothing is read from a database, nothing is written.

One `ProcessMachine` per definition, shared by all threads. Inside is one machine of the `transitions` library: a table of
(trigger, state) → ways, asked with a light object that lives for one question (`model=None`, no automatic triggers, so that
nothing can jump past an approval, and no callbacks, so that nothing can half happen). Joins of parallel parts are decided
before: the table sees one trigger.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from transitions import EventData, Machine
from transitions import State as Place

from workflows.definition.model import START, Action, Condition, Join, People, Process, State, Task, Way, Word
from workflows.errors import Text, WrongState

SUBMIT = "submit"
"""The action of a form that lies with its starter (`to: start`)."""


@dataclass(frozen=True, slots=True)
class PartTask:
    """A task of the present visit of a state, as joins see it: who has done it, with which action."""

    id: uuid.UUID
    part: str
    done: bool
    by: uuid.UUID | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case at one moment.

    `values`: the definition's fields and parameters as expressions read them; `tasks`: those of this visit that are open
    or done; `running`: for processes named by `all_ended`, how many descendants have not ended.
    """

    state: str
    values: Mapping[str, object] = field(default_factory=dict)
    tasks: tuple[PartTask, ...] = ()
    running: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """What happens. `to` None: the case stays where it is.

    `done`: the acting task is completed; `again`: the same part opens anew for somebody else (`people: 2`);
    `next_part`: the part that comes next (`order`); `parts`: the only parts to open in the new state (None: all);
    `stuck`: nobody is left who could bring the join about.
    """

    to: str | None
    way: Way | None = None
    done: bool = False
    again: bool = False
    next_part: str | None = None
    parts: frozenset[str] | None = None
    stuck: bool = False


@dataclass(slots=True)
class _Asked:
    """The light object `transitions` moves: born with the question, gone with the answer."""

    state: str
    snapshot: Snapshot
    way: Way | None = None


def start_state(process: Process) -> State:
    """The pseudo-state of a case whose form lies with its starter: one task, the start form, one action to hand it in."""
    title = Text("发起", "Start")
    submit = Action(SUBMIT, Text("提交", "Submit"), "submit", ways=(Way(process.start.to),))
    task = Task("", who=People((Word("starter"),)), edit=process.start.form, path=("start",))
    return State(START, title, tasks=(task,), actions=MappingProxyType({SUBMIT: submit}), path=("start",))


class ProcessMachine:
    """The transitions of one definition."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.states: Mapping[str, State] = MappingProxyType({START: start_state(process), **process.states})
        self._machine = Machine(
            model=None,
            states=[Place(key) for key in self.states],
            initial=None,
            auto_transitions=False,
            send_event=True,
        )
        for state in self.states.values():
            self._add_state(state)
        self._add_anytime()

    def state(self, key: str) -> State:
        """The state of this key, `start` included."""
        return self.states[key]

    # -- questions --------------------------------------------------------------------------------------------------

    def act(
        self, snapshot: Snapshot, task: uuid.UUID, actor: uuid.UUID | None, name: str, parts: Collection[str] = ()
    ) -> Move:
        """What follows when `actor` takes the action `name` on `task`. Raises `WrongState` where there is no such action."""
        action = self.states[snapshot.state].actions.get(name)
        if action is None:
            raise self._no_way(snapshot.state, name)
        if action.stay:
            return self._ask(f"act:{name}", snapshot)
        before = snapshot.tasks
        snapshot = replace(snapshot, tasks=tuple(_acted(t, task, actor, name) for t in before))
        waiting = _waits(self._without_left_out(action, snapshot), snapshot, task)
        if waiting is not None:
            return waiting
        move = self._ask(f"act:{name}", snapshot)
        return replace(move, done=True, parts=frozenset(parts) if action.choose_parts else None)

    def hand_in(self, snapshot: Snapshot) -> Move:
        """Where the start form leads."""
        return self._ask(f"act:{SUBMIT}", snapshot)

    def anytime(self, snapshot: Snapshot, name: str) -> Move:
        """What follows an anytime action. Raises `WrongState` where it cannot be taken in this state."""
        return self._ask(f"anytime:{name}", snapshot)

    def ring(self, snapshot: Snapshot, index: int) -> Move | None:
        """What follows when the `index`-th timer of the state rings; None when none of its conditions holds (yet)."""
        return self._try(f"after:{index}", snapshot)

    def hear(self, snapshot: Snapshot, signal: str) -> Move | None:
        """What follows a signal; None when the state does not listen to it, or no condition holds."""
        return self._try(f"signal:{signal}", snapshot)

    def gathered(self, snapshot: Snapshot, index: int) -> Move | None:
        """What follows when all cases of the state's `index`-th spawn are ready; None when nothing waits for them."""
        return self._try(f"gathered:{index}", snapshot)

    def awaited(self, state: str) -> frozenset[str]:
        """The processes whose running descendants decide about ways out of this state (`all_ended`)."""
        ways = (way for after in self.states[state].after for way in after.ways)
        actions = (way for action in self.states[state].actions.values() for way in action.ways)
        signals = (way for reaction in self.states[state].signals for way in reaction.ways)
        spawns = (way for spawn in self.states[state].spawns for way in spawn.ways)
        conditions = (way.condition for way in (*ways, *actions, *signals, *spawns))
        return frozenset(c.all_ended for c in conditions if c is not None and c.all_ended)

    def _without_left_out(self, action: Action, snapshot: Snapshot) -> Action:
        """The action with an order of only those parts that are wanted (`if:`)."""
        if action.join is None or not action.join.order:
            return action
        wanted = {task.part for task in self.states[snapshot.state].tasks if applies(task, snapshot.values)}
        return replace(action, join=replace(action.join, order=tuple(p for p in action.join.order if p in wanted)))

    # -- the table --------------------------------------------------------------------------------------------------

    def _add_state(self, state: State) -> None:
        for name, action in state.actions.items():
            self._add(f"act:{name}", state.key, action.ways, stay=action.stay)
        for index, after in enumerate(state.after):
            self._add(f"after:{index}", state.key, after.ways)
        for reaction in state.signals:
            self._add(f"signal:{reaction.signal}", state.key, reaction.ways)
        for index, spawn in enumerate(state.spawns):
            self._add(f"gathered:{index}", state.key, spawn.ways)

    def _add_anytime(self) -> None:
        going_on = [key for key, state in self.process.states.items() if state.end is None]
        for name, anytime in self.process.anytime.items():
            for key in anytime.states or going_on:
                self._add(f"anytime:{name}", key, anytime.action.ways, stay=anytime.action.stay)

    def _add(self, trigger: str, source: str, ways: Iterable[Way], stay: bool = False) -> None:
        if stay:
            self._machine.add_transition(trigger, source, None)
        for way in () if stay else ways:
            self._machine.add_transition(trigger, source, way.to, conditions=[_Guard(way)])

    def _try(self, trigger: str, snapshot: Snapshot) -> Move | None:
        event = self._machine.events.get(trigger)
        if event is None or snapshot.state not in event.transitions:
            return None
        asked = _Asked(snapshot.state, snapshot)
        # `trigger` answers False where every condition failed: a page that said "approved" then would lie.
        if not event.trigger(asked):
            return None
        return Move(asked.state if asked.way else None, asked.way)

    def _ask(self, trigger: str, snapshot: Snapshot) -> Move:
        move = self._try(trigger, snapshot)
        if move is None:
            raise self._no_way(snapshot.state, trigger.partition(":")[2])
        return move

    def _no_way(self, state: str, action: str) -> WrongState:
        title = self.states[state].title
        return WrongState(
            f"这件事现在处于“{title.zh}”，不能执行“{action}”。",
            f"The case stands at “{title.en}”, where “{action}” cannot be done.",
        )


class _Guard:
    """The condition of one way, as `transitions` calls it. Remembers on the light object which way was taken."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.__name__ = f"to {way.to}"

    def __call__(self, event: EventData) -> bool:
        asked: Any = event.model
        holds = condition_holds(self.way.condition, asked.snapshot)
        if holds:
            asked.way = self.way
        return holds


def condition_holds(condition: Condition | None, snapshot: Snapshot) -> bool:
    """Whether a guard lets through; no guard always does."""
    if condition is None:
        return True
    if condition.all_ended is not None and snapshot.running.get(condition.all_ended, 0):
        return False
    return condition.expression is None or condition.expression.holds(snapshot.values)


# -- joins ----------------------------------------------------------------------------------------------------------


def _acted(task: PartTask, acting: uuid.UUID, actor: uuid.UUID | None, action: str) -> PartTask:
    return replace(task, done=True, by=actor, action=action) if task.id == acting else task


def _waits(action: Action, snapshot: Snapshot, acting: uuid.UUID) -> Move | None:
    """The move of an action that has to wait for others; None when enough have acted."""
    mine = next((task for task in snapshot.tasks if task.id == acting), None)
    if action.people > 1 and mine is not None and _different(action, snapshot, mine.part) < action.people:
        return Move(None, done=True, again=True)
    if action.join is None or _enough(action.join, action.name, snapshot.tasks):
        return None
    following = _next_in_order(action.join, snapshot.tasks)
    stuck = following is None and all(task.done for task in snapshot.tasks)
    return Move(None, done=True, next_part=following, stuck=stuck)


def _different(action: Action, snapshot: Snapshot, part: str) -> int:
    return len({task.by for task in snapshot.tasks if task.done and task.action == action.name and task.part == part})


def _enough(join: Join, action: str, tasks: Collection[PartTask]) -> bool:
    agreed = sum(task.done and task.action == action for task in tasks)
    if join.kind == "any" or not tasks:  # nobody was asked: there is nobody to wait for
        return True
    if join.kind == "share":
        return agreed * 100 >= join.number * max(len(tasks), len(join.order))
    if join.kind == "count":
        return agreed >= join.number
    return all(task.done for task in tasks) and _next_in_order(join, tasks) is None


def _next_in_order(join: Join, tasks: Collection[PartTask]) -> str | None:
    """The first part of the order that comes after all parts opened so far, once these are done."""
    opened = {task.part for task in tasks}
    if not join.order or any(not task.done for task in tasks if task.part in join.order):
        return None
    last = max((join.order.index(part) for part in opened if part in join.order), default=-1)
    return next(iter(join.order[last + 1 :]), None)


def order_of(state: State) -> tuple[str, ...]:
    """The parts of a state that come one after another; () where all stand side by side."""
    return next((action.join.order for action in state.actions.values() if action.join and action.join.order), ())


def parts_on_entry(
    state: State, values: Mapping[str, object], chosen: Collection[str] | None = None
) -> tuple[Task, ...]:
    """The tasks that open when the state is entered: those chosen (None: all) whose `if` holds; of an order only the first."""
    wanted = [task for task in state.tasks if (chosen is None or task.part in chosen) and applies(task, values)]
    order = order_of(state)
    ranked = sorted((task for task in wanted if task.part in order), key=lambda task: order.index(task.part))
    return (*(task for task in wanted if task.part not in order), *ranked[:1])


def applies(task: Task, values: Mapping[str, object]) -> bool:
    """Whether the part is wanted at all (`if:`)."""
    return task.condition is None or task.condition.holds(values)
