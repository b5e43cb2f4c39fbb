"""Whatever anybody types: an answer or an ExpressionError, and at once. And the answers are those of exact arithmetic."""

import ast
import time
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.expression import Expression, ExpressionError
from workflows.expression.kinds import NUMBER, kind_of

PIECES = st.sampled_from(
    [
        "a",
        "b",
        "each",
        "each.x",
        "min",
        "max",
        "round",
        "sum",
        "count",
        "len",
        "is_set",
        "if_empty",
        "mean",
        "total",
        "(",
        ")",
        "[",
        "]",
        ",",
        "+",
        "-",
        "*",
        "/",
        "<",
        "<=",
        "==",
        "!=",
        "in",
        "not",
        "and",
        "or",
        "if",
        "else",
        "true",
        "false",
        "24h",
        "7d",
        "5wd",
        "1",
        "0",
        "2.5",
        "99999999999999999999",
        "'x'",
        '"y"',
        "**",
        ".",
        ":",
        "=",
        "lambda",
        "__class__",
        "import",
        "中",
        "\\",
        "\n",
    ]
)
VALUES: dict[str, object] = {"a": 3, "b": Fraction(7, 3), "each": "p", "each.x": [1, 2, 3]}


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join) | st.text(max_size=80))
def test_nothing_escapes_and_nothing_hangs(source: str) -> None:
    began = time.perf_counter()
    with suppress(ExpressionError):
        Expression(source).evaluate(VALUES)
    assert time.perf_counter() - began < 0.5  # a generous bound for a busy machine; measured below 2 ms


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
