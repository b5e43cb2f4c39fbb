"""The kinds of value an expression works with, and how values of the outside become such."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, TypeGuard

from workflows.errors import Text
from workflows.expression import limits
from workflows.expression.errors import ExpressionError
from workflows.expression.numbers import exact

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


def value_of(raw: object) -> Value:
    """`raw` as a Value: int and Decimal become Fraction, lists tuples.

    Raises ExpressionError for binary floats, naive datetimes, too long lists and everything unknown.
    """
    match raw:
        case None | bool() | str() | Fraction() | timedelta():
            return raw
        case int() | Decimal():
            return exact(raw)
        case datetime():
            if raw.tzinfo is None:
                raise ExpressionError("时间点缺少时区。", "A point in time must carry its zone.")
            return raw
        case date():
            return raw
        case list() | tuple():
            if len(raw) > limits.MOST_ROWS:
                raise ExpressionError("列表太长。", "The list is too long.")
            return tuple(value_of(item) for item in raw)
        case Mapping():
            return {str(key): value_of(item) for key, item in raw.items()}
    raise ExpressionError(
        f"不能计算 {type(raw).__name__} 类型的值。",
        f"Values of type {type(raw).__name__} cannot be used in expressions.",
    )


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
    zh, en = kind_name(left), kind_name(right)
    if zh != en:
        raise ExpressionError(f"不能拿{zh.zh}和{en.zh}相比。", f"{zh.en.capitalize()} cannot be compared with {en.en}.")
