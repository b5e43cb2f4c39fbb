"""Which figure holds for whom: the person's, their unit's, the company's; in the month, until changed, or from earlier months."""

from __future__ import annotations

from datetime import date

import pytest

from appraisal.figures.desk import CATALOGUE, MONTH, Desk
from engine.office import counted
from workflows.appraisal.figures.lookup import MOST_NAMED, measured, parameters, units_outward
from workflows.appraisal.figures.tables import Source
from workflows.db import new_id
from workflows.errors import InvalidInput


def test_a_person_before_their_unit_before_the_company(desk: Desk) -> None:
    desk.add_unit("shop", "operations")
    desk.change_person("wang", unit_key="shop")
    assert units_outward(desk.organisation, desk.id("wang")) == ("shop", "operations")
    for whom, value in (("company", "1"), ("unit:operations", "2"), ("unit:shop", "3"), ("wang", "4")):
        desk.enter(whom, "sales", value)
        found = desk.figures("wang", "sales")["sales"]
        assert (str(found.value), found.level) == (value, whom.partition(":")[0] if whom != "wang" else "person")
    assert desk.value("zhang", "sales") == "2"
    assert desk.value("hr", "sales") == "1"


def test_what_a_person_lost_their_unit_gives(desk: Desk) -> None:
    desk.enter("unit:operations", "sales", "2")
    desk.enter("wang", "sales", "4")
    desk.enter("wang", "sales", None, reason="误录")
    assert desk.value("wang", "sales") == "2"


def test_a_figure_belongs_to_its_month(desk: Desk) -> None:
    desk.enter("wang", "sales", "1", "2026-09")
    assert desk.value("wang", "sales", "2026-10") is None
    assert desk.value("wang", "sales", "2026-08") is None


def test_a_held_figure_is_the_newest_up_to_the_month(desk: Desk) -> None:
    desk.enter("wang", "base_bonus", "3000", "2026-01")
    desk.enter("wang", "base_bonus", "3500", "2026-07")
    held = {
        month: desk.value("wang", "base_bonus", month)
        for month in ("2025-12", "2026-01", "2026-06", "2026-07", "2027-03")
    }
    assert held == {"2025-12": None, "2026-01": "3000", "2026-06": "3000", "2026-07": "3500", "2027-03": "3500"}
    assert desk.figures("wang", "base_bonus", month="2026-06")["base_bonus"].month == "2026-01"


def test_a_held_figure_taken_back_lets_the_one_before_hold(desk: Desk) -> None:
    desk.enter("company", "industry_mean", "3.0", "2026-01")
    desk.enter("company", "industry_mean", "3.2", "2026-05")
    desk.enter("company", "industry_mean", None, "2026-05", reason="来源有误")
    assert desk.value("wang", "industry_mean") == "3.0"


def test_one_s_own_held_figure_stays_before_a_newer_one_of_the_unit(desk: Desk) -> None:
    desk.enter("wang", "base_bonus", "4000", "2026-01")
    desk.enter("unit:operations", "base_bonus", "3000", "2026-09")
    assert desk.value("wang", "base_bonus") == "4000"
    assert desk.value("zhang", "base_bonus") == "3000"


def test_last_month_says_what_it_was(desk: Desk) -> None:
    desk.enter("wang", "sales", "90", "2026-09")
    found = desk.figures("wang", "sales_prev")["sales_prev"]
    assert (str(found.value), found.source, found.month, found.id) == ("90", "derived", "2026-09", None)
    assert found.parts == (desk.rows("sales")[0].id,)


def test_what_was_given_stands_before_what_is_derived(desk: Desk) -> None:
    desk.enter("wang", "sales", "90", "2026-09")
    desk.enter("wang", "sales_prev", "95")
    assert desk.value("wang", "sales_prev") == "95"
    assert desk.figures("wang", "sales_prev")["sales_prev"].source == "upload"


def test_three_months_make_their_sum_once_all_are_known(desk: Desk) -> None:
    desk.enter("wang", "cost_of_sales", "0.1", "2026-08")
    desk.enter("wang", "cost_of_sales", "0.2", "2026-09")
    assert desk.value("wang", "cost_of_sales_3m") is None
    desk.enter("unit:operations", "cost_of_sales", "1", "2026-10")
    assert desk.value("wang", "cost_of_sales_3m") == "1.3"
    desk.enter("wang", "cost_of_sales", "5", "2026-07")
    assert desk.value("wang", "cost_of_sales_3m") == "1.3"


def test_marks_and_days_do_not_add_up(desk: Desk) -> None:
    for month in ("2026-08", "2026-09", "2026-10"):
        desk.enter("wang", "design_mark", "8", month)
        desk.enter("wang", "uv", "100", month)
    assert desk.value("wang", "design_mark_3m") is None
    assert desk.value("wang", "uv_90d") is None


def test_months_before_joining_count_nothing_where_the_system_counts(desk: Desk) -> None:
    desk.enter("wang", "accepted_proposals", "1", "2026-10", source=Source.SYSTEM, actor=None)
    assert desk.value("wang", "accepted_proposals_3m") is None
    desk.joined("wang", date(2026, 9, 15))
    assert desk.value("wang", "accepted_proposals_3m") is None
    desk.enter("wang", "accepted_proposals", "2", "2026-09", source=Source.SYSTEM, actor=None)
    assert desk.value("wang", "accepted_proposals_3m") == "3"


def test_they_do_not_where_somebody_else_knows(desk: Desk) -> None:
    desk.joined("wang", date(2026, 10, 1))
    desk.enter("wang", "cost_of_sales", "7", "2026-10")
    assert desk.value("wang", "cost_of_sales_3m") is None


def test_many_people_cost_one_statement(desk: Desk) -> None:
    desk.enter("company", "industry_mean", "3", "2026-01")
    desk.enter("wang", "sales", "1")
    organisation = desk.organisation
    names = list(CATALOGUE)
    with desk.database.read() as session, counted(desk.database) as sent:
        found = measured(session, organisation, list(organisation.people), MONTH, names, CATALOGUE)
    assert len(sent) == 1
    assert set(found) == set(organisation.people)
    assert {name: str(f.value) for name, f in found[desk.id("wang")].items()} == {"sales": "1", "industry_mean": "3"}


def test_more_people_than_a_statement_can_name(desk: Desk) -> None:
    desk.enter("wang", "sales", "1")
    strangers = [new_id() for _ in range(MOST_NAMED)]
    organisation = desk.organisation
    with desk.database.read() as session:
        found = measured(session, organisation, [desk.id("wang"), *strangers], MONTH, ["sales"], CATALOGUE)
    assert [person for person, known in found.items() if known] == [desk.id("wang")]


def test_what_is_no_month_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        desk.figures("wang", "sales_prev", month="2026-13")


def test_a_parameter_is_a_text_that_holds_until_changed(desk: Desk) -> None:
    def categories(month: str) -> dict[str, str | None]:
        with desk.database.read() as session:
            found = parameters(session, desk.organisation, [desk.id("wang"), desk.id("zhang")], month, ["category"])
        return {login: found[desk.id(login)].get("category") for login in ("wang", "zhang")}

    desk.enter_text("unit:operations", "category", "apparel", "2026-01")
    desk.enter_text("wang", "category", "3c", "2026-05")
    assert categories("2025-12") == {"wang": None, "zhang": None}
    assert categories("2026-04") == {"wang": "apparel", "zhang": "apparel"}
    assert categories("2026-10") == {"wang": "3c", "zhang": "apparel"}
