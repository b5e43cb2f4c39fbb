"""我的职责: what holds today, what is to come, what held before (D三)."""

from __future__ import annotations

from datetime import date

from web_pages.conftest import NOW
from web_pages.looking import Look
from web_pages.reader import ReadAs
from workflows.db import Database
from workflows.org.people import set_duties


def test_what_holds_today_stands_first_and_earlier_versions_below(read_as: ReadAs) -> None:
    page = read_as("wangzihan").open("/duties")
    now, _, before = page.words.partition("以前的 1 版")
    assert "运营专员 7月1日 起" in now
    assert "每月至少提交一条页面或流程的优化提案" in now
    assert "1月1日 起" in before
    assert "优化提案" not in before


def test_what_is_to_come_says_from_when(read_as: ReadAs, store: Database) -> None:
    with store.write() as session:
        set_duties(session, "operations_specialist", date(2026, 12, 1), "只管首页。", NOW)
    page = read_as("wangzihan").open("/duties")
    assert "12月1日 起改为： 只管首页。" in page.words
    assert "7月1日 起" in page.words


def test_who_holds_no_position_is_told_so(read_as: ReadAs) -> None:
    assert "你没有岗位" in read_as("tangke").open("/duties").words
    assert 'href="/duties"' in read_as("tangke").open("/more").html


def test_it_stands_on_every_screen(look: Look, store: Database) -> None:
    with store.write() as session:
        set_duties(session, "operations_specialist", date(2026, 12, 1), "只管首页。", NOW)
    wrong = look.wrong_on({"wangzihan": {"duties": "/duties"}})
    assert wrong == [], "\n".join(wrong)
