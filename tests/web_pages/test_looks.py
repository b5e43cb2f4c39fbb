"""Every page, with work in it: nothing that axe finds, no scrolling sideways, in light and dark, at four widths, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask

from web_pages.conftest import NOW
from web_pages.looking import Look, Pages
from web_pages.things import BUILT, Work
from workflows.db import Database, new_id
from workflows.engine.requests import Remark
from workflows.http import services


@pytest.fixture
def pages(site: Flask, store: Database, work: Work) -> Pages:
    """Addresses to look at, by login and what they show."""
    decision = work.in_review("木与日光旗舰店二楼")
    work.act("linxiaolan", decision, "send_back", reason="首屏太慢，压到 3 秒以内；焦点图用 B 版。")
    work.act("wangzihan", decision, "submit", reason="压缩了大图。", **{**BUILT, "load_time": "1.8"})
    form = work.in_review("晨雾床品旗舰店")
    work.act("linxiaolan", form, "send_back", reason="分类页缺“按尺寸”筛选。")
    work.shop("还没有人领的一家名字特别长的旗舰店铺二期工程")
    every = work.start("machen", "every_field", line="各种字段")
    with store.write() as session:
        remark = Remark(new_id(), work.person("linxiaolan"), decision.case, "看一下这个版本。")
        services(site).engine.comment(session, remark, NOW)
    tasks = {name: str(case.opened[0].id) for name, case in (("every", every),)}
    with store.read() as session:
        engine = services(site).engine
        first = engine.work_list(session, work.person("linxiaolan"), NOW).rows[0].task
        back = engine.work_list(session, work.person("wangzihan"), NOW).rows[0].task
    return {
        "hanwenbo": {"room": "/audit/", "dossier": f"/audit/cases/{decision.case}", "log": "/audit/log"},
        "linxiaolan": {
            "work": "/work", "started": "/work?tab=started", "done": "/work?tab=done", "decision": f"/tasks/{first}?n=1",
            "send back": f"/tasks/{first}/actions/send_back", "case": f"/cases/{decision.case}", "cancel": f"/cases/{form.case}/cancel",
            "start": "/start", "start form": "/start/campaign", "search": "/search?q=旗舰店", "team": "/team",
            "event": f"/cases/{decision.case}/history/1", "empty": "/work?tab=offered",
        },
        "wangzihan": {"offered": "/work?tab=offered", "form": f"/tasks/{back}"},
        "machen": {"every field": f"/tasks/{tasks['every']}"},
    }  # fmt: skip


def test_every_page_stands_on_every_screen(look: Look, pages: Pages) -> None:
    look.sign_in("hanwenbo")
    page = look.open("/audit/")
    wrong = look.barriers("reason")
    page.fill("#reason", "抽查")
    page.click(".form-sheet .btn-act")
    wrong += look.wrong_on(pages)
    assert wrong == [], "\n".join(wrong)


def test_english_needs_more_room_and_has_it(look: Look, pages: Pages) -> None:
    wrong = look.sideways_in_english(pages)
    assert wrong == [], "\n".join(wrong)


def test_a_form_with_mistakes_says_so_first(look: Look, pages: Pages) -> None:
    look.sign_in("machen")
    page = look.open(pages["machen"]["every field"])
    page.click(".acts .btn-act")
    page.wait_for_load_state()
    assert page.title().startswith("有 ")
    assert page.evaluate("document.activeElement.id") == "errors"
    assert look.wrong("mistakes") == []
