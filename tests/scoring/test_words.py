"""A card described in words, two versions compared, two scores compared, and what would have changed the grade."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.randoms import shipped
from scoring.shop import GIVING, Figures, card_of, figures, reread
from scoring.test_missing import full, perfect
from workflows.scoring.changes import between
from workflows.scoring.differences import changed_lines
from workflows.scoring.hints import to_next_grade
from workflows.scoring.load import load_card
from workflows.scoring.score import CardScore, Entry, score_card
from workflows.scoring.words import card_in_words, group_words

OPERATOR = card_of("uv_growth")


@pytest.mark.parametrize(
    ("key", "formula", "target", "rule", "notes"),
    [
        ("sales_attainment", "销售额 ÷ 销售额目标 × 100", "≥ 100%", "达成率 ≥ 120：120 分；达成率 ≥ 90：得分 = 达成率；达成率 ≥ 80：得分 = 达成率；其余：0 分。", 2),
        ("uv_growth", "(访客数 UV − 上月访客数 UV) ÷ 上月访客数 UV × 100", "≥ 20%", "达标 100 分，每低满 5 个点扣 3 分，最低 0 分。", 1),
        ("pay_conversion", "支付订单数 ÷ 访客数 UV × 100", "≥ 行业平均转化率 + 5 个点", "达标 100 分，每低满 2 个点扣 5 分，最低 0 分。", 0),
        ("repurchase", "近 90 天复购用户数 ÷ 近 90 天付费用户数 × 100", "快消品 ≥ 30%，耐用品 ≥ 20%，其他由公司设定", "达标 100 分，每低满 2 个点扣 3 分，最低 0 分。", 0),
        ("new_customers", "新客销售额 ÷ 销售额 × 100", "由公司设定", "达标 100 分，每低满 2 个点扣 3 分，最低 0 分。", 0),
        ("problem_time", None, None, "从 100 分扣：问题超时解决次数每满 3 次扣 5 分，其余每次扣 1 分，最低 0 分。", 0),
        ("collaboration", "平均(设计部门评分、客服部门评分、物流部门评分)", "≥ 8 分", "实际 ≥ 目标：100 分；其余：得分 = 实际 × 10。", 0),
        ("resources", "按时到位的资源数 ÷ 应到位的资源数 × 100", "≥ 95%", "达标 100 分，每低满 5 个点扣 2 分，最低 0 分。", 1),
        ("knowledge", "近 6 个月发布的手册与案例数", "≥ 1 份", "达标 100 分，未达标 0 分。", 0),
        ("shop_compliance", None, None, "从 100 分扣：违规次数每次扣 10 分；严重违规次数（封店）每次扣 50 分，最低 0 分。", 1),
    ],
)  # fmt: skip
def test_an_indicator_in_words(key: str, formula: str | None, target: str | None, rule: str, notes: int) -> None:
    words = card_in_words(OPERATOR)[key]
    assert (words.formula and words.formula.zh, words.target and words.target.zh) == (formula, target)
    assert words.rule.zh == rule
    assert len(words.notes) == notes


def test_every_card_in_words_in_both_languages() -> None:
    for card in shipped().cards.values():
        for words in card_in_words(card).values():
            for one in (words, *words.parts):
                for text in (one.title, one.rule, *one.notes, *(text for text in (one.formula, one.target) if text)):
                    assert text.zh
                    assert text.en
                    assert not any("一" <= letter <= "鿿" for letter in text.en), text.en


def test_a_scaled_group_says_so() -> None:
    note = group_words(OPERATOR, OPERATOR.groups["traffic"])
    assert note is not None
    assert note.zh == "5 项原权重合计 45，按比例折成 20。"
    assert group_words(OPERATOR, OPERATOR.groups["users"]) is None


# -- versions ------------------------------------------------------------------------------------------------------------


def test_two_versions_of_a_card() -> None:
    new = reread(
        OPERATOR,
        ("target: 8\n", "target: 7.5\n"),
        ("title: {zh: 静默下单率", "title: {zh: 自助下单率"),
        ("otherwise: drop", "otherwise: zero"),
        ("weight: 3\n            formula: new", "weight: 2\n            formula: new"),
        ("weight: 7\n", "weight: 8\n"),
    )
    assert [change.text.zh for change in between(OPERATOR, new)] == [
        "“UV 增长率”的说明：原来是“自然流量占比（自然流量访客数 ÷ 访客数 UV × 100）不到 60% 时，不计权重，由同组其余各项分担”，改为“自然流量占比（自然流量访客数 ÷ 访客数 UV × 100）不到 60% 时，得 0 分”。",
        "“自助下单率”的名称：原来是“静默下单率”，改为“自助下单率”。",
        "“复购率”的权重：原来是“7”，改为“8”。",
        "“复购率”的实际权重：原来是“7”，改为“8”。",
        "“新客占比”的权重：原来是“3”，改为“2”。",
        "“新客占比”的实际权重：原来是“3”，改为“2”。",
        "“协作满意度”的目标：原来是“≥ 8 分”，改为“≥ 7.5 分”。",
    ]
    assert between(OPERATOR, OPERATOR) == ()


def test_every_reading_that_changes_is_told() -> None:
    for old, new in (
        ("steps: whole", "steps: begun"), ("points_of: hundred", "points_of: weight"), ("least: 0", "least: 1"), ("rates: exact", "rates: 2"),
        ("parts: sum", "parts: larger"), ("bundles: rest", "bundles: all"), ("zero: undefined", "zero: not_applicable"),
    ):  # fmt: skip
        assert between(OPERATOR, reread(OPERATOR, (old, new))), new
    agent = card_of("response_time")
    assert len(between(agent, reread(agent, ("lower: mirror", "lower: ratio")))) == 2
    assert len(between(agent, reread(agent, ("most: 120", "most: 110")))) == 4


def test_lines_and_groups_that_come_and_go() -> None:
    card = card_of("product_growth")
    text = (
        card.text[: card.text.index("  market_feedback:")]
        + """\
  returns:
    title: {zh: 退货率, en: Returns}
    formula: after_sales_cost / sales * 100
    better: lower
    target: 3
    score: {met: {met: 100, missed: 0}}
