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
    match node:
        case Constant(value):
            return value
        case Name(name):
            value = value_of(values.get(name))
            if value is None:
                raise UnsetName(name)
            return value
        case Logic(word, parts):
            return _logic(word, parts, values)
        case Not(operand):
            return not _truth(evaluate(operand, values), "not")
        case Negative(operand):
            return _negative(evaluate(operand, values))
        case Binary(sign, left, right):
            return _arithmetic(sign, evaluate(left, values), evaluate(right, values))
        case Compare(first, rest):
            return _compare(first, rest, values)
        case Choose(test, yes, no):
            return evaluate(yes if _truth(evaluate(test, values), "if") else no, values)
        case Call(function, arguments):
            return _call(function, arguments, values)
        case Items(items):
            return tuple(evaluate(item, values) for item in items)


def _call(function: str, arguments: tuple[Node, ...], values: Mapping[str, object]) -> Value:
    if function == "is_set":
        return _present(arguments[0], values)
    if function == "if_empty":
        return evaluate(arguments[0] if _present(arguments[0], values) else arguments[1], values)
    run = FUNCTIONS[function].run
    assert run is not None  # the two lazy ones are done above
    result = run([evaluate(argument, values) for argument in arguments])
    return bounded(result) if is_number(result) else result


def _present(node: Node, values: Mapping[str, object]) -> bool:
    """Whether a value is there; an empty text or list counts as nothing, as it does in a form."""
    try:
        return evaluate(node, values) not in ("", ())
    except UnsetName:
        return False


def _logic(word: str, parts: tuple[Node, ...], values: Mapping[str, object]) -> bool:
    decided = word == "or"
    for part in parts:
        if _truth(evaluate(part, values), word) is decided:
            return decided
    return not decided


def _truth(value: Value, word: str) -> bool:
    if not isinstance(value, bool):
        name = kind_name(value)
        raise ExpressionError(
            f"{word} 需要是或否，得到的是{name.zh}。", f"`{word}` takes true or false, not {name.en}."
        )
    return value


def _negative(value: Value) -> Value:
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


def _compare(first: Node, rest: tuple[tuple[str, Node], ...], values: Mapping[str, object]) -> bool:
    left = evaluate(first, values)
    for sign, node in rest:
        right = evaluate(node, values)
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
