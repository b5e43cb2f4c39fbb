"""Where time goes, on the picture of a process: how deep each box is coloured, what stands in it, how wide each arrow is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from workflows.definition.diagram_graph import Edge, Graph, Node

Depth = Literal[0, 1, 2, 3]
Weight = Literal[0, 2, 3, 4]

_WIDE, _MIDDLE = 2 / 3, 1 / 3
"""From this share of the most used way on an arrow is drawn at its widest, and at its middle width."""


@dataclass(frozen=True, slots=True)
class Heat:
    """What is known of each step and way.

    `lines`: state → what stands in its box; `depths`: state → how deep it is coloured, 0 for not at all; `alone`: states that go
    on without people, drawn dashed and cold; `gone`: (from, to) → how often. `said`: the whole picture in a sentence.
    """

    lines: Mapping[str, str]
    depths: Mapping[str, Depth]
    alone: frozenset[str]
    gone: Mapping[tuple[str, str], int]
    said: str


def heated(graph: Graph, heat: Heat) -> Graph:
    """The graph with the heat in it: numbers instead of conditions on the arrows, send-backs named."""
    most = max(heat.gone.values(), default=0)
    nodes = {key: _node(node, heat) for key, node in graph.nodes.items()}
    return Graph(nodes, tuple(_edge(edge, heat, most) for edge in graph.edges), graph.way)


def _node(node: Node, heat: Heat) -> Node:
    line = heat.lines.get(node.key)
    status = "skip" if node.key in heat.alone else node.status
    return replace(
        node, lines=(line,) if line else (), status=status, depth=heat.depths.get(node.key, 0), measured=bool(line)
    )


def _edge(edge: Edge, heat: Heat, most: int) -> Edge:
    times = heat.gone.get((edge.source, edge.target), 0)
    if not times:
        return replace(edge, labels=(), unused=True)
    label = f"{edge.label} {times}" if edge.kind == "back" and edge.label else str(times)
    return replace(edge, labels=(label,), weight=_weight(times, most))


def _weight(times: int, most: int) -> Weight:
    return 4 if times >= _WIDE * most else 3 if times >= _MIDDLE * most else 2
