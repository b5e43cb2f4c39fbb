"""The kinds of value an expression works with, and how values of the outside become such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, TypeGuard, cast

from workflows.errors import Text
from workflows.expression import limits
from workflows.expression.errors import ExpressionError
from workflows.expression.many import refuse_too_long
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

_READY = frozenset({type(None), bool, str, date, Fraction, dict})
"""Types that are values as they are, but for the length of a number: most cells of most tables."""
_LONGEST_DURATION = timedelta(days=366 * 10_000)  # more than lies between any two dates


def value_of(raw: object) -> Value:
    """`raw` as a Value: int and Decimal become Fraction, lists tuples, in rows as well.

    Raises ExpressionError for binary floats, naive datetimes, too long and too deep lists and everything unknown.
    """
    work = Work()
    return whole(read(raw, work), work)


def read(raw: object, work: Work) -> Value:
    """`raw` as a Value, except that rows stay as they were handed in: of a table with twenty columns a formula mostly reads
    one. `whole`, or `read` of a cell, does the rest. Paid for with `work`; raises as `value_of`."""
    match raw:
        case Fraction():
            return bounded(raw)
        case int() | Decimal() if not isinstance(raw, bool):
            number = exact(raw)
            work.spend(limits.CONVERSION + number.denominator.bit_length() // limits.BITS_A_UNIT)
            return number
        case datetime() if raw.tzinfo is None:
            raise ExpressionError("时间点缺少时区。", "A point in time must carry its zone.")
        case timedelta() if not -_LONGEST_DURATION <= raw <= _LONGEST_DURATION:
            raise ExpressionError("时长太长。", "The duration is too long.")
        case None | bool() | str() | timedelta() | date() | dict():
            return raw
        case list() | tuple():
            return _list(raw, work)
        case Mapping():
            return dict(raw)
    raise ExpressionError(
        f"不能计算 {type(raw).__name__} 类型的值。",
        f"Values of type {type(raw).__name__} cannot be used in expressions.",
    )


def read_all(raws: Sequence[object], work: Work) -> list[Value]:
    """`read` of each; what is a value already is not called for."""
    work.spend(limits.ITEM * len(raws))
    found = [cast(Value, raw) if type(raw) in _READY else read(raw, work) for raw in raws]
    refuse_too_long(value for value in found if type(value) is Fraction)
    return found


def _list(raw: Sequence[object], work: Work) -> Value:
    if len(raw) > limits.MOST_ROWS:
        raise ExpressionError("列表太长。", "The list is too long.")
    found = tuple(read_all(raw, work))
    if any(isinstance(item, tuple) for item in found):
        raise _too_deep()  # no field has lists of lists
    return found


def whole(value: Value, work: Work, depth: int = 1) -> Value:
    """`value` with all its rows read, cell by cell. Raises as `value_of`."""
    if depth > limits.DEEPEST_VALUE:
        raise _too_deep()
    match value:
        case tuple():
            return tuple(_whole_parts(value, work, depth))
        case dict():
            cells = read_all(list(value.values()), work)
            return dict(zip(map(str, value), _whole_parts(cells, work, depth), strict=True))
    return value


def _whole_parts(parts: Sequence[Value], work: Work, depth: int) -> list[Value]:
    return [whole(part, work, depth + 1) if isinstance(part, tuple | dict) else part for part in parts]


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
