"""报表 by position: whose work counts for whom, numbers that lead to cases, and nothing of cases that the reader may not see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from web_pages.conftest import NOW
from web_pages.looking import Look
from web_pages.reader import ReadAs, statements_of
from web_pages.things import BUILT, Work, open_task
from workflows.db import Database

HERE = "/load/operations_specialist"


def built(work: Work, name: str, days: int, hours: float = 2) -> None:
    """A shop whose builder had it open for `hours` (10:24 and on), `days` ago."""
    handed = timedelta(days=days) - timedelta(hours=hours)
    case = work.shop(name, timedelta(days=days, hours=1))
    with work.store.write() as session:
        task = open_task(session, case.case)
        work.engine.mark_opened(session, work.person("wangzihan"), task, NOW - timedelta(days=days))
    work.act("wangzihan", case, "submit", handed, **BUILT)


@pytest.fixture
def october(work: Work) -> Work:
    """Two shops on Wednesday 21 October, open for the same hour and a half, one on the day before; one this month."""
    built(work, "周三的店", 30, 1.5)
    built(work, "周三的另一家", 30, 1.5)
    built(work, "周二的店", 31, 1)
    built(work, "十一月的店", 3)
    return work


def test_positions_with_their_weeks(october: Work, read_as: ReadAs) -> None:
    page = read_as("shenyi").open("/load")
    assert "近 3 个月运营专员手上有任务的时间平均占" in page.words
    assert "最满的是第 43 周" in page.words
    row = page.words.partition("最满的一周 运营专员")[2]
    assert row.startswith(" 3 3 件 2.5 "), "two at once count once, November is not asked for"
    assert "客服专员" in page.words


def test_every_number_leads_to_its_cases(october: Work, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    page = reader.open(HERE)
    links = re.findall(r'href="(/load/operations_specialist/cases[^"]*)">(\d+)<', page.html)
    assert {href.partition("?")[2].replace("&amp;", "&"): said for href, said in links} == {
        "week=2026-W43": "3",
        "process=shop_build&step=building": "3",
    }
    for href, said in links:
        listed = reader.open(href.replace("&amp;", "&"))
        assert listed.html.count('<th scope="row"><a href="/cases/') == int(said)
        assert "周三的店" in listed.words
        assert "十一月的店" not in listed.words


def test_the_time_stands_in_the_address(october: Work, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    now = reader.open(f"{HERE}?months=1&until=2026-11")
    assert "本月到今天运营专员" in now.words
    assert "交出 1 件任务 手上有任务 1.6 工时" in now.words
    assert "week=2026-W47&amp;months=1&amp;until=2026-11" in now.html
    assert reader.open(f"{HERE}/cases?week=2026-W02").status == 422
    assert reader.open(f"{HERE}/cases?week=soon").status == 422
    assert reader.open("/load/nobody").status == 404


def test_managers_see_their_own_people(october: Work, read_as: ReadAs) -> None:
    manager, stranger = read_as("linxiaolan"), read_as("wulihua")
    assert "只含你管的人" in manager.open("/load").words
    assert "客服专员" not in manager.open("/load").words
    assert stranger.open(HERE).status == 404
    assert "岗位" in manager.open("/reports").words
    assert 'href="/load"' not in read_as("wangzihan").open("/reports").html


def test_what_it_was_about_only_who_may_see_it(october: Work, read_as: ReadAs) -> None:
    page = read_as("shenyi").open(HERE)
    assert "交出 3 件任务" in page.words
    assert "时间花在哪里" not in page.words
    assert "周三的店" not in read_as("shenyi").open(f"{HERE}/cases").words


def test_auditors_say_why_first(october: Work, read_as: ReadAs) -> None:
    auditor = read_as("hanwenbo")
    for path in ("/load", HERE, f"{HERE}/cases"):
        asked = auditor.open(path)
        assert "查阅事由" in asked.words
        assert "周三的店" not in asked.words
    auditor.press(asked, "开始查阅", {"_comment": "人手够不够"})
    assert "周三的店" in auditor.open(f"{HERE}/cases").words


def test_the_same_statements_however_much_was_done(october: Work, store: Database, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    paths = ("/load", HERE, f"{HERE}/cases")
    before = [statements_of(reader, store, path) for path in paths]
    for number in range(3):
        built(october, f"又一家 {number}", 32 + number)
    assert [statements_of(reader, store, path) for path in paths] == before
    assert max(before) <= 12


def test_english_says_the_same(october: Work, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    reader.press(reader.open("/more"), "English")
    page = reader.open(HERE)
    assert "fullest was week 43 with" in page.words
    for path in ("/load", HERE):
        cjk = "".join(re.findall(r"[\u4e00-\u9fff]+", reader.open(path).html))
        assert set(cjk) <= set("中文林晓岚")


def test_they_stand_on_every_screen(october: Work, look: Look) -> None:
    wrong = look.wrong_on({"linxiaolan": {path: path for path in ("/load", HERE, f"{HERE}/cases")}})
    assert wrong == [], "\n".join(wrong)
