"""A scored card as people read it, in both languages: C's card with the figures of the worked month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask, g

from web.conftest import NOW
from workflows.http import Visit, services
from workflows.org.calendar import Calendar
from workflows.scoring.differences import changed_lines
from workflows.scoring.explaining.adding_up import adding_up
from workflows.scoring.load import load_scorecards
from workflows.scoring.score import CardScore, Entry, score_card
from workflows.settings import project_folder
from workflows.web import scores, scores_numbers
from workflows.web.scores import CardView, LineView, Telling, card_view, sums
from workflows.web.words import Words

CARDS = load_scorecards(project_folder("definitions") / "scorecards")
CARD = CARDS.cards["ecommerce_operator"]
MONTH: Mapping[str, str] = {
    "sales": "4231800", "sales_target": "5000000", "uv": "1248330", "uv_prev": "1094930", "organic_uv": "788944", "pv": "3894790",
    "paid_orders": "60669", "industry_mean": "3.1", "sales_prev": "4095556", "paid_orders_prev": "60626", "silent_orders": "12983",
    "repeat_buyers_90d": "173", "paying_buyers_90d": "1000", "new_customer_sales": "1756197", "new_customers_target": "40",
    "cost_of_sales_3m": "3400", "stock_open_3m": "1000", "stock_close": "1000", "dead_stock_value": "72", "stock_value": "1000",
    "promotion_cost": "689783.40", "after_sales_cost": "101563.20", "late_answers": "1", "late_problems": "0", "design_mark": "8.5",
    "service_mark": "7.0", "logistics_mark": "8.0", "resources_on_time": "19", "resources_due": "20", "accepted_proposals_3m": "1",
    "published_manuals_6m": "0", "violations": "0", "severe_violations": "0", "data_violations": "0",
}  # fmt: skip
PARAMETERS = {"category": "apparel,durable"}


def scored(entries: Mapping[str, Entry] | None = None, without: str = "", **figures: str) -> CardScore:
    """The month with some figures otherwise."""
    numbers = {name: Decimal(value) for name, value in {**MONTH, **figures}.items() if name != without}
    return score_card(CARD, numbers, PARAMETERS, entries or {}, grades=CARDS.grades)


@pytest.fixture
def telling(site: Flask) -> Iterator[Callable[..., Telling]]:
    """How a reader of a language is told, inside a request of theirs."""
    contexts = []

    def made(language: str = "zh", **more: Any) -> Telling:
        context = site.test_request_context("/", headers={"Cookie": f"language={language}"})
        context.push()
        contexts.append(context)
        g.visit = Visit(services(site), session, NOW)
        return Telling(Words(language, NOW, Calendar()), **more)

    with services(site).database.read() as session:
        yield made
        for context in reversed(contexts):
            context.pop()


def line(card: CardView, key: str) -> LineView:
    return next(one for one in card.lines if one.key == key)


def test_the_month_of_the_worked_example(telling: Callable[..., Telling]) -> None:
    card = card_view(scored(), telling())
    assert (card.total, card.grade, card.missing) == ("89.12", "良好", ())
    assert [(group.title, group.counted, group.holds, len(group.lines)) for group in card.groups] == [
        ("核心业绩", "54.71", "60", 8),
        ("运营效率", "18.99", "20", 5),
        ("团队协作与成长", "10.42", "15", 4),
        ("合规与风险", "5.00", "5", 1),
    ]


@pytest.mark.parametrize(
    ("key", "actual", "target", "score", "holds", "counted"),
    [
        ("sales_attainment", "84.64%", "≥ 100%", "84.64", "30.00%", "25.39"),
        ("uv_growth", "14.01%", "≥ 20%", "97.00", "4.44%", "4.31"),
        ("pv_per_uv", "3.12 页", "≥ 3 页", "100.00", "2.22%", "2.22"),
        ("pay_conversion", "4.86%", "≥ 8.10%", "95.00", "6.67%", "6.33"),
        ("stock_turnover", "3.40 次/季", "≥ 4 次/季", "91.00", "10.00%", "9.10"),
        ("promotion_share", "16.30%", "≤ 15%", "98.00", "5.00%", "4.90"),
        ("activity_response", "1 次超时", "0 次超时", "99.00", "1.00%", "0.99"),
        ("collaboration", "7.83 分", "≥ 8 分", "78.33", "5.00%", "3.92"),
        ("proposals", "1 个", "2 个", "50.00", "3.00%", "1.50"),
    ],
)
def test_a_line_says_what_was_measured_against_what(
    telling: Callable[..., Telling], key: str, actual: str, target: str, score: str, holds: str, counted: str
) -> None:
    found = line(card_view(scored(), telling()), key)
    assert (found.actual, found.target) == (actual, target)
    assert (found.score, found.holds, found.counted) == (score, holds, counted)


def test_a_line_says_how_and_sets_off_what_it_cost(telling: Callable[..., Telling]) -> None:
    found = line(card_view(scored(), telling()), "stock_turnover")
    assert found.said == (
        "¥3,400 ÷ ((¥1,000 + ¥1,000) ÷ 2) = 3.40 次/季。比目标低 15%，每低满 10% 扣 5 分，扣 5；"
        "滞销品占比 7.20%，超 2.20 个点，每超满 1 个点扣 2 分，扣 4。"
    )
    assert [piece.text for piece in found.how if piece.cut] == ["扣 5", "扣 4"]


def test_what_the_rule_costs_is_not_what_it_did_cost(telling: Callable[..., Telling]) -> None:
    found = line(card_view(scored(), telling()), "uv_growth")
    before = [piece.text for piece in found.how if not piece.cut]
    assert before[-2].endswith("每低满 5 个点扣 3 分，")
    assert before[-1].startswith("。自然流量占比")


def test_english_says_the_same(telling: Callable[..., Telling]) -> None:
    card = card_view(scored(), telling("en"))
    assert card.grade == "Good"
    assert line(card, "promotion_share").said.startswith("¥689,783.4")
    assert [piece.text for piece in line(card, "promotion_share").how if piece.cut] == ["minus 2"]
    assert card.balance.lost[-1].title == "5 others"


def test_where_points_went(telling: Callable[..., Telling]) -> None:
    card = card_view(scored(), telling())
    assert card.balance.lost_total == "10.88"
    assert [(lost.title, lost.points) for lost in card.balance.lost] == [
        ("销售额达成率", "−4.61"),
        ("知识沉淀", "−2.00"),
        ("运营优化提案", "−1.50"),
        ("协作满意度", "−1.08"),
        ("库存周转率", "−0.90"),
        ("另外 5 项", "−0.79"),
    ]
    assert [lost.width for lost in card.balance.lost] == ["100.0", "43.4", "32.5", "23.5", "19.5", "17.1"]
    assert card.unhurt == 8
    assert card.balance.arithmetic == "100 − 10.88 = 89.12"


def test_what_is_shown_adds_up_with_points_gained_above_full_marks(telling: Callable[..., Telling]) -> None:
    """Every sum on the page can be checked with a pencil: bars, heading, total."""
    for sales in ("5123456.78", "6100000", "4231801", "3999999"):
        card = card_view(scored(sales=sales), telling())
        lost = sum(Decimal(one.points.replace("−", "")) for one in card.balance.lost)
        gained = sum(Decimal(one.points.replace("+", "")) for one in card.balance.gained)
        assert lost == Decimal(card.balance.lost_total)
        assert 100 - lost + gained == Decimal(card.total), card.balance.arithmetic
        assert [one.title for one in card.balance.gained] == (["销售额达成率"] if gained else [])
    assert card_view(scored(sales="6100000"), telling()).balance.arithmetic == "100 − 6.62 + 6.00 = 99.38"


def test_parts_are_rounded_so_that_they_add_up() -> None:
    thirds = [Fraction(1, 3)] * 3
    assert adding_up(thirds, Fraction(1)) == (Fraction(34, 100), Fraction(33, 100), Fraction(33, 100))
    halves = [Fraction(5, 1000), Fraction(5, 1000), Fraction(10, 1000)]
    assert sum(adding_up(halves, Fraction(2, 100))) == Fraction(2, 100)
    assert adding_up([], Fraction(0)) == ()


def test_a_missing_figure_leaves_no_total_and_no_number(telling: Callable[..., Telling]) -> None:
    card = card_view(scored(without="late_answers"), telling())
    found = line(card, "activity_response")
    assert (card.total, card.grade, card.missing) == ("", "", ("平台活动超时响应次数",))
    assert (found.actual, found.score, found.counted) == ("–", "–", "–")
    assert found.chip is not None
    assert (found.chip.text, found.chip.tone) == ("缺数据", "hold")
    assert card.groups[1].counted == "–"


def test_what_a_person_said_stands_with_who_and_why(telling: Callable[..., Telling]) -> None:
    entries = {
        "collaboration": Entry(score=Decimal("90"), reason="客服的打分记错了人"),
        "knowledge": Entry(waived=True, reason="新员工"),
    }
    card = card_view(scored(entries), telling(judged="林晓岚 11月5日评定"))
    judged, waived = line(card, "collaboration"), line(card, "knowledge")
    assert "“客服的打分记错了人”" in judged.said
    assert "按规则是 78.33 分" in judged.said
    assert judged.notes == ("林晓岚 11月5日评定。",)
    assert waived.chip is not None
    assert (waived.chip.text, waived.score, waived.counted, waived.holds) == ("免计", "–", "–", "0.00%")
    assert line(card, "proposals").notes == ()


def test_a_corrected_line_keeps_its_old_numbers(telling: Callable[..., Telling]) -> None:
    before, after = scored(), scored(sales="4315400", published_manuals_6m="1")
    card = card_view(after, telling(before=before))
    assert (line(card, "knowledge").old_score, line(card, "knowledge").old_counted) == ("0.00", "0.00")
    assert (line(card, "promotion_share").old_counted, line(card, "promotion_share").counted) == ("4.90", "5.00")
    assert line(card, "resources").old_score == ""
    assert line(card, "knowledge").old_actual.startswith("0")
    assert line(card, "sales_attainment").said.startswith("¥4,315,400")
    assert line(card, "resources").old is None


def test_a_corrected_line_keeps_its_whole_old_explanation_and_the_reason(telling: Callable[..., Telling]) -> None:
    before, after = scored(), scored(sales="4315400", published_manuals_6m="1")
    way = {"sales": {"value": "4231800", "source": "upload", "at": "2026-11-01T02:00:00+00:00", "level": "person"}}
    told = telling(before=before, old_figures=way, ruled={"sales_attainment": "裁定更正：平台补贴漏计"})
    sales = line(card_view(after, told), "sales_attainment")
    assert sales.ruled == "裁定更正：平台补贴漏计"
    assert sales.old is not None
    assert sales.old.said.startswith("¥4,231,800")
    assert (sales.old.score, sales.old.counted, sales.old.ruled) == (sales.old_score, sales.old_counted, "")
    assert [source.text for source in sales.old.sources] != [source.text for source in sales.sources]


def test_the_differences_add_up_to_that_of_the_totals(telling: Callable[..., Telling]) -> None:
    before = scored()
    for sales, manuals in (("4315400", "1"), ("4444444.44", "0"), ("4100001", "1"), ("3777777", "0")):
        after = scored(sales=sales, published_manuals_6m=manuals)
        shown = sums(changed_lines(before, after), {}, telling(), (before, after))
        said = [Decimal(one.difference.replace("−", "-").replace("+", "")) for one in shown if one.difference]
        assert sum(said) == after.total - before.total


def test_the_difference_says_what_was_corrected_and_what_follows(telling: Callable[..., Telling]) -> None:
    before, after = scored(), scored(sales="4315400", published_manuals_6m="1")
    changes = changed_lines(before, after, ("sales_attainment", "knowledge"))
    found = {
        one.title: (one.note, one.difference)
        for one in sums(changes, {"knowledge": "更正"}, telling(), (before, after))
    }
    assert found["知识沉淀"] == ("更正", "+2.00")
    assert found["销售额达成率"] == ("", "+0.50")
    assert found["推广费占比"] == ("也用到销售额，跟着变", "+0.10")
    assert "售后成本率" not in found, "its figures changed, what it counts did not"


def test_figures_that_came_together_are_said_together(telling: Callable[..., Telling]) -> None:
    figures = {
        "sales": {
            "value": "4231800",
            "source": "upload",
            "at": "2026-11-01T02:00:00+00:00",
            "level": "person",
            "by": "a",
        },
        "sales_target": {"value": "5000000", "source": "goal", "at": "2026-09-28T02:00:00+00:00", "level": "unit"},
        "late_answers": {"value": "1", "source": "system", "at": "2026-11-01T16:10:00+00:00", "level": "person"},
    }
    card = card_view(scored(), telling(figures=figures, name_of=lambda person: {"a": "杨帆"}[person]))
    assert [one.text for one in line(card, "sales_attainment").sources] == [
        "销售额：上传，杨帆，11月1日",
        "销售额目标：考核目标，9月28日，部门的数",
    ]
    assert [one.text for one in line(card, "activity_response").sources] == ["本系统统计，11月2日"]


def test_what_does_not_apply_says_so(telling: Callable[..., Telling]) -> None:
    found = line(card_view(scored(resources_due="0", resources_on_time="0"), telling()), "resources")
    assert found.chip is not None
    assert found.chip.text == "不适用"
    assert "权重由其余各项分担" in found.said


def test_a_card_without_groups_is_one_list(telling: Callable[..., Telling]) -> None:
    card = CARDS.cards["operations_manager"]
    found = card_view(score_card(card, {}), telling())
    assert [(group.title, len(group.lines)) for group in found.groups] == [("", len(card.indicators))]


@pytest.mark.parametrize(
    ("value", "said"),
    [(Fraction(1, 2), "+0.50"), (Fraction(-1, 3), "−0.33"), (Fraction(1, 1000), ""), (Decimal("0.10"), "+0.10")],
)
def test_differences_have_their_sign(value: Fraction, said: str) -> None:
    assert scores.difference(value) == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("sales", "4231800", "¥4,231,800"),
        ("industry_mean", "3.10", "3.1%"),
        ("uv", "1248330", "1,248,330 人"),
        ("design_mark", "8.5", "8.5 分"),
        ("late_answers", "1", "1"),
    ],
)
def test_figures_have_their_unit(name: str, value: str, said: str) -> None:
    assert scores_numbers.figure_said(CARD, name, Decimal(value), "zh") == said


def test_an_actual_never_looks_like_the_target_it_misses(telling: Callable[..., Telling]) -> None:
    found = line(card_view(scored(sales="4999999"), telling()), "sales_attainment")
    assert found.actual == "99.99998%"