"""
    )
    changes = between(card, load_card(text, "x", shipped().figures))
    assert [(change.kind, change.key) for change in changes] == [("removed", "market_feedback"), ("added", "returns")]
    assert changes[1].text.zh == "新增“退货率”：权重 25，达标 100 分，未达标 0 分。"
    assert (
        changes[0].text.en
        == "“Market feedback mark” is gone: weight 25, Actual ÷ target × 100, at most 120, not below 0."
    )


# -- scores --------------------------------------------------------------------------------------------------------------


def test_what_a_correction_changed_and_what_only_followed() -> None:
    before = full(figures(sales=100))
    after = full(figures(sales=110))
    changes = changed_lines(before, after, corrected=["sales_attainment"])
    assert [(change.key, change.figures, change.follows) for change in changes] == [
        ("sales_attainment", ("sales",), False),
        ("order_value", ("sales",), True),
        ("new_customers", ("sales",), True),
    ]
    assert sum(change.counted or 0 for change in changes) == (after.exact or 0) - (before.exact or 0)
    assert changed_lines(before, before) == ()


def test_weights_that_move_are_a_change_that_follows() -> None:
    changes = changed_lines(full(), full(pv_per_uv=Entry(waived=True, reason="x")), ["pv_per_uv"])
    assert len(changes) == 18
    assert [change.key for change in changes if not change.follows] == ["pv_per_uv"]
    assert sum(change.counted or 0 for change in changes) == 0


MANAGER = card_of("product_growth")
START = {
    "product_growth": "4.8", "line_turnover": "3.1", "launch_success": "55", "market_feedback": "4.37",
}  # fmt: skip


def managed(**actuals: str) -> CardScore:
    values: Figures = {}
    for key, actual in (START | actuals).items():
        values |= GIVING[key](Decimal(actual))
    return score_card(MANAGER, values, {"category": "apparel"}, grades=shipped().grades)


def test_a_hint_can_be_taken_at_its_word_and_nothing_less() -> None:
    score = managed()
    assert score.total == Decimal("89.05")
    hints = to_next_grade(score)
    assert {hint.line.key for hint in hints} == set(START)
    for hint in hints:
        then = Decimal(hint.then.numerator) / hint.then.denominator
        assert managed(**{hint.line.key: str(then)}).grade == hint.grade
        assert managed(**{hint.line.key: str(then - Decimal("0.01"))}).grade == score.grade
    assert [hint.better_by / hint.now for hint in hints] == sorted(hint.better_by / hint.now for hint in hints)
    assert hints[0].text.zh == "产品销售增长率再高 0.19 个点（到 4.99%）就是优秀"


def test_steps_parts_and_occurrences_have_hints_too() -> None:
    values = figures(
        design_mark="7.7", accepted_proposals_3m=1, published_manuals_6m=0, violations=6, late_answers=5, dead_stock_value=12,
        stock_value=100, cost_of_sales_3m=32,
    )  # fmt: skip
    score = full(values)
    assert score.total == Decimal("89.98")
    hints = {(hint.indicator.key, hint.figure): hint for hint in to_next_grade(score)}
    assert {key: (hint.now, hint.then) for key, hint in hints.items()} == {
        ("sales_attainment", None): (100, Fraction("100.05")),
        ("collaboration", None): (Fraction("7.9"), Fraction("7.93")),
        ("proposals", None): (1, 2),
        ("knowledge", None): (0, 1),
        ("shop_compliance", "violations"): (6, 5),
        ("activity_response", "late_answers"): (5, 3),
        ("stock_turnover", None): (Fraction("3.2"), Fraction("3.21")),
        ("dead_stock", None): (12, Fraction("11.99")),
    }
    assert hints["activity_response", "late_answers"].text.zh == "平台活动超时响应次数少 2（到 3）就是优秀"
    assert hints["dead_stock", None].text.en == "Dead stock: 0.01 pp less (11.99%) would have made it “Excellent”"
    assert full(values | figures(late_answers=3)).grade != score.grade
    assert full(values | figures(late_answers=4)).grade == score.grade


def test_no_hints_at_the_top_or_without_a_total() -> None:
    assert to_next_grade(full()) == ()
    assert to_next_grade(score_card(OPERATOR, {}, grades=shipped().grades)) == ()
    assert to_next_grade(score_card(OPERATOR, perfect(), {"category": "apparel, fast_moving"})) == ()
