"""The kinds of value an expression works with, and how values of the outside become such."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, TypeGuard, cast

from workflows.errors import Text
from workflows.expression import limits
from workflows.expression.errors import ExpressionError
from workflows.expression.numbers import bounded, exact
from workflows.expression.work import Work

Value: TypeAlias = (
    "bool | str | Fraction | date | datetime | timedelta | tuple[Value, ...] | Mapping[str, Value] | None"
)
"""`None` is unset. A table is a tuple of rows, a row a mapping; lists of texts are tuples of texts."""

_NAMES = (
    (bool, Text("是或否", "true or false")),
    (str, Text("文本", "text")),
    (Fraction, Text("数字", "a number")),
    (datetime, Text("时间点", "a point in time")),
    (date, Text("日期", "a date")),
    (timedelta, Text("时长", "a duration")),
    (tuple, Text("列表", "a list")),
)

_READY = frozenset({type(None), bool, str, timedelta, date})
"""Types that are values as they are: most cells of most tables."""


def value_of(raw: object) -> Value:
    """`raw` as a Value: int and Decimal become Fraction, lists tuples, in rows as well.

    Raises ExpressionError for binary floats, naive datetimes, too long and too deep lists and everything unknown.
    """
    work = Work()
    return whole(read(raw, work), work)


def read(raw: object, work: Work) -> Value:
    """`raw` as a Value, except that rows stay as they were handed in: of a table with twenty columns a formula mostly reads
    one. `whole`, or `read` of a cell, does the rest. Paid for with `work`; raises as `value_of`."""
    if type(raw) in _READY:
        return cast(Value, raw)
    match raw:
        case Fraction():
            work.spend(limits.ITEM)
            return bounded(raw)
        case int() | Decimal() if not isinstance(raw, bool):
            work.spend(limits.CONVERSION)
            number = exact(raw)
            work.spend_on(number)
            return number
        case datetime() if raw.tzinfo is None:
            raise ExpressionError("时间点缺少时区。", "A point in time must carry its zone.")
        case bool() | str() | timedelta() | date() | Mapping():
            return raw
        case list() | tuple():
            return _list(raw, work)
    raise ExpressionError(
        f"不能计算 {type(raw).__name__} 类型的值。",
        f"Values of type {type(raw).__name__} cannot be used in expressions.",
    )


def _list(raw: list[Any] | tuple[Any, ...], work: Work) -> Value:
    if len(raw) > limits.MOST_ROWS:
        raise ExpressionError("列表太长。", "The list is too long.")
    if any(isinstance(item, list | tuple) for item in raw):
        raise _too_deep()  # no field has lists of lists
    work.spend(limits.ITEM * len(raw))
    return tuple(read(item, work) for item in raw)


def whole(value: Value, work: Work, depth: int = 1) -> Value:
    """`value` with all its rows read, cell by cell. Raises as `value_of`."""
    if depth > limits.DEEPEST_VALUE:
        raise _too_deep()
    match value:
        case tuple():
            return tuple(whole(item, work, depth + 1) for item in value) if _has_rows(value) else value
        case Mapping():
            work.spend(limits.ITEM * len(value))
            return {str(key): _whole_cell(cell, work, depth + 1) for key, cell in value.items()}
    return value


def _whole_cell(raw: object, work: Work, depth: int) -> Value:
    value = read(raw, work)
    return whole(value, work, depth) if isinstance(value, tuple | dict) else value


def _has_rows(value: tuple[Value, ...]) -> bool:
    return any(isinstance(item, Mapping | tuple) for item in value)


def _too_deep() -> ExpressionError:
    return ExpressionError("列表嵌套太深。", "Lists are nested too deeply.")


def is_number(value: Value) -> TypeGuard[Fraction]:
    """Whether `value` is a number (true and false are none)."""
    return isinstance(value, Fraction)


def kind_name(value: Value) -> Text:
    """What to call this value in a sentence."""
    for kind, name in _NAMES:
        if isinstance(value, kind):
            return name
    return Text("一行数据", "a row") if isinstance(value, Mapping) else Text("空值", "nothing")


def comparable(left: Value, right: Value) -> None:
    """Raises ExpressionError unless both are of one kind; a date and a point in time are two."""
    if type(left) is type(right):
        return
    zh, en = kind_name(left), kind_name(right)
    if zh != en:
        raise ExpressionError(f"不能拿{zh.zh}和{en.zh}相比。", f"{zh.en.capitalize()} cannot be compared with {en.en}.")
