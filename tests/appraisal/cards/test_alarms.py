"""Two months in a row below the mark raise an alarm; one month, or a gap, does not."""

from __future__ import annotations

import uuid

import pytest

from appraisal.cards.desk import Desk

TARGET = "100000"


def month(desk: Desk, period: str, sales: str | None) -> uuid.UUID:
    """An operator's appraisal of a month, scored on sales alone, published; its case."""
    with desk.database.read() as session:
        lines = desk.appraisal.store.get(session, "ecommerce_operator", 1).card.indicators
    waived = {key: {"waive": True, "reason": "x"} for key in lines if key != "collaboration"}
    if sales is not None:
        desk.measure("wang", {"sales": sales, "sales_target": TARGET}, period)
        del waived["sales_attainment"]
    desk.measure("wang", {"design_mark": "8", "service_mark": "7", "logistics_mark": "9"}, period)
    case = desk.appraise("wang", period)
    desk.score(case, waived)
    desk.publish(case)
    return case


@pytest.mark.parametrize(
    ("before", "now", "alarms"),
    [("79999", "79999", 1), ("80000", "79999", 0), ("79999", "80000", 0), (None, "79999", 0)],
)
def test_the_mark_is_below_eighty_in_both_months(desk: Desk, before: str | None, now: str, alarms: int) -> None:
    desk.promote("wang", "ecommerce_operator")
    month(desk, "2026-09", before)
    assert desk.data(month(desk, "2026-10", now))["alarms"] == alarms


def test_the_months_follow_each_other(desk: Desk) -> None:
    desk.promote("wang", "ecommerce_operator")
    month(desk, "2026-08", "70000")
    assert desk.data(month(desk, "2026-10", "70000"))["alarms"] == 0


def test_a_corrected_month_counts_as_corrected(desk: Desk) -> None:
    desk.promote("wang", "ecommerce_operator")
    case = month(desk, "2026-09", "70000")
    claim = {"sales_attainment": {"figures": {"sales": "85000"}, "reason": "平台补贴"}}
    desk.anytime("wang", case, "appeal", {"disputed": {"lines": claim}})
    desk.tick()
    ruling = {"sales_attainment": {"verdict": "correct", "figures": {"sales": "85000"}, "reason": "属实"}}
    desk.act("hr", desk.task(desk.appeal_of(case)), "submit", {"ruling": {"lines": ruling}, "finding": "补贴应计入"})
    desk.tick()
    desk.act("supervisor", desk.task(case), "submit")
    assert desk.data(month(desk, "2026-10", "70000"))["alarms"] == 0
