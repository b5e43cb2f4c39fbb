"""Where C is open, another company reads it otherwise by changing one word of the card."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.shop import GIVING, card_of, figures, points, reread, scored
from workflows.scoring.model import Scorecard
from workflows.scoring.score import score_card

OPERATOR = card_of("uv_growth")


def growth(actual: str, card: Scorecard) -> Fraction | None:
    return points("uv_growth", GIVING["uv_growth"](Decimal(actual)), card=card)


def test_steps_whole_begun_or_linear() -> None:
    begun, linear = (
        reread(OPERATOR, ("steps: whole", "steps: begun")),
        reread(OPERATOR, ("steps: whole", "steps: linear")),
    )
    for actual, whole, as_begun, as_linear in (
        ("20", "100", "100", "100"),
        ("19.999", "100", "97", "99.9994"),
        ("15.001", "100", "97", "97.0006"),
        ("15", "97", "97", "97"),
        ("14.999", "97", "94", "96.9994"),
        ("10", "94", "94", "94"),
    ):
        assert growth(actual, OPERATOR) == Fraction(whole)
        assert growth(actual, begun) == Fraction(as_begun)
        assert growth(actual, linear) == Fraction(as_linear)


def test_points_of_the_hundred_or_of_the_weight() -> None:
    of_weight = reread(OPERATOR, ("points_of: hundred", "points_of: weight"))
    assert growth("15", of_weight) == 70  # 3 of the weight of 10 that C writes are 30 of 100
    values = figures(promotion_cost=16, sales=100)
    assert points("promotion_share", values, card=of_weight) == 60  # 2 of 5
    both = figures(cost_of_sales_3m="3.5", stock_open_3m=1, stock_close=1, dead_stock_value="7.5", stock_value=100)
    assert points("stock_turnover", both, "apparel", of_weight) == 10  # 5 and 4 of 10
    assert points("dead_stock", both, "", of_weight) == 40


def test_the_gap_in_points_or_relative() -> None:
    relative = reread(OPERATOR, ("uv_prev * 100\n            unit: percent\n            target: 20\n            score: {steps: {every: 5, costs: 3, in: points}}", "uv_prev * 100\n            unit: percent\n            target: 20\n            score: {steps: {every: 5, costs: 3, in: relative}}"))  # fmt: skip
    assert growth("15", relative) == 85  # 25 % below 20 %: five steps
    absolute = reread(OPERATOR, ("{every: 5, costs: 3, in: relative}", "{every: 1, costs: 3, in: points}"))
    assert points("pv_per_uv", figures(pv=5, uv=10), card=absolute) == 94  # 2.5 pages short: two whole ones


def test_the_mean_plus_five_points_or_five_percent() -> None:
    percent = reread(OPERATOR, ("plus: 5, in: points", "plus: 5, in: relative"))
    values = figures(paid_orders=4, uv=100, industry_mean=6)
    assert (scored("pay_conversion", values).target, scored("pay_conversion", values, card=percent).target) == (
        11,
        Fraction("6.3"),
    )
    assert points("pay_conversion", values, card=percent) == 95


@pytest.mark.parametrize(
    ("word", "status", "score"), [("drop", "not_applicable", None), ("zero", "scored", 0), ("ignore", "scored", 97)]
)
def test_too_little_natural_traffic(word: str, status: str, score: int | None) -> None:
    card = reread(OPERATOR, ("otherwise: drop", f"otherwise: {word}"))
    line = scored("uv_growth", figures(uv=112, uv_prev=100, organic_uv=67), card=card)
    assert (line.status, line.score) == (status, score)
    enough = scored("uv_growth", figures(uv=100, uv_prev=100, organic_uv=60), card=card)
    assert (enough.status, enough.score) == ("scored", 88)


def test_an_ignored_condition_asks_for_no_figures() -> None:
    card = reread(OPERATOR, ("otherwise: drop", "otherwise: ignore"))
    assert points("uv_growth", figures(uv=112, uv_prev=100), card=card) == 97


def test_the_parts_of_a_line_add_up_or_the_larger_counts() -> None:
    larger = reread(OPERATOR, ("parts: sum", "parts: larger"))
    values = figures(cost_of_sales_3m="3.5", stock_open_3m=1, stock_close=1, dead_stock_value="7.5", stock_value=100)
    assert (points("stock_turnover", values, "apparel"), points("stock_turnover", values, "apparel", larger)) == (
        91,
        95,
    )
    worse = values | figures(dead_stock_value=9)
    assert points("stock_turnover", worse, "apparel", larger) == 92


def test_three_together_and_whether_each_costs_as_well() -> None:
    every = reread(OPERATOR, ("bundles: rest", "bundles: all"))
    assert [points("problem_time", figures(late_problems=n), card=every) for n in (2, 3, 4)] == [98, 92, 91]


def test_rates_are_rounded_only_where_a_card_says_so() -> None:
    rounded = reread(OPERATOR, ("rates: exact", "rates: 2"))
    values = figures(sales="79.995", sales_target=100)
    assert (points("sales_attainment", values), points("sales_attainment", values, card=rounded)) == (0, 80)


def test_the_silent_stretch_between_80_and_90() -> None:
    strict = reread(OPERATOR, ("{when: rate >= 80, points: rate}", "{when: rate >= 80, points: 60 + (rate - 80) * 3}"))
    values = figures(sales=85, sales_target=100)
    assert (points("sales_attainment", values), points("sales_attainment", values, card=strict)) == (85, 75)


def test_less_is_better_mirrored_or_as_a_ratio() -> None:
    agent = card_of("response_time")
    ratio = reread(agent, ("lower: mirror", "lower: ratio"))
    for seconds, mirrored, as_ratio in (
        (60, 100, 100),
        (48, 120, 120),
        (50, Fraction(350, 3), 120),
        (90, 50, Fraction(200, 3)),
        (0, 120, 120),
    ):
        values = figures(answer_seconds=seconds, questions_answered=1)
        assert (points("response_time", values, card=agent), points("response_time", values, card=ratio)) == (
            mirrored,
            as_ratio,
        )


def test_the_most_and_the_least_of_a_score() -> None:
    card = reread(card_of("stability"), ("least: 0, most: 120", "least: 20, most: 150"))
    assert [points("stability", figures(downtime_minutes=n), card=card) for n in ("0", "43.2", "86.4")] == [
        150,
        100,
        20,
    ]


def test_a_divisor_of_zero_may_mean_no_case() -> None:
    lenient = reread(OPERATOR, ("zero: undefined", "zero: not_applicable"))
    values = figures(pv=3, uv=0)
    assert (scored("pv_per_uv", values).status, scored("pv_per_uv", values, card=lenient).status) == (
        "undefined",
        "not_applicable",
    )


def test_the_five_weights_may_be_as_the_heading_says() -> None:
    total = score_card(OPERATOR, {})
    assert [total.lines[key].holds for key in OPERATOR.groups["traffic"].indicators] == [Fraction(40, 9), Fraction(20, 9), Fraction(60, 9), Fraction(40, 9), Fraction(20, 9)]  # fmt: skip
