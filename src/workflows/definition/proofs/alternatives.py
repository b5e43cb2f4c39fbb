"""Alternatives are complete: whatever the data, one of them is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflows.definition.kinds import kinds_of
from workflows.definition.model import After, Path, Process, Way
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.definition.proofs.graph import Edge, graph_of
from workflows.errors import Text
from workflows.expression.ranges import Opaque, case_text, uncovered


def find(process: Process, _family: Family) -> Iterator[Finding]:
    """Decisions that some data leave without a way."""
    seen: set[Path] = set()
    for edge in graph_of(process).all():
        if edge.path in seen or edge.way is None:
            continue
        seen.add(edge.path)
        yield from _decision(process, edge)


def _decision(process: Process, edge: Edge) -> Iterator[Finding]:
    ways = _ways(edge)
    if not ways or ways[-1].condition is None or _may_wait(edge, ways):
        return
    hint_zh, hint_en = "请以 else: true 收尾。", "End with `else: true`."
    way = graph_of(process).way_to(edge.source)
    expressions = [way.condition.expression for way in ways if way.condition is not None and way.condition.expression]
    if len(expressions) < len(ways):
        yield Finding(
            process,
            edge.path,
            Text(f"条件可能都不成立。{hint_zh}", f"It may be that no condition holds. {hint_en}"),
            way,
        )
        return
    try:
        case = uncovered(expressions, kinds_of(process))
    except Opaque:
        text = Text(
            f"看不出条件总有一个成立。{hint_zh}", f"It cannot be proved that one condition always holds. {hint_en}"
        )
        yield Finding(process, edge.path, text, way)
        return
    if case is not None:
        shown = case_text(case)
        text = Text(f"没有一个条件成立的情形：{shown}。{hint_zh}", f"No condition holds where {shown}. {hint_en}")
        yield Finding(process, edge.path, text, way)


def _ways(edge: Edge) -> Sequence[Way]:
    cause = edge.action or edge.cause
    return getattr(cause, "ways", ())


def _may_wait(edge: Edge, ways: Sequence[Way]) -> bool:
    """One conditional way of a timer or signal: where it does not hold, the case simply stays."""
    return len(ways) == 1 and (isinstance(edge.cause, After) or edge.kind == "signal")
