"""Pages in a real browser: nothing for axe to say in light and dark, nothing scrolls sideways, the policy holds, it works
without JavaScript, and scripts only save a step."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from infrastructure.browser import violations
from web.conftest import NOW, PASSWORD, Clock, Company, House
from workflows.db import Database
from workflows.engine.tables import Draft, Heartbeat

WIDTHS = (1440, 820, 390, 320)
AXED = ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark"))

OUTSIDE = ["/sign-in", "/forgotten", "/reset/unknown", "/demo/mails", "/demo/mails/{mail_id}", "/nope"]
OWN = [
    "/processes",
    "/processes/complaint",
    "/more",
    "/me/settings",
    "/me/password",
    "/me/sessions",
    "/me/absences",
    "/admin/people",
]
ADMIN = [
    "/admin/people", "/admin/people/new", "/admin/people/{person_id}", "/admin/positions", "/admin/positions/operations_specialist",
    "/admin/absences", "/admin/import", "/admin/definitions", "/admin/definitions/shop_build", "/admin/definitions/campaign",
    "/admin/running", "/admin/timers", "/admin/mails", "/admin/mails/{mail_id}", "/admin/incidents", "/admin/calendar?year=2027",
    "/processes/monthly_appraisal",
]  # fmt: skip
SCREENS = (
    [("", path) for path in OUTSIDE] + [("wangzihan", path) for path in OWN] + [("luoyong", path) for path in ADMIN]
)


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    """The service on a port of its own."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browse(
    chromium: Browser, address: str, company: Company, store: Database, clock: Clock
) -> Iterator[Callable[..., Page]]:
    """A page of somebody's own browser; `complaints` on it collects what the console said."""
    contexts: list[BrowserContext] = []

    def page(login: str = "", **more: object) -> Page:
        context = chromium.new_context(base_url=address, locale="zh-CN", reduced_motion="reduce", **more)  # type: ignore[arg-type]
        contexts.append(context)
        if login:
            context.add_cookies([{"name": "ticket", "value": company.tickets[login], "url": address}])
        opened = context.new_page()
        opened.complaints = []  # type: ignore[attr-defined]
        opened.on(
            "console", lambda said: opened.complaints.append(said.text) if said.type in ("error", "warning") else None
        )  # type: ignore[attr-defined]
        opened.on("pageerror", lambda error: opened.complaints.append(str(error)))  # type: ignore[attr-defined]
        return opened

    yield page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("login", "path"), SCREENS, ids=[f"{login or 'nobody'}{path}" for login, path in SCREENS])
def test_every_page_is_for_everybody(
    browse: Callable[..., Page], things: dict[str, str], store: Database, clock: Clock, login: str, path: str
) -> None:
    with store.write() as session:
        session.add(Heartbeat(name="scheduler@here", at=clock() - timedelta(seconds=5)))
    page = browse(login)
    page.goto(path.format(**things))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"scrolls sideways at {width}"
        for theme in [theme for at, theme in AXED if at == width]:
            page.emulate_media(color_scheme=theme)
            found = violations(page)
            assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == [], f"{width} {theme}"
    assert [said for said in page.complaints if "Failed to load resource" not in said] == []  # type: ignore[attr-defined]


def test_english_fits_as_well(browse: Callable[..., Page]) -> None:
    page = browse("luoyong")
    page.goto("/more")
    page.locator(".rail button[lang=en]").click()
    for path in ("/more", "/me/settings", "/admin/people", "/admin/running", "/admin/calendar", "/admin/import"):
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (
                path,
                width,
            )


# ---- without JavaScript ------------------------------------------------------------------------------------------


def test_signing_in_and_settings_work_without_javascript(browse: Callable[..., Page]) -> None:
    page = browse(java_script_enabled=False)
    page.goto("/me/settings")
    page.get_by_label("账号", exact=True).fill("linxiaolan")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("还可以试 4 次")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的设置")
    page.get_by_label("深色").check()
    page.get_by_label("English").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("navigation", name="Main navigation").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def test_a_sample_account_is_one_press_away(browse: Callable[..., Page]) -> None:
    page = browse(java_script_enabled=False)
    page.goto("/sign-in")
    page.get_by_role("link", name="王梓涵").click()
    expect(page.get_by_label("账号", exact=True)).to_have_value("wangzihan")
    expect(page.get_by_label("密码")).to_have_value("workflows-demo")


# ---- with JavaScript ---------------------------------------------------------------------------------------------


def test_the_first_tab_skips_to_the_text(browse: Callable[..., Page]) -> None:
    page = browse("luoyong")
    page.goto("/admin/people")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_shortcuts_move_the_focus_and_can_be_switched_off(browse: Callable[..., Page]) -> None:
    page = browse("luoyong")
    page.goto("/admin/people")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="曹亦凡")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="程立军")).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="曹亦凡")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.get_by_role("searchbox").first).to_have_value("jk?")
    page.get_by_role("searchbox").first.blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page).to_have_url(re.compile("/work$"))
    page.goto("/me/settings")
    page.get_by_label("用单个字母键跳转").uncheck()
    page.get_by_role("button", name="保存").click()
    page.goto("/admin/people")
    page.keyboard.press("j")
    expect(page.locator("body")).to_be_focused()


def test_a_second_press_is_ignored(browse: Callable[..., Page]) -> None:
    page = browse("luoyong")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/me/settings")
    # An answer without content leaves the page as it is: what a slow one looks like, for as long as it takes.
    page.route(
        "**/me/settings",
        lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_(),
    )
    button = page.locator("main button.btn-act")
    button.click()
    expect(button).to_have_text("正在提交…")
    button.click(force=True)
    button.click(force=True)
    assert len(sent) == 1


def test_a_draft_saves_itself(browse: Callable[..., Page], store: Database) -> None:
    page = browse("linxiaolan")
    page.clock.install()
    page.goto("/start/shop_build")
    with page.expect_response("**/drafts") as answer:
        page.get_by_label("店铺", exact=False).first.fill("木与日光旗舰店二楼")
        page.clock.run_for(3100)
    assert answer.value.json()["said"].endswith("已自动存草稿")
    with store.read() as session:
        draft = session.scalars(select(Draft)).one()
    assert draft.place == "start:shop_build"
    assert draft.typed["shop"] == "木与日光旗舰店二楼"


def test_a_deadline_that_passes_turns_red(browse: Callable[..., Page], things: dict[str, str]) -> None:
    page = browse("wangzihan")
    page.clock.install(time=NOW)
    page.goto(f"/tasks/{things['task_id']}")
    chip = page.locator("time.chip").first
    expect(chip).not_to_have_class(re.compile("chip-late"))
    page.clock.fast_forward("24:00:00")
    page.clock.set_fixed_time(NOW + timedelta(days=40))
    page.clock.run_for(61_000)
    expect(chip).to_have_class(re.compile("chip-late"))
    expect(chip).to_have_text("已超期")
