"""A shop is built: every step of a person leaves one event, the right tasks, timers and messages."""

from __future__ import annotations

import pytest

from engine.office import Office
from workflows.db import new_id
from workflows.errors import Conflict, InvalidInput, NotAllowed, NotFound, Replayed, Stale, WrongState

FORM = {"shop": "森林小铺", "style": "原木"}
PAGE = {"home_page": "https://shop.example/home"}


def test_a_shop_is_built_sent_back_and_approved(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    assert office.case(case).title == "森林小铺"
    assert office.case(case).number == "DP-2026-0001"
    built = office.act("wang", office.task(case), "submit", PAGE)
    assert built.state == "reviewing"
    office.act("supervisor", office.task(case), "send_back", reason="首页太慢")
    # Whoever did the work gets it again, though it is the whole group's.
    assert [task.holder_id for task in office.tasks(case)] == [office.people["wang"]]
    office.act("wang", office.task(case), "submit", {"home_page": "https://shop.example/fast"})
    done = office.act("supervisor", office.task(case), "approve")
    assert done.ended
    assert done.state == "online"
    row = office.case(case)
    assert (row.outcome, row.ended_at) == ("completed", office.now)
    kinds = [(event.kind, event.action, event.from_state, event.to_state) for event, _ in office.events(case)]
    assert kinds == [
        ("started", None, None, "building"),
        ("acted", "submit", "building", "reviewing"),
        ("acted", "send_back", "reviewing", "building"),
        ("acted", "submit", "building", "reviewing"),
        ("acted", "approve", "reviewing", "online"),
    ]
    changed = office.events(case)[3][1]["changes"]
    assert changed == {"home_page": ["https://shop.example/home", "https://shop.example/fast"]}
    assert office.events(case)[2][1]["reason"] == "首页太慢"
    assert office.timers(case) == []


def test_people_are_told_once_and_not_of_what_they_did_themselves(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    office.act("supervisor", office.task(case), "approve")
    assert sorted(office.told(case)) == [
        ("notice", "wang"),
        ("task", "supervisor"),
        ("task", "wang"),
        ("task", "zhang"),
    ]


def test_the_same_key_twice_has_one_effect_and_the_same_answer(office: Office) -> None:
    key, other = new_id(), new_id()
    first = office.start("supervisor", "build", key, **FORM)
    again = office.start("supervisor", "build", key, **FORM)
    assert again.replayed
    assert not first.replayed
    assert (again.case, again.opened, again.state, again.seq) == (first.case, first.opened, first.state, first.seq)
    task = office.task(first.case)
    done = office.act("wang", task, "submit", PAGE, key=other)
    repeated = office.act("wang", task, "submit", PAGE, key=other)
    assert repeated.event == done.event
    assert repeated.next_task == done.next_task
    assert len(office.events(first.case)) == 2
    with pytest.raises(Replayed):
        office.act("wang", task, "submit", {"home_page": "https://other.example/"}, key=other)


def test_who_comes_second_hears_who_was_first(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    task = office.task(case)
    office.act("wang", task, "submit", PAGE)
    with pytest.raises(Conflict) as second:
        office.act("zhang", task, "submit", PAGE)
    assert (second.value.who, second.value.action, second.value.when) == ("王梓涵", "submit", office.now)


@pytest.mark.parametrize(
    ("login", "action", "values", "reason", "expected"),
    [
        ("sun", "submit", PAGE, "", NotFound),  # sees nothing of it
        ("supervisor", "submit", PAGE, "", NotAllowed),  # sees it, but it is not hers
        ("audit", "submit", PAGE, "", NotAllowed),
        ("wang", "approve", {}, "", WrongState),
        ("wang", "submit", {}, "", InvalidInput),
        ("wang", "submit", {"home_page": "not an address"}, "", InvalidInput),
        ("wang", "submit", {**PAGE, "shop": "改名"}, "", InvalidInput),  # not a field of this form
        ("wang", "submit", {**PAGE, "state": "online"}, "", InvalidInput),
        ("wang", "submit", {"home_page": "https://x.example/\u0000"}, "", InvalidInput),
        ("wang", "submit", {"home_page": "https://x.example/" + "x" * 3000}, "", InvalidInput),
        ("wang", "submit", {"home_page": {"a": 1}}, "", InvalidInput),
    ],
)  # fmt: skip
def test_a_refused_submission_changes_nothing(
    office: Office, login: str, action: str, values: dict[str, object], reason: str, expected: type[Exception]
) -> None:
    case = office.start("supervisor", "build", **FORM).case
    before = office.case(case)
    with pytest.raises(expected):
        office.act(login, office.task(case), action, values, reason=reason)
    after = office.case(case)
    assert (after.version, after.chain_hash, after.data) == (before.version, before.chain_hash, before.data)
    assert len(office.events(case)) == 1
    assert len(office.tasks(case, open_only=False)) == 1


def test_a_send_back_wants_a_reason_but_none_of_the_forms_fields(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    with pytest.raises(InvalidInput) as refused:
        office.act("supervisor", office.task(case), "send_back")
    assert list(refused.value.fields) == ["reason"]


def test_nobody_approves_their_own_work(office: Office) -> None:
    """The supervisor who is made a specialist and builds it herself is not asked to approve it: her manager is."""
    from workflows.org.tables import PersonPosition
    from workflows.org.versions import bump

    with office.database.write() as session:
        session.add(
            PersonPosition(
                person_id=office.people["supervisor"],
                position_key="operations_specialist",
                unit_key="operations",
                appraised=False,
            )
        )
        bump(session, "organisation")
    case = office.start("supervisor", "build", **FORM).case
    office.act("supervisor", office.task(case), "submit", PAGE)
    assert [task.holder_id for task in office.tasks(case)] == [office.people["manager"]]
    with pytest.raises(NotAllowed):
        office.act("supervisor", office.task(case), "approve")


def test_a_form_drawn_before_what_it_shows_has_changed_is_stale(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    drawn = office.case(case).event_count
    office.act("supervisor", office.task(case), "send_back", reason="再改")
    office.act("wang", office.task(case), "submit", {"home_page": "https://shop.example/new"})
    with pytest.raises(Stale):
        office.act("supervisor", office.task(case), "approve", seen=drawn)
    assert office.act("supervisor", office.task(case), "approve", seen=office.case(case).event_count).ended


def test_only_those_who_start_a_process_start_it(office: Office) -> None:
    with pytest.raises(NotAllowed):
        office.start("wang", "build", **FORM)
    with pytest.raises(NotFound):
        office.start("wang", "nothing")
    with pytest.raises(InvalidInput) as refused:
        office.start("supervisor", "build", shop="")
    assert sorted(refused.value.fields) == ["shop", "style"]
