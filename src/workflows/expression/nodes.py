"""The closed set of nodes an expression is made of: what is not here cannot be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text, `true`/`false` or a duration written in the source."""

    value: bool | str | Fraction | timedelta


@dataclass(frozen=True, slots=True)
class Name:
    """A value handed to `evaluate` under this name (`each.column` is one name)."""

    name: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Negative:
    """`-x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`left + right`, with + - * / as `operator`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compare:
    """`first < second <= third`: all neighbouring pairs must hold."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b and c` (or with `or`), decided from the left, the rest not looked at once decided."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """`yes if test else no`; only the chosen side is evaluated."""

    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `functions.FUNCTIONS` over arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """`["a", "b"]`, for the right side of `in`."""

    items: tuple[Node, ...]


Node = Constant | Name | Negative | Not | Binary | Compare | Logic | Choose | Call | Items


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below `node`, in the order they are written."""
    match node:
        case Constant() | Name():
            return ()
        case Negative(operand) | Not(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Compare(first, rest):
            return (first, *(other for _, other in rest))
        case Logic(_, parts):
            return parts
        case Choose(test, yes, no):
            return (yes, test, no)
        case Call(_, arguments):
            return arguments
        case Items(items):
            return items
