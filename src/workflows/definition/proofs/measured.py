"""What figures start: each that is read stands in the catalogue, and is compared with what is measured in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workflows.definition.model import FigureStart, Process
from workflows.definition.proofs.family import Family
from workflows.definition.proofs.finding import Finding
from workflows.document.problems import nearest
from workflows.errors import Text
from workflows.expression.expression import walk
from workflows.expression.nodes import Compare, Name

_OF_UNIT = {"money": "CNY", "percent": "percent"}
"""What a figure is measured in that a parameter of this type bounds; the other types bound any."""


def findings(family: Family, figures: Mapping[str, str]) -> Mapping[str, Sequence[Finding]]:
    """For every process what is wrong with the figures that start it. `figures`: the names of the catalogue with their units."""
    return {process.key: list(_of_process(process, figures)) for process in family}


def _of_process(process: Process, figures: Mapping[str, str]) -> Iterator[Finding]:
    for start in process.start.figures:
        for name in start.figures:
            if name not in figures:
                text = Text(
                    f"指标值目录和本流程的参数里都没有“{name}”。",
                    f"Neither the catalogue of figures nor this process's parameters know `{name}`.",
                )
                near = nearest(name, [*figures, *process.parameters])
                yield Finding(process, (*start.path, "when"), text, nearest=near)
        yield from _bounds(process, start, figures)


def _bounds(process: Process, start: FigureStart, figures: Mapping[str, str]) -> Iterator[Finding]:
    """`orders > budget_limit`: money bounds money, a percentage percentages."""
    for node in walk(start.when.root):
        if not isinstance(node, Compare):
            continue
        names = [side.name for side in (node.first, *(other for _, other in node.rest)) if isinstance(side, Name)]
        units = {name: figures[name] for name in names if name in figures}
        for bound in (process.parameters[name] for name in names if name in process.parameters):
            wanted = _OF_UNIT.get(bound.type)
            for name, unit in units.items():
                if wanted is not None and unit != wanted:
                    text = Text(
                        f"“{name}”的单位是 {unit}，不能与 {bound.type} 参数“{bound.name}”比较。",
                        f"`{name}` is measured in {unit} and cannot be compared with the {bound.type} parameter `{bound.name}`.",
                    )
                    yield Finding(process, (*start.path, "when"), text)
