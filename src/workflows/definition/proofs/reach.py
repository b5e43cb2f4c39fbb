"""Every state can be reached from the start."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.definition.model import Process
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import graph_of
from workflows.errors import Text


def find(process: Process, _family: Family) -> Iterator[Finding]:
    """States to which no way leads."""
    reached = graph_of(process).reached()
    for key, state in process.states.items():
        if key not in reached:
            yield Finding(
                process,
                state.path,
                Text(f"没有路通到“{state.title.zh}”（{key}）。", f"No way leads to the state `{key}`."),
            )
