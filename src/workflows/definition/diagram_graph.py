"""A process as boxes and arrows: what is drawn, before anything has a place.

Every state is a node, every transition an edge; transitions between the same two states that look alike share one edge
with several labels. `main_way` is the way a case usually goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from workflows.definition.diagram_words import Speaker
from workflows.definition.model import START, Action, Process, Spawn, State, Task, Way

Shape = Literal["start", "box", "end"]
Kind = Literal["go", "back", "stay"]
Status = Literal["", "done", "now", "skip"]

TITLE_WIDE, TITLE_LATIN, TITLE_PADDING = 14, 8, 32
"""Width of a node's title: per Chinese character, per Latin one, and around it (screens.md §4)."""

SMALL_WIDE, SMALL_LATIN, SMALL_PADDING = 12, 7, 20
"""The same for the small lines below it and for labels."""

OTHER_END = 60
"""Added to the rank of what leads to an end other than the first."""

_WIDE_FROM = 0x2E80
_ROOMY = 148
"""A second line may widen a box up to this; then it is shortened."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one case has come.

    `now`: states it stands in. `passed`: states it has left. `taken`: (from, to) of the ways it went. `skipped`: states
    that it will not come through. `notes`: state → second line (“张雨薇 ✓”). `returned`: (from, to) → how often.
    """

    now: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    taken: frozenset[tuple[str, str]] = frozenset()
    skipped: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    returned: Mapping[tuple[str, str], int] = field(default_factory=lambda: MappingProxyType({}))

    def status(self, key: str) -> Status:
        """How a state is drawn."""
        if key in self.now:
            return "now"
        if key in self.passed:
            return "done"
        return "skip" if key in self.skipped else ""


@dataclass(frozen=True, slots=True)
class Node:
    """A box: its title, the small lines under it, and how large it has to be. `depth`, `measured`: of heat (`diagram_heat`)."""

    key: str
    title: str
    lines: tuple[str, ...]
    shape: Shape
    status: Status = ""
    depth: int = 0
    measured: bool = False

    @property
    def width(self) -> int:
        """Wide enough for every text in it."""
        needed = [wide(self.title, TITLE_WIDE, TITLE_LATIN) + TITLE_PADDING]
        needed += [small(line) + SMALL_PADDING for line in self.lines]
        return max(needed) + (12 if self.shape != "box" else 0)

    @property
    def height(self) -> int:
        """Title and lines."""
        return 38 + 18 * len(self.lines) if self.lines else 40


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow. `rank`: the lower, the more usual the way. `labels`: one for each transition it stands for.

    Of heat: `weight`, how wide it is drawn; `unused`, nobody went there.
    """

    source: str
    target: str
    kind: Kind
    labels: tuple[str, ...]
    rank: float
    taken: bool = False
    weight: int = 0
    unused: bool = False

    @property
    def label(self) -> str:
        """All labels in one line."""
        return (
            "、".join(self.labels)
            if any(ord(c) >= _WIDE_FROM for c in "".join(self.labels))
            else ", ".join(self.labels)
        )


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by key, in the order of the definition with the start first, and the edges between them."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    way: tuple[str, ...]
    """The usual way, from the start to an end."""


def wide(text: str, per_wide: int, per_latin: int) -> int:
    """Width of a text in pixels, by the kind of its characters."""
    return sum(per_wide if ord(character) >= _WIDE_FROM else per_latin for character in text)


def small(text: str) -> int:
    """Width of a small line or label."""
    return wide(text, SMALL_WIDE, SMALL_LATIN)


def graph_of(speaker: Speaker, progress: Progress | None = None) -> Graph:
    """Boxes and arrows of a process in the speaker's language."""
    process, done = speaker.process, progress or Progress()
    nodes = {START: Node(START, speaker.pick("发起", "Start"), _starters(speaker), "start", done.status(START))}
    for key, state in process.states.items():
        lines = (done.notes[key],) if key in done.notes else _lines(state, speaker)
        nodes[key] = Node(key, speaker.say(state.title), lines, "end" if state.end else "box", done.status(key))
    edges = _merged([_by_its_end(edge, process) for edge in _transitions(speaker)], done, speaker)
    way = main_way(edges)
    return Graph(nodes, _directed(edges, way), way)


def _by_its_end(edge: Edge, process: Process) -> Edge:
    """The end that stands first in a definition is the usual one: what leads to another is less usual, whatever its condition."""
    first = next((key for key, state in process.states.items() if state.end is not None), "")
    target = process.states.get(edge.target)
    other = target is not None and target.end is not None and edge.target != first
    return replace(edge, rank=edge.rank + OTHER_END) if other else edge


def main_way(edges: tuple[Edge, ...]) -> tuple[str, ...]:
    """The way a case usually goes: of every state the most usual arrow. Of the alternatives of one action those that lead on come
    before an end, and `else` before a condition."""
    leaving = {edge.source for edge in edges}
    way = [START]
    while True:
        onward = [e for e in edges if e.source == way[-1] and e.kind == "go" and e.target not in way]
        if not onward:
            return tuple(way)
        way.append(min(onward, key=lambda edge: (int(edge.rank), edge.target not in leaving, edge.rank)).target)


def _directed(edges: tuple[Edge, ...], way: tuple[str, ...]) -> tuple[Edge, ...]:
    """Arrows that lead backwards on the usual way are drawn as loops, whatever the action is called."""
    order = {key: place for place, key in enumerate(way)}
    return tuple(
        replace(edge, kind="back") if order.get(edge.target, len(way)) < order.get(edge.source, -1) else edge
        for edge in edges
    )


