"""Binary floats cannot enter: not as values, not as literals, not as results, at no door of the rooms that compute."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import workflows.expression
import workflows.scoring
from workflows.expression import Expression, ExpressionError, exact, half_up, to_decimal, value_of

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class Measured(float):
    """A binary float under another name."""


FLOATS = [0.1, 1.0, -0.0, float("nan"), float("inf"), Measured(0.5), 0.5j]
PLACES = [
    lambda value: value,
    lambda value: [value],
    lambda value: (1, value),
    lambda value: {"x": value},
    lambda value: [{"x": value}],
    lambda value: [{"x": [value]}],
    lambda value: [{"x": 1}, {"x": value}],
]
READING = [
    "a", "a + 1", "-a", "a == a", "a in [1]", "1 in a", "min(a)", "sum(a)", 'sum(a, "x")', 'total(a, "x")', 'mean(a, "x")', 'max(a, "x")',
    'count(a, "x")', "if_empty(a, 1)", "is_set(a)", "round(a)", "abs(a)", "clamp(a, 0, 1)", "a if true else 1", "a == 1 or true", "24h * a",
]  # fmt: skip


@pytest.mark.parametrize("value", FLOATS, ids=repr)
@pytest.mark.parametrize("source", READING)
def test_a_float_is_refused_wherever_it_is_read(source: str, value: object) -> None:
    for place in PLACES:
        with pytest.raises(ExpressionError):
            result = Expression(source).evaluate({"a": place(value)})
            # Asking how many rows there are, or whether there are some, reads no cell.
            assert source in ("is_set(a)", "a == 1 or true") or source.startswith("count"), result
            raise ExpressionError("没有读到它。", "It was not read.")


@pytest.mark.parametrize("value", FLOATS, ids=repr)
def test_no_door_takes_a_float(value: float) -> None:
    for place in PLACES:
        with pytest.raises(ExpressionError):
            value_of(place(value))
    for door in (exact, lambda number: half_up(number, 2), lambda number: to_decimal(number, 2)):
        with pytest.raises(ExpressionError, match="cannot be computed with"):
            door(value)


@pytest.mark.parametrize(
    "source", ["a + 1", "a > 0", "-a", "sum(a, 1)", "abs(a)", "round(a)", "min(1, a)", "24h * a", "a in [1]", "1 in b"]
)
def test_true_and_false_are_no_numbers(source: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(source).evaluate({"a": True, "b": [True]})
    with pytest.raises(ExpressionError, match="cannot be computed with"):
        exact(True)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=0, max_value=10**12))
def test_a_literal_is_what_is_written(number: Decimal) -> None:
    """Python's parser reads a float; what counts is the text."""
    text = format(number, "f")
    assert Expression(".5").evaluate({}) == Fraction(1, 2)
    assert Expression(text).evaluate({}) == Fraction(text)
    assert to_decimal(Fraction(text), 9) == number


@pytest.mark.parametrize("source", ["1e5", "1.5e-3", "0x1.8p1", "1_0.0", "1.", "nan", "inf", "1j"])
def test_what_only_floats_look_like_cannot_be_written(source: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(source).evaluate({})


@pytest.mark.parametrize(
    "source",
    [
        "a / 3",
        "1 / 7",
        "mean(1, 2, 4)",
        "span / 7h",
        "days(at, end)",
        "round(1 / 3, 4)",
        "24h * (1 / 7) / 1h",
        "count(rows) / 7",
        "sum(a, a / 9)",
    ],
)
def test_results_are_exact(source: str) -> None:
    values = {
        "a": Decimal("0.1"),
        "span": timedelta(hours=3),
        "at": NOON,
        "end": NOON + timedelta(seconds=1),
        "rows": [1],
    }
    assert type(Expression(source).evaluate(values)) is Fraction


EXACT = frozenset({"floor", "ceil", "trunc", "gcd", "lcm"})
"""What of `math` gives whole numbers of exact ones."""


# ---- the rooms' own code -----------------------------------------------------------------------------------------


def modules() -> Iterator[Path]:
    """Every module of the rooms that compute."""
    for room in (workflows.expression, workflows.scoring):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            yield Path(str(importlib.import_module(found.name).__file__))


def test_the_code_that_computes_has_no_floats() -> None:
    """No literal with a point, no `float(…)`, no mathematics of floats, and no seconds as floats."""
    found = [
        f"{path.name}:{line}: {what}"
        for path in modules()
        for line, what in floats_in(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []
    assert any(path.name == "many.py" for path in modules())


def floats_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()):
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Name(id="float" | "complex" | "pow" as name)):
                yield node.lineno, f"{name}(…)"
            case ast.Attribute(attr="total_seconds" | "timestamp" | "from_float" as name):
                yield node.lineno, f".{name}"
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if name not in EXACT:
                yield node.lineno, f"math.{name}"
            case ast.ImportFrom(module="math", names=names) if any(alias.name not in EXACT for alias in names):
                yield node.lineno, "from math import …"
            case ast.ImportFrom(module="statistics" | "cmath"):
                yield node.lineno, ast.unparse(node)


def test_a_float_in_the_code_would_be_found() -> None:
    lines = [
        "math.sqrt(2)",
        "from statistics import mean",
        "from math import pi",
        "0.5",
        "float(x)",
        "x.total_seconds()",
    ]
    for line in [*lines, "from math import floor", "math.floor(x)"]:
        assert bool(list(floats_in(ast.parse(line)))) is (line in lines), line
