"""Desk, scoring form, cycle board, release, scorecards and the public list: nothing for axe, nothing sideways, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from web_pages.appraising import Round
from web_pages.cards import FIGURES, put_on_view
from web_pages.conftest import NOW
from web_pages.looking import Look, Pages
from workflows.db import Database


@pytest.fixture
def pages(site: Flask, store: Database) -> Pages:
    """Addresses to look at, by login and what they show."""
    month = Round(site, store).opened()
    month.hand_in("wangzihan", "sunyutong", "liuyinuo")
    month.pass_on(NOW - timedelta(days=10))
    for login in ("wangzihan", "liuyinuo"):
        month.measure(login)
    month.measure("sunyutong", {name: value for name, value in FIGURES.items() if name != "listings_due"})
    month.score("linxiaolan", "liuyinuo")
    month.waive("zhaozimo", "11 月 2 日起休产假，没有可考的。")
    put_on_view(store, {"wangzihan": "89.12", "machen": "91.50"}, NOW + timedelta(hours=3), NOW, "2026-09")
    return {
        "linxiaolan": {
            "desk": "/desk", "scoring": f"/tasks/{month.task_of('wangzihan')}",
            "missing": f"/tasks/{month.task_of('sunyutong')}",
        },
        "shenyi": {
            "cycle": "/cycle/2026-10", "months": "/cycle/months", "publish": "/cycle/2026-10/publish",
            "waive": "/cycle/2026-10/waive",
        },
        "zhaozimo": {"waived": "/appraisal/2026-10"},
        "wangzihan": {
            "public": "/results", "cards": "/scorecards", "card": "/scorecards/ecommerce_operator",
            "try": "/scorecards/ecommerce_operator/try", "empty desk": "/desk",
        },
    }  # fmt: skip


def test_every_page_stands_on_every_screen(look: Look, pages: Pages) -> None:
    wrong = look.wrong_on(pages)
    assert wrong == [], "\n".join(wrong)


def test_english_needs_more_room_and_has_it(look: Look, pages: Pages) -> None:
    wrong = look.sideways_in_english(pages)
    assert wrong == [], "\n".join(wrong)


def test_a_scoring_with_mistakes_says_so_first_and_opens_the_line(look: Look, pages: Pages) -> None:
    look.sign_in("linxiaolan")
    page = look.open(pages["linxiaolan"]["scoring"])
    page.click("text=改判或免计… >> nth=0")
    page.fill("#f-judgement-listing_on_time-score", "300")
    page.click(".decide .btn-act")
    page.wait_for_load_state()
    assert page.title().startswith("有 ")
    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.is_visible("#f-judgement-listing_on_time-score")
    assert look.wrong("mistakes") == []


def test_a_thumb_reaches_the_total_and_hands_in(look: Look, pages: Pages) -> None:
    look.sign_in("linxiaolan")
    look.page.set_viewport_size({"width": 390, "height": 844})
    page = look.open(pages["linxiaolan"]["scoring"])
    bar = page.locator(".score-bar")
    assert bar.is_visible()
    box = bar.locator(".btn-act").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    bar.locator("text=重算").click()
    page.wait_for_load_state()
    assert page.url.partition("#")[0] == look.address + pages["linxiaolan"]["scoring"]
