"""No loop without a person or time: nothing may go round by itself for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.definition.model import Action, After, Process, State
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import Edge, graph_of, way_text
from workflows.errors import Text


def find(process: Process, family: Family) -> Iterator[Finding]:
    """Circles of steps that nobody takes and no time passes in, of formulas, and of cases starting cases."""
    yield from _steps(process)
    yield from _formulas(process)
    yield from _births(process, family)


def _steps(process: Process) -> Iterator[Finding]:
    by_itself = {
        key: tuple(edge for edge in edges if _by_itself(process, edge))
        for key, edges in graph_of(process).edges.items()
    }
    circle = _circle(by_itself)
    if circle:
        shown = way_text(process, circle)
        text = Text(
            f"这些步骤会自己一直转下去，既没有人也不等时间：{shown.zh}。",
            f"These steps go round by themselves, with no person and no time in between: {shown.en}.",
        )
        yield Finding(process, circle[0].path, text, graph_of(process).way_to(circle[0].source))


def _by_itself(process: Process, edge: Edge) -> bool:
    """Whether the step can be taken at once and without anybody: every time again, as often as the case comes by."""
    match edge.cause:
        case After() as after:
            return not _time_passes(after, process.states[edge.source])
        case Action() as action:
            return edge.kind == "action" and _skipped(action, process.states[edge.source])
    return edge.kind in ("signal", "gathered")


def _time_passes(after: After, state: State) -> bool:
    """A moment counted from this entry lies ahead; a date that is past already rings at once, each time."""
    moment = after.when
    if moment.anchor.kind == "due" and state.tasks and state.tasks[0].due is not None:
        anchor = state.tasks[0].due.anchor
        return anchor.kind == "entered" and not anchor.args
    return moment.anchor.kind == "entered" and not moment.anchor.args and bool(moment.offsets)


def _skipped(action: Action, state: State) -> bool:
    """Whether the engine may take the action itself, for every task of the state."""
    rules = [(task.if_nobody, task.if_starter, task.if_same, task.if_left) for task in state.tasks]
    return bool(rules) and all(
        any(rule is not None and rule.skip == action.name for rule in of_task) for of_task in rules
    )


def _circle(edges: Mapping[str, tuple[Edge, ...]]) -> tuple[Edge, ...]:
    """Some circle of the graph, as the edges that make it; () where there is none."""
    done: set[str] = set()

    def visit(state: str, way: tuple[Edge, ...], above: tuple[str, ...]) -> tuple[Edge, ...]:
        if state in above:
            return way[above.index(state) :]
        if state in done:
            return ()
        for edge in edges.get(state, ()):
            if found := visit(edge.target, (*way, edge), (*above, state)):
                return found
        done.add(state)
        return ()

    for state in edges:
        if found := visit(state, (), ()):
            return found
    return ()


def _formulas(process: Process) -> Iterator[Finding]:
    formulas = {name: field.formula.names for name, field in process.fields.items() if field.formula is not None}
    for name in formulas:
        needed, waiting = set[str](), [name]
        while waiting:
            fresh = (formulas.get(waiting.pop(), frozenset()) & formulas.keys()) - needed
            needed |= fresh
            waiting += fresh
        if name in needed:
            text = Text(f"公式“{name}”绕了一圈又用到自己。", f"The formula `{name}` comes back to itself.")
            yield Finding(process, ("fields", name, "formula"), text)


def _births(process: Process, family: Family) -> Iterator[Finding]:
    """A process that, without person or time, starts itself again, directly or through others."""
    seen: set[str] = set()
    waiting: list[tuple[Process, tuple[str, ...]]] = [(process, (process.key,))]
    while waiting:
        current, line = waiting.pop()
        for key in _born_at_once(current):
            if key == process.key:
                chain = " → ".join((*line, key))
                text = Text(f"事项会不停地发起事项：{chain}。", f"Cases would start cases without end: {chain}.")
                yield Finding(process, ("process",), text)
                return
            if key not in seen and key in family.processes:
                seen.add(key)
                waiting.append((family.processes[key], (*line, key)))


def _born_at_once(process: Process) -> set[str]:
    """The processes whose cases start as soon as one of `process` does."""
    graph = graph_of(process)
    at_once = graph.reached(allowed=lambda edge: edge.kind == "start" or _by_itself(process, edge))
    return {spawn.process for key in at_once if key in process.states for spawn in process.states[key].spawns}
