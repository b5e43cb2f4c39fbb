"""Appeals: own figures, what was found, what persons marked; the frozen card stays, its correction stands beside it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from appraisal.cards.desk import MONTH, SPECIALIST, Desk
from workflows.appraisal.results.reading import versions
from workflows.appraisal.results.verify import verify
from workflows.errors import InvalidInput

CLAIM = {"listing_on_time": {"figures": {"listings_on_time": "20"}, "reason": "两件在系统停机时上架"}}


def appealed(desk: Desk, disputed: dict[str, Any] | None = None) -> tuple[uuid.UUID, uuid.UUID]:
    """A published appraisal of wang and the appeal against it."""
    case = desk.scored("wang")
    desk.anytime("wang", case, "appeal", {"disputed": {"lines": CLAIM if disputed is None else disputed}})
    desk.tick()
    return case, desk.appeal_of(case)


def rule(desk: Desk, appeal: uuid.UUID, lines: dict[str, Any]) -> None:
    desk.act("hr", desk.task(appeal), "submit", {"ruling": {"lines": lines}, "finding": "系统停机，应计入"})


def test_a_correction_is_version_two_beside_the_first_with_its_reason(desk: Desk) -> None:
    case, appeal = appealed(desk)
    first = desk.data(case)["scorecard"]
    rule(
        desk,
        appeal,
        {"listing_on_time": {"verdict": "correct", "figures": {"listings_on_time": "19"}, "reason": "查到 19 件"}},
    )
    desk.tick()
    desk.act("supervisor", desk.task(case), "submit")
    data = desk.data(case)
    assert data["scorecard"] == first
    found = data["corrected"]["figures"]["listings_on_time"]
    assert (found["value"], found["source"]) == ("19", "ruling")
    with desk.database.read() as session:
        before, after = versions(session, "month", desk.people["wang"], MONTH)
        assert verify(session).faults == []
    assert str(before.summary.total) == first["total"]
    assert str(after.summary.total) == data["corrected"]["total"] > first["total"]
    assert (before.summary.reason, after.summary.reason) == (None, "系统停机，应计入")
    assert after.summary.public_until == before.summary.public_until
    assert after.detail["value"] == data["corrected"]


def test_nobody_s_claim_is_taken_for_what_was_found(desk: Desk) -> None:
    _, appeal = appealed(desk)
    with pytest.raises(InvalidInput) as refused:
        rule(desk, appeal, {"listing_on_time": {"verdict": "correct", "reason": "属实"}})
    assert "the figures you found" in refused.value.fields["ruling.listing_on_time.verdict"][0].en


def test_what_is_kept_stays(desk: Desk) -> None:
    _, appeal = appealed(desk)
    before = desk.data(appeal)["scorecard"]
    rule(desk, appeal, {"listing_on_time": {"verdict": "keep", "reason": "没有证据"}})
    after = desk.data(appeal)["corrected"]
    assert (after["total"], after["figures"]) == (before["total"], before["figures"])


def test_an_appeal_never_measures_anew(desk: Desk) -> None:
    _, appeal = appealed(desk)
    before = desk.data(appeal)["scorecard"]["figures"]
    with pytest.raises(InvalidInput):  # the month is closed by its result
        desk.measure("wang", {"pages_done": "10"}, reason="late")
    rule(desk, appeal, {"listing_on_time": {"verdict": "keep", "reason": "没有证据"}})
    assert desk.data(appeal)["corrected"]["figures"] == before


def test_a_found_figure_replaces_what_the_manager_judged(desk: Desk) -> None:
    desk.measure("wang", {name: value for name, value in SPECIALIST.items() if name != "listings_on_time"})
    case = desk.appraise("wang")
    desk.score(case, {"listing_on_time": {"score": "50", "reason": "估计"}})
    desk.publish(case)
    desk.anytime("wang", case, "appeal", {"disputed": {"lines": CLAIM}})
    desk.tick()
    appeal = desk.appeal_of(case)
    rule(
        desk,
        appeal,
        {"listing_on_time": {"verdict": "correct", "figures": {"listings_on_time": "20"}, "reason": "查到"}},
    )
    corrected = desk.data(appeal)["corrected"]
    assert corrected["entries"] == {}
    assert corrected["total"] > desk.data(case)["scorecard"]["total"]


@pytest.mark.parametrize(
    ("disputed", "place", "words"),
    [
        ({"listing_ontime": {"figures": {"listings_on_time": "20"}, "reason": "x"}}, "disputed.listing_ontime", "nearest is `listing_on_time`"),
        ({"listing_on_time": {"figures": {"listing_on_time": "20"}, "reason": "x"}}, "disputed.listing_on_time.figures.listing_on_time", "nearest is `listings_on_time`"),
        ({"listing_on_time": {"figures": {"pages_done": "20"}, "reason": "x"}}, "disputed.listing_on_time.figures.pages_done", "does not use"),
        ({"listing_on_time": {"figures": {"listings_on_time": "20"}}}, "disputed.listing_on_time.reason", "reason"),
        ({"listing_on_time": {"figures": {"listings_on_time": "19.5"}, "reason": "x"}}, "disputed.listing_on_time.figures.listings_on_time", "whole"),
        ({"listing_on_time": {"figures": {"listings_on_time": "-1"}, "reason": "x"}}, "disputed.listing_on_time.figures.listings_on_time", "less than 0"),
        ({"listing_on_time": {"figures": {"listings_on_time": "21"}, "reason": "x"}}, "disputed.listing_on_time.figures.listings_on_time", "cannot be larger"),
        ({"listing_on_time": {"figures": {"listings_due": "17"}, "reason": "x"}}, "disputed.listing_on_time.figures.listings_on_time", "cannot be larger"),
    ],
)  # fmt: skip
def test_a_claim_that_means_nothing_is_refused_when_it_is_filed(
    desk: Desk, disputed: dict[str, Any], place: str, words: str
) -> None:
    case = desk.scored("wang")
    with pytest.raises(InvalidInput) as refused:
        desk.anytime("wang", case, "appeal", {"disputed": {"lines": disputed}})
    assert list(refused.value.fields) == [place]
    assert words in refused.value.fields[place][0].en


@pytest.mark.parametrize(
    ("ruling", "place", "words"),
    [
        ({}, "ruling", ""),
        ({"listing_on_time": {"verdict": "correct"}}, "ruling.listing_on_time.reason", "reason"),
        ({"listing_on_time": {"figures": {"listings_on_time": "19"}, "reason": "x"}}, "ruling.listing_on_time.verdict", "keep or correct"),
        ({"listing_on_time": {"verdict": "keep", "figures": {"listings_on_time": "19"}, "reason": "x"}}, "ruling.listing_on_time.verdict", "kept"),
        ({"pages_done": {"verdict": "keep", "reason": "x"}}, "ruling.listing_on_time", "no ruling"),
    ],
)  # fmt: skip
def test_a_ruling_is_for_every_disputed_line_with_a_reason(
    desk: Desk, ruling: dict[str, Any], place: str, words: str
) -> None:
    _, appeal = appealed(desk)
    with pytest.raises(InvalidInput) as refused:
        rule(desk, appeal, ruling)
    assert place in refused.value.fields
    assert words in refused.value.fields[place][0].en


def test_nobody_marks_anew_what_persons_marked(desk: Desk) -> None:
    claim = {"customer_satisfaction": {"figures": {"rating_sum": "480"}, "reason": "漏了十条五星"}}
    _, appeal = appealed(desk, claim)
    for invented in ({"figures": {"rating_sum": "500"}}, {"score": "100"}):
        with pytest.raises(InvalidInput) as refused:
            rule(desk, appeal, {"customer_satisfaction": {"verdict": "correct", "reason": "x", **invented}})
        assert "nobody marks it for them" in refused.value.fields["ruling.customer_satisfaction.verdict"][0].en
    rule(desk, appeal, {"customer_satisfaction": {"verdict": "correct", "reason": "打分人确认"}})
    assert desk.data(appeal)["corrected"]["figures"]["rating_sum"]["value"] == "480"


def test_marks_are_taken_as_claimed_beside_what_else_was_found(desk: Desk) -> None:
    claim = {"customer_satisfaction": {"figures": {"rating_sum": "480", "ratings": "97"}, "reason": "三条是别人的"}}
    _, appeal = appealed(desk, claim)
    with pytest.raises(InvalidInput) as refused:  # 480 points of 95 marks cannot be
        found = {"verdict": "correct", "figures": {"ratings": "95"}, "reason": "查到 95 条"}
        rule(desk, appeal, {"customer_satisfaction": found})
    assert list(refused.value.fields) == ["ruling.customer_satisfaction.figures.rating_sum"]
    rule(desk, appeal, {"customer_satisfaction": {**found, "figures": {"ratings": "98"}}})
    figures = desk.data(appeal)["corrected"]["figures"]
    assert (figures["rating_sum"]["value"], figures["ratings"]["value"]) == ("480", "98")


def test_a_recount_refuses_what_handing_in_would_refuse(desk: Desk) -> None:
    case = desk.scored("wang")
    value = desk.data(case)["scorecard"]
    with desk.database.read() as session:
        process = desk.engine.processes(session)["month"]
        asked = process.fields["disputed"]
        better = desk.appraisal.recount(session, asked, value, CLAIM, {}, MONTH, desk.now)
        with pytest.raises(InvalidInput) as refused:
            impossible = {"listing_on_time": {"figures": {"listings_on_time": "21"}}}
            desk.appraisal.recount(session, asked, value, impossible, {}, MONTH, desk.now)
    assert better.total is not None
    assert str(better.total) > value["total"]
    assert list(refused.value.fields) == ["disputed.listing_on_time.figures.listings_on_time"]


def test_one_figure_has_one_value(desk: Desk) -> None:
    desk.promote("wang", "ecommerce_operator")
    case = desk.appraise("wang")
    with desk.database.read() as session:
        lines = desk.appraisal.store.get(session, "ecommerce_operator", 1).card.indicators
    waived = {key: {"waive": True, "reason": "x"} for key in lines if key != "collaboration"}
    desk.measure("wang", {"design_mark": "8", "service_mark": "7", "logistics_mark": "9"})
    desk.score(case, waived)
    desk.publish(case)
    twice = {
        "sales_attainment": {"figures": {"sales": "100", "sales_target": "90"}, "reason": "x"},
        "promotion_share": {"figures": {"sales": "101"}, "reason": "x"},
    }
    with pytest.raises(InvalidInput) as refused:
        desk.anytime("wang", case, "appeal", {"disputed": {"lines": twice}})
    assert "one figure has one value" in refused.value.fields["disputed.promotion_share.figures.sales"][0].en


def test_later_months_rest_on_what_was_found(desk: Desk) -> None:
    from decimal import Decimal

    from workflows.appraisal.figures.lookup import measured

    case, appeal = appealed(desk)
    found = {"verdict": "correct", "figures": {"listings_on_time": "19"}, "reason": "查到 19 件"}
    rule(desk, appeal, {"listing_on_time": found})
    desk.tick()
    desk.act("supervisor", desk.task(case), "submit")
    wang = desk.people["wang"]
    with desk.database.read() as session:
        organisation, catalogue = desk.engine.organisation(session), desk.appraisal.store.catalogue(session)
        one = measured(session, organisation, [wang], MONTH, ["listings_on_time"], catalogue)[wang]["listings_on_time"]
        first, _ = versions(session, "month", wang, MONTH)
    assert (one.value, one.source) == (Decimal(19), "form")
    assert first.detail["value"]["figures"]["listings_on_time"]["value"] == "18"
