"""Source text to nodes: Python's own parser reads, an allow-list decides what may stay.

Twice: the words and signs are looked at before Python's parser sees them (`tokens`), and every node it makes that is not
named here is refused, so a new kind of Python syntax is refused as well. `ast.parse` builds a tree and runs nothing.
"""

from __future__ import annotations

import ast
import re
from difflib import get_close_matches
from fractions import Fraction

from workflows.expression import limits
from workflows.expression.errors import ExpressionError
from workflows.expression.functions import FUNCTIONS
from workflows.expression.nodes import (
    Binary,
    Call,
    Choose,
    Compare,
    Constant,
    Items,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    children,
)
from workflows.expression.stack import with_room
from workflows.expression.tokens import as_python, duration_of

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


@with_room
def parse(source: str) -> Node:
    """The nodes of `source`; raises ExpressionError with a column where it says something that is not allowed."""
    if len(source) > limits.LONGEST_SOURCE:
        raise ExpressionError(
            f"表达式超过 {limits.LONGEST_SOURCE} 个字符。",
            f"The expression is longer than {limits.LONGEST_SOURCE} characters.",
        )
    if not source.strip():
        raise ExpressionError("表达式是空的。", "The expression is empty.")
    python = as_python(source)
    lead = len(python) - len(python.lstrip())
    try:
        tree = ast.parse(python.strip(), mode="eval")
    except (SyntaxError, MemoryError, RecursionError) as error:
        column = (getattr(error, "offset", None) or 1) + lead
        raise ExpressionError(
            f"第 {column} 列附近读不懂。", f"This cannot be understood near column {column}.", column=column
        ) from None
    node = _Reader(python.strip(), lead).read(tree.body, 1)
    _refuse_too_large(node)
    return node


class _Reader:
    """Turns Python's nodes into ours, counting depth so that nothing deep is ever walked."""

    def __init__(self, source: str, lead: int) -> None:
        self._bytes = source.encode()
        self._lead = lead

    def read(self, tree: ast.expr, depth: int) -> Node:
        if depth > limits.DEEPEST:
            raise ExpressionError("表达式嵌套太深。", "The expression is nested too deeply.", column=self._column(tree))
        node = self._leaf(tree) or self._operation(tree, depth + 1) or self._other(tree, depth + 1)
        if node is None:
            raise ExpressionError(
                "这里不能这样写。", "This kind of expression is not allowed.", column=self._column(tree)
            )
        return node

    def _leaf(self, tree: ast.expr) -> Node | None:
        match tree:
            case ast.Constant():
                return self._constant(tree)
            case ast.Name() | ast.Attribute():
                return self._name(tree)
        return None

    def _operation(self, tree: ast.expr, depth: int) -> Node | None:
        match tree:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(self.read(operand, depth))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.read(operand, depth))
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
                return Binary(_BINARY[type(operator)], self.read(left, depth), self.read(right, depth))
            case ast.BoolOp(op=logic, values=values):
                word = "and" if isinstance(logic, ast.And) else "or"
                return Logic(word, tuple(self.read(value, depth) for value in values))
        return None

    def _other(self, tree: ast.expr, depth: int) -> Node | None:
        match tree:
            case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARE for op in ops):
                pairs = zip(ops, others, strict=True)
                rest = tuple((_COMPARE[type(op)], self.read(other, depth)) for op, other in pairs)
                return Compare(self.read(left, depth), rest)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choose(self.read(test, depth), self.read(body, depth), self.read(orelse, depth))
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self._call(tree, function, arguments, depth)
            case ast.List(elts=items):
                return Items(tuple(self.read(item, depth) for item in items))
        return None

    def _constant(self, tree: ast.Constant) -> Node:
        if isinstance(tree.value, str):
            return Constant(tree.value)
        if isinstance(tree.value, int | float) and not isinstance(tree.value, bool):
            text = self._bytes[tree.col_offset : tree.end_col_offset].decode()
            return Constant(Fraction(text))  # from the text: the float that Python read is not exact
        raise ExpressionError("真假写作 true 或 false。", "Write `true` or `false`.", column=self._column(tree))

    def _name(self, tree: ast.Name | ast.Attribute) -> Node:
        column = self._column(tree)
        if isinstance(tree, ast.Attribute):
            if isinstance(tree.value, ast.Name) and tree.value.id == "each" and _NAME.fullmatch(tree.attr):
                return Name(f"each.{tree.attr}", column)
            raise ExpressionError("点号只能写在 each 后面。", "A dot may only follow `each`.", column=column)
        if tree.id in ("true", "false"):
            return Constant(tree.id == "true")
        if (duration := duration_of(tree.id)) is not None:
            return Constant(duration)
        if not _NAME.fullmatch(tree.id):
            raise ExpressionError(
                f"“{tree.id}”不是名称：名称由小写字母、数字和下划线组成。",
                f"`{tree.id}` is not a name: names are made of small letters, digits and underscores.",
                column=column,
            )
        return Name(tree.id, column)

    def _call(self, tree: ast.Call, function: str, arguments: list[ast.expr], depth: int) -> Node:
        known = FUNCTIONS.get(function)
        if known is None:
            near = get_close_matches(function, FUNCTIONS, 1)
            raise ExpressionError(
                f"没有函数“{function}”。" + (f"是否指 {near[0]}？" if near else ""),
                f"There is no function `{function}`." + (f" Did you mean `{near[0]}`?" if near else ""),
                column=self._column(tree),
            )
        if not known.least <= len(arguments) <= known.most:
            raise ExpressionError(
                f"{function} 的参数个数不对：{known.usage}。",
                f"Wrong number of arguments for `{function}`: {known.usage}.",
                column=self._column(tree),
            )
        return Call(function, tuple(self.read(argument, depth) for argument in arguments))

    def _column(self, tree: ast.expr) -> int:
        return len(self._bytes[: tree.col_offset].decode()) + 1 + self._lead


def _refuse_too_large(node: Node) -> None:
    waiting, seen = [node], 0
    while waiting:
        seen += 1
        if seen > limits.MOST_NODES:
            raise ExpressionError("表达式太长。", "The expression has too many parts.")
        waiting.extend(children(waiting.pop()))
