"""Several people at once: shares, two different people, one after another, parts left out, steps skipped by rule."""

from __future__ import annotations

import pytest

from engine.office import Office
from workflows.db import Database
from workflows.errors import InvalidInput, NotAllowed

SOON = {"theme": "冬季", "goes_live_on": "2026-12-10", "ends_on": "2026-12-20"}


def vote(office: Office, subject: str = "排班") -> object:
    voters = [str(office.people[login]) for login in ("wang", "zhang", "sun", "gu", "hr")]
    return office.start("wang", "vote", subject_line=subject, voters=voters).case


def voted(office: Office, case: object, login: str, action: str) -> None:
    task = next(task.id for task in office.tasks(case) if task.holder_id == office.people[login])  # type: ignore[arg-type]
    office.act(login, task, action, reason="不同意" if action == "reject" else "")


def state(office: Office, case: object) -> str:
    return office.case(case).state  # type: ignore[arg-type]


def test_sixty_percent_of_five_are_three_and_one_no_ends_it(office: Office) -> None:
    case = vote(office)
    voted(office, case, "wang", "approve")
    voted(office, case, "sun", "approve")
    assert state(office, case) == "voting"
    voted(office, case, "hr", "approve")
    assert state(office, case) == "releasing"
    other = vote(office)
    voted(office, other, "gu", "reject")
    assert office.case(other).outcome == "refused"  # type: ignore[arg-type]
    assert {task.status for task in office.tasks(other, open_only=False)} == {"done", "closed"}  # type: ignore[arg-type]


def released(office: Office, subject: str = "排班") -> object:
    case = vote(office, subject)
    for login in ("wang", "sun", "hr"):
        voted(office, case, login, "approve")
    for login in ("manager", "director"):
        office.act(login, office.task(case), "approve")  # type: ignore[arg-type]
    return case


def test_two_different_people_have_to_release(office: Office) -> None:
    case = vote(office)
    for login in ("wang", "sun", "hr"):
        voted(office, case, login, "approve")
    office.act("manager", office.task(case), "approve")  # type: ignore[arg-type]
    assert state(office, case) == "releasing"
    with pytest.raises(NotAllowed):
        office.act("manager", office.task(case), "approve")  # type: ignore[arg-type]
    office.act("supervisor", office.task(case), "approve")  # type: ignore[arg-type]
    assert state(office, case) == "stepping"


def test_the_second_to_release_agrees_to_what_the_first_agreed_to(office: Office) -> None:
    case = vote(office)
    for login in ("wang", "sun", "hr"):
        voted(office, case, login, "approve")
    office.act("manager", office.task(case), "approve", {"note": "本周放行"})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        office.act("supervisor", office.task(case), "approve", {"note": "下月放行"})  # type: ignore[arg-type]
    assert list(refused.value.fields) == ["note"]
    office.act("supervisor", office.task(case), "approve", {"note": "本周放行"})  # type: ignore[arg-type]
    assert state(office, case) == "stepping"
    assert office.case(case).data["note"] == "本周放行"  # type: ignore[arg-type]


@pytest.mark.parametrize(("subject", "parts"), [("排班", ["first", "second"]), ("全部", ["first", "second", "third"])])
def test_parts_come_one_after_another_and_a_step_without_anybody_is_skipped(
    office: Office, subject: str, parts: list[str]
) -> None:
    case = released(office, subject)
    doers = {"first": "zhang", "second": "sun", "third": "manager"}
    for part in parts:
        assert [task.part for task in office.tasks(case)] == [part]  # type: ignore[arg-type]
        office.act(doers[part], office.task(case, part), "done")  # type: ignore[arg-type]
    assert office.case(case).outcome == "passed"  # type: ignore[arg-type]
    skipped = [
        (event.kind, event.actor_id, said["why"]) for event, said in office.events(case) if event.kind == "skipped"
    ]  # type: ignore[arg-type]
    assert skipped == [("skipped", None, "nobody")]


