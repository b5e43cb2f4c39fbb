"""Whatever anybody types: an answer or an ExpressionError, at once, and nothing of the outside is reached. And the answers are
those of exact arithmetic.

The quick form runs always. `make test-fuzz` tries a million expressions with a bar of progress, in all processors
(`FUZZ=1000000`; another number tries as many). Each expression has a number and is the same each time.
"""

import ast
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tqdm import tqdm

from expression.fuzzing import LONGEST, Tried, try_all, try_slow_again
from workflows.expression import Expression, ExpressionError
from workflows.expression.kinds import NUMBER, kind_of

QUICK = 4_000
BATCH = 2_000
VALUES: dict[str, object] = {"a": 3, "b": Fraction(7, 3), "each": "p", "each.x": [1, 2, 3]}


def test_nothing_escapes_and_nothing_hangs() -> None:
    count = int(os.environ.get("FUZZ", QUICK))
    tried = Tried()
    if count <= QUICK:
        tried.add(try_all(range(count)))
    else:
        try_many(count, tried)
    try_slow_again(tried)
    assert tried.escapes == []
    assert tried.given == count
    assert tried.evaluated > count // 5, "too few of them are expressions at all"
    assert tried.refused > count // 5, "too few of them are refused"
    assert tried.slowest[0] <= LONGEST


def test_the_time_does_not_depend_on_how_deep_the_caller_stands() -> None:
    """At some depth each call of a loop used to take memory from the operating system, and 2 ms became 15."""
    rows = [{"cost": Decimal(number) / 7} for number in range(500)]
    assert (
        max(below(depth, lambda: seconds_for('total(rows, "cost") > 1', {"rows": rows})) for depth in range(150))
        < LONGEST
    )


def below(depth: int, call: Callable[[], float]) -> float:
    return below(depth - 1, call) if depth else call()


def seconds_for(source: str, values: dict[str, object]) -> float:
    """The shortest of some tries: others disturb, nothing makes it faster."""
    expression = Expression(source)
    shortest = 1.0
    for _ in range(3):
        began = time.thread_time()
        with suppress(ExpressionError):
            expression.evaluate(values)
        shortest = min(shortest, time.thread_time() - began)
    return shortest


def try_many(count: int, tried: Tried) -> None:
    batches = [range(start, min(start + BATCH, count)) for start in range(0, count, BATCH)]
    with (
        ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool,
        tqdm(total=count, unit=" expressions") as bar,
    ):
        for done in as_completed([pool.submit(try_all, batch) for batch in batches]):
            part = done.result()
            tried.add(part)
            bar.update(part.given)
            bar.set_postfix(escapes=len(tried.escapes), slowest=f"{tried.slowest[0] * 1000:.1f} ms")


NUMBERS = st.integers(0, 10**6).map(str) | st.tuples(st.integers(0, 999), st.integers(0, 9999)).map(
    lambda n: f"{n[0]}.{n[1]:04d}"
)
ARITHMETIC = st.recursive(
    NUMBERS | st.sampled_from(["a", "b"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map("-{}".format)
    ),
    max_leaves=12,
)


def oracle(source: str) -> Fraction:
    """The same sum by Python's own tree over fractions: another road to the same number."""

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.BinOp(left, op, right):
                one, two = value(left), value(right)
                return {ast.Add: one.__add__, ast.Sub: one.__sub__, ast.Mult: one.__mul__, ast.Div: one.__truediv__}[
                    type(op)
                ](two)
            case ast.UnaryOp(operand=operand):
                return -value(operand)
            case ast.Name(id=name):
                return Fraction(str(VALUES[name]))
        return Fraction(ast.get_source_segment(source, node) or "")

    return value(ast.parse(source, mode="eval").body)


@settings(max_examples=600, deadline=None)
@given(ARITHMETIC)
def test_sums_are_those_of_exact_fractions(source: str) -> None:
    try:
        expected = oracle(source)
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="zero"):
            Expression(source).evaluate(VALUES)
        return
    assert Expression(source).evaluate(VALUES) == expected
    assert kind_of(Expression(source), {"a": NUMBER, "b": NUMBER}) == NUMBER