def _starters(speaker: Speaker) -> tuple[str, ...]:
    start = speaker.process.start
    by = list(speaker.each_of(start.by))
    if "spawn" in start.kinds:
        by.append(speaker.pick("由其他事项", "by another case"))
    if "figure" in start.kinds:
        by.append(speaker.pick("由指标", "by a figure"))
    every = {
        "day": ("每天", "every day"), "workday": ("每个工作日", "every workday"), "week": ("每周", "every week"),
        "month": ("每月", "every month"), "quarter": ("每季", "every quarter"), "year": ("每年", "every year"),
    }  # fmt: skip
    by += [speaker.pick(*every[schedule.every]) for schedule in speaker.process.schedules]
    return tuple(by)


def _lines(state: State, speaker: Speaker) -> tuple[str, ...]:
    if len(state.tasks) > 1:
        return tuple(_part(task, speaker) for task in state.tasks)
    if state.tasks:
        return _who_and_when(state, state.tasks[0], speaker)
    if state.spawns:
        titles = [speaker.title(spawn.process, speaker.names.processes) for spawn in state.spawns]
        return (speaker.pick("发起", "Starts ") + speaker.pick("、", ", ").join(titles),)
    return () if state.end else (speaker.pick("自动", "Automatic"),)


def _part(task: Task, speaker: Speaker) -> str:
    title = speaker.say(task.title) if task.title else task.part
    return f"{title} · {speaker.people(task.who or task.each)}"


def _who_and_when(state: State, task: Task, speaker: Speaker) -> tuple[str, ...]:
    """Who, and by when as far as there is room; several groups that are too long for a line stand below each other."""
    room = max(wide(speaker.say(state.title), TITLE_WIDE, TITLE_LATIN) + TITLE_PADDING, _ROOMY)
    who = speaker.people(task.who or task.each)
    if task.each:
        who = speaker.pick(f"每位：{who}", f"Each: {who}")
    elif small(who) + SMALL_PADDING > room:
        return speaker.each_of(task.who)
    both = f"{who} · {speaker.moment(task.due)}" if task.due else who
    return (both,) if small(both) + SMALL_PADDING <= room else (who,)


def _transitions(speaker: Speaker) -> Iterator[Edge]:
    process = speaker.process
    yield Edge(START, process.start.to or next(iter(process.states)), "go", (), 0)
    for key, state in process.states.items():
        yield from _of_state(key, state, speaker)
    for number, anytime in enumerate(process.anytime.values()):
        if anytime.action.stay:
            continue  # it leads nowhere and would hang a loop on every box; the list of steps names it
        sources = anytime.states or tuple(k for k, s in process.states.items() if not s.end)
        for source in sources:
            # What carries the work on is more usual than the clock that gives it up; everything else of no task is less.
            rank = 25 if anytime.action.kind in ("submit", "approve") else 90 + number
            yield from _of_action(source, anytime.action, rank, speaker)


def _of_state(key: str, state: State, speaker: Speaker) -> Iterator[Edge]:
    for number, action in enumerate(state.actions.values()):
        yield from _of_action(key, action, number + {"reject": 40, "send_back": 50}.get(action.kind, 0), speaker)
    for number, spawn in enumerate(state.spawns):
        yield from _of_ways(key, spawn.ways, (awaited(spawn, speaker),), 10 + number, "go", speaker)
    for number, reaction in enumerate(state.signals):
        yield from _of_ways(key, reaction.ways, (speaker.pick("收到通知", "on a signal"),), 20 + number, "go", speaker)
    for number, after in enumerate(state.after):
        yield from _of_ways(key, after.ways, (speaker.clock(after.when),), 30 + number, "go", speaker)


def awaited(spawn: Spawn, speaker: Speaker) -> str:
    """What leads on from a state that waits for the cases it started."""
    if spawn.each or spawn.rows:
        return speaker.pick("都到齐", "all are there")
    return speaker.pick("办完", "it has ended")


def _of_action(key: str, action: Action, rank: float, speaker: Speaker) -> Iterator[Edge]:
    title = speaker.say(action.title)
    if action.stay:
        yield Edge(key, key, "stay", (title,), rank)
    kind: Kind = "back" if action.kind == "send_back" else "go"
    yield from _of_ways(key, action.ways, (title,), rank, kind, speaker)


def _of_ways(
    key: str, ways: tuple[Way, ...], labels: tuple[str, ...], rank: float, kind: Kind, speaker: Speaker
) -> Iterator[Edge]:
    for number, way in enumerate(ways):
        last = way.condition is None
        told = labels
        if len(ways) > 1 or not last:
            told = (speaker.under(labels[0], way.condition),)
        yield Edge(key, way.to, "stay" if way.to == key else kind, told, rank if last else rank + 0.5 + number / 100)


def _merged(edges: list[Edge], done: Progress, speaker: Speaker) -> tuple[Edge, ...]:
    """Transitions of one kind between the same two states are one arrow with all their labels."""
    together: dict[tuple[str, str, Kind], Edge] = {}
    for edge in edges:
        place = (edge.source, edge.target, edge.kind)
        known = together.get(place)
        labels = (
            (*known.labels, *(label for label in edge.labels if label not in known.labels)) if known else edge.labels
        )
        rank = min(known.rank, edge.rank) if known else edge.rank
        together[place] = Edge(*place, labels, rank, place[:2] in done.taken)
    return tuple(_counted(edge, done, speaker) for edge in together.values())


def _counted(edge: Edge, done: Progress, speaker: Speaker) -> Edge:
    times = done.returned.get((edge.source, edge.target), 0)
    if edge.kind != "back" or not times:
        return edge
    return replace(edge, labels=(f"{edge.label} {times} {speaker.pick('次', 'times' if times > 1 else 'time')}",))
