"""A score says how it came about, in both languages, with the digits that matter."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.shop import GIVING, Figures, card_of, figures, reread, scored
from scoring.test_missing import full, perfect
from workflows.scoring.explaining.numbers import apart, exact_text, figure_text, in_unit, short
from workflows.scoring.model import Scorecard
from workflows.scoring.score import Line, score_card

OPERATOR = card_of("uv_growth")


def line(key: str, actual: str, category: str = "", card: Scorecard | None = None) -> Line:
    return scored(key, GIVING[key](Decimal(actual)), category, card)


@pytest.mark.parametrize(
    ("key", "actual", "category", "zh", "en"),
    [
        ("sales_attainment", "84.636", "", "达成率 ≥ 80，得分 = 达成率 = 84.64。", "Attainment in % ≥ 80: attainment in % = 84.64."),
        ("sales_attainment", "125", "", "达成率 ≥ 120，得 120 分。", "Attainment in % ≥ 120: 120."),
        ("sales_attainment", "79.9999", "", "不满足“达成率 ≥ 80”，得 0 分。", "Not attainment in % ≥ 80: 0."),
        ("uv_growth", "20", "", "达标。自然流量占比 166.67%，够 60%，计权重。", "On target. Share of natural traffic 166.67%, at least 60%: it counts."),
        ("pv_per_uv", "2.5", "", "比目标低 16.67%，每低满 5% 扣 3 分，扣 9。", "16.67% below the target; 3 for each full 5%: minus 9."),
        ("pv_per_uv", "2.85", "", "比目标低 5%，每低满 5% 扣 3 分，扣 3。", "5% below the target; 3 for each full 5%: minus 3."),
        ("pay_conversion", "4.5", "", "差 3.50 个点，每低满 2 个点扣 5 分，扣 5。", "3.50 pp short; 5 for each full 2 pp: minus 5."),
        ("order_value", "3.25", "", "差 1.75 个点，不满 2 个点，不扣。", "1.75 pp short, less than a full 2 pp: nothing off."),
        ("promotion_share", "16.3", "", "超 1.30 个点，每超满 1 个点扣 2 分，扣 2。", "1.30 pp over; 2 for each full 1 pp: minus 2."),
        ("dead_stock", "7.5", "", "超 2.50 个点，每超满 1 个点扣 2 分，扣 4。", "2.50 pp over; 2 for each full 1 pp: minus 4."),
        ("problem_time", "4", "", "问题超时解决次数 4 次，每满 3 次扣 5 分，其余每次扣 1 分，扣 6。", "Problems solved later than 24 h 4, 5 for each 3, 1 for each of the rest: minus 6."),
        ("problem_time", "0", "", "问题超时解决次数为 0，不扣。", "Problems solved later than 24 h: 0, nothing off."),
        ("problem_time", "70", "", "问题超时解决次数 70 次，每满 3 次扣 5 分，其余每次扣 1 分，扣 116。最低 0 分。", "Problems solved later than 24 h 70, 5 for each 3, 1 for each of the rest: minus 116. Never below 0."),
        ("collaboration", "7.9", "", "不满足“实际 ≥ 目标”，得分 = 实际 × 10 = 79。", "Not actual ≥ target: actual × 10 = 79."),
        ("proposals", "1", "", "达到目标的 50%，得 50 分。", "50% of the target: 50."),
        ("proposals", "3", "", "达到目标的 150%，最多计 100 分。", "150% of the target, at most 100 count."),
        ("knowledge", "0", "", "未达标，得 0 分。", "Target missed: 0."),
        ("knowledge", "1", "", "达标，得 100 分。", "On target: 100."),
        ("traffic_growth", "-5", "", "达到目标的 −25%，最低计 0 分。", "−25% of the target, 0 is the least."),
        ("complaint_time", "25", "", "(2 − 实际 ÷ 目标) × 100 = 95.83，得 95.83 分。", "(2 − actual ÷ target) × 100 = 95.83: 95.83."),
        ("complaint_time", "0", "", "实际为 0，是最好的结果，最多计 120 分。", "An actual of 0 is the best result, at most 120 count."),
        ("complaint_time", "49", "", "(2 − 实际 ÷ 目标) × 100 = −4.17，最低计 0 分。", "(2 − actual ÷ target) × 100 = −4.17, 0 is the least."),
        ("participants", "100", "", "达到目标的 20%，得 20 分。", "20% of the target: 20."),
    ],
)  # fmt: skip
def test_how(key: str, actual: str, category: str, zh: str, en: str) -> None:
    how = line(key, actual, category).how
    assert (how.zh, how.en) == (zh, en)


def test_two_parts_are_said_in_one_sentence() -> None:
    values = figures(cost_of_sales_3m=340, stock_open_3m=100, stock_close=100, dead_stock_value="7.2", stock_value=100)
    how = scored("stock_turnover", values, "apparel").how
    assert (
        how.zh == "比目标低 15%，每低满 10% 扣 5 分，扣 5；滞销品占比 7.20%，超 2.20 个点，每超满 1 个点扣 2 分，扣 4。"
    )
    assert (
        how.en
        == "15% below the target; 5 for each full 10%: minus 5; dead stock 7.20%: 2.20 pp over; 2 for each full 1 pp: minus 4."
    )


def test_what_was_deducted_stands_in_the_sentence_word_for_word() -> None:
    values = perfect() | figures(
        uv=105, dead_stock_value=1, cost_of_sales_3m=20, late_answers=4, violations=1, data_violations=2
    )
    score = full(values)
    cut = [line for line in score.lines.values() if line.cuts]
    assert len(cut) == 4
    for one in cut:
        for text in one.cuts:
            assert text.zh in one.how.zh
            assert text.en in one.how.en


def test_steps_read_otherwise_are_said_otherwise() -> None:
    begun, linear = (
        reread(OPERATOR, ("steps: whole", "steps: begun")),
        reread(OPERATOR, ("steps: whole", "steps: linear")),
    )
    assert line("silent_orders", "17", card=begun).how.zh == "差 3.00 个点，每低 2 个点扣 5 分，不满也算，扣 10。"
    assert (
        line("silent_orders", "17", card=linear).how.en == "3.00 pp short; 5 for each 2 pp, in proportion: minus 7.5."
    )
    weight = reread(OPERATOR, ("points_of: hundred", "points_of: weight"))
    assert (
        line("promotion_share", "16", card=weight).how.zh
        == "超 1.00 个点，每超满 1 个点扣 2 分，扣权重 2 分（合 40）。"
    )


@pytest.mark.parametrize(
    ("key", "values", "zh"),
    [
        ("sales_attainment", figures(sales=4231800, sales_target=5000000), "¥4,231,800 ÷ ¥5,000,000 × 100 = 84.64%"),
        ("uv_growth", figures(uv=112, uv_prev=100, organic_uv=112), "(112 − 100) ÷ 100 × 100 = 12.00%"),
        ("order_value", figures(sales=4231800, paid_orders=17736, sales_prev=4000000, paid_orders_prev=17309), "客单价 ¥4,231,800 ÷ 17,736 = ¥238.60；上月客单价 ¥4,000,000 ÷ 17,309 = ¥231.09；(¥238.60 − ¥231.09) ÷ ¥231.09 × 100 = 3.25%"),
        ("stock_turnover", figures(cost_of_sales_3m=340, stock_open_3m=100, stock_close=100, dead_stock_value=0, stock_value=1), "¥340 ÷ ((¥100 + ¥100) ÷ 2) = 3.40 次/季"),
        ("collaboration", figures(design_mark="8.5", service_mark=7, logistics_mark=8), "平均(设计部门评分 8.5、客服部门评分 7、物流部门评分 8) = 7.83 分"),
        ("proposals", figures(accepted_proposals_3m=1), "近 3 个月通过的提案数 1"),
        ("stability", figures(downtime_minutes="12.5"), "计划外停机时长 12.5"),
        ("complaint_time", figures(complaint_hours=100, complaints_resolved=3), "100 ÷ 3 = 33.33 小时"),
        ("pay_conversion", figures(paid_orders=1, uv=3, industry_mean=3), "1 ÷ 3 × 100 = 33.33%"),
        ("profit", figures(sales=1, cost_of_sales="0.5", promotion_cost=0, after_sales_cost=0, platform_fees=2, profit_target=3), "(¥1 − ¥0.50 − ¥0 − ¥0 − ¥2) ÷ ¥3 × 100 = −50.00%"),
    ],
)  # fmt: skip
def test_the_formula_with_numbers_put_in(key: str, values: Figures, zh: str) -> None:
    formula = scored(key, values, "apparel").formula
    assert formula is not None
    assert formula.zh == zh


def test_digits_are_added_until_nothing_looks_like_what_it_is_not() -> None:
    """79.996 % beside a threshold of 80 % must not read 80.00 %."""
    almost = scored("resources", figures(resources_on_time="94.999", resources_due=100))
    assert almost.formula is not None
    assert almost.formula.zh.endswith("94.999%")
    assert almost.how.zh == "差 0.001 个点，不满 5 个点，不扣。"
    edge = scored("promotion_share", figures(promotion_cost="15.9999", sales=100))
    assert edge.how.zh == "超 0.9999 个点，不满 1 个点，不扣。"


def test_shares_stand_beside_sales_without_points() -> None:
    line = scored("sales_attainment", figures(sales=200, sales_target=100, sales_douyin=80))
    assert [(one.title.zh, value) for one, value in line.beside] == [("抖音商城占比", 40)]
    nothing = scored("sales_attainment", figures(sales=0, sales_target=100, sales_douyin=0))
    assert nothing.beside == ()


def test_numbers_for_programs() -> None:
    assert [exact_text(Fraction(*pair)) for pair in ((1, 1), (1, 8), (1, 3), (-2, 3), (100, 1), (0, 1), (1, 5**12))] == [
        "1", "0.125", "0.3333333333", "-0.6666666667", "100", "0", "0.000000004096",
    ]  # fmt: skip


def test_numbers_for_people() -> None:
    assert [short(Fraction(value)) for value in ("18", "12.5", "-3", "1234567.891")] == [
        "18",
        "12.5",
        "−3",
        "1,234,567.89",
    ]
    assert apart(Fraction("79.99999"), [Fraction(80)]) == 5
    assert apart(Fraction(80), [Fraction(80), None]) == 2
    assert figure_text(Decimal("-1234.50"), "CNY") == "−¥1,234.50"
    assert figure_text(Decimal("1E+3"), "count") == "1,000"
    assert in_unit(Fraction("0.012345"), "ratio").zh == "0.01235"
    assert (in_unit(Fraction(3), "hours").zh, in_unit(Fraction(3), "hours").en) == ("3 小时", "3 h")


def test_the_whole_card_as_json() -> None:
    answer = full(figures(pv=300, resources_due=0)).as_json()
    assert answer["total"] == "99.79"
    assert answer["grade"] == {"key": "excellent", "zh": "优秀", "en": "Excellent"}
    lines = {line["key"]: line for line in answer["lines"]}
    assert lines["pv_per_uv"]["actual"] == "2.5"
    assert lines["pv_per_uv"]["holds"] == "2.3391812865"
    assert lines["resources"]["status"] == "not_applicable"
    assert lines["stock_turnover"]["parts"]["dead_stock"] == {"actual": "0", "target": "5", "deduction": "0"}

    def types(value: object) -> set[type]:
        if isinstance(value, dict):
            return set().union(*map(types, value.values()))
        return set().union(*map(types, value)) if isinstance(value, list) else {type(value)}

    assert types(answer) <= {str, int, type(None)}


def test_every_line_has_a_sentence_whatever_is_missing() -> None:
    for card in {card_of(key).key: card_of(key) for key in GIVING}.values():
        for values in ({}, {name: Decimal(0) for name in card.figures}, {name: Decimal(3) for name in card.figures}):
            for one in score_card(card, values, {"category": "apparel"}).lines.values():
                assert one.how.zh.endswith("。")
                assert one.how.en.endswith(".")
                assert "None" not in one.how.zh + one.how.en
