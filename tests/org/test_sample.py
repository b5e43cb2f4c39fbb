"""The sample company is what requirements.md §2 describes, and big enough for every separation of duties."""

from __future__ import annotations

import pytest

from org.conftest import TODAY, Files
from workflows.db import Database
from workflows.org.importing.applying import import_organisation, preview_import
from workflows.org.organisation import Organisation

UNITS = {
    "product_operations", "market_operations", "customer_service", "data_analysis", "human_resources", "products", "design",
    "marketing", "sales", "logistics", "technology", "finance",
}  # fmt: skip
POSITIONS = {
    "operations_director", "operations_supervisor", "operations_specialist", "data_specialist", "operations_manager",
    "marketing_specialist", "product_manager", "customer_service_agent", "data_analyst", "technical_support_engineer",
    "content_specialist", "ecommerce_operator",
}  # fmt: skip
ALONE = {"operations_director", "operations_manager"}


def test_forty_people_with_all_units_and_positions(people: Organisation) -> None:
    assert len(people.active) == 40
    assert set(people.units) == UNITS | {"operations"}
    assert set(people.positions) == POSITIONS
    assert all(people.lead_of(unit) for unit in people.units)
    assert all(people.members_of(unit) for unit in people.units)


def test_the_line_ends_at_the_director(people: Organisation) -> None:
    (director,) = people.holders_of("operations_director")
    assert people.person(director).name == "周明远"
    assert {p for p in people.active if people.manager_of(p) is None} == {director}
    assert all(people.managers_of(p)[-1] == director for p in people.active if p != director)
    (manager,) = people.holders_of("operations_manager")
    assert {people.manager_of(p) for p in people.holders_of("operations_supervisor")} == {manager}


@pytest.mark.parametrize("position", sorted(POSITIONS - ALONE))
def test_two_at_least_hold_each_working_position(people: Organisation, position: str) -> None:
    assert len(people.holders_of(position)) >= 2


def test_enough_people_to_share_duties(people: Organisation) -> None:
    assert len(people.members_of("human_resources")) >= 4
    assert [people.person(p).name for p in people.auditors()] == ["韩文博"]
    assert [people.person(p).name for p in people.administrators()] == ["罗勇"]
    assert {people.person(p).email for p in people.active} == {
        f"{people.person(p).login}@example.com" for p in people.active
    }


def test_everyone_with_a_position_has_an_appraised_one(people: Organisation) -> None:
    for person in people.people.values():
        appraised = bool(person.positions) and person.positions != (
            "operations_director",
        )  # no scorecard, see scorecards.md
        assert bool(person.appraised_position) == appraised
    both = people.by_login("zhangyuwei")
    assert both.positions == ("marketing_specialist", "operations_specialist")
    assert both.appraised_position == "marketing_specialist"


def test_every_position_says_what_it_is_for(company: Database) -> None:
    from workflows.org.people import duties_at, duties_of

    with company.read() as session:
        assert all(len(version.text) > 40 for p in POSITIONS for version in duties_of(session, p))
        first = duties_at(session, "operations_specialist", TODAY)
        later = duties_at(session, "operations_specialist", TODAY.replace(month=8))
    assert first
    assert later
    assert first.text != later.text
    assert first.valid_from < later.valid_from


def test_importing_it_again_changes_nothing(company: Database, files: Files, now: object) -> None:
    with company.write() as session:
        preview = preview_import(session, files, TODAY)
        assert preview.empty
        assert not preview.missing
        assert preview.unchanged["people"] == 40
        assert import_organisation(session, files, TODAY, now).empty  # type: ignore[arg-type]
