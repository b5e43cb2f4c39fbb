"""Nothing waits for what cannot come."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definition.model import START, Action, Condition, Path, Process, Spawn, State
from workflows.definition.proofs.family import Family, Spawning, tellings
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import Edge, graph_of
from workflows.document.problems import nearest
from workflows.errors import Text


def find(process: Process, family: Family) -> Iterator[Finding]:
    """Tasks nobody can complete, joins that cannot come about, timers, signals and cases that are waited for in vain."""
    for state in process.states.values():
        yield from _tasks(process, state)
        for action in state.actions.values():
            yield from _join(process, state, action)
        yield from _timers(process, state)
        yield from _signals(process, state, family)
        for spawn in state.spawns:
            yield from _spawn(process, state, spawn, family)
    for path, condition in _conditions(process):
        yield from _all_ended(process, path, condition, family)


def _tasks(process: Process, state: State) -> Iterator[Finding]:
    if state.tasks and not state.actions:
        text = Text(
            f"“{state.title.zh}”有待办，却没有可做的操作（actions）。",
            f"The state `{state.key}` has a task but no `actions`.",
        )
        yield Finding(process, state.path, text, graph_of(process).way_to(state.key))


def _join(process: Process, state: State, action: Action) -> Iterator[Finding]:
    parts = len(state.tasks)
    many = parts > 1 or any(task.each for task in state.tasks)
    if action.join is None:
        if many and not action.stay:
            text = Text(
                f"“{action.name}”要写 when：这一步有几份待办，何时前进（all、any、60%、2）？",
                f"`{action.name}` needs `when`: several tasks stand side by side, when do they lead on (all, any, 60%, 2)?",
            )
            yield Finding(process, action.path, text)
    elif not many:
        text = Text("只有一份待办，when 不起作用。", "There is only one task: `when` joins nothing.")
        yield Finding(process, (*action.path, "when"), text)
    elif action.join.kind == "count" and not any(task.each for task in state.tasks) and action.join.number > parts:
        text = Text(
            f"要等 {action.join.number} 份，却只有 {parts} 份待办。",
            f"It waits for {action.join.number} of only {parts} tasks.",
        )
        yield Finding(process, (*action.path, "when"), text, graph_of(process).way_to(state.key))


def _timers(process: Process, state: State) -> Iterator[Finding]:
    """A state that only a timer with a condition leaves is stuck when the condition does not hold at that moment."""
    others = [edge for edge in graph_of(process).edges[state.key] if edge.kind != "after"]
    sure = [after for after in state.after if any(_certain(way.condition) for way in after.ways)]
    if state.after and not others and not sure:
        after = state.after[0]
        text = Text(
            f"“{state.title.zh}”只能由定时离开，条件不成立时就永远停在这里。",
            f"Only a timer leaves the state `{state.key}`; where its condition does not hold the case stays for ever.",
        )
        yield Finding(process, after.path, text, graph_of(process).way_to(state.key))


def _certain(condition: Condition | None) -> bool:
    """Without condition; `all_ended` is asked again whenever a case ends, so it comes true in the end."""
    return condition is None or condition.all_ended is not None


def _signals(process: Process, state: State, family: Family) -> Iterator[Finding]:
    known = set(_heard(process, family))
    relatives = family.parents(process) or family.children(process)
    for reaction in state.signals:
        if reaction.signal in known or (not family.complete and not relatives):
            continue
        text = Text(f"没有谁会发信号“{reaction.signal}”。", f"Nobody ever sends the signal `{reaction.signal}`.")
        way = graph_of(process).way_to(state.key)
        yield Finding(process, reaction.path, text, way, nearest(reaction.signal, known))


def _heard(process: Process, family: Family) -> Iterator[str]:
    """The signals that parents and children of a process send its way."""
    for parent in family.parents(process):
        yield from (told.signal for told in tellings(parent) if told.whom == "children")
    for child in family.children(process):
        yield from (told.signal for told in tellings(child) if told.whom == "parent")


def _spawn(process: Process, state: State, spawn: Spawn, family: Family) -> Iterator[Finding]:
    child = family.processes.get(spawn.process)
    if child is None or not spawn.ways:
        return
    if spawn.wait_in is not None and spawn.wait_in not in child.states:
        text = Text(f"“{child.key}”里没有“{spawn.wait_in}”这一步。", f"`{child.key}` has no state `{spawn.wait_in}`.")
        yield Finding(process, (*spawn.path, "wait", "in"), text, nearest=nearest(spawn.wait_in, child.states))
        return
    yield from _deadlock(Spawning(process, state, spawn), child)


def _deadlock(spawning: Spawning, child: Process) -> Iterator[Finding]:
    """The parent waits for the child, and the child for a signal that the parent sends only afterwards."""
    early = _told_before(spawning)
    late = {told.signal for told in tellings(spawning.parent) if told.whom == "children"} - early
    graph = graph_of(child)

    def allowed(edge: Edge) -> bool:
        return edge.kind != "signal" or edge.label.en.removeprefix("signal ") not in late

    wanted = {spawning.spawn.wait_in} if spawning.spawn.wait_in else set()
    ends = {key for key, state in child.states.items() if state.end is not None}
    ready = graph.leading_to({key for key in wanted | ends if key is not None}, allowed)
    for key, way in graph.reached(START, lambda edge: allowed(edge) and edge.source not in wanted).items():
        listening = {reaction.signal for reaction in child.states[key].signals} if key in child.states else set()
        if key not in ready and listening & late:
            parent = spawning.parent
            text = Text(
                f"“{parent.key}”在“{spawning.state.title.zh}”等它，而它在“{child.states[key].title.zh}”等“{parent.key}”之后才发的信号。",
                f"`{parent.key}` waits for it in `{spawning.state.key}`, while it waits in `{key}` for a signal that "
                f"`{parent.key}` sends only afterwards.",
            )
            yield Finding(child, child.states[key].path, text, way)


def _told_before(spawning: Spawning) -> set[str]:
    """The signals that the parent can send before (or while) it waits."""
    graph = graph_of(spawning.parent)
    before = graph.reached(START, lambda edge: edge.cause is not spawning.spawn)
    return {told.signal for told in tellings(spawning.parent) if told.whom == "children" and told.state in before}


def _conditions(process: Process) -> Iterator[tuple[Path, Condition]]:
    for edge in graph_of(process).all():
        if edge.way is not None and edge.way.condition is not None:
            yield edge.path, edge.way.condition


def _all_ended(process: Process, path: Path, condition: Condition, family: Family) -> Iterator[Finding]:
    wanted = condition.all_ended
    below = family.below(process)
    if wanted is None or wanted in below or (not family.complete and not below):
        return
    text = Text(
        f"all_ended：“{wanted}”不在这个流程发起的事项之下。",
        f"all_ended: `{wanted}` is never started below this process.",
    )
    yield Finding(process, path, text, nearest=nearest(wanted, below))
