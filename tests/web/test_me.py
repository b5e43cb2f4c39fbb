"""What belongs to the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, text

from web.conftest import PASSWORD
from web.visitor import Visitor
from workflows.db import Database
from workflows.engine.tables import Draft
from workflows.org.tables import Absence, Person

VisitAs = Callable[..., Visitor]


def test_settings_change_every_page_at_once(visit_as: VisitAs) -> None:
    visitor = visit_as("linxiaolan")
    assert 'data-bs-theme="auto"' in visitor.get("/more").text
    chosen = {"language": "en", "theme": "dark", "density": "compact"}
    assert visitor.post("/me/settings", chosen).headers["Location"] == "/me/settings"
    page = visitor.get("/me/settings").text
    assert '<html lang="en" data-bs-theme="dark" data-density="compact">' in page
    assert 'data-shortcuts="off"' in page
    assert "Saved." in page
    assert "Saved." not in visitor.get("/me/settings").text, "said once"
    visitor.post("/me/settings", {"shortcuts": "1"})
    assert 'data-shortcuts="on"' in visitor.get("/more").text


def test_nonsense_leaves_settings_as_they_were(visit_as: VisitAs, store: Database) -> None:
    visit_as("linxiaolan").post(
        "/me/settings", {"language": "fr", "theme": "pink", "density": "", "administrator": "1"}
    )
    with store.read() as session:
        person = session.scalars(select(Person).where(Person.login == "linxiaolan")).one()
    assert (person.language, person.theme, person.density, person.administrator) == ("zh", "auto", "comfortable", False)


def test_the_rails_language_link_comes_back_to_the_page(visit_as: VisitAs) -> None:
    visitor = visit_as("linxiaolan")
    answer = visitor.post("/me/language", {"language": "en", "next": "/me/absences?x=1"})
    assert answer.headers["Location"] == "/me/absences?x=1"
    assert visitor.post("/me/language", {"language": "en", "next": "//evil.com"}).headers["Location"] == "/"
    assert "Absence and deputy" in visitor.get("/me/absences").text


def test_changing_the_password_ends_other_sign_ins(visit_as: VisitAs) -> None:
    here, there = visit_as(), visit_as()
    here.sign_in("linxiaolan", PASSWORD)
    there.sign_in("linxiaolan", PASSWORD)
    new = "quiet-otters-eat-late"
    wrong = here.post("/me/password", {"present": "wrong", "password": new, "again": new})
    assert wrong.status_code == 422
    assert "还可以试 4 次" in wrong.text
    assert here.post("/me/password", {"present": PASSWORD, "password": new, "again": "other"}).status_code == 422
    assert here.post("/me/password", {"present": PASSWORD, "password": new, "again": new}).status_code == 302
    assert here.get("/more").status_code == 200
    assert there.get("/more").status_code == 302


def test_i_see_and_end_my_sign_ins_but_not_those_of_others(visit_as: VisitAs) -> None:
    here, there, other = visit_as(), visit_as(), visit_as("wangzihan")
    here.sign_in("linxiaolan", PASSWORD)
    there.sign_in("linxiaolan", PASSWORD)
    page = here.get("/me/sessions").text
    ends = re.findall(r'action="(/me/sessions/[0-9a-f-]+/end)"', page)
    assert len(ends) == 2, "the one the fixture opened, and the other device"
    assert other.post(ends[0]).status_code == 404
    for end in ends:
        assert here.post(end).status_code == 302
    assert there.get("/more").status_code == 302
    assert "这台" in here.get("/me/sessions").text


def test_absences(visit_as: VisitAs, store: Database) -> None:
    visitor = visit_as("linxiaolan")
    with store.read() as session:
        deputy = str(session.scalar(select(Person.id).where(Person.login == "wangzihan")))
    wrong = visitor.post(
        "/me/absences", {"first_day": "2026-12-05", "last_day": "2026-12-01", "deputy": deputy, "reason": "探亲"}
    )
    assert wrong.status_code == 422
    assert "结束日期早于开始日期" in wrong.text
    assert 'value="探亲"' in wrong.text
    assert visitor.post("/me/absences", {"first_day": "x", "last_day": "2026-12-01"}).status_code == 422
    form = {"first_day": "2026-12-01", "last_day": "2026-12-05", "deputy": deputy, "reason": "探亲"}
    assert visitor.post("/me/absences", form).status_code == 302
    page = visitor.get("/me/absences").text
    assert "12月1日 – 12月5日" in page
    assert "王梓涵" in page
    end = re.search(r'action="(/me/absences/[0-9a-f-]+/end)"', page)
    assert end
    assert visit_as("wangzihan").post(end[1]).status_code == 404, "somebody else's"
    assert visitor.post(end[1]).status_code == 302
    with store.read() as session:
        assert session.scalars(select(Absence.first_day).where(Absence.first_day == date(2026, 12, 1))).all() == []


def test_a_draft_is_kept_for_its_writer(visit_as: VisitAs, store: Database) -> None:
    visitor = visit_as("linxiaolan")
    answer = visitor.post(
        "/drafts", {"_place": "task:1", "shop": "二楼", "items.0.what": "图"}, headers={"Accept": "application/json"}
    )
    assert answer.json == {"said": "10:24 已自动存草稿"}
    visitor.post("/drafts", {"_place": "task:1", "shop": "三楼"})
    with store.read() as session:
        drafts = session.scalars(select(Draft)).all()
    assert [(draft.place, draft.typed) for draft in drafts] == [("task:1", {"shop": "三楼"})]


@pytest.mark.parametrize("place", ["", "x" * 121])
def test_a_draft_needs_a_place(visit_as: VisitAs, place: str) -> None:
    assert visit_as("linxiaolan").post("/drafts", {"_place": place, "shop": "二楼"}).status_code == 422


ROOMS = {
    "panyue": ["待办", "发起", "查找", "我的考核", "报表"],
    "linxiaolan": ["待办", "发起", "查找", "团队", "考核", "报表"],
    "hanwenbo": ["审计室", "查找", "报表", "评分卡"],
    "luoyong": ["待办", "发起", "查找", "我的考核", "人员与岗位", "流程定义", "失败的任务", "运行"],
}


@pytest.mark.parametrize(("login", "rooms"), ROOMS.items())
def test_the_rail_has_only_what_the_person_may_use(visit_as: VisitAs, login: str, rooms: list[str]) -> None:
    page = visit_as(login).get("/more").text
    rail = page[page.index('class="rail-in"') : page.index('class="rail-me"')]
    assert re.findall(r'<a class="nav-l"[^>]*>.*?</svg>([^<]+)', rail) == rooms
    tabs = page[page.index('class="tabs"') : page.index("</nav>", page.index('class="tabs"'))]
    assert 2 <= tabs.count("<a ") <= 4
    assert "更多" in tabs


def test_late_work_is_said_not_only_coloured(visit_as: VisitAs, store: Database) -> None:
    visitor = visit_as("linxiaolan")
    assert "其中有超期" not in visitor.get("/more").text
    with store.write() as session:
        session.execute(
            text(
                "UPDATE task SET queue = NULL, due_at = '2026-11-01 00:00:00.000000',"
                " holder_id = (SELECT id FROM person WHERE login = 'linxiaolan')"
            )
        )
    page = visitor.get("/more").text
    assert re.search(r'<span class="n n-late">1<span class="visually-hidden">，其中有超期</span>', page)
