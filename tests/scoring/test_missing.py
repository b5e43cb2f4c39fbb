"""What is missing, undefined, not applicable, waived or judged: never a silent 0, and the weight goes where it belongs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.randoms import shipped
from scoring.shop import GIVING, Figures, card_of, figures, scored
from workflows.errors import InvalidInput
from workflows.scoring.score import CardScore, Entry, score_card

OPERATOR = card_of("uv_growth")
NINES = OPERATOR.groups["traffic"].indicators


def perfect() -> Figures:
    """Everything on target."""
    return figures(
        sales=120, sales_target=120, uv=120, uv_prev=100, organic_uv=90, pv=360, paid_orders=12, sales_prev=95,
        paid_orders_prev=10, industry_mean=5, silent_orders=12, repeat_buyers_90d=3, paying_buyers_90d=10, new_customer_sales=48,
        new_customers_target=40, cost_of_sales_3m=40, stock_open_3m=10, stock_close=10, dead_stock_value=0, stock_value=10,
        promotion_cost=0, after_sales_cost=0, late_answers=0, late_problems=0, design_mark=8, service_mark=8, logistics_mark=8,
        resources_on_time=1, resources_due=1, accepted_proposals_3m=2, published_manuals_6m=1, violations=0, severe_violations=0,
        data_violations=0,
    )  # fmt: skip


def full(values: Figures | None = None, **entries: Entry) -> CardScore:
    return score_card(
        OPERATOR, perfect() | (values or {}), {"category": "服装类、快消品"}, entries, grades=shipped().grades
    )


def without(*names: str) -> Figures:
    return {name: value for name, value in perfect().items() if name not in names}


def test_everything_on_target_is_a_hundred() -> None:
    assert (full().total, full().exact, full().missing, full().below_target) == (Decimal("100.00"), 100, (), 0)


def test_only_sales_pass_a_hundred() -> None:
    assert full(figures(sales_target=60)).total == Decimal("106.00")


# -- missing and undefined -----------------------------------------------------------------------------------------------


def test_a_missing_figure_blocks_the_total_and_is_named() -> None:
    score = score_card(OPERATOR, without("violations", "pv"), {"category": "apparel, fast_moving"})
    assert (score.total, score.exact, score.grade) == (None, None, None)
    assert score.missing == ("pv", "violations")
    line = score.lines["pv_per_uv"]
    assert (line.status, line.score, line.counted, line.lost) == ("missing", None, None, None)
    assert line.how.zh == "缺数据：浏览量 PV。"
    assert line.how.en == "Missing: Page views (PV)."
    assert score.lines["sales_attainment"].counted == 30  # the others are shown
    assert score.groups["traffic"].counted is None
    assert score.groups["users"].counted == 10


def test_none_is_missing_as_well_and_zero_is_not() -> None:
    assert scored("promotion_share", figures(sales=100) | {"promotion_cost": None}).status == "missing"  # type: ignore[dict-item]
    assert scored("promotion_share", figures(sales=100, promotion_cost=0)).score == 100


def test_a_missing_parameter_or_target_is_named() -> None:
    values = GIVING["stock_turnover"](Decimal(4))
    assert scored("stock_turnover", values).missing == ("category",)
    assert scored("stock_turnover", values, "other").missing == ("stock_turnover_target",)
    assert scored("stock_turnover", values, "fast_moving, durable").missing == ("stock_turnover_target",)
    assert scored("repurchase", GIVING["repurchase"](Decimal(30)), "fast_moving, durable").missing == ("category",)
    assert scored("new_customers", figures(new_customer_sales=1, sales=2)).missing == ("new_customers_target",)
    assert scored("pay_conversion", figures(paid_orders=1, uv=2)).missing == ("industry_mean",)


def test_a_target_that_is_set_goes_before_the_card() -> None:
    values = GIVING["stock_turnover"](Decimal(4)) | figures(stock_turnover_target=8)
    assert scored("stock_turnover", values, "apparel").score == 75
    assert scored("pay_conversion", figures(paid_orders=3, uv=100, pay_conversion_target=3)).score == 100
    assert scored("uv_growth", figures(uv=110, uv_prev=100, organic_uv=110, uv_growth_target=10)).score == 100


def test_money_aimed_at_is_no_target_of_profit() -> None:
    assert scored("profit", GIVING["profit"](Decimal(50))).target == 100
    assert scored("sales_target", figures(sales=50, sales_target=100, sales_target_target=50)).score == 100


def test_a_divisor_of_zero_blocks_and_says_which() -> None:
    score = full(figures(uv_prev=0))
    line = score.lines["uv_growth"]
    assert (line.status, line.missing, score.total) == ("undefined", ("uv_prev",), None)
    assert line.how.zh == "除数为 0（上月访客数 UV），算不出，按缺数据处理。"
    assert score.missing == ("uv_prev",)


def test_a_divisor_of_zero_behind_an_intermediate_value() -> None:
    assert scored("order_value", figures(sales=1, paid_orders=1, sales_prev=0, paid_orders_prev=1)).missing == ("sales_prev",)  # fmt: skip
    assert scored("order_value", figures(sales=1, paid_orders=1, sales_prev=1, paid_orders_prev=0)).missing == ("paid_orders_prev",)  # fmt: skip
    assert scored("stock_turnover", figures(cost_of_sales_3m=1, stock_open_3m=0, stock_close=0, dead_stock_value=0, stock_value=1), "apparel").status == "undefined"  # fmt: skip


def test_a_share_of_a_target_of_zero_is_undefined() -> None:
    line = scored("participants", figures(participants=5, activities_held=1, participants_target=0))
    assert (line.status, line.missing) == ("undefined", ("participants_target",))
    assert "目标应大于 0" in line.how.zh


def test_a_part_that_is_not_known_leaves_the_line_not_known() -> None:
    values = GIVING["stock_turnover"](Decimal(4))
    assert scored("stock_turnover", {**values, "stock_value": Decimal(0)}, "apparel").status == "undefined"
    del values["dead_stock_value"]
    assert scored("stock_turnover", values, "apparel").missing == ("dead_stock_value",)


# -- not applicable and dropped ------------------------------------------------------------------------------------------


def test_no_case_in_the_month_shares_the_weight_over_the_whole_card() -> None:
    score = full(figures(resources_due=0, resources_on_time=0))
    line = score.lines["resources"]
    assert (line.status, line.holds, line.counted) == ("not_applicable", 0, None)
    assert line.how.zh == "本月没有发生（应到位的资源数为 0），不计。权重由其余各项分担。"
    assert score.lines["sales_attainment"].holds == Fraction(30 * 100, 95)
    assert sum(one.holds for one in score.lines.values()) == 100
    assert score.total == Decimal("100.00")


@pytest.mark.parametrize(
    "key", [key for card in shipped().cards.values() for key, one in card.indicators.items() if one.cases]
)
def test_every_line_with_cases_is_left_out_without_one(key: str) -> None:
    values = GIVING[key](Decimal(3))
    cases = str(card_of(key).indicators[key].cases)
    assert scored(key, values | {cases: Decimal(0)}).status == "not_applicable"
    assert scored(key, {cases: Decimal(0)}).status == "not_applicable"  # whatever else is missing
    del values[cases]
    assert scored(key, values).status == "missing"  # an empty cell is missing


def test_as_many_lines_as_the_document_marks() -> None:
    assert sum(one.cases is not None for card in shipped().cards.values() for one in card.indicators.values()) == 26


def test_a_dropped_weight_goes_to_the_other_four() -> None:
    score = full(figures(organic_uv=71))
    assert score.lines["uv_growth"].how.zh == "自然流量占比 59.17%，不到 60%，不计权重，由同组其余各项分担。"
    assert [score.lines[key].holds for key in NINES] == [0, *(Fraction(weight * 20, 35) for weight in (5, 15, 10, 5))]
    assert score.lines["sales_attainment"].holds == 30
    assert score.groups["traffic"].holds == 20


def test_dropped_and_not_applicable_together() -> None:
    score = full(figures(organic_uv=0, resources_due=0))
    assert score.lines["pv_per_uv"].holds == Fraction(5 * 20, 35) * 100 / 95
    assert sum(line.holds for line in score.lines.values()) == 100


def test_exactly_sixty_percent_is_enough() -> None:
    assert full(figures(organic_uv=72)).lines["uv_growth"].status == "scored"
    assert full(figures(organic_uv="71.9999999999")).lines["uv_growth"].status == "not_applicable"


def test_where_nothing_counts_there_is_no_total() -> None:
    card = shipped().cards["operations_specialist"]
    cases = {str(one.cases): Decimal(0) for one in card.indicators.values()}
    score = score_card(card, cases)
    assert (score.total, score.missing) == (None, ())


# -- waived and judged ---------------------------------------------------------------------------------------------------


def test_a_waived_line_shares_its_weight_and_says_why() -> None:
    score = score_card(
        OPERATOR,
        without("pv"),
        {"category": "apparel, fast_moving"},
        {"pv_per_uv": Entry(waived=True, reason="后台故障")},
    )
    line = score.lines["pv_per_uv"]
    assert (line.status, line.holds, line.score) == ("waived", 0, None)
    assert line.how.zh == "免计，理由：“后台故障”。权重由其余各项分担。"
    assert (score.total, score.missing) == (Decimal("100.00"), ())


def test_a_judged_line_keeps_what_was_computed_beside_it() -> None:
    score = full(figures(pv=300), pv_per_uv=Entry(Decimal("99.5"), reason="统计口径有误。"))
    line = score.lines["pv_per_uv"]
    assert (line.status, line.score, line.computed) == ("judged", Fraction("99.5"), 91)
    assert (
        line.how.zh
        == "由评分人评 99.5 分，理由：“统计口径有误”。按规则是 91 分。比目标低 16.67%，每低满 5% 扣 3 分，扣 9。"
    )
    assert line.cuts[0].zh == "扣 9"
    assert score.exact == 100 - Fraction(20, 9) / 200


def test_a_judgement_fills_what_is_missing() -> None:
    score = score_card(
        OPERATOR,
        without("pv"),
        {"category": "apparel, fast_moving"},
        {"pv_per_uv": Entry(Decimal(80), reason="按日报估")},
    )
    assert score.total == Decimal("99.56")
    assert score.lines["pv_per_uv"].how.zh == "由评分人评 80 分，理由：“按日报估”。缺数据：浏览量 PV。"


@pytest.mark.parametrize(
    ("key", "entry", "sentence"),
    [
        ("pv_per_uv", Entry(Decimal(80)), "Please give the reason."),
        ("pv_per_uv", Entry(Decimal(80), reason="  "), "Please give the reason."),
        ("pv_per_uv", Entry(waived=True), "Please give the reason."),
        ("pv_per_uv", Entry(reason="x"), "Either give a score or waive the line."),
        ("pv_per_uv", Entry(Decimal(1), True, "x"), "Either give a score or waive the line."),
        ("pv_per_uv", Entry(Decimal("100.01"), reason="x"), "This line scores 0 to 100."),
        ("pv_per_uv", Entry(Decimal("-0.01"), reason="x"), "This line scores 0 to 100."),
        ("sales_attainment", Entry(Decimal("120.01"), reason="x"), "This line scores 0 to 120."),
        ("collaboration", Entry(Decimal(101), reason="x"), "This line scores 0 to 100."),
        ("pv_per_uv", Entry(80.0, reason="x"), "Numbers of type float cannot be computed with."),  # type: ignore[arg-type]
        ("pv_per_uvv", Entry(Decimal(80), reason="x"), "The scorecard `ecommerce_operator` has no indicator `pv_per_uvv`. Did you mean `pv_per_uv`?"),
        ("dead_stock", Entry(Decimal(80), reason="x"), "`dead_stock` is a part of `stock_turnover`: say it there."),
    ],
)  # fmt: skip
def test_entries_that_are_refused(key: str, entry: Entry, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        full(**{key: entry})
    assert [text.en for text in refused.value.fields[key]] == [sentence]


# -- totals --------------------------------------------------------------------------------------------------------------


def test_only_the_total_is_rounded_and_halves_go_up() -> None:
    score = full(figures(design_mark="7.9"), pv_per_uv=Entry(Decimal("0.225"), reason="x"))
    mark = Fraction("23.9") / 3 * 10
    assert score.exact == 100 - Fraction(20, 9) * (100 - Fraction("0.225")) / 100 - 5 * (100 - mark) / 100
    assert score.total == Decimal("96.77")  # 96.76611…
    half = full(knowledge=Entry(Decimal("0.25"), reason="x"))
    assert (half.exact, half.total) == (Fraction("98.005"), Decimal("98.01"))


def test_the_grade_uses_the_rounded_total() -> None:
    score = full(sales_attainment=Entry(Decimal("66.65"), reason="x"))
    assert (score.exact, score.total) == (Fraction("89.995"), Decimal("90.00"))
    assert score.grade is not None
    assert score.grade.key == "excellent"
    below = full(sales_attainment=Entry(Decimal("66.6499"), reason="x"))
    assert (below.total, below.grade and below.grade.key) == (Decimal("89.99"), "good")


def test_below_target_counts_lines_and_their_parts() -> None:
    assert full(figures(pv=359, dead_stock_value=6, stock_value=100)).below_target == 2
    assert full(figures(resources_due=0)).below_target == 0
    assert full(pv_per_uv=Entry(Decimal(50), reason="x")).below_target == 0  # it reached its target, whoever judged it
    blind = score_card(
        OPERATOR, without("pv"), {"category": "apparel, fast_moving"}, {"pv_per_uv": Entry(Decimal(99), reason="x")}
    )
    assert blind.below_target == 1


def test_sales_below_eighty_percent_sound_the_alarm() -> None:
    assert full(figures(sales="95.99")).lines["sales_attainment"].alarmed
    assert not full(figures(sales=96)).lines["sales_attainment"].alarmed
    alarm = OPERATOR.indicators["sales_attainment"].alarm
    assert alarm is not None
    assert (alarm.below, alarm.months, alarm.starts) == (80, 2, "strategy_review")
