"""The functions an expression may call: one table, closed.

Numbers are `Fraction`, dates `date`, instants aware `datetime`, durations `timedelta`, tables tuples of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from workflows.expression import limits
from workflows.expression.errors import ExpressionError
from workflows.expression.many import added_up, greatest, least, pay_for, products_added_up
from workflows.expression.numbers import half_up
from workflows.expression.values import Value, comparable, is_number, kind_name, read_all
from workflows.expression.work import Work

Arguments = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: between `least` and `most` arguments, how it is written, and what it does with their values.

    `run` pays for each value that it looks at. `is_set` and `if_empty` look at whether a value is there at all: the evaluator
    does them itself.
    """

    least: int
    most: int
    usage: str
    run: Callable[[Arguments, Work], Value]


def _numbers(arguments: Arguments, work: Work, function: str) -> list[Fraction]:
    """The numbers meant by `f(a, b, c)`, `f(list)` or `f(rows, "column")`; unset cells are left out."""
    values: Sequence[Value] = arguments
    if arguments and isinstance(arguments[0], tuple):
        values = _column(arguments, work, function)
    work.spend(limits.ITEM * len(values))
    numbers = [value for value in values if isinstance(value, Fraction)]
    if len(numbers) < len(values):
        raise _wrong(function, next(value for value in values if not is_number(value)), "数字", "numbers")
    return numbers


def _column(arguments: Arguments, work: Work, function: str) -> list[Value]:
    rows = arguments[0]
    if not isinstance(rows, tuple):
        raise _wrong(function, rows, "表格或列表", "a table or list")
    work.spend(limits.ITEM * len(rows))
    if len(arguments) == 1:
        return list(rows)
    return [value for value in _cells(rows, arguments[1], work, function) if value is not None]


def _cells(rows: tuple[Value, ...], column: Value, work: Work, function: str) -> list[Value]:
    """What stands in a column, row by row."""
    if not isinstance(column, str):
        raise _wrong(function, column, "加引号的列名", "a column's name in quotes")
    return read_all([row.get(column) for row in rows if isinstance(row, dict)], work)


def _wrong(function: str, value: Value, zh: str, en: str) -> ExpressionError:
    name = kind_name(value)
    return ExpressionError(f"{function} 需要{zh}，得到的是{name.zh}。", f"`{function}` takes {en}, not {name.en}.")


def _sum(arguments: Arguments, work: Work) -> Value:
    return added_up(_numbers(arguments, work, "sum"), work)


def _total(arguments: Arguments, work: Work) -> Value:
    if len(arguments) == 2:
        return added_up(_numbers(arguments, work, "total"), work)
    rows, *columns = arguments
    if not isinstance(rows, tuple):
        raise _wrong("total", rows, "表格或列表", "a table or list")
    first, second = (_cells(rows, column, work, "total") for column in columns)
    pairs = [(a, b) for a, b in zip(first, second, strict=True) if a is not None and b is not None]
    return products_added_up(_only_numbers([a for a, _ in pairs]), _only_numbers([b for _, b in pairs]), work)


def _only_numbers(values: Sequence[Value]) -> list[Fraction]:
    numbers = [value for value in values if isinstance(value, Fraction)]
    if len(numbers) < len(values):
        raise _wrong("total", next(value for value in values if not is_number(value)), "数字", "numbers")
    return numbers


def _mean(arguments: Arguments, work: Work) -> Value:
    numbers = _numbers(arguments, work, "mean")
    if not numbers:
        raise ExpressionError("没有数值，算不出平均数。", "There are no values to take the mean of.")
    return added_up(numbers, work) / len(numbers)


def _extreme(function: str, pick: Callable[[Sequence[Fraction], Work], Fraction]) -> Callable[[Arguments, Work], Value]:
    def run(arguments: Arguments, work: Work) -> Value:
        first = arguments[0]
        if len(arguments) > 1 and isinstance(first, date | timedelta):
            best: Value = first
            for other in arguments[1:]:
                comparable(best, other)
                if (other < best) is (function == "min"):  # type: ignore[operator]
                    best = other
            return best
        numbers = _numbers(arguments, work, function)
        if not numbers:
            raise ExpressionError(f"没有数值，算不出 {function}。", f"There are no values for `{function}`.")
        return pick(numbers, work)

    return run


