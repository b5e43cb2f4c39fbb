"""`Expression`: a formula or guard, parsed once, evaluated as often as needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.expression.errors import ExpressionError
from workflows.expression.evaluate import evaluate, evaluate_brief
from workflows.expression.nodes import Name, Node, children
from workflows.expression.parse import parse
from workflows.expression.values import Value

_BRIEF = 24
"""Nodes that cost little wherever they are evaluated: most guards have fewer than ten."""
_MANY = (list, tuple, Mapping)


@dataclass(frozen=True, slots=True)
class Expression:
    """A small formula: numbers are exact, nothing outside `values` can be reached, the work is bounded.

    `source`: as its author wrote it; two expressions are equal when their sources are. Raises ExpressionError when it
    cannot be read.
    """

    source: str
    root: Node = field(init=False, repr=False, compare=False)
    names: frozenset[str] = field(init=False, repr=False, compare=False)
    """All names it reads (`each.column` is one name)."""
    brief: bool = field(init=False, repr=False, compare=False)
    """Whether it is short enough that only values with many parts could make it long."""

    def __post_init__(self) -> None:
        root = parse(self.source)
        nodes = walk(root)
        object.__setattr__(self, "root", root)
        object.__setattr__(self, "names", frozenset(node.name for node in nodes if isinstance(node, Name)))
        object.__setattr__(self, "brief", len(nodes) <= _BRIEF)

    def __reduce__(self) -> tuple[type[Expression], tuple[str]]:
        """Copies and pickles carry the source alone, never parsed parts."""
        return (Expression, (self.source,))

    def __str__(self) -> str:
        return self.source

    def evaluate(self, values: Mapping[str, object]) -> Value:
        """The value over `values` (name → bool, str, int, Decimal, Fraction, date, aware datetime, timedelta, list, rows, None).

        Numbers come back as Fraction. A name that is absent or None is unset: reading it raises UnsetName, except inside
        `is_set(…)` and `if_empty(…)`. Everything else that does not fit raises ExpressionError, never anything else.
        """
        if self.brief and not any(isinstance(values.get(name), _MANY) for name in self.names):
            return evaluate_brief(self.root, values)
        return evaluate(self.root, values)

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether it is true; raises ExpressionError when its value is neither true nor false."""
        value = self.evaluate(values)
        if not isinstance(value, bool):
            raise ExpressionError(f"“{self.source}”的结果应为是或否。", f"`{self.source}` should give true or false.")
        return value

    def known(self, values: Mapping[str, object]) -> bool:
        """Whether all its names have a value here."""
        return all(values.get(name) is not None for name in self.names)


def walk(root: Node) -> list[Node]:
    """`root` and all nodes below it."""
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(children(node))
    return found
