"""A process as a graph: states, and what leads from one to the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

from workflows.definition.diagram_graph import awaited
from workflows.definition.diagram_words import Speaker
from workflows.definition.model import (
    START,
    Action,
    After,
    Anytime,
    Effects,
    Path,
    Process,
    Reaction,
    Spawn,
    State,
    Way,
)
from workflows.errors import Text

EdgeKind = Literal["start", "action", "anytime", "after", "signal", "gathered"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One step that can be taken: `cause` is the element of the definition that takes it (None: the start form)."""

    source: str
    target: str
    kind: EdgeKind
    label: Text
    path: Path
    cause: Action | Anytime | After | Reaction | Spawn | None = None
    way: Way | None = None

    @property
    def action(self) -> Action | None:
        """The action taken, where a person takes one."""
        if isinstance(self.cause, Anytime):
            return self.cause.action
        return self.cause if isinstance(self.cause, Action) else None

    @property
    def effects(self) -> Effects:
        """What happens along with it."""
        cause = self.action or self.cause
        return cause.effects if isinstance(cause, Action | After | Reaction) else Effects()


@dataclass(frozen=True)
class Graph:
    """All edges of a process by their source, and the shortest way to every state."""

    process: Process
    edges: Mapping[str, tuple[Edge, ...]]

    def all(self) -> Iterator[Edge]:
        """Every edge."""
        for edges in self.edges.values():
            yield from edges

    def reached(
        self, first: str = START, allowed: Callable[[Edge], bool] = lambda _: True
    ) -> dict[str, tuple[Edge, ...]]:
        """Every state that can be reached from `first` over allowed edges, with a shortest way there."""
        found: dict[str, tuple[Edge, ...]] = {first: ()}
        waiting = deque([first])
        while waiting:
            state = waiting.popleft()
            for edge in self.edges.get(state, ()):
                if edge.target not in found and allowed(edge):
                    found[edge.target] = (*found[state], edge)
                    waiting.append(edge.target)
        return found

    def leading_to(self, targets: set[str], allowed: Callable[[Edge], bool] = lambda _: True) -> set[str]:
        """All states from which one of `targets` can be reached over allowed edges."""
        found = set(targets)
        grew = True
        while grew:
            before = len(found)
            found |= {edge.source for edge in self.all() if edge.target in found and allowed(edge)}
            grew = len(found) > before
        return found

    def way_to(self, state: str) -> tuple[Edge, ...]:
        """A shortest way from the start to a state; () where there is none."""
        return self.reached().get(state, ())


@lru_cache(maxsize=512)
def graph_of(process: Process) -> Graph:
    """The graph of a process (kept: processes are values)."""
    edges: dict[str, tuple[Edge, ...]] = {START: (_start_edge(process),)}
    for key, state in process.states.items():
        edges[key] = (*_of_state(process, state), *_anytime(process, state))
    return Graph(process, edges)


def _start_edge(process: Process) -> Edge:
    return Edge(START, process.start.to, "start", Text("提交", "Submit"), ("start",))


def _of_state(process: Process, state: State) -> Iterator[Edge]:
    for action in state.actions.values():
        for way in action.ways:
            yield Edge(state.key, way.to, "action", action.title, action.path, action, way)
    for after in state.after:
        label = _said(process, partial(_clock, after))
        for way in after.ways:
            yield Edge(state.key, way.to, "after", label, after.path, after, way)
    for reaction in state.signals:
        label = Text(f"信号 {reaction.signal}", f"signal {reaction.signal}")
        for way in reaction.ways:
            yield Edge(state.key, way.to, "signal", label, reaction.path, reaction, way)
    for spawn in state.spawns:
        label = _said(process, partial(awaited, spawn))
        for way in spawn.ways:
            yield Edge(state.key, way.to, "gathered", label, spawn.path, spawn, way)


def _said(process: Process, say: Callable[[Speaker], str]) -> Text:
    """What leads on, in the words that the diagram has for it."""
    return Text(say(Speaker(process, "zh")), say(Speaker(process, "en")))


def _clock(after: After, speaker: Speaker) -> str:
    return speaker.clock(after.when)


def _anytime(process: Process, state: State) -> Iterator[Edge]:
    for anytime in process.anytime.values():
        if state.key in anytime.states and state.end is None:
            for way in anytime.action.ways:
                yield Edge(state.key, way.to, "anytime", anytime.action.title, anytime.action.path, anytime, way)


def way_text(process: Process, way: Sequence[Edge]) -> Text:
    """A way as people read it: `发起 —提交→ 设计 —提交→ 审核`."""
    first = state_title(process, way[0].source if way else START)
    zh, en = first.zh, first.en
    for edge in way:
        title = state_title(process, edge.target)
        zh += f" —{edge.label.zh}→ {title.zh}"
        en += f" —{edge.label.en}→ {title.en}"
    return Text(zh, en)


def state_title(process: Process, key: str) -> Text:
    """The title of a state, of the start form too."""
    state = process.states.get(key)
    return state.title if state is not None else Text("发起", "Start")
