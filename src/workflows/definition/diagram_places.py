"""Where the boxes stand: the usual way in rows from left to right, all other states in a row below the one they leave.

Only x and the order are decided here; heights follow when the arrows have been laid (`diagram_routes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from workflows.definition.diagram_graph import Edge, Graph, Node, small

LEFT = 18
"""Free space at the left edge; loops that span rows run in it."""

GAP = 44
"""Least distance between two boxes of a row."""

ARROW = 30
"""What a label between two boxes needs besides itself."""

MANY = 18
"""From this many boxes on the usual way its rows are filled one after another instead of weighed against each other."""

SIDE = 30
"""Least distance between two boxes of a lower row."""


@dataclass(slots=True)
class Box:
    """A node with a place. `row` counts rows of the usual way; `below`: it stands in the lower row of that row."""

    node: Node
    row: int
    below: bool
    x: float
    y: float = 0

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.node.width

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.x + self.node.width / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.node.height

    @property
    def level(self) -> float:
        """The y of its middle."""
        return self.y + self.node.height / 2


def place(graph: Graph, width: int) -> dict[str, Box]:
    """A box for every node; rows of the usual way are at most `width` wide where the boxes allow it."""
    rows = _rows(graph, width)
    left = LEFT + 14 * _spanning(graph, rows) + (20 if len(rows) > 1 else 0)
    boxes: dict[str, Box] = {}
    for number, row in enumerate(rows):
        x: float = left
        for key, gap in zip(row, _gaps(graph, row), strict=True):
            boxes[key] = Box(graph.nodes[key], number, False, x)
            x = boxes[key].right + gap
    for number in range(len(rows)):
        _place_below(graph, boxes, number, left)
    return boxes


def _gaps(graph: Graph, row: Sequence[str]) -> list[float]:
    """Distances after each box of a row: as wide as the labels between them need."""
    return [*(_gap(graph, one, two) for one, two in pairwise(row)), 0]


def _gap(graph: Graph, one: str, two: str) -> float:
    labels = [
        label
        for edge in graph.edges
        if (edge.source, edge.target, edge.kind) == (one, two, "go")
        for label in edge.labels
    ]
    return max([GAP, *(small(label) + ARROW for label in labels)])


def _rows(graph: Graph, width: int) -> list[list[str]]:
    """The usual way in as few rows as it needs; of all such ways to break it, loops stay within a row and rows are even."""
    room = width - 2 * LEFT - 40
    fewest = len(_broken(graph, room))
    places = range(1, len(graph.way))
    choices = ([*cut] for cut in combinations(places, fewest - 1)) if len(places) < MANY else iter(())
    rows = [[list(graph.way[a:b]) for a, b in pairwise([0, *cut, len(graph.way)])] for cut in choices]
    fitting = [found for found in rows if all(_length(graph, row) <= room for row in found)]
    return min(fitting, key=lambda found: _ugliness(graph, found), default=_broken(graph, room))


def _ugliness(graph: Graph, rows: Sequence[Sequence[str]]) -> tuple[int, float]:
    return _spanning(graph, rows), max(_length(graph, row) for row in rows)


def _length(graph: Graph, row: Sequence[str]) -> float:
    return sum(graph.nodes[key].width for key in row) + sum(_gaps(graph, row))


def _broken(graph: Graph, room: float) -> list[list[str]]:
    """Each row as full as it can be."""
    rows: list[list[str]] = [[]]
    for key in graph.way:
        if rows[-1] and _length(graph, [*rows[-1], key]) > room:
            rows.append([])
        rows[-1].append(key)
    return rows


def _spanning(graph: Graph, rows: Sequence[Sequence[str]]) -> int:
    """How many loops lead back into another row: each gets a line of its own in the left margin."""
    row_of = {key: number for number, row in enumerate(rows) for key in row}
    return sum(1 for edge in graph.edges if edge.kind == "back" and row_of.get(edge.source) != row_of.get(edge.target))


def _place_below(graph: Graph, boxes: dict[str, Box], row: int, left: float) -> None:
    """The states that are off the usual way and are reached from this row."""
    wanted: dict[str, float] = {}
    while found := _next_below(graph, boxes, wanted, row):
        key, x = found
        wanted[key] = x
    free, before = left, ""
    for key in sorted(wanted, key=lambda name: wanted[name]):
        needed = max(SIDE, _gap(graph, before, key)) if _joined(graph, before, key) else SIDE
        x = max(free + (needed if before else 0), wanted[key] - graph.nodes[key].width / 2)
        boxes[key] = Box(graph.nodes[key], row, True, x)
        free, before = boxes[key].right, key


def _next_below(
    graph: Graph, boxes: Mapping[str, Box], wanted: Mapping[str, float], row: int
) -> tuple[str, float] | None:
    """One more state for the lower row, and the x its middle should have."""
    for key in graph.nodes:
        if key in boxes or key in wanted:
            continue
        above = [boxes[e.source] for e in _into(graph, key) if e.source in boxes]
        beside = [wanted[e.source] for e in _into(graph, key) if e.source in wanted]
        if above and _home(above) == row:
            here = [box.middle for box in above if box.row == row]
            onward = [
                boxes[e.target].middle
                for e in graph.edges
                if e.source == key and e.target in boxes and not boxes[e.target].below
            ]
            here += [middle for middle in onward if middle > max(here)]
            return key, sum(here) / len(here)
        if beside:
            return key, max(beside) + 120
    return None


def _joined(graph: Graph, one: str, two: str) -> bool:
    """Whether an arrow leads from one box straight to the other beside it."""
    return any((edge.source, edge.target, edge.kind) == (one, two, "go") for edge in graph.edges)


def _home(sources: Sequence[Box]) -> int:
    """The row that most arrows come from; of two, the lower one."""
    rows = [box.row for box in sources]
    return max(set(rows), key=lambda row: (rows.count(row), row))


def _into(graph: Graph, key: str) -> list[Edge]:
    return [edge for edge in graph.edges if edge.target == key and edge.source != key]
