"""Desk, scoring form, cycle board, release, scorecards and the public list: nothing for axe, nothing sideways, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from web_pages.appraising import Round
from web_pages.cards import FIGURES, put_on_view
from web_pages.conftest import NOW, Company
from web_pages.test_looks import barriers, sideways, sign_in
from workflows.db import Database


@pytest.fixture
def pages(site: Flask, store: Database) -> dict[str, dict[str, str]]:
    """Addresses to look at, by login and what they show."""
    month = Round(site, store).opened()
    month.hand_in("wangzihan", "sunyutong", "liuyinuo")
    month.pass_on(NOW - timedelta(days=10))
    for login in ("wangzihan", "liuyinuo"):
        month.measure(login)
    month.measure("sunyutong", {name: value for name, value in FIGURES.items() if name != "listings_due"})
    month.score("linxiaolan", "liuyinuo")
    put_on_view(store, {"wangzihan": "89.12", "machen": "91.50"}, NOW + timedelta(hours=3), NOW, "2026-09")
    return {
        "linxiaolan": {
            "desk": "/desk", "scoring": f"/tasks/{month.task_of('wangzihan')}",
            "missing": f"/tasks/{month.task_of('sunyutong')}",
        },
        "shenyi": {"cycle": "/cycle/2026-10", "months": "/cycle/months", "publish": "/cycle/2026-10/publish"},
        "wangzihan": {
            "public": "/results", "cards": "/scorecards", "card": "/scorecards/ecommerce_operator",
            "try": "/scorecards/ecommerce_operator/try", "empty desk": "/desk",
        },
    }  # fmt: skip


@pytest.fixture
def look(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
    yield context
    context.close()


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


def test_a_scoring_with_mistakes_says_so_first_and_opens_the_line(
    look: BrowserContext, address: str, pages: dict[str, dict[str, str]], site: Flask, company: Company
) -> None:
    sign_in(look, address, site, company, "linxiaolan")
    page = look.new_page()
    page.goto(address + pages["linxiaolan"]["scoring"])
    page.click("text=改判或免计… >> nth=0")
    page.fill("#f-judgement-listing_on_time-score", "300")
    page.click(".decide .btn-act")
    page.wait_for_load_state()
    assert page.title().startswith("有 ")
    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.is_visible("#f-judgement-listing_on_time-score")
    assert sideways(page, "mistakes") + barriers(page, "mistakes") == []


def test_a_thumb_reaches_the_total_and_hands_in(
    look: BrowserContext, address: str, pages: dict[str, dict[str, str]], site: Flask, company: Company
) -> None:
    sign_in(look, address, site, company, "linxiaolan")
    page = look.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + pages["linxiaolan"]["scoring"])
    bar = page.locator(".score-bar")
    assert bar.is_visible()
    assert bar.locator(".btn-act").bounding_box()["height"] >= 44  # type: ignore[index]
    bar.locator("text=重算").click()
    page.wait_for_load_state()
    assert page.url.partition("#")[0] == address + pages["linxiaolan"]["scoring"]
