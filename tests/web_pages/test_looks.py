"""Every page, with work in it: nothing that axe finds, no scrolling sideways, in light and dark, at four widths, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from web_pages.conftest import NOW, Company
from web_pages.things import BUILT, Work
from workflows.db import Database, new_id
from workflows.engine.requests import Remark
from workflows.http import services

WIDTHS = (1440, 820, 390, 320)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture
def pages(site: Flask, store: Database) -> dict[str, dict[str, str]]:
    """Addresses to look at, by login and what they show."""
    work = Work(store, services(site).engine, NOW)
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
        "linxiaolan": {
            "work": "/work", "started": "/work?tab=started", "done": "/work?tab=done", "decision": f"/tasks/{first}?n=1",
            "send back": f"/tasks/{first}/actions/send_back", "case": f"/cases/{decision.case}", "cancel": f"/cases/{form.case}/cancel",
            "start": "/start", "start form": "/start/campaign", "search": "/search?q=旗舰店", "team": "/team",
            "event": f"/cases/{decision.case}/history/1", "empty": "/work?tab=offered",
        },
        "wangzihan": {"offered": "/work?tab=offered", "form": f"/tasks/{back}"},
        "machen": {"every field": f"/tasks/{tasks['every']}"},
        "hanwenbo": {"reason": "/audit/", "room": "/audit/", "dossier": f"/audit/cases/{decision.case}", "log": "/audit/log"},
    }  # fmt: skip


@pytest.fixture
def look(chromium: Browser, address: str, company: Company, site: Flask) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")  # axe measures what stands still
    yield context
    context.close()


def sign_in(context: BrowserContext, address: str, site: Flask, company: Company, login: str) -> None:
    context.add_cookies([{"name": site.config["WORKFLOWS_TICKET"], "value": company.tickets[login], "url": address}])


def sideways(page: Page, name: str) -> list[str]:
    """Where the page is wider than the screen."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{name} scrolls {wide} px sideways at {width}"] if wide > 0 else []
    return found


def barriers(page: Page, name: str) -> list[str]:
    """What axe finds, at a desk in light and on a phone in the dark."""
    found = []
    for width, scheme in ((1440, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        seen = Axe().run(page, options=RULES)
        found += [f"{name} at {width}, {scheme}:\n{seen.generate_report()}"] if seen.violations_count else []
    return found


def test_every_page_stands_on_every_screen(
    look: BrowserContext, address: str, pages: dict[str, dict[str, str]], site: Flask, company: Company
) -> None:
    page = look.new_page()
    wrong: list[str] = []
    for login, named in pages.items():
        look.clear_cookies()
        sign_in(look, address, site, company, login)
        for name, path in named.items():
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, name
            if name == "reason":
                wrong += barriers(page, name)
                page.fill("#reason", "抽查")
                page.click(".form-sheet .btn-act")
                continue
            wrong += sideways(page, name) + barriers(page, name)
    assert wrong == [], "\n".join(wrong)


def test_english_needs_more_room_and_has_it(
    look: BrowserContext, address: str, pages: dict[str, dict[str, str]], site: Flask, company: Company
) -> None:
    page = look.new_page()
    wrong: list[str] = []
    for login, named in pages.items():
        look.clear_cookies()
        sign_in(look, address, site, company, login)
        page.goto(address + "/more")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.click(".rail button[value=en]")
        page.wait_for_load_state()
        for name, path in named.items():
            page.goto(address + path)
            wrong += sideways(page, name)
    assert wrong == [], "\n".join(wrong)


def test_a_form_with_mistakes_says_so_first(
    look: BrowserContext, address: str, pages: dict[str, dict[str, str]], site: Flask, company: Company
) -> None:
    sign_in(look, address, site, company, "machen")
    page = look.new_page()
    page.goto(address + pages["machen"]["every field"])
    page.click(".acts .btn-act")
    page.wait_for_load_state()
    assert page.title().startswith("有 ")
    assert page.evaluate("document.activeElement.id") == "errors"
    assert sideways(page, "mistakes") + barriers(page, "mistakes") == []
