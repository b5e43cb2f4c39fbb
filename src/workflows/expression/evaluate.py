"""Nodes over values. No attribute is ever followed, no code of the outside ever called."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from workflows.expression.errors import ExpressionError, UnsetName
from workflows.expression.functions import FUNCTIONS
from workflows.expression.nodes import Binary, Call, Choose, Compare, Constant, Items, Logic, Name, Negative, Node, Not
from workflows.expression.numbers import bounded
from workflows.expression.values import Value, comparable, is_number, kind_name, value_of

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_LONGEST_DURATION = timedelta(days=366 * 200)


def evaluate(node: Node, values: Mapping[str, object]) -> Value:
    """The value of `node`; raises UnsetName where it reads a name without value, else ExpressionError."""
    return _EVALUATORS[type(node)](node, values)


def _constant(node: Constant, _values: Mapping[str, object]) -> Value:
    return node.value


def _name(node: Name, values: Mapping[str, object]) -> Value:
    value = value_of(values.get(node.name))
    if value is None:
        raise UnsetName(node.name)
    return value


def _not(node: Not, values: Mapping[str, object]) -> Value:
    return not _truth(evaluate(node.operand, values), "not")


def _binary(node: Binary, values: Mapping[str, object]) -> Value:
    return _arithmetic(node.operator, evaluate(node.left, values), evaluate(node.right, values))


def _choose(node: Choose, values: Mapping[str, object]) -> Value:
    return evaluate(node.yes if _truth(evaluate(node.test, values), "if") else node.no, values)


def _items(node: Items, values: Mapping[str, object]) -> Value:
    return tuple(evaluate(item, values) for item in node.items)


def _call(node: Call, values: Mapping[str, object]) -> Value:
    function, arguments = node.function, node.arguments
    if function == "is_set":
        return _present(arguments[0], values)
    if function == "if_empty":
        return evaluate(arguments[0] if _present(arguments[0], values) else arguments[1], values)
    result = FUNCTIONS[function].run([evaluate(argument, values) for argument in arguments])
    return bounded(result) if is_number(result) else result


def _present(node: Node, values: Mapping[str, object]) -> bool:
    """Whether a value is there; an empty text or list counts as nothing, as it does in a form."""
    try:
        return evaluate(node, values) not in ("", ())
    except UnsetName:
        return False


def _logic(node: Logic, values: Mapping[str, object]) -> bool:
    decided = node.operator == "or"
    for part in node.parts:
        if _truth(evaluate(part, values), node.operator) is decided:
            return decided
    return not decided


def _truth(value: Value, word: str) -> bool:
    if not isinstance(value, bool):
        name = kind_name(value)
        raise ExpressionError(
            f"{word} 需要是或否，得到的是{name.zh}。", f"`{word}` takes true or false, not {name.en}."
        )
    return value


def _negative(node: Negative, values: Mapping[str, object]) -> Value:
    value = evaluate(node.operand, values)
    if is_number(value):
        return -value
    if isinstance(value, timedelta):
        return -value
    raise _no_arithmetic("-", value, value)


def _arithmetic(sign: str, left: Value, right: Value) -> Value:
    if is_number(left) and is_number(right):
        return _numbers(sign, left, right)
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


def _compare(node: Compare, values: Mapping[str, object]) -> bool:
    left = evaluate(node.first, values)
    for sign, other in node.rest:
        right = evaluate(other, values)
        if not _pair(sign, left, right):
            return False
        left = right
    return True


def _pair(sign: str, left: Value, right: Value) -> bool:
    if sign in ("in", "not in"):
        if not isinstance(right, tuple):
            name = kind_name(right)
            raise ExpressionError(
                f"in 的右边需要列表，得到的是{name.zh}。", f"`in` takes a list on its right, not {name.en}."
            )
        for item in right:
            comparable(left, item)
        return (left in right) is (sign == "in")
    comparable(left, right)
    if sign not in ("==", "!=") and not isinstance(left, Fraction | date | timedelta):
        name = kind_name(left)
        raise ExpressionError(f"{name.zh}没有大小之分。", f"{name.en.capitalize()} has no order.")
    return _ORDER[sign](left, right)


_EVALUATORS: Mapping[type, Callable[[Any, Mapping[str, object]], Value]] = {
    Constant: _constant, Name: _name, Not: _not, Negative: _negative, Binary: _binary, Compare: _compare, Logic: _logic,
    Choose: _choose, Call: _call, Items: _items,
}  # fmt: skip
