"""Whether some values make an expression true: tried out over everything it can distinguish.

Choices, truth values, "is it set" and comparisons are distinguished; two numbers are less, equal or greater. An expression
made of anything else is *opaque*: nothing is claimed about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from workflows.expression.expression import Expression
from workflows.expression.kinds import Kind
from workflows.expression.nodes import Call, Compare, Constant, Items, Logic, Name, Node, Not

MOST_CASES = 20_000
"""More combinations than this are not tried: the expressions are called opaque then."""

_OTHER = "…"
_ORDERS = ("<", "=", ">")
_HOLDS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}


class Opaque(Exception):
    """The expressions say something that cannot be tried out."""


@dataclass
class _Atoms:
    """What the expressions distinguish: atom → its possible values."""

    kinds: Mapping[str, Kind]
    values: dict[str, tuple[str | bool, ...]] = field(default_factory=dict)


def uncovered(expressions: Sequence[Expression], kinds: Mapping[str, Kind]) -> dict[str, str | bool] | None:
    """Values for which none of the expressions is true, as atom → value; None where one always is.

    Raises Opaque where that cannot be found out.
    """
    atoms = _Atoms(kinds)
    for expression in expressions:
        _collect(expression.root, atoms)
    cases = 1
    for values in atoms.values.values():
        cases *= len(values)
    if cases > MOST_CASES:
        raise Opaque
    for case in _cases(atoms):
        if not any(_true(expression.root, case, atoms) for expression in expressions):
            return case
    return None


def _cases(atoms: _Atoms) -> Iterator[dict[str, str | bool]]:
    for values in product(*atoms.values.values()):
        yield dict(zip(atoms.values, values, strict=True))


def _collect(node: Node, atoms: _Atoms) -> None:
    match node:
        case Constant(bool()):
            return
        case Name(name) if name in atoms.kinds and atoms.kinds[name].name == "boolean":
            atoms.values[name] = (True, False)
        case Call("is_set", (Name(name),)):
            atoms.values[f"is_set({name})"] = (True, False)
        case Not(operand):
            _collect(operand, atoms)
        case Logic(_, parts):
            for part in parts:
                _collect(part, atoms)
        case Compare(first, ((sign, other),)):
            _collect_comparison(first, sign, other, atoms)
        case _:
            raise Opaque


def _collect_comparison(first: Node, sign: str, other: Node, atoms: _Atoms) -> None:
    if (member := _member(first, sign, other)) is not None:
        atoms.values[member] = (True, False)
        return
    if (choice := _choice(first, other, atoms)) is not None:
        name, texts = choice
        options = atoms.kinds[name].options
        atoms.values[name] = tuple(sorted(options)) if options is not None else (*sorted(texts), _OTHER)
        return
    if sign in ("in", "not in"):
        raise Opaque
    atoms.values[_pair(first, other)[0]] = _ORDERS


def _member(first: Node, sign: str, other: Node) -> str | None:
    """`"images" in wrong`: whether one choice was made among several."""
    if sign in ("in", "not in") and isinstance(first, Constant) and isinstance(other, Name):
        return f'"{first.value}" in {other.name}'
    return None


def _choice(first: Node, other: Node, atoms: _Atoms) -> tuple[str, tuple[str, ...]] | None:
    """`kind == "a"`, `kind in ["a", "b"]`: the name and the texts it is held against."""
    if isinstance(first, Constant) and isinstance(other, Name):
        first, other = other, first
    if not isinstance(first, Name) or first.name not in atoms.kinds:
        return None
    kind = atoms.kinds[first.name]
    if kind.name != "text" or kind.options is None:
        return None
    if isinstance(other, Constant) and isinstance(other.value, str):
        return first.name, (other.value,)
    if isinstance(other, Items) and all(
        isinstance(item, Constant) and isinstance(item.value, str) for item in other.items
    ):
        return first.name, tuple(str(item.value) for item in other.items if isinstance(item, Constant))
    return None


def _pair(first: Node, other: Node) -> tuple[str, bool]:
    """A name for two things compared, the same whichever stands left; and whether they changed sides."""
    left, right = _shown(first), _shown(other)
    in_order = (isinstance(first, Constant), left) <= (isinstance(other, Constant), right)  # a name before a number
    return (f"{left} ? {right}", False) if in_order else (f"{right} ? {left}", True)


def _shown(node: Node) -> str:
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Constant) and not isinstance(node.value, bool | str):
        return str(node.value)
    raise Opaque


def _true(node: Node, case: Mapping[str, str | bool], atoms: _Atoms) -> bool:
    match node:
        case Constant(value):
            return value is True
        case Name(name):
            return case[name] is True
        case Call(_, (Name(name),)):
            return case[f"is_set({name})"] is True
        case Not(operand):
            return not _true(operand, case, atoms)
        case Logic(word, parts):
            return (all if word == "and" else any)(_true(part, case, atoms) for part in parts)
        case Compare(first, ((sign, other),)):
            return _compared(first, sign, other, case, atoms)
    raise Opaque


def _compared(first: Node, sign: str, other: Node, case: Mapping[str, str | bool], atoms: _Atoms) -> bool:
    if (member := _member(first, sign, other)) is not None:
        return case[member] is (sign == "in")
    if (choice := _choice(first, other, atoms)) is not None:
        name, texts = choice
        return (case[name] in texts) is (sign in ("==", "in"))
    pair, turned = _pair(first, other)
    order = str(case[pair])
    if turned:
        order = {"<": ">", ">": "<"}.get(order, order)
    return order in _HOLDS[sign]


def case_text(case: Mapping[str, str | bool]) -> str:
    """The values as one line: `kind = refund, budget < limit`."""
    shown = []
    for atom, value in case.items():
        if " ? " in atom:
            shown.append(atom.replace("?", str(value)))
        elif isinstance(value, bool):
            shown.append(atom if value else f"not {atom}")
        else:
            shown.append(f"{atom} = {value}")
    return ", ".join(shown)