def prepared(office: Office) -> object:
    case = office.start("supervisor", "promotion", **SOON).case
    office.act("wang", office.task(case, "design"), "ready", {"page_design": "红"})
    assert state(office, case) == "preparing"
    office.act("sun", office.task(case, "copy"), "ready", {"copy": "暖"})
    assert state(office, case) == "approving"
    return case


def test_parts_join_and_only_those_named_open_again(office: Office) -> None:
    case = prepared(office)
    task = office.task(case)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        office.act("manager", task, "send_back", reason="文案太长")
    with pytest.raises(InvalidInput):
        office.act("manager", task, "send_back", reason="文案太长", parts=("nonsense",))
    office.act("manager", task, "send_back", reason="文案太长", parts=("copy",))
    assert [(task.part, task.holder_id) for task in office.tasks(case)] == [("copy", office.people["sun"])]  # type: ignore[arg-type]
    office.act("sun", office.task(case, "copy"), "ready", {"copy": "短"})  # type: ignore[arg-type]
    assert state(office, case) == "approving"


@pytest.mark.parametrize(("budget", "expected"), [("10000", "waiting"), ("10000.01", "directing"), ("", "waiting")])
def test_alternatives_are_tried_in_order(office: Office, budget: str, expected: str) -> None:
    case = prepared(office)
    office.act("manager", office.task(case), "approve", {"budget": budget})  # type: ignore[arg-type]
    assert state(office, case) == expected


def test_a_form_sent_back_to_its_start_is_the_starters_task(office: Office) -> None:
    case = prepared(office)
    office.act("manager", office.task(case), "replan", reason="主题不对")  # type: ignore[arg-type]
    (task,) = office.tasks(case)  # type: ignore[arg-type]
    assert (task.state, task.holder_id) == ("start", office.people["supervisor"])
    with pytest.raises(InvalidInput) as refused:
        office.act("supervisor", task.id, "submit", {**SOON, "ends_on": "2026-12-01"})
    assert list(refused.value.fields) == ["ends_on"]
    office.act("supervisor", task.id, "submit", {**SOON, "theme": "年末"})
    assert state(office, case) == "preparing"
    assert office.case(case).title == "年末"  # type: ignore[arg-type]


CHOOSING = """
process: change
title: {zh: 规则变更, en: Change}
source: ours
name: "{what}"
start: {by: everyone, form: [what, stock]}
fields:
  what:  {type: text, required: true, zh: 什么, en: What}
  stock: {type: boolean, required: true, zh: 涉及仓储, en: Stock}
states:
  carrying_out:
    title: {zh: 落实, en: Carrying out}
    tasks:
      shop: {title: {zh: 店铺, en: Shop}, for: {position: operations_specialist}}
      stock: {title: {zh: 仓储, en: Stock}, for: {position: content_specialist}, if: stock}
    actions: {submit: {to: checking, when: all}}
  checking: {title: {zh: 检查, en: Checking}, task: {for: {position: operations_manager}}, actions: {approve: done, send_back: {to: carrying_out, tasks: choose}}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_a_part_that_is_left_out_cannot_be_reopened(database: Database) -> None:
    office = Office(database).found(CHOOSING)
    case = office.start("wang", "change", what="包邮", stock=False).case
    office.act("zhang", office.task(case, "shop"), "submit")
    with database.read() as session:
        page = office.engine.case_page(session, office.people["manager"], case, office.now)
    back = next(action for action in page.task.actions if action.action.name == "send_back")
    assert [part for part, _ in back.parts] == ["shop"]
    with pytest.raises(InvalidInput):
        office.act("manager", office.task(case), "send_back", reason="再看", parts=("stock",))
    office.act("manager", office.task(case), "send_back", reason="再看", parts=("shop",))
    assert [task.part for task in office.tasks(case)] == ["shop"]
