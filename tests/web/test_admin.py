"""Administration: people, import, definitions, what runs, what failed, the calendar."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select, text

from web.conftest import NOW, Clock
from web.visitor import Visitor
from workflows.db import Database, new_id
from workflows.engine.tables import Heartbeat, Incident
from workflows.notify.tables import Mail, MailStatus
from workflows.org.tables import CalendarDay, Person

VisitAs = Callable[..., Visitor]


@pytest.fixture
def admin(visit_as: VisitAs) -> Visitor:
    return visit_as("luoyong")


def test_people_are_found_by_unit_name_and_state(admin: Visitor) -> None:
    assert "40 人" in admin.get("/admin/people").text
    found = admin.get("/admin/people?unit=human_resources").text
    assert "顾青" in found
    assert "林晓岚" not in found.split("<table", 1)[1]
    assert "王梓涵" in admin.get("/admin/people?q=wangzihan").text
    assert "没有符合的人" in admin.get("/admin/people?q=%25%27%22&state=left").text
    assert "human_resources" in unescape(admin.get("/admin/people?unit=human_resources&after=shenyi").text)


def test_people_are_paged_by_key(admin: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.web.admin_people.PAGE", 15)
    seen: list[str] = []
    address = "/admin/people"
    while address:
        page = admin.get(address).text
        seen += re.findall(r'data-l="账号">(\w+)<', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) == 40


def test_one_person(admin: Visitor, things: dict[str, str]) -> None:
    page = admin.get(f"/admin/people/{things['person_id']}").text
    assert "王梓涵" in page
    assert "林晓岚 → 程立军 → 周明远" in page
    assert "11月23日 – 11月25日" in page


def test_a_reset_link_is_shown_once_and_works(admin: Visitor, visit_as: VisitAs, things: dict[str, str]) -> None:
    page = admin.post(f"/admin/people/{things['person_id']}/reset").text
    link = re.search(r"http://127\.0\.0\.1:8000(/reset/[\w-]+)", page)
    assert link
    assert "设一个新密码" in visit_as().get(link[1]).text


def test_somebody_new_gets_a_temporary_password(admin: Visitor, visit_as: VisitAs) -> None:
    bad = admin.post("/admin/people", {"login": "有 空格", "name": "新人"})
    assert bad.status_code == 422
    assert 'value="新人"' in bad.text
    page = admin.post("/admin/people", {"login": "xinren", "name": "新人", "email": "xinren@example.com"}).text
    password = re.search(r"<code>([a-z0-9-]{19})</code>", page)
    assert password
    newcomer = visit_as()
    assert newcomer.sign_in("xinren", password[1]).status_code == 302
    assert newcomer.get("/more").headers["Location"] == "/me/password"


def test_who_left_is_signed_out_at_once(admin: Visitor, visit_as: VisitAs, things: dict[str, str]) -> None:
    other = visit_as("wangzihan")
    assert other.get("/more").status_code == 200
    assert admin.post(f"/admin/people/{things['person_id']}/left", {"left_on": "never"}).status_code == 422
    admin.post(f"/admin/people/{things['person_id']}/left", {"left_on": "2026-11-20"})
    assert other.get("/more").status_code == 302
    assert "已离职" in admin.get(f"/admin/people/{things['person_id']}").text
    admin.post(f"/admin/people/{things['person_id']}/left", {"left_on": ""})
    assert "已离职" not in admin.get(f"/admin/people/{things['person_id']}").text.split("<main", 1)[1]


def test_the_last_administrator_stays_one(admin: Visitor, store: Database) -> None:
    with store.read() as session:
        me = session.scalar(select(Person.id).where(Person.login == "luoyong"))
    answer = admin.post(f"/admin/people/{me}/roles", {"auditor": "1"})
    assert answer.status_code == 422
    assert "至少要有一位在职的管理员" in answer.text
    assert admin.get("/admin/people").status_code == 200


# ---- import ------------------------------------------------------------------------------------------------------


def upload(admin: Visitor, name: str, content: str) -> object:
    admin.get("/admin/import")
    return admin.post(
        "/admin/import", {"files": (io.BytesIO(content.encode()), name)}, content_type="multipart/form-data"
    )


def test_an_import_is_looked_at_before_it_is_done(admin: Visitor, store: Database) -> None:
    sheet = "账号,姓名,部门\nwangzihan,王梓晗,product_operations\nxinren,新人,product_operations\n"
    page = upload(admin, "people.csv", sheet).text  # type: ignore[attr-defined]
    assert "新增 1 行，改动 1 行" in page
    assert "王梓晗" in page
    with store.read() as session:
        assert session.scalar(select(Person.name).where(Person.login == "wangzihan")) == "王梓涵", "nothing is done yet"
    packed = re.search(r'name="files" value="([^"]+)"', page)
    assert packed
    assert admin.post("/admin/import/apply", {"files": unescape(packed[1])}).headers["Location"] == "/admin/people"
    with store.read() as session:
        assert session.scalar(select(Person.name).where(Person.login == "wangzihan")) == "王梓晗"
        assert session.scalar(select(Person.name).where(Person.login == "xinren")) == "新人"


def test_faults_of_an_import_name_row_and_column(admin: Visitor) -> None:
    answer = upload(admin, "people.csv", "账号,姓名,部门,邮箱\nwangzihan,王梓涵,no_such_unit,x\n")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.text  # type: ignore[attr-defined]
    assert "什么都没有导入" in page
    assert "people.csv 第 2 行" in page
    assert "部门" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [("people.csv", "\x00\x01"), ("people.xlsx", "not a workbook"), ("x.txt", "a"), ("people.csv", "")],
)
def test_a_broken_file_is_a_sentence(admin: Visitor, name: str, content: str) -> None:
    answer = upload(admin, name, content)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'role="alert"' in answer.text  # type: ignore[attr-defined]


@pytest.mark.parametrize("packed", ["", "[]x", '[["a.csv", "%%%"]]', "7", '{"a": 1}', "[[1]]"])
def test_a_mangled_preview_is_refused(admin: Visitor, packed: str) -> None:
    assert admin.post("/admin/import/apply", {"files": packed}).status_code == 422


def test_no_file_and_too_large_ones(admin: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.web.admin_import.LARGEST", 1000)
    assert "还没有选文件" in admin.post("/admin/import", {}).text
    answer = upload(admin, "people.csv", "x" * 1001)
    assert "workflows org import" in answer.text  # type: ignore[attr-defined]


# ---- definitions and what runs -----------------------------------------------------------------------------------


def test_definitions(admin: Visitor) -> None:
    listed = admin.get("/admin/definitions").text
    assert "店铺规划与搭建" in listed
    page = admin.get("/admin/definitions/shop_build").text
    assert "第 1 版" in page
    assert "<svg" in page
    assert '<span class="k">process</span>: shop_build' in page
    assert "1</b> 件在办" in page
    svg = admin.get("/admin/definitions/shop_build/diagram.svg")
    assert svg.mimetype == "image/svg+xml"
    assert "process: shop_build" in admin.get("/admin/definitions/shop_build/text").text
    for missing in (
        "/admin/definitions/nothing",
        "/admin/definitions/shop_build?version=9",
        "/admin/definitions/shop_build?version=x",
    ):
        assert admin.get(missing).status_code == 404


def test_schedules_and_a_clock_that_is_silent(admin: Visitor, store: Database, clock: Clock) -> None:
    page = admin.get("/admin/running").text
    assert "时钟没有在走" in page
    assert "每周 周一 9:00" in page
    assert "11月23日 周一 9:00" in page
    assert "（暂定）" in page, "a time in a year without an arrangement is marked"
    with store.write() as session:
        session.add(Heartbeat(name="scheduler@here", at=clock() - timedelta(seconds=5)))
    assert "时钟没有在走" not in admin.get("/admin/running").text
    assert admin.get("/readyz").status_code == 200


def test_timers_are_listed_by_time(admin: Visitor, things: dict[str, str]) -> None:
    page = admin.get("/admin/timers").text
    assert things["case_id"] in page
    assert "提醒" in page
    assert "没有这样的计时" in admin.get("/admin/timers?state=incident").text
    assert things["case_id"] in admin.get("/admin/timers?state=nonsense&after=nonsense").text


def test_mails(admin: Visitor, store: Database, things: dict[str, str]) -> None:
    assert "没寄成" in admin.get("/admin/mails?state=failed").text
    page = admin.get(f"/admin/mails/{things['mail_id']}").text
    assert "审核 木与日光旗舰店二楼" in page
    admin.post(f"/admin/mails/{things['mail_id']}/again")
    with store.read() as session:
        assert session.scalars(select(Mail.status)).all() == [MailStatus.WAITING]
    assert admin.post(f"/admin/mails/{things['mail_id']}/again").status_code == 404, "it waits already"


def test_demo_mails_are_read_without_signing_in(visit_as: VisitAs, things: dict[str, str]) -> None:
    visitor = visit_as()
    assert "有 1 件要办" in visitor.get("/demo/mails").text
    assert "审核 木与日光旗舰店二楼" in visitor.get(f"/demo/mails/{things['mail_id']}").text


def test_incidents_are_looked_after(admin: Visitor, store: Database, things: dict[str, str]) -> None:
    with store.write() as session:
        session.add(Incident(id=new_id(), at=NOW, kind="mail", job_id=_mail(session), code="smtp_550", detail="x"))
    page = admin.get("/admin/incidents").text
    assert "没有人可办" in page
    assert page.count("再试") == 1, "only a job can be tried again"
    again = re.search(r'action="(/admin/incidents/[0-9a-f-]+/again)"', page)
    assert again
    assert admin.post(again[1]).status_code == 302
    assert admin.post(f"/admin/incidents/{things['incident_id']}/solve").status_code == 302
    assert "没有失败的" in admin.get("/admin/incidents").text
    assert "处理：罗勇" in admin.get("/admin/incidents?state=all").text
    with store.read() as session:
        assert session.scalars(select(Mail.status)).all() == [MailStatus.WAITING]


def _mail(session: object) -> object:
    return session.scalars(select(Mail.id)).one()  # type: ignore[attr-defined]


def test_the_calendar(admin: Visitor, store: Database) -> None:
    page = admin.get("/admin/calendar").text
    assert "2026 年" in page
    assert "还没有公布" not in page
    assert "还没有公布" in admin.get("/admin/calendar?year=2027").text
    for odd in ("0000", "99999", "x", "-1"):
        assert admin.get(f"/admin/calendar?year={odd}").status_code == 200
    assert admin.post("/admin/calendar", {"day": "2027-02-30", "kind": "holiday"}).status_code == 422
    admin.post("/admin/calendar", {"day": "2027-01-04", "kind": "holiday", "note": "盘点"})
    with store.read() as session:
        assert [(day.day, day.kind) for day in session.scalars(select(CalendarDay))] == [(date(2027, 1, 4), "holiday")]
    assert "盘点" in admin.get("/admin/calendar?year=2027").text
    admin.post("/admin/calendar", {"day": "2027-01-04", "kind": ""})
    with store.read() as session:
        assert session.scalar(text("SELECT count(*) FROM calendar_day")) == 0


def test_absences_of_others(admin: Visitor, things: dict[str, str]) -> None:
    assert "王梓涵" in admin.get("/admin/absences").text
    assert admin.post("/admin/absences", {"first_day": "2026-12-01"}).status_code == 422
    form = {"person": things["person_id"], "first_day": "2026-12-01", "last_day": "2026-12-02"}
    assert admin.post("/admin/absences", form).status_code == 302
    assert "12月1日 – 12月2日" in admin.get("/admin/absences").text
    assert admin.post(f"/admin/absences/{things['absence_id']}/end").status_code == 302
    assert "11月23日" not in admin.get("/admin/absences").text


def test_positions(admin: Visitor) -> None:
    assert "运营专员" in admin.get("/admin/positions").text
    page = admin.get("/admin/positions/operations_specialist").text
    assert "职责" in page
    assert "王梓涵" in page
    assert admin.get("/admin/positions/nothing").status_code == 404


def test_a_definition_stands_beside_its_proof(admin: Visitor, store: Database) -> None:
    page = admin.get("/admin/definitions/shop_build").text
    assert "10 项通过" in page
    assert "每一步都有人办" in page
    with store.write() as session:
        session.execute(
            text("UPDATE person SET active = false WHERE login IN ('wangzihan', 'liuyinuo', 'sunyutong', 'zhangyuwei')")
        )
        session.execute(text("UPDATE version SET stamp = :stamp WHERE name = 'organisation'"), {"stamp": new_id().hex})
    page = admin.get("/admin/definitions/shop_build").text
    assert "1 项不过" in page
    assert re.search(r'<li class="bad">.*?<a href="#L\d+">第 \d+ 行</a>', page, re.S)
