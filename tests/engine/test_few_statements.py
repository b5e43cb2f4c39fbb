"""A human step is at most ten statements, eight of them writes; twelve where it spawns, copies or closes a group (issue 2)."""

from __future__ import annotations

from engine.office import Office, counted, writes

FORM = {"shop": "森林小铺", "style": "原木"}
PAGE = {"home_page": "https://shop.example/home"}
SOON = {"theme": "冬季", "goes_live_on": "2026-12-10", "ends_on": "2026-12-20"}


def warm(office: Office) -> None:
    """Definitions, people and queues are in memory, as in a process that has served a request before."""
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    office.act("supervisor", office.task(case), "send_back", reason="再改")


def test_a_step_that_records_and_opens_the_next_task(office: Office) -> None:
    warm(office)
    case = office.start("supervisor", "build", **FORM).case
    task = office.task(case)
    with counted(office.database) as sent:
        office.act("wang", task, "submit", PAGE)
    assert len(sent) <= 10, sent
    assert len(writes(sent)) <= 8, sent
    task = office.task(case)
    with counted(office.database) as back:
        office.act("supervisor", task, "send_back", reason="再改")
    assert len(back) <= 10, back
    assert len(writes(back)) <= 8, back


def test_a_start(office: Office) -> None:
    warm(office)
    with counted(office.database) as sent:
        office.start("supervisor", "build", **FORM)
    assert len(sent) <= 10, sent
    assert len(writes(sent)) <= 8, sent


def test_the_last_step_and_a_claim(office: Office) -> None:
    warm(office)
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", PAGE)
    task = office.task(case)
    with counted(office.database) as sent:
        office.act("supervisor", task, "approve")
    assert len(sent) <= 10, sent


def test_parts_that_join_and_a_state_that_is_past_at_once(office: Office) -> None:
    warm(office)
    case = office.start("supervisor", "promotion", **{**SOON, "goes_live_on": "2026-11-01"}).case
    office.act("wang", office.task(case, "design"), "ready", {"page_design": "红"})
    task = office.task(case, "copy")
    with counted(office.database) as joined:
        office.act("sun", task, "ready", {"copy": "暖"})
    assert len(joined) <= 10, joined
    task = office.task(case)
    with counted(office.database) as sent:
        office.act("manager", task, "approve", {"budget": "1"})  # to waiting, and on to live at once
    assert office.case(case).state == "live"
    assert len(sent) <= 10, sent


def test_closing_a_group_and_spawning_a_family(office: Office) -> None:
    warm(office)
    voters = [str(person) for person in office.people.values()]
    case = office.start("wang", "vote", subject_line="排班", voters=voters).case
    task = next(task for task in office.tasks(case) if task.holder_id == office.people["gu"]).id
    with counted(office.database) as closed:
        office.act("gu", task, "reject", reason="不同意")
    assert office.tasks(case) == []
    assert len(closed) <= 12, closed
    with counted(office.database) as spawned:
        office.start("hr", "cycle", period="2026-11")
    assert len(spawned) <= 12, spawned
    office.tick()
    child = office.cases("appraisal")[0]
    task = office.task(child.id)
    with counted(office.database) as ready:
        office.act("supervisor", task, "scored", {"score": "90"})
    assert len(ready) <= 10, ready
