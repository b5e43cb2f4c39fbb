"""Uploading figures, told step by step: to scripts in lines, in a browser with a bar, without a script in silence."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from web_pages.conftest import NOW, Company
from web_pages.reader import Reader
from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.cards.store import scorecards_folder
from workflows.appraisal.figures.tables import FigureBatch, FigureValue
from workflows.db import Database
from workflows.web.telling import LINES

GOOD = "person,period,sales,uv\ncaoyifan,2026-10,482300.50,12000\nzhaozimo,2026-10,510000,\n"
BAD = "person,period,sales\nnobody,2026-10,5\n"


@pytest.fixture(autouse=True)
def cards(store: Database) -> None:
    """The project's scorecards, published before the month."""
    files = texts_of(sorted(scorecards_folder().glob("*.yaml")))
    with store.write() as session:
        publish_cards(session, files, "scorecards", NOW.date(), NOW - timedelta(days=60))


@pytest.fixture
def hr(read_as: Callable[[str], Reader]) -> Reader:
    return read_as("shenyi")


def told(hr: Reader, address: str, data: dict[str, Any]) -> list[dict[str, Any]]:
    """What a script hears of a form it sends, line by line."""
    answer = hr.client.post(address, data=data, headers={"Accept": LINES})
    assert answer.mimetype == LINES
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


def sent(hr: Reader, text: str) -> list[dict[str, Any]]:
    token = hr.open("/figures/upload").value("csrf_token")[0]
    return told(hr, "/figures/upload", {"csrf_token": token, "files": (io.BytesIO(text.encode()), "十月.csv")})


def taken(store: Database) -> tuple[int, int]:
    """How many figures came with files, and how many files there were."""
    with store.read() as session:
        figures = session.scalar(select(func.count(FigureValue.id)).where(FigureValue.batch_id.is_not(None)))
        return figures or 0, session.scalar(select(func.count(FigureBatch.id))) or 0


def steps(lines: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(line["what"], line["done"], line["all"]) for line in lines[:-1]]


def test_a_script_hears_how_much_is_checked_and_then_gets_the_page(hr: Reader, store: Database) -> None:
    lines = sent(hr, GOOD)
    assert steps(lines) == [("check", 0, 3), ("check", 3, 3)]
    assert "会新增的" in lines[-1]["page"]
    assert taken(store) == (0, 0)


def test_a_script_hears_how_much_is_written_and_then_where_to_go(hr: Reader, store: Database) -> None:
    page = hr.press(hr.open("/figures/upload"), "看会改什么", files={"files": [("十月.csv", GOOD.encode())]})
    address, data = hr.filled(page, "导入 3 项")
    lines = told(hr, address, data)
    assert steps(lines) == [("check", 0, 3), ("check", 3, 3), ("write", 3, 3)]
    assert taken(store) == (3, 1)
    assert "已导入 十月.csv：新增 3 项，更改 0 项。" in hr.open(lines[-1]["go"]).words
    again = told(hr, address, data)
    assert "这些数据系统里都有，没有要改的。" in hr.open(again[-1]["go"]).words
    assert taken(store) == (3, 1)


def test_what_is_wrong_is_told_as_the_page_and_nothing_stays(hr: Reader, store: Database) -> None:
    lines = sent(hr, BAD)
    assert "没有“nobody”这个人。" in lines[-1]["page"]
    assert "有 1 处要改，什么都没有导入" in lines[-1]["page"]
    token = hr.open("/figures/upload").value("csrf_token")[0]
    lost = told(hr, "/figures/upload/apply", {"csrf_token": token, "file": "0" * 32})
    assert "文件没有带过来，请重新选。" in lost[-1]["page"]
    assert 'name="files"' in lost[-1]["page"]
    assert taken(store) == (0, 0)


def test_whoever_may_not_upload_hears_no_lines(read_as: Callable[[str], Reader]) -> None:
    reader = read_as("linxiaolan")
    token = reader.open("/more").value("csrf_token")[0]
    answer = reader.client.post("/figures/upload", data={"csrf_token": token}, headers={"Accept": LINES})
    assert (answer.status_code, answer.mimetype) == (403, "text/html")


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(chromium: Browser, address: str, site: Flask, company: Company) -> Iterator[Page]:
    """Human resources at the page of uploads; `window.said` keeps every sentence of the bar."""
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
    name = site.config["WORKFLOWS_TICKET"]
    context.add_cookies([{"name": name, "value": company.tickets["shenyi"], "url": address}])
    context.add_init_script(
        """window.said = [];
        new MutationObserver((seen) => seen.forEach((one) => {
          if (one.target.matches?.("[data-said]")) window.said.push(one.target.textContent);
        })).observe(document, {subtree: true, childList: true});"""
    )
    page = context.new_page()
    page.goto(address + "/figures/upload")
    yield page
    context.close()


def test_a_browser_shows_what_is_sent_and_what_is_checked(desk: Page, tmp_path: Path, store: Database) -> None:
    file = tmp_path / "十月.csv"
    file.write_text(GOOD, encoding="utf-8")
    desk.set_input_files("#files", file)
    desk.click("text=看会改什么")
    expect(desk.locator("h1")).to_have_text("核对要导入的数据")
    checking = "正在逐行核对。还没有导入任何数，离开这一页也不会留下什么。"
    assert desk.evaluate("window.said")[:3] == [checking, "正在上传。", checking]
    desk.click("text=导入 3 项")
    expect(desk.locator(".notice-done")).to_have_text("已导入 十月.csv：新增 3 项，更改 0 项。")
    assert taken(store) == (3, 1)


def test_sent_in_vain_it_says_so_and_can_be_sent_again(desk: Page, tmp_path: Path) -> None:
    file = tmp_path / "十月.csv"
    file.write_text(BAD, encoding="utf-8")
    desk.route(
        "**/figures/upload*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    desk.set_input_files("#files", file)
    desk.click("text=看会改什么")
    expect(desk.locator("[data-failed]")).to_be_visible()
    desk.unroute("**/figures/upload*")
    desk.click("text=看会改什么")
    expect(desk.locator("#errors")).to_contain_text("没有“nobody”这个人。")
