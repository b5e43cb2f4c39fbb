"""From every state an end can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definition.model import Process
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import graph_of
from workflows.errors import Text


def find(process: Process, _family: Family) -> Iterator[Finding]:
    """States that can be reached and from which no end can."""
    ends = {key for key, state in process.states.items() if state.end is not None}
    if not ends:
        yield Finding(process, ("states",), Text("没有任何一步是结束（end）。", "No state is an end."))
        return
    graph = graph_of(process)
    ending = graph.leading_to(ends)
    for key, way in graph.reached().items():
        if key in process.states and key not in ending:
            state = process.states[key]
            out = graph.edges.get(key)
            zh = "走不到任何结束。" if out else "之后没有去处。"
            en = "no end can be reached." if out else "nothing leads on."
            yield Finding(
                process, state.path, Text(f"到了“{state.title.zh}”（{key}）{zh}", f"From the state `{key}` {en}"), way
            )
