"""No binary float enters, none comes out, none is used on the way."""

from __future__ import annotations

import ast
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import workflows.scoring
from scoring.randoms import shipped
from scoring.shop import figures
from scoring.test_missing import full, perfect
from workflows.errors import InvalidInput
from workflows.expression import ExpressionError
from workflows.scoring.score import score_card, score_indicator

OPERATOR = shipped().cards["ecommerce_operator"]
ROOM = Path(str(workflows.scoring.__file__)).parent


@pytest.mark.parametrize("value", [2.5, 3.0, True, float("nan"), Decimal("nan"), Decimal("inf"), "3", 1j])
def test_what_is_no_exact_number_does_not_enter(value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        score_card(OPERATOR, {**perfect(), "pv": value}, {"category": "apparel, fast_moving"})  # type: ignore[dict-item]
    assert list(refused.value.fields) == ["pv"]
    with pytest.raises(InvalidInput):
        score_indicator(OPERATOR, "pv_per_uv", {"pv": value, "uv": Decimal(1)})  # type: ignore[dict-item]


def test_grades_and_bonus_take_none_either() -> None:
    for wrong in (89.5, 90.0):
        with pytest.raises(ExpressionError):
            shipped().grades.grade_of(wrong)  # type: ignore[arg-type]
        with pytest.raises(ExpressionError):
            shipped().grades.bonus(wrong, Decimal(90))  # type: ignore[arg-type]
        with pytest.raises(ExpressionError):
            shipped().grades.bonus(Decimal(1000), wrong)  # type: ignore[arg-type]


def test_all_numbers_of_a_score_are_exact() -> None:
    score = full(figures(pv=1, uv=3, organic_uv=3))
    assert isinstance(score.exact, Fraction)
    for line in score.lines.values():
        numbers = [line.actual, line.target, line.score, line.holds, line.counted, line.lost, line.computed]
        assert all(number is None or isinstance(number, Fraction) for number in numbers)
        assert all(isinstance(value, Decimal) for value in line.figures.values())


def test_the_room_writes_no_float_and_asks_for_none() -> None:
    found = []
    for file in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
            if literal or (isinstance(node, ast.Name) and node.id in ("float", "round")):
                found.append(f"{file.relative_to(ROOM)}:{node.lineno}")
    assert found == []


def test_an_exact_threshold_stays_exact_through_long_decimals() -> None:
    """28 digits of Decimal turn an exact +3 % into a little less; fractions do not."""
    third = Decimal(1) / 3  # whatever it is, it is that number
    values = figures(uv=third * Decimal("1.2"), uv_prev=third, organic_uv=1)
    assert score_indicator(OPERATOR, "uv_growth", values | {"uv": third + third / 5}).status == "scored"
    exact = {
        "uv": Decimal("0.3999999999999999999999999996"),
        "uv_prev": Decimal("0.3333333333333333333333333330"),
        "organic_uv": Decimal(1),
    }
    line = score_indicator(OPERATOR, "uv_growth", exact)
    assert (line.actual, line.score) == (20, 100)


def test_numbers_as_large_as_no_shop_has_end_in_a_sentence_not_in_an_error() -> None:
    big = Decimal(10) ** 300 + 1
    score = full(
        {
            "sales": big,
            "sales_target": big * 7 + 3,
            "paid_orders": big * 11 + 5,
            "sales_prev": big + 77,
            "paid_orders_prev": big * 3 + 1,
        }
    )
    assert score.lines["order_value"].status in ("scored", "undefined")
    assert score.lines["order_value"].how.zh
