"""Conditions in the words of employees: “填了“更正的理由””, “预算 > 100000”. What has no plain reading is not said at all.

Read from the nodes of an expression, never from its text: a diagram on a case's page shows nobody code.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from workflows.definition.model import Field, Parameter, Process
from workflows.errors import Text
from workflows.expression import Expression, to_decimal
from workflows.expression.nodes import Call, Compare, Constant, Logic, Name, Node, Not

_SIGNS = {"==": "=", "!=": "≠", "<": "<", ">": ">", "<=": "≤", ">=": "≥"}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_JOINED = {"and": Text(" 且 ", " and "), "or": Text(" 或 ", " or ")}
_OTHER = {"and": "or", "or": "and"}
_PLACES = 6
_PEOPLE: Mapping[str, Text] = {"starter": Text("发起人", "starter")}


def condition_said(process: Process, expression: Expression) -> Text | None:
    """An expression as people would say it; None where there is no plain reading.

    `is_set(x)` asks whether something is filled in; a yes-or-no field is called by its title; comparisons name titles and
    choices. `not`, and one level of `and` or `or`, over these.
    """
    return _said(process, expression.root, True)


def _said(process: Process, node: Node, holds: bool) -> Text | None:
    match node:
        case Not(operand):
            return _said(process, operand, not holds)
        case Call("is_set", (Name(name),)):
            return _filled_in(process, name, holds)
        case Call("if_empty", (Name() as name, Constant(bool()))):
            return _said(process, name, holds)
        case Name(name):
            return _yes_or_no(process, name, holds)
        case Compare(first, ((sign, second),)) if sign in _SIGNS:
            return _compared(process, first, sign if holds else _OPPOSITE[sign], second)
        case Logic(word, parts) if not any(_nested(part) for part in parts):
            said = [_said(process, part, holds) for part in parts]
            return _joined(_JOINED[word if holds else _OTHER[word]], [text for text in said if text], len(parts))
    return None


def _nested(node: Node) -> bool:
    """`and` in `or` wants brackets, which nobody reads beside an arrow."""
    return _nested(node.operand) if isinstance(node, Not) else isinstance(node, Logic)


def _joined(word: Text, said: list[Text], wanted: int) -> Text | None:
    if len(said) < wanted:
        return None
    return Text(word.zh.join(text.zh for text in said), word.en.join(text.en for text in said))


def _filled_in(process: Process, name: str, holds: bool) -> Text | None:
    title = _title(process, name)
    if title is None:
        return None
    if holds:
        return Text(f"填了“{title.zh}”", f"“{title.en}” is filled in")
    return Text(f"没填“{title.zh}”", f"“{title.en}” is not filled in")


def _yes_or_no(process: Process, name: str, holds: bool) -> Text | None:
    title = _title(process, name)
    if title is None or holds:
        return title
    return Text(f"不是“{title.zh}”", f"not “{title.en}”")


def _compared(process: Process, first: Node, sign: str, second: Node) -> Text | None:
    left, right = _side(process, first, second), _side(process, second, first)
    if left is None or right is None:
        return None
    return Text(f"{left.zh} {_SIGNS[sign]} {right.zh}", f"{left.en} {_SIGNS[sign]} {right.en}")


def _side(process: Process, node: Node, other: Node) -> Text | None:
    """One side of a comparison; `other` tells whose choices a written word belongs to."""
    match node:
        case Name(name):
            return _title(process, name)
        case Call("if_empty", (Name(name), Constant())):
            return _title(process, name)
        case Call("count", (Name(name),)):
            return _counted(_title(process, name))
        case Constant(bool()):
            return None
        case Constant(str(word)):
            return _choice(process, word, other)
        case Constant(value):
            return _number(value)
    return None


def _counted(title: Text | None) -> Text | None:
    return None if title is None else Text(f"“{title.zh}”的行数", f"rows of “{title.en}”")


def _number(value: object) -> Text | None:
    """A number as it was written; durations have no plain reading here."""
    if not isinstance(value, Fraction):
        return None
    shown = f"{to_decimal(value, _PLACES):f}"
    text = shown.rstrip("0").rstrip(".")
    return Text(text, text)


def _choice(process: Process, word: str, other: Node) -> Text | None:
    """The title of a choice; a key that belongs to no choice of the other side is code."""
    field = process.fields.get(other.name) if isinstance(other, Name) else None
    return next((choice.title for choice in field.choices if choice.key == word), None) if field else None


def _title(process: Process, name: str) -> Text | None:
    known: Field | Parameter | None = process.fields.get(name) or process.parameters.get(name)
    return known.title if known else _PEOPLE.get(name)