def _absolute(arguments: Arguments, _work: Work) -> Value:
    value = arguments[0]
    if isinstance(value, timedelta):
        return abs(value)
    if not is_number(value):
        raise _wrong("abs", value, "数字", "a number")
    return abs(value)


def _round(arguments: Arguments, work: Work) -> Value:
    value, places = arguments[0], arguments[1] if len(arguments) > 1 else Fraction(0)
    if not is_number(value):
        raise _wrong("round", value, "数字", "a number")
    if not is_number(places) or places.denominator != 1 or not 0 <= places <= 10:
        raise ExpressionError("round 的小数位数应为 0 到 10。", "`round` takes 0 to 10 places.")
    pay_for((value,), work)
    return half_up(value, int(places))


def _count(arguments: Arguments, work: Work) -> Value:
    if len(arguments) == 1 and isinstance(arguments[0], tuple):
        return Fraction(len(arguments[0]))
    return Fraction(sum(1 for value in _column(arguments, work, "count") if value is not False))


def _distinct(arguments: Arguments, work: Work) -> Value:
    values = _column(arguments, work, "distinct")
    for value in values:
        if isinstance(value, tuple | dict):
            raise _wrong("distinct", value, "一列单个的值", "a column of single values")
    return Fraction(len(set(values)))


def _length(arguments: Arguments, _work: Work) -> Value:
    value = arguments[0]
    if not isinstance(value, str | tuple):
        raise _wrong("len", value, "文本或列表", "text or a list")
    return Fraction(len(value))


def _elapsed(arguments: Arguments, _work: Work) -> Value:
    start, end = arguments
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        raise _wrong("elapsed", end if isinstance(start, datetime) else start, "时间点", "two points in time")
    return end - start


def _days(arguments: Arguments, _work: Work) -> Value:
    """Whole seconds count: a point in time has been noted somewhere within its second."""
    start, end = arguments
    if (
        not isinstance(start, date)
        or not isinstance(end, date)
        or isinstance(start, datetime) is not isinstance(end, datetime)
    ):
        raise _wrong("days", end if isinstance(start, date) else start, "两个日期", "two dates")
    return Fraction(round(Fraction((end - start) // timedelta(microseconds=1), 10**6)), 86400)


def _clamp(arguments: Arguments, work: Work) -> Value:
    value, low, high = _numbers(arguments, work, "clamp")
    pay_for((value, low, high), work)
    return max(low, min(value, high))


def _by_the_evaluator(_arguments: Arguments, _work: Work) -> Value:
    raise ExpressionError("这个函数不在这里计算。", "This function is not computed from values.")


FUNCTIONS: Mapping[str, Function] = {
    "min": Function(1, 50, 'min(a, b, …), min(list), min(rows, "column")', _extreme("min", least)),
    "max": Function(1, 50, 'max(a, b, …), max(list), max(rows, "column")', _extreme("max", greatest)),
    "sum": Function(1, 50, 'sum(a, b, …), sum(rows, "column")', _sum),
    "total": Function(2, 3, 'total(rows, "column"), total(rows, "column", "column")', _total),
    "mean": Function(1, 50, 'mean(a, b, …), mean(rows, "column")', _mean),
    "abs": Function(1, 1, "abs(x)", _absolute),
    "round": Function(1, 2, "round(x), round(x, places)", _round),
    "clamp": Function(3, 3, "clamp(x, low, high)", _clamp),
    "count": Function(1, 2, 'count(rows), count(list), count(rows, "column")', _count),
    "distinct": Function(2, 2, 'distinct(rows, "column")', _distinct),
    "len": Function(1, 1, "len(text)", _length),
    "elapsed": Function(2, 2, "elapsed(from, to)", _elapsed),
    "days": Function(2, 2, "days(from, to)", _days),
    "is_set": Function(1, 1, "is_set(name)", _by_the_evaluator),
    "if_empty": Function(2, 2, "if_empty(name, otherwise)", _by_the_evaluator),
}
