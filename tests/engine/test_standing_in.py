"""Absence and leaving: deputies act in two names, tasks of leavers open anew, groups change with the organisation at once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, update

from engine.office import DEFINITIONS, Office
from workflows.db import new_id
from workflows.definition.load import load_text
from workflows.engine.requests import TaskOrder
from workflows.errors import NotAllowed, NotFound
from workflows.org.tables import Absence, Person, PersonPosition
from workflows.org.versions import bump

FORM = {"shop": "森林小铺", "style": "原木"}
PAGE = {"home_page": "https://shop.example/home"}


def away(office: Office, login: str, deputy: str, last: date = date(2026, 11, 20), scope: tuple[str, ...] = ()) -> None:
    with office.database.write() as session:
        session.add(
            Absence(
                person_id=office.people[login],
                deputy_id=office.people[deputy],
                first_day=date(2026, 11, 16),
                last_day=last,
                scope=list(scope),
                created_at=office.now,
            )
        )
        bump(session, "organisation")


def left(office: Office, login: str) -> None:
    with office.database.write() as session:
        session.execute(update(Person).where(Person.id == office.people[login]).values(active=False))
        bump(session, "organisation")


def publish(office: Office, *changes: tuple[str, str], more: str = "") -> None:
    """A version of the shop build with other words here and there, and `more` at its end."""
    text = (DEFINITIONS / "build.yaml").read_text(encoding="utf-8")
    for words, others in changes:
        assert words in text
        text = text.replace(words, others)
    with office.database.write() as session:
        office.engine.publish(session, load_text(text + more, "build.yaml"), None, office.now)


def mine(office: Office, login: str) -> list[str]:
    with office.database.read() as session:
        return [
            row.on_behalf_of_name for row in office.engine.work_list(session, office.people[login], office.now).rows
        ]


def test_a_deputy_sees_and_does_the_work_and_both_names_are_kept(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    with pytest.raises(NotFound):
        office.act("gu", office.task(case), "approve")
    away(office, "supervisor", "gu")
    assert mine(office, "gu") == ["林晓岚"]
    office.act("gu", office.task(case), "approve")
    event, _ = office.events(case)[-1]
    assert (event.actor_id, event.on_behalf_of) == (office.people["gu"], office.people["supervisor"])


def test_standing_in_does_not_void_the_separation_of_duties(office: Office) -> None:
    """The specialist who built it stands in for the supervisor, and still does not approve it."""
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    away(office, "supervisor", "wang")
    with pytest.raises(NotAllowed):
        office.act("wang", office.task(case), "approve")


def test_an_absence_ends(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    away(office, "supervisor", "gu", last=date(2026, 11, 16))
    office.later(days=1)
    with pytest.raises(NotFound):
        office.act("gu", office.task(case), "approve")


def test_a_position_given_or_taken_acts_on_the_next_request(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    held = PersonPosition.person_id == office.people["wang"]
    with office.database.write() as session:
        session.execute(delete(PersonPosition).where(held))
        bump(session, "organisation")
    with pytest.raises(NotFound):
        office.act("wang", office.task(case), "submit", PAGE)
    with office.database.write() as session:
        session.add(
            PersonPosition(
                person_id=office.people["sun"],
                position_key="operations_specialist",
                unit_key="operations",
                appraised=False,
            )
        )
        bump(session, "organisation")
    assert office.act("sun", office.task(case), "submit", PAGE).state == "reviewing"


def test_the_task_of_somebody_who_left_opens_for_the_others(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    with office.database.write() as session:
        office.engine.claim(session, TaskOrder(new_id(), office.people["wang"], office.task(case)), office.now)
    left(office, "wang")
    with pytest.raises(NotFound):
        office.act("wang", office.task(case), "submit", PAGE)
    with office.database.write() as session:
        assert office.engine.reassign_leavers(session, office.now) == 1
    assert [task.holder_id for task in office.tasks(case)] == [office.people["zhang"]]
    with office.database.write() as session:
        assert office.engine.reassign_leavers(session, office.now) == 0


def test_where_nobody_is_left_it_goes_up_the_line_and_somebody_hears_of_it(office: Office) -> None:
    for login in ("wang", "zhang"):
        left(office, login)
    case = office.start("supervisor", "build", **FORM).case
    assert [task.holder_id for task in office.tasks(case)] == [office.people["manager"]]
    with office.database.read() as session:
        assert [row.code for row in office.engine.incidents(session).rows] == ["nobody_left"]


def test_what_opens_for_somebody_who_left_before_goes_to_their_manager(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    left(office, "supervisor")
    office.act("wang", office.task(case), "submit", PAGE)
    assert [task.holder_id for task in office.tasks(case)] == [office.people["manager"]]
    with office.database.read() as session:
        assert office.engine.incidents(session).rows == ()


def test_what_opens_for_somebody_who_left_before_goes_to_whom_the_definition_names(office: Office) -> None:
    publish(office, ("for: starter, not:", "for: starter, if_left: {position: operations_specialist}, not:"))
    case = office.start("supervisor", "build", **FORM).case
    left(office, "supervisor")
    office.act("wang", office.task(case), "submit", PAGE)
    assert [task.holder_id for task in office.tasks(case)] == [office.people["zhang"]]


def test_who_did_it_in_the_place_of_who_left_does_not_confirm_it(office: Office) -> None:
    """The starter has left, their manager built it: it is confirmed one higher, and nobody has to look after that."""
    publish(
        office,
        ("for: {position: operations_specialist}", "for: starter"),
        ("for: starter, not:", "for: {manager_of: starter}, not:"),
    )
    case = office.start("supervisor", "build", **FORM).case
    left(office, "supervisor")
    with office.database.write() as session:
        assert office.engine.reassign_leavers(session, office.now) == 1
    office.act("manager", office.task(case), "submit", PAGE)
    assert [task.holder_id for task in office.tasks(case)] == [office.people["director"]]
    with office.database.read() as session:
        assert office.engine.incidents(session).rows == ()


def test_who_did_the_work_does_not_confirm_it_their_manager_does(office: Office) -> None:
    """It is late and the starter, to whom it was brought, builds it: one higher confirms, and nobody has to look after that."""
    publish(office, ("for: {position: operations_specialist}", "for: [{position: operations_specialist}, starter]"))
    case = office.start("supervisor", "build", **FORM).case
    office.act("supervisor", office.task(case), "submit", PAGE)
    assert [task.holder_id for task in office.tasks(case)] == [office.people["manager"]]
    with office.database.read() as session:
        assert office.engine.incidents(session).rows == ()


def test_a_deputy_for_one_process_has_the_work_of_that_process_alone(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    away(office, "supervisor", "gu", scope=("promotion",))
    assert mine(office, "gu") == []
    with pytest.raises(NotFound):
        office.act("gu", office.task(case), "approve")
    away(office, "supervisor", "gu", scope=("build",))
    assert mine(office, "gu") == ["林晓岚"]
    with office.database.read() as session:
        assert office.engine.case_page(session, office.people["gu"], case, office.now).task is not None
    assert office.act("gu", office.task(case), "approve").ended


def test_who_may_not_take_an_anytime_action_may_not_through_another_either(office: Office) -> None:
    """Wang may not shelve the shop he builds, although he is a specialist, and although he stands in for one who may."""
    by = "by: [{position: operations_specialist}, {manager_of: starter}], not: {did: building}"
    shelve = f"anytime:\n  shelve: {{title: {{zh: 搁置, en: Shelve}}, {by}, in: [reviewing], to: building, reason: required}}\n"
    publish(office, more=shelve)
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    away(office, "manager", "wang")
    with pytest.raises(NotAllowed):
        office.anytime("wang", case, "shelve", reason="等新品")
    with office.database.read() as session:
        page = office.engine.case_page(session, office.people["wang"], case, office.now)
    assert [one.action.action.name for one in page.anytime] == []
    office.anytime("manager", case, "shelve", reason="等新品")
    assert office.case(case).state == "building"
