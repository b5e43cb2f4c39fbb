"""The organisation as a value: groups, the line, deputies, queues."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest

from workflows.errors import NotFound
from workflows.org.organisation import AbsencePeriod, Member, Organisation, UnitEntry

DAY = date(2026, 11, 20)


def of(*members: Member, units: tuple[UnitEntry, ...] = (), away: tuple[AbsencePeriod, ...] = ()) -> Organisation:
    absences: dict[uuid.UUID, tuple[AbsencePeriod, ...]] = {}
    for period in away:
        absences[period.person] = (*absences.get(period.person, ()), period)
    return Organisation(1, {m.id: m for m in members}, {u.key: u for u in units}, {}, absences)


def member(login: str, **more: object) -> Member:
    return Member(id=uuid.uuid5(uuid.NAMESPACE_DNS, login), login=login, name=login.title(), **more)  # type: ignore[arg-type]


def away(who: Member, deputy: Member | None, first: date = DAY, last: date = DAY, *scope: str) -> AbsencePeriod:
    return AbsencePeriod(who.id, deputy.id if deputy else None, first, last, frozenset(scope))


ANN, BO, CY, DEE = member("ann"), member("bo"), member("cy"), member("dee")


def test_the_line_skips_who_left_and_survives_a_circle() -> None:
    top = member("top")
    gone = member("gone", manager=top.id, active=False)
    low = member("low", manager=gone.id)
    people = of(top, gone, low)
    assert people.managers_of(low.id) == (top.id,)
    assert people.manager_of(low.id) == top.id
    assert people.reports_of(top.id) == (low.id,)
    assert people.manages(top.id, low.id)
    assert not people.manages(low.id, top.id)

    a, b = member("a"), member("b")
    circle = of(member("a", manager=b.id), member("b", manager=a.id))
    assert circle.managers_of(a.id) == (b.id,)
    assert circle.team_of(a.id) == (b.id,)
    below = member("c", manager=a.id)
    assert of(*circle.people.values(), below).managers_of(below.id) == (a.id, b.id)


def test_a_team_is_everyone_below() -> None:
    top = member("top")
    mid = member("mid", manager=top.id)
    low = member("low", manager=mid.id)
    assert of(top, mid, low).team_of(top.id) == (mid.id, low.id)


def test_a_member_of_a_group_belongs_to_the_department() -> None:
    units = (UnitEntry("ops", "运营", "Ops", None, ANN.id), UnitEntry("data", "数据", "Data", "ops", BO.id))
    ann = member("ann", unit="ops", roles=frozenset({"administrator"}))
    bo = member(
        "bo", unit="data", units=("data", "sales"), positions=("analyst", "specialist"), appraised_position="analyst"
    )
    cy = member("cy", unit="data", active=False, roles=frozenset({"auditor"}))
    people = of(ann, bo, cy, units=units)
    assert people.members_of("ops") == (ann.id, bo.id)
    assert people.members_of("data") == (bo.id,)
    assert people.members_of("sales") == (bo.id,)
    assert people.members_of("nowhere") == ()
    assert people.holders_of("specialist") == (bo.id,)
    assert people.holders_of("nothing") == ()
    assert people.employees({"analyst"}) == (bo.id,)
    assert people.employees({"specialist"}) == ()
    assert people.lead_of("data") == bo.id
    assert people.lead_of("nowhere") is None
    assert people.queues_of(bo.id) == (
        "position:analyst",
        "position:specialist",
        "unit:data",
        "unit:ops",
        "unit:sales",
        "lead_of:data",
        "everyone",
    )
    assert people.queues_of(ann.id) == ("unit:ops", "lead_of:ops", "administrators", "everyone")
    assert people.queues_of(cy.id) == ()
    assert people.auditors() == ()
    for person in people.people:
        for queue in people.queues_of(person):
            assert person in people.people_of(queue)
            assert people.offers(queue, person)
            assert not people.offers(queue, cy.id)
    assert people.people_of("no such queue") == ()


def test_a_lead_who_left_leads_no_more() -> None:
    gone = member("gone", active=False)
    assert of(gone, units=(UnitEntry("ops", "运营", "Ops", None, gone.id),)).lead_of("ops") is None


def test_units_that_contain_each_other_end() -> None:
    people = of(member("ann", unit="a"), units=(UnitEntry("a", "", "", "b"), UnitEntry("b", "", "", "a")))
    assert people.units_of(ANN.id) == ("a", "b")


def test_a_deputy_acts_from_the_first_to_the_last_day() -> None:
    people = of(ANN, BO, away=(away(ANN, BO, date(2026, 11, 19), date(2026, 11, 24)),))
    days = [date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 24), date(2026, 11, 25)]
    assert [people.deputy_of(ANN.id, day) for day in days] == [None, BO.id, BO.id, None]


def test_a_deputy_who_is_away_hands_on() -> None:
    assert of(ANN, BO, CY, away=(away(ANN, BO), away(BO, CY))).deputy_of(ANN.id, DAY) == CY.id


def test_a_deputy_who_is_away_without_one_still_gets_it() -> None:
    assert of(ANN, BO, away=(away(ANN, BO), away(BO, None))).deputy_of(ANN.id, DAY) == BO.id


@pytest.mark.parametrize("ring", [(BO, ANN), (BO, CY, ANN), (BO, CY, BO)])
def test_deputies_in_a_circle_leave_the_work_where_it_is(ring: tuple[Member, ...]) -> None:
    periods = tuple(away(who, deputy) for who, deputy in zip((ANN, *ring), ring, strict=False))
    assert of(ANN, BO, CY, away=periods).deputy_of(ANN.id, DAY) is None


def test_a_deputy_who_left_does_not_act() -> None:
    assert of(ANN, member("bo", active=False), away=(away(ANN, BO),)).deputy_of(ANN.id, DAY) is None


def test_a_deputy_for_one_process_comes_before_one_for_all() -> None:
    people = of(ANN, BO, CY, away=(away(ANN, BO), away(ANN, CY, DAY, DAY, "complaint")))
    assert people.deputy_of(ANN.id, DAY, "complaint") == CY.id
    assert people.deputy_of(ANN.id, DAY, "campaign") == BO.id
    assert people.deputy_of(ANN.id, DAY) == BO.id
    only = of(ANN, CY, away=(away(ANN, CY, DAY, DAY, "complaint"),))
    assert only.deputy_of(ANN.id, DAY) is None


def test_deputies_are_asked_by_the_companys_day() -> None:
    with pytest.raises(TypeError, match="day_of"):
        of(ANN).deputy_of(ANN.id, datetime(2026, 11, 20, tzinfo=UTC))


def test_people_are_found_or_said_to_be_missing() -> None:
    people = of(ANN)
    assert people.person(ANN.id) is ANN
    assert people.by_login(" Ann ") is ANN
    assert people.name_of(ANN.id) == "Ann"
    assert people.name_of(None) == people.name_of(BO.id) == ""
    with pytest.raises(NotFound):
        people.person(BO.id)
    with pytest.raises(NotFound) as missing:
        people.by_login("bo")
    assert "bo" in missing.value.zh
