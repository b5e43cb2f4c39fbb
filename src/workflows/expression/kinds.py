"""What kind of value an expression gives, found out without evaluating it.

`workflows check` asks this of every guard and formula, so that comparing a date with a number is an error for the author
and never one for the person who presses a button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from workflows.errors import Text
from workflows.expression.errors import ExpressionError
from workflows.expression.expression import Expression
from workflows.expression.functions import FUNCTIONS
from workflows.expression.nodes import Binary, Call, Choose, Compare, Constant, Items, Logic, Name, Negative, Node, Not


@dataclass(frozen=True, slots=True)
class Kind:
    """boolean, number, text, person, position, period, date, datetime, duration, list or rows.

    `options`: the only texts that can occur (of a choice; of the items of a list of choices). `columns`: of rows.
    """

    name: str
    options: frozenset[str] | None = None
    columns: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType({}))


BOOLEAN, NUMBER, TEXT = Kind("boolean"), Kind("number"), Kind("text")
DATE, DATETIME, DURATION = Kind("date"), Kind("datetime"), Kind("duration")
PERSON, POSITION, PERIOD, LIST = Kind("person"), Kind("position"), Kind("period"), Kind("list")

_WORDS = {
    "boolean": Text("是或否", "true or false"),
    "number": Text("数字", "a number"),
    "text": Text("文本", "text"),
    "person": Text("人员", "a person"),
    "position": Text("岗位", "a position"),
    "period": Text("期间", "a period"),
    "date": Text("日期", "a date"),
    "datetime": Text("时间点", "a point in time"),
    "duration": Text("时长", "a duration"),
    "list": Text("列表", "a list"),
    "rows": Text("表格", "a table"),
}
_ORDERED = ("number", "date", "datetime", "duration")
_SUMS = {
    ("duration", "+", "duration"): DURATION, ("duration", "-", "duration"): DURATION,
    ("duration", "*", "number"): DURATION, ("number", "*", "duration"): DURATION, ("duration", "/", "duration"): NUMBER,
    ("datetime", "-", "datetime"): DURATION, ("datetime", "+", "duration"): DATETIME, ("datetime", "-", "duration"): DATETIME,
    ("date", "-", "date"): DURATION, ("date", "+", "duration"): DATE, ("date", "-", "duration"): DATE,
}  # fmt: skip


def kind_of(expression: Expression, kinds: Mapping[str, Kind]) -> Kind:
    """The kind of `expression` where names have `kinds`; raises ExpressionError for an unknown name or a misfit."""
    return _kind(expression.root, kinds)


_Kinds = Mapping[str, Kind]


def _kind(node: Node, kinds: _Kinds) -> Kind:
    return _BY_NODE[type(node)](node, kinds)


def _name(node: Name, kinds: _Kinds) -> Kind:
    if node.name not in kinds:
        raise _unknown(node.name, kinds, node.column)
    return kinds[node.name]


def _not(node: Not, kinds: _Kinds) -> Kind:
    _expect(_kind(node.operand, kinds), "boolean", "not")
    return BOOLEAN


def _logic(node: Logic, kinds: _Kinds) -> Kind:
    for part in node.parts:
        _expect(_kind(part, kinds), "boolean", node.operator)
    return BOOLEAN


def _negative(node: Negative, kinds: _Kinds) -> Kind:
    kind = _kind(node.operand, kinds)
    if kind.name not in ("number", "duration"):
        raise _misfit("-", kind, kind)
    return kind


def _binary(node: Binary, kinds: _Kinds) -> Kind:
    return _arithmetic(node.operator, _kind(node.left, kinds), _kind(node.right, kinds))


def _compare(node: Compare, kinds: _Kinds) -> Kind:
    left = _kind(node.first, kinds)
    for sign, other in node.rest:
        right = _kind(other, kinds)
        _comparison(sign, left, right, other)
        left = right
    return BOOLEAN


def _choose(node: Choose, kinds: _Kinds) -> Kind:
    _expect(_kind(node.test, kinds), "boolean", "if")
    return _same(_kind(node.yes, kinds), _kind(node.no, kinds), "if … else")


def _items(node: Items, kinds: _Kinds) -> Kind:
    """The list of the values that stand there: `["a", "b"]` can hold nothing but a and b."""
    options: set[str] | None = set()
    items = [_kind(item, kinds) for item in node.items]
    for item in items:
        _same(items[0], item, "[…]")
        options = None if options is None or item.options is None else options | item.options
    return Kind("list", frozenset(options) if options else None)


def _constant(node: Constant, _kinds: _Kinds) -> Kind:
    value = node.value
    if isinstance(value, str):
        return Kind("text", frozenset({value}))
    if isinstance(value, bool):
        return BOOLEAN
    return NUMBER if isinstance(value, Fraction) else DURATION


def _arithmetic(sign: str, left: Kind, right: Kind) -> Kind:
    if left.name == right.name == "number":
        return NUMBER
    if found := _SUMS.get((left.name, sign, right.name)):
        return found
    raise _misfit(sign, left, right)


def _comparison(sign: str, left: Kind, right: Kind, node: Node) -> None:
    if sign in ("in", "not in"):
        if right.name != "list":
            raise _misfit(sign, left, right)
        if left.options is not None and right.options is not None:
            if isinstance(node, Items):
                _refuse_strange(right.options, left.options)
            else:
                _refuse_strange(left.options, right.options)
        return
    if _by_key(left, right) and sign in ("==", "!="):
        return
    if left.name != right.name or (sign not in ("==", "!=") and left.name not in _ORDERED):
        raise _misfit(sign, left, right)
    if left.options is not None and right.options is not None and not left.options & right.options:
        few, many = sorted((left.options, right.options), key=len)
        _refuse_strange(few, many)


def _by_key(left: Kind, right: Kind) -> bool:
    """Whether a position is held against its key: `position == "data_analyst"`. Which keys there are the company knows."""
    return {left.name, right.name} == {"position", "text"}


def _refuse_strange(texts: frozenset[str], options: frozenset[str]) -> None:
    for text in sorted(texts - options):
        near = get_close_matches(text, options, 1)
        raise ExpressionError(
            f"“{text}”不是可选的值；可选：{'、'.join(sorted(options))}。" + (f"是否指 {near[0]}？" if near else ""),
            f'"{text}" is not one of the choices ({", ".join(sorted(options))}).'
            + (f" Did you mean `{near[0]}`?" if near else ""),
        )


def _call(node: Call, kinds: _Kinds) -> Kind:
    given = [_kind(argument, kinds) for argument in node.arguments]
    special = _SPECIAL.get(node.function)
    return special(node, given) if special else _over_numbers(node.function, node.arguments, given)


def _is_set(_node: Call, _given: list[Kind]) -> Kind:
    return BOOLEAN


def _if_empty(node: Call, given: list[Kind]) -> Kind:
    return _same(given[0], given[1], node.function)


def _len(node: Call, given: list[Kind]) -> Kind:
    if given[0].name not in ("text", "list", "rows"):
        raise _needs(node.function, given[0])
    return NUMBER


def _elapsed(node: Call, given: list[Kind]) -> Kind:
    for kind in given:
        _expect(kind, "datetime", node.function)
    return DURATION


def _days(node: Call, given: list[Kind]) -> Kind:
    if given[0].name not in ("date", "datetime") or given[0].name != given[1].name:
        raise _needs(node.function, given[1] if given[0].name in ("date", "datetime") else given[0])
    return NUMBER


def _count(node: Call, given: list[Kind]) -> Kind:
    if given[0].name not in ("list", "rows"):
        raise _needs(node.function, given[0])
    if len(given) == 2:
        _column(node.function, given[0], node.arguments[1])
    return NUMBER


def _distinct(node: Call, given: list[Kind]) -> Kind:
    if given[0].name != "rows":
        raise _needs(node.function, given[0])
    column = _column(node.function, given[0], node.arguments[1])
    if column.name in ("list", "rows"):
        raise _needs(node.function, column)
    return NUMBER


def _over_numbers(function: str, arguments: tuple[Node, ...], given: list[Kind]) -> Kind:
    if given[0].name == "rows":
        if len(arguments) != 2 and not (function == "total" and len(arguments) == 3):
            raise _needs(function, given[0])
        for column in arguments[1:]:
            _expect(_column(function, given[0], column), "number", function)
        return NUMBER
    if function == "total":
        raise _needs(function, given[0])
    if function in ("min", "max") and given[0].name in ("date", "datetime", "duration") and len(given) > 1:
        for kind in given:
            _same(given[0], kind, function)
        return given[0]
    if function == "abs" and given[0].name == "duration":
        return DURATION
    for kind in given:
        _expect(kind, "number", function)
    return NUMBER


def _column(function: str, rows: Kind, node: Node) -> Kind:
    if not isinstance(node, Constant) or not isinstance(node.value, str) or rows.name != "rows":
        raise ExpressionError(
            f"{function} 的第二个参数应为加引号的列名。",
            f"The second argument of `{function}` is a column's name in quotes.",
        )
    if node.value not in rows.columns:
        raise _unknown(node.value, rows.columns, None)
    return rows.columns[node.value]


def _expect(kind: Kind, name: str, where: str) -> None:
    if kind.name != name:
        zh, en = _WORDS[name], _WORDS[kind.name]
        raise ExpressionError(f"{where} 需要{zh.zh}，得到的是{en.zh}。", f"`{where}` takes {zh.en}, not {en.en}.")


def _same(left: Kind, right: Kind, where: str) -> Kind:
    if left.name != right.name:
        raise _misfit(where, left, right)
    both = None if left.options is None or right.options is None else left.options | right.options
    return Kind(left.name, both, left.columns)


def _needs(function: str, kind: Kind) -> ExpressionError:
    word, usage = _WORDS[kind.name], FUNCTIONS[function].usage
    return ExpressionError(f"{function} 不接受{word.zh}：{usage}。", f"`{function}` does not take {word.en}: {usage}.")


def _misfit(sign: str, left: Kind, right: Kind) -> ExpressionError:
    one, two = _WORDS[left.name], _WORDS[right.name]
    return ExpressionError(
        f"{one.zh}和{two.zh}之间不能用“{sign}”。", f"`{sign}` does not work between {one.en} and {two.en}."
    )


def _unknown(name: str, known: Mapping[str, object], column: int | None) -> ExpressionError:
    near = get_close_matches(name, known, 1)
    return ExpressionError(
        f"没有“{name}”这个字段或参数。" + (f"是否指 {near[0]}？" if near else ""),
        f"There is no field or parameter `{name}`." + (f" Did you mean `{near[0]}`?" if near else ""),
        column=column,
    )


_SPECIAL: Mapping[str, Callable[[Call, list[Kind]], Kind]] = {
    "is_set": _is_set, "if_empty": _if_empty, "len": _len, "elapsed": _elapsed, "days": _days, "count": _count,
    "distinct": _distinct,
}  # fmt: skip
_BY_NODE: Mapping[type, Callable[[Any, _Kinds], Kind]] = {
    Constant: _constant, Name: _name, Not: _not, Negative: _negative, Binary: _binary, Compare: _compare, Logic: _logic,
    Choose: _choose, Call: _call, Items: _items,
}  # fmt: skip
