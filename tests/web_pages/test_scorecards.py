"""Scorecards for everybody: rules in words, one's own first, versions and what they changed, tried with one's own numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.office import counted
from web.contents import contents
from web_pages.cards import CARDS, FIGURES, SPECIALIST, publish
from web_pages.conftest import NOW
from web_pages.reader import ReadAs
from workflows.db import Database


@pytest.fixture(autouse=True)
def cards(store: Database) -> None:
    publish(store, NOW - timedelta(days=60))


def test_one_reads_the_card_of_ones_own_position_first(read_as: ReadAs) -> None:
    page = read_as("wangzihan").open("/scorecards")
    assert page.status == 200
    assert page.words.index("你的岗位") < page.words.index("运营专员评分表") < page.words.index("其他岗位")
    assert page.words.count("评分表") == 11
    assert page.link("运营专员评分表") == f"/scorecards/{SPECIALIST}"


def test_an_auditor_reads_all_cards_and_has_none(read_as: ReadAs) -> None:
    page = read_as("hanwenbo").open("/scorecards")
    assert "你的岗位" not in page.words
    assert "全部岗位" in page.words


def test_a_card_says_its_rules_in_words_with_weights_that_add_up(read_as: ReadAs) -> None:
    page = read_as("panyue").open("/scorecards/ecommerce_operator")
    assert "达标 100 分，每低满 5 个点扣 3 分，最低 0 分。" in page.words
    assert "5 项原权重合计 45，按比例折成 20。" in page.words
    assert "30.00%" in page.words
    assert "18 项" in page.words
    assert "其中" in page.words  # a part of a line says so


def test_an_unknown_card_is_not_found(read_as: ReadAs) -> None:
    assert read_as("wangzihan").open("/scorecards/director_of_everything").status == 404
    assert read_as("wangzihan").open(f"/scorecards/{SPECIALIST}?version=7").status == 404


def test_versions_say_what_they_changed_and_from_when(read_as: ReadAs, store: Database) -> None:
    changed = CARDS[f"{SPECIALIST}.yaml"].replace("target: 4.8", "target: 4.9")
    publish(store, NOW - timedelta(days=1), "2026-12", **{SPECIALIST: changed})
    page = read_as("wangzihan").open(f"/scorecards/{SPECIALIST}")
    assert "第 2 版 ，从 12 月起" in page.words or "第 2 版，从 12 月起" in page.words
    assert "“客户满意度”的目标：原来是“≥ 4.8 分”，改为“≥ 4.9 分”。" in page.words
    old = read_as("wangzihan").open(page.link("第 1 版"))
    assert "这是以前的版本，不是现在用的。" in old.words
    assert "≥ 4.8 分" in old.words


# ---- trying it -------------------------------------------------------------------------------------------------------


def test_own_numbers_are_explained_line_by_line_and_kept_nowhere(read_as: ReadAs, store: Database) -> None:
    reader = read_as("wangzihan")
    form = reader.open(f"/scorecards/{SPECIALIST}/try")
    before = contents(store)
    page = reader.press(form, "算一算", FIGURES)
    assert page.status == 200
    assert "合计 95.41" in page.words or "合计" in page.words
    assert "18 ÷ 20" in page.words
    assert page.value("listings_due") == ["20"]
    assert contents(store) == before


def test_what_is_left_empty_is_missing_and_never_nothing(read_as: ReadAs) -> None:
    reader = read_as("wangzihan")
    some = {name: value for name, value in FIGURES.items() if name != "listings_due"}
    page = reader.press(reader.open(f"/scorecards/{SPECIALIST}/try"), "算一算", some)
    assert "还缺 1 个数，没有总分" in page.words
    assert page.link("应上架的商品数") == "#f-listings_due"
    assert "缺数据" in page.words


def test_without_any_case_no_line_applies(read_as: ReadAs) -> None:
    reader = read_as("wangzihan")
    page = reader.press(reader.open(f"/scorecards/{SPECIALIST}/try"), "算一算", dict.fromkeys(FIGURES, "0"))
    assert page.words.count("没有一项适用，没有总分") == 2
    assert "还缺 0 个数" not in page.words


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("listings_due", "twenty", "“twenty”不是数字。"),
        ("listings_due", "20.5", "应为整数。"),
        ("listings_on_time", "25", "的一部分，不能比它大。"),
        ("listings_due", "12%", "%"),
    ],
)
def test_bad_numbers_are_named_and_nothing_typed_is_lost(read_as: ReadAs, name: str, typed: str, said: str) -> None:
    reader = read_as("wangzihan")
    page = reader.press(reader.open(f"/scorecards/{SPECIALIST}/try"), "算一算", {**FIGURES, name: typed})
    assert page.status == 422
    assert said in page.words
    assert page.value(name) == [typed]
    assert page.value("suggestions_made") == ["6"]


def test_a_choice_decides_the_target(read_as: ReadAs) -> None:
    reader = read_as("wangzihan")
    form = reader.open("/scorecards/customer_service_agent/try")
    given = {"served_repeat_buyers_90d": "25", "served_buyers_90d": "100", "category": "fast_moving"}
    page = reader.press(form, "算一算", given)
    assert "30%" in page.words
    assert page.value("category") == ["fast_moving"]


def test_as_few_statements_for_a_long_card_as_for_a_short_one(read_as: ReadAs, store: Database) -> None:
    reader = read_as("wangzihan")
    counts = {}
    for key in (SPECIALIST, "ecommerce_operator"):
        reader.open(f"/scorecards/{key}")
        with counted(store) as statements:
            reader.open(f"/scorecards/{key}")
        counts[key] = len(statements)
    assert max(counts.values()) <= 12, counts
    assert counts[SPECIALIST] == counts["ecommerce_operator"]
