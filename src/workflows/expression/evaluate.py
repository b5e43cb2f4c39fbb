"""Nodes over values. No attribute is ever followed, no code of the outside ever called."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from workflows.expression import limits
from workflows.expression.errors import ExpressionError, UnsetName
from workflows.expression.functions import FUNCTIONS
from workflows.expression.many import pay_for, ratio
from workflows.expression.nodes import Binary, Call, Choose, Compare, Constant, Items, Logic, Name, Negative, Node, Not
from workflows.expression.numbers import bounded
from workflows.expression.stack import with_room
from workflows.expression.values import Value, comparable, is_number, kind_name, read, whole
from workflows.expression.work import Work

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_LONGEST_DURATION = timedelta(days=366 * 200)


class Scope:
    """The values names stand for, each read once, and the work that is left."""

    __slots__ = ("found", "values", "work")

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values
        self.found: dict[str, Value] = {}
        self.work = Work()

    def value(self, name: str) -> Value:
        """What `name` stands for, None where it has no value."""
        if name not in self.found:
            self.found[name] = read(self.values.get(name), self.work)
        return self.found[name]


def evaluate_brief(node: Node, values: Mapping[str, object]) -> Value:
    """As `evaluate`, for a handful of nodes over values without lists: nothing in it loops, so it needs no room of its own."""
    scope = Scope(values)
    return whole(_evaluate(node, scope), scope.work)


@with_room
def evaluate(node: Node, values: Mapping[str, object]) -> Value:
    """The value of `node`; raises UnsetName where it reads a name without value, else ExpressionError."""
    return evaluate_brief(node, values)


def _evaluate(node: Node, scope: Scope) -> Value:
    scope.work.spend(limits.NODE)
    return _EVALUATORS[type(node)](node, scope)


def _constant(node: Constant, _scope: Scope) -> Value:
    return node.value


def _name(node: Name, scope: Scope) -> Value:
    value = scope.value(node.name)
    if value is None:
        raise UnsetName(node.name)
    return value


def _not(node: Not, scope: Scope) -> Value:
    return not _truth(_evaluate(node.operand, scope), "not")


def _binary(node: Binary, scope: Scope) -> Value:
    left, right = _evaluate(node.left, scope), _evaluate(node.right, scope)
    if is_number(left) and is_number(right):
        pay_for((left, right), scope.work)
        return _numbers(node.operator, left, right)
    return _not_numbers(node.operator, left, right)


def _choose(node: Choose, scope: Scope) -> Value:
    return _evaluate(node.yes if _truth(_evaluate(node.test, scope), "if") else node.no, scope)


def _items(node: Items, scope: Scope) -> Value:
    return tuple(_evaluate(item, scope) for item in node.items)


def _call(node: Call, scope: Scope) -> Value:
    function, arguments = node.function, node.arguments
    if function == "is_set":
        return _value_or_nothing(arguments[0], scope) is not None
    if function == "if_empty":
        value = _value_or_nothing(arguments[0], scope)
        return _evaluate(arguments[1], scope) if value is None else value
    result = FUNCTIONS[function].run([_evaluate(argument, scope) for argument in arguments], scope.work)
    return bounded(result) if is_number(result) else result


def _value_or_nothing(node: Node, scope: Scope) -> Value:
    """The value, or None where there is none; an empty text or list counts as nothing, as it does in a form."""
    try:
        value = _evaluate(node, scope)
    except UnsetName:
        return None
    return None if value in ("", ()) else value


def _logic(node: Logic, scope: Scope) -> bool:
    decided = node.operator == "or"
    for part in node.parts:
        if _truth(_evaluate(part, scope), node.operator) is decided:
            return decided
    return not decided


def _truth(value: Value, word: str) -> bool:
    if not isinstance(value, bool):
        name = kind_name(value)
        raise ExpressionError(
            f"{word} 需要是或否，得到的是{name.zh}。", f"`{word}` takes true or false, not {name.en}."
        )
    return value


def _negative(node: Negative, scope: Scope) -> Value:
    value = _evaluate(node.operand, scope)
    if is_number(value):
        return -value
    if isinstance(value, timedelta):
        return -value
    raise _no_arithmetic("-", value, value)


def _not_numbers(sign: str, left: Value, right: Value) -> Value:
    try:
        return _times(sign, left, right)
    except OverflowError:
        raise ExpressionError("时间超出范围。", "The time is out of range.") from None


def _numbers(sign: str, left: Fraction, right: Fraction) -> Fraction:
    match sign:
        case "+":
            return bounded(left + right)
        case "-":
            return bounded(left - right)
        case "*":
            return bounded(left * right)
    if right == 0:
        raise ExpressionError("除数为零。", "Division by zero.")
    return bounded(left / right)


def _times(sign: str, left: Value, right: Value) -> Value:
    """Dates, points in time and durations: what people mean by adding and subtracting them, nothing more."""
    match (left, sign, right):
        case (timedelta(), "+", timedelta()):
            return _short(left + right)
        case (timedelta(), "-", timedelta()):
            return _short(left - right)
        case (timedelta(), "*", Fraction()):
            return _scaled(left, right)
        case (Fraction(), "*", timedelta()):
            return _scaled(right, left)
        case (timedelta(), "/", timedelta()) if right:
            return Fraction(left // timedelta(microseconds=1), right // timedelta(microseconds=1))
        case (datetime(), "-", datetime()):
            return left - right
        case (datetime(), "+" | "-", timedelta()):
            return left + right if sign == "+" else left - right
        case (date(), "-", date()) if not isinstance(left, datetime) and not isinstance(right, datetime):
            return left - right
        case (date(), "+" | "-", timedelta()) if not isinstance(left, datetime) and not right % timedelta(days=1):
            return left + right if sign == "+" else left - right
    raise _no_arithmetic(sign, left, right)


def _scaled(duration: timedelta, factor: Fraction) -> timedelta:
    if abs(factor) > 100_000:
        raise ExpressionError("时长太长。", "The duration is too long.")
    micros = Fraction(duration // timedelta(microseconds=1)) * factor
    return _short(timedelta(microseconds=round(micros)))


def _short(duration: timedelta) -> timedelta:
    if abs(duration) > _LONGEST_DURATION:
        raise ExpressionError("时长太长。", "The duration is too long.")
    return duration


def _no_arithmetic(sign: str, left: Value, right: Value) -> ExpressionError:
    one, two = kind_name(left), kind_name(right)
    return ExpressionError(
        f"{one.zh}和{two.zh}之间不能用“{sign}”。", f"`{sign}` does not work between {one.en} and {two.en}."
    )


def _compare(node: Compare, scope: Scope) -> bool:
    left = _evaluate(node.first, scope)
    for sign, other in node.rest:
        right = _evaluate(other, scope)
        if not _pair(sign, left, right, scope.work):
            return False
        left = right
    return True


def _pair(sign: str, left: Value, right: Value, work: Work) -> bool:
    left, right = whole(left, work), whole(right, work)
    _pay_for_looking((left, right), work)
    if sign in ("in", "not in"):
        return _is_among(left, right) is (sign == "in")
    comparable(left, right)
    if sign not in ("==", "!=") and not isinstance(left, Fraction | date | timedelta):
        name = kind_name(left)
        raise ExpressionError(f"{name.zh}没有大小之分。", f"{name.en.capitalize()} has no order.")
    return _ORDER[sign](left, right)


def _is_among(left: Value, right: Value) -> bool:
    if not isinstance(right, tuple):
        name = kind_name(right)
        raise ExpressionError(
            f"in 的右边需要列表，得到的是{name.zh}。", f"`in` takes a list on its right, not {name.en}."
        )
    for item in right:
        if type(item) is not type(left):
            comparable(left, item)
    if is_number(left):
        return ratio(left) in [ratio(item) for item in right if isinstance(item, Fraction)]
    return left in right


def _pay_for_looking(values: Iterable[Value], work: Work) -> None:
    """Comparing looks at every part of a value at most once."""
    characters, numbers = 0, []
    for value in values:
        if isinstance(value, Fraction):
            numbers.append(value)
        elif isinstance(value, str):
            characters += len(value)
        elif isinstance(value, tuple | dict):
            work.spend(limits.ITEM * len(value))
            _pay_for_looking(value.values() if isinstance(value, dict) else value, work)
    work.spend(characters // limits.TEXT_A_UNIT)
    pay_for(numbers, work)


_EVALUATORS: Mapping[type, Callable[[Any, Scope], Value]] = {
    Constant: _constant, Name: _name, Not: _not, Negative: _negative, Binary: _binary, Compare: _compare, Logic: _logic,
    Choose: _choose, Call: _call, Items: _items,
}  # fmt: skip
