"""A case's scorecard: begun with its version, live while it is open, frozen when it is handed in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appraisal.cards.desk import CARDS, MONTH, SPECIALIST, Desk
from workflows.appraisal.cards.publishing import publish_cards
from workflows.errors import InvalidInput, Stale


def test_an_appraisal_begins_with_the_card_of_the_month_and_keeps_it(desk: Desk) -> None:
    case = desk.appraise("wang")
    begun = desk.data(case)["scorecard"]
    assert (begun["card"], begun["version"], begun["total"], begun["figures"]) == ("operations_specialist", 1, None, {})
    name = "operations_specialist.yaml"
    changed = {name: CARDS[name].replace("target: 95", "target: 90", 1)}
    assert changed[name] != CARDS[name]
    with desk.database.write() as session:
        publish_cards(session, changed, "scorecards", (desk.now - timedelta(days=60)).date(), desk.now)
    desk.measure("wang", SPECIALIST)
    desk.score(case)
    assert desk.data(case)["scorecard"]["version"] == 1
    later = desk.appraise("zhang")
    assert desk.data(later)["scorecard"]["version"] == 2


def test_it_is_computed_live_and_frozen_when_handed_in(desk: Desk) -> None:
    desk.measure("wang", SPECIALIST)
    case = desk.appraise("wang")
    before = desk.shown("supervisor", case)
    assert before["total"] is not None
    desk.measure("wang", {"pages_done": "10"}, reason="one more")
    live = desk.shown("supervisor", case)
    assert live["total"] > before["total"]
    assert desk.data(case)["scorecard"]["total"] is None  # what is shown is not stored
    desk.score(case)
    frozen = desk.data(case)["scorecard"]
    assert frozen["total"] == live["total"]
    assert desk.data(case)["score"] == live["total"]
    assert frozen["figures"]["pages_done"] == {
        "value": "10", "source": "upload", "at": "2026-11-16T01:00:00+00:00", "level": "person", "by": desk.people["hr"].hex,
    }  # fmt: skip
    desk.measure("wang", {"pages_done": "2"}, reason="too late")
    assert desk.data(case)["scorecard"] == frozen


def test_figures_that_changed_since_the_page_was_drawn_are_named(desk: Desk) -> None:
    desk.measure("wang", SPECIALIST)
    case = desk.appraise("wang")
    seen = desk.shown("supervisor", case)["seen"]
    desk.measure("wang", {"pages_done": "10", "ratings": "99"}, reason="corrected")
    with pytest.raises(Stale) as refused:
        desk.score(case, seen=seen)
    assert "评分数" in refused.value.zh or "ratings" in refused.value.en.lower()
    assert refused.value.en.count(",") == 2  # two figures are named
    desk.score(case, seen=desk.shown("supervisor", case)["seen"])


def test_a_missing_figure_blocks_and_names_line_figure_and_who_owes_it(desk: Desk) -> None:
    desk.measure("wang", {name: value for name, value in SPECIALIST.items() if name != "ratings"})
    case = desk.appraise("wang")
    assert desk.shown("supervisor", case)["missing"] == ["ratings"]
    with pytest.raises(InvalidInput) as refused:
        desk.score(case)
    assert list(refused.value.fields) == ["judgement.customer_satisfaction"]
    sentence = refused.value.fields["judgement.customer_satisfaction"][0]
    assert "客户满意度" in sentence.zh
    assert "(ratings), owed by an upload" in sentence.en
    assert desk.data(case)["scorecard"]["total"] is None


def test_a_waiver_or_a_judged_score_with_a_reason_unblocks_it(desk: Desk) -> None:
    desk.measure("wang", {name: value for name, value in SPECIALIST.items() if name not in ("ratings", "pages_done")})
    case = desk.appraise("wang")
    lines = {
        "customer_satisfaction": {"waive": True, "reason": "系统换代，没有评价"},
        "pages_done": {"score": "88", "reason": "按稿件核对"},
    }
    desk.score(case, lines)
    frozen = desk.data(case)["scorecard"]
    assert frozen["entries"] == {
        "customer_satisfaction": {"waive": True, "reason": "系统换代，没有评价"},
        "pages_done": {"score": "88", "reason": "按稿件核对"},
    }
    assert frozen["total"] is not None


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ({"pages_doen": {"score": "80", "reason": "x"}}, "judgement.pages_doen", "nearest is `pages_done`"),
        ({"pages_done": {"score": "80"}}, "judgement.pages_done.reason", "reason"),
        ({"pages_done": {"waive": True}}, "judgement.pages_done.reason", "reason"),
        ({"pages_done": {"score": "120.01", "reason": "x"}}, "judgement.pages_done.score", "120"),
        ({"pages_done": {"score": "-1", "reason": "x"}}, "judgement.pages_done.score", "0"),
    ],
)
def test_what_means_nothing_is_refused_at_its_line(desk: Desk, line: dict[str, object], place: str, words: str) -> None:
    desk.measure("wang", SPECIALIST)
    case = desk.appraise("wang")
    with pytest.raises(InvalidInput) as refused:
        desk.score(case, line)
    assert list(refused.value.fields) == [place]
    assert words in refused.value.fields[place][0].en


def test_not_everything_can_be_waived(desk: Desk) -> None:
    case = desk.appraise("wang")
    every = desk.appraisal.store
    with desk.database.read() as session:
        card = every.get(session, "operations_specialist", 1).card
    with pytest.raises(InvalidInput) as refused:
        desk.score(case, {key: {"waive": True, "reason": "x"} for key in card.indicators})
    assert list(refused.value.fields) == ["judgement"]


def test_a_position_without_a_card_is_named(desk: Desk) -> None:
    desk.promote("wang", "hr_officer")
    case = desk.appraise("wang")
    assert "scorecard" not in desk.data(case)
    with pytest.raises(InvalidInput) as refused:
        desk.score(case)
    assert "hr_officer" in refused.value.fields["scorecard"][0].en


def test_a_card_published_meanwhile_is_taken(desk: Desk) -> None:
    desk.promote("wang", "hr_officer")
    case = desk.appraise("wang")
    name = "hr_officer.yaml"
    text = CARDS["operations_specialist.yaml"].replace("scorecard: operations_specialist", "scorecard: hr_officer", 1)
    with desk.database.write() as session:
        publish_cards(session, {name: text}, "scorecards", desk.now.date(), desk.now)
    desk.measure("wang", SPECIALIST)
    desk.score(case)
    assert desk.data(case)["scorecard"]["card"] == "hr_officer"


def test_lines_below_target_are_counted(desk: Desk) -> None:
    desk.measure("wang", SPECIALIST)
    case = desk.appraise("wang")
    desk.score(case)
    # listings 90 < 95, pages 90 < 95, campaign 98 < 100, rating 4.7 < 4.8, complaints 80 < 95, reports 90 < 98
    assert desk.data(case)["below_target"] == 6


def test_who_has_no_figures_gets_no_score_and_no_zero(desk: Desk) -> None:
    case = desk.appraise("wang")
    shown = desk.shown("supervisor", case)
    assert shown["total"] is None
    assert len(shown["missing"]) == len(SPECIALIST)
    assert desk.data(case)["period"] == MONTH
