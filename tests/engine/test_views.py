"""What pages read: right for the reader, and in few statements whatever the length."""

from __future__ import annotations

import pytest

from engine.office import Office, counted
from workflows.db import new_id
from workflows.engine.requests import Remark, TaskOrder
from workflows.engine.views.pages import CasePage, PageKey, SearchQuery, WorkPage
from workflows.errors import Conflict, NotAllowed, NotFound

FORM = {"shop": "森林小铺", "style": "原木"}
PAGE = {"home_page": "https://shop.example/home"}


def page(office: Office, login: str, case: object) -> CasePage:
    with office.database.read() as session:
        return office.engine.case_page(session, office.people[login], case, office.now)  # type: ignore[arg-type]


def work(office: Office, login: str, tab: str = "mine", after: PageKey | None = None, limit: int = 50) -> WorkPage:
    with office.database.read() as session:
        return office.engine.work_list(session, office.people[login], office.now, tab, None, after, limit)  # type: ignore[arg-type]


def test_work_is_offered_claimed_done_and_remembered(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    assert [row.title for row in work(office, "wang", "offered").rows] == ["森林小铺"]
    assert work(office, "sun", "offered").rows == ()
    task = office.task(case)
    with office.database.write() as session:
        office.engine.claim(session, TaskOrder(new_id(), office.people["wang"], task), office.now)
    assert work(office, "zhang", "offered").rows == ()
    (mine,) = work(office, "wang").rows
    assert (mine.task, mine.verb, mine.facts[0].value, mine.holder_name) == (task, None, "原木", "王梓涵")
    assert work(office, "wang").counts.mine == 1
    with office.database.write() as session, pytest.raises(Conflict):
        office.engine.claim(session, TaskOrder(new_id(), office.people["zhang"], task), office.now)
    with office.database.write() as session, pytest.raises(NotAllowed):
        office.engine.release(session, TaskOrder(new_id(), office.people["zhang"], task), office.now)
    with office.database.write() as session:
        office.engine.release(session, TaskOrder(new_id(), office.people["wang"], task), office.now)
    assert len(work(office, "zhang", "offered").rows) == 1
    office.act("zhang", task, "submit", PAGE)
    (done,) = work(office, "zhang", "done").rows
    assert (done.action, done.completed_at) == ("submit", office.now)
    (started,) = work(office, "supervisor", "started").rows
    assert (started.case, started.state) == (case, "reviewing")


def test_the_work_list_is_paged_by_key_in_the_order_of_due_times(office: Office) -> None:
    for number in range(7):
        office.start("supervisor", "build", shop=f"店{number}", style="x")
        office.later(hours=1)
    titles: list[str] = []
    after = None
    while True:
        found = work(office, "wang", "offered", after, 3)
        titles += [row.title for row in found.rows]
        if found.next is None:
            break
        after = PageKey.parse(str(found.next))
    assert titles == [f"店{number}" for number in range(7)]


@pytest.mark.parametrize("tab", ["mine", "offered", "started", "done"])
def test_the_work_list_takes_the_same_few_statements_for_any_length(office: Office, tab: str) -> None:
    for number in range(30):
        case = office.start("supervisor", "build", shop=f"店{number}", style="x").case
        if number % 2:
            office.act("wang", office.task(case), "submit", PAGE)
    work(office, "wang", tab)
    with counted(office.database) as sent:
        work(office, "wang" if tab in {"offered", "done"} else "supervisor", tab)
    assert len(sent) <= 12
    assert len(sent) == 4


def test_a_case_page_says_what_is_asked_who_is_next_and_what_changed(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    seen = page(office, "wang", case)
    assert seen.task is not None
    assert [field.field.name for field in seen.task.edit] == ["home_page"]
    assert seen.task.may_claim
    (submit,) = seen.task.actions
    assert [(step.state, step.people) for step in submit.then] == [("reviewing", ("林晓岚",))]
    assert [(step.state, step.status) for step in seen.track] == [
        ("building", "now"),
        ("reviewing", "ahead"),
        ("online", "ahead"),
    ]
    assert seen.changed is None
    with office.database.write() as session:
        office.engine.mark_read(session, office.people["wang"], seen, office.now)
    office.act("wang", office.task(case), "submit", PAGE)
    office.act("supervisor", office.task(case), "send_back", reason="首页太慢")
    again = page(office, "wang", case)
    assert again.task is not None
    assert (again.task.returned_reason, again.task.returned_by) == ("首页太慢", "林晓岚")
    assert [(change.field.name, change.new) for change in again.changed or ()] == [("home_page", PAGE["home_page"])]
    assert again.track[0].returned == 1
    assert again.events[0].note == "首页太慢"
    assert again.events[0].new
    waiting = page(office, "supervisor", case)
    assert waiting.task is None
    assert [(one.holder_name, one.due_at) for one in waiting.waiting] == [("王梓涵", office.tasks(case)[0].due_at)]


def test_a_case_page_takes_at_most_twelve_statements(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    for number in range(20):
        with office.database.write() as session:
            office.engine.comment(session, Remark(new_id(), office.people["wang"], case, f"第 {number} 条"), office.now)
    page(office, "wang", case)
    with counted(office.database) as sent:
        found = page(office, "wang", case)
    assert len(found.events) == 21
    assert len(sent) <= 12, sent


def test_a_case_is_seen_by_those_who_have_to_do_with_it(office: Office) -> None:
    case = office.start("supervisor", "build", **FORM).case
    for login in ("supervisor", "wang", "zhang", "manager", "director", "audit"):
        assert page(office, login, case).id == case
    for login in ("sun", "gu", "admin"):
        with pytest.raises(NotFound):
            page(office, login, case)
    assert not page(office, "audit", case).took_part
    office.act("wang", office.task(case), "submit", PAGE)
    with pytest.raises(NotFound):
        page(office, "zhang", case)  # it was offered to her, and is not any more


def found(office: Office, login: str, **filters: object) -> list[str]:
    with office.database.read() as session:
        query = SearchQuery(**filters)  # type: ignore[arg-type]
        return [row.title for row in office.engine.search(session, office.people[login], query, office.now).rows]


def test_search_finds_two_chinese_characters_numbers_and_names_among_visible_cases(office: Office) -> None:
    office.start("supervisor", "build", **FORM)
    office.start("supervisor", "build", shop="山间店铺 Nordic", style="白")
    assert found(office, "supervisor", text="山间") == ["山间店铺 Nordic"]
    assert len(found(office, "supervisor", text="店铺")) == 2  # one by its own name, both by the process's
    assert found(office, "supervisor", text="森林小") == ["森林小铺"]
    assert sorted(found(office, "supervisor", text="铺")) == ["山间店铺 Nordic", "森林小铺"]
    assert found(office, "supervisor", text="nord") == ["山间店铺 Nordic"]
    assert found(office, "supervisor", text="DP-2026-0001") == ["森林小铺"]
    assert len(found(office, "audit", text="林晓岚")) == 2
    assert found(office, "sun", text="店铺") == []
    assert len(found(office, "manager", text="店铺")) == 2
    assert found(office, "supervisor", text="' OR 1=1 --") == []
    assert found(office, "supervisor", text="!!!") == []
    assert found(office, "supervisor", state="reviewing") == []
    assert len(found(office, "supervisor", open=True, process="build")) == 2


def test_what_can_be_started_is_listed_with_its_form(office: Office) -> None:
    with office.database.read() as session:
        start = office.engine.start_page(session, office.people["supervisor"], office.now)
        form = office.engine.start_form(session, office.people["supervisor"], "build", office.now)
        others = office.engine.start_page(session, office.people["sun"], office.now)
        assert [entry.process.key for entry in others.entries] == ["vote"]
        with pytest.raises(NotAllowed):
            office.engine.start_form(session, office.people["sun"], "build", office.now)
    assert "build" in [entry.process.key for entry in start.entries]
    assert [field.field.name for field in form.fields] == ["shop", "style"]
    assert form.then[0].state == "building"


def test_administrators_lists_are_there(office: Office) -> None:
    office.start("supervisor", "build", **FORM)
    with office.database.read() as session:
        assert [row.kind for row in office.engine.timers(session).rows] == ["remind", "remind", "escalate"]
        assert len(office.engine.messages(session, limit=1).rows) == 1
        following = office.engine.messages(session, limit=1).next
        assert following is not None
        assert len(office.engine.messages(session, after=following).rows) == 1
        assert office.engine.incidents(session).rows == ()
        assert {row.process: row.open_cases for row in office.engine.versions(session)}["build"] == 1
