"""报表: the finding, numbers that lead to the cases they count, means only of enough cases, files that hold no formula."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from web_pages.looking import Look
from web_pages.reader import Page, ReadAs, statements_of
from web_pages.things import BUILT, Work
from workflows.db import Database

HREF = re.compile(r'href="([^"]*/reports/shop_build/cases[^"]*)">(\d+)<')
LISTED = re.compile(r'<th scope="row"><a href="/cases/')


def day(ago: float) -> timedelta:
    return timedelta(days=ago)


def finished(work: Work, name: str, ago: float = 24, review: float = 1) -> None:
    """A shop that went online `ago` days ago, `review` days after it was handed in."""
    case = work.shop(name, day(ago + review + 1))
    work.act("wangzihan", case, "submit", day(ago + review), **BUILT)
    work.act("linxiaolan", case, "approve", day(ago))


@pytest.fixture
def october(work: Work) -> Work:
    """Six shops in October, one of them late, one sent back; one this month; two that are open."""
    for number in range(4):
        finished(work, f"十月的店 {number}")
    finished(work, "=1+1 的店", ago=21, review=6)
    again = work.shop("退回过的店", day(28))
    work.act("wangzihan", again, "submit", day(27), **BUILT)
    work.act("linxiaolan", again, "send_back", day(26), reason="首屏太慢")
    work.act("wangzihan", again, "submit", day(25), **BUILT)
    work.act("linxiaolan", again, "approve", day(24))
    finished(work, "十一月的店", ago=3)
    work.shop("还在搭的店", day(9))
    work.in_review("等审的店", day(1))
    return work


def numbers(page: Page) -> dict[str, int]:
    """Every number that leads to a list: its address, and what it says."""
    return {href.replace("&amp;", "&"): int(said) for href, said in HREF.findall(page.html)}


def test_the_finding_and_the_facts(october: Work, read_as: ReadAs) -> None:
    page = read_as("linxiaolan").open("/reports/shop_build")
    assert "近 12 个月办完 6 件" in page.words
    assert "<b>83.3%</b> 按时" in page.html
    assert "目标 ≥ 90%；1 件超期" in page.words
    assert "在办 2 件" in page.words
    assert "退回，每 6 件 1 次" in page.words
    assert "其中 1 次是又走一遍" in page.words
    assert "=1+1 的店" not in page.words  # it is done: only open cases are named
    assert page.words.index("还在搭的店") < page.words.index("等审的店")


def test_every_number_leads_to_the_cases_it_counts(october: Work, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    page = reader.open("/reports/shop_build")
    found = numbers(page)
    assert len(found) >= 10
    for href, said in found.items():
        listed = len(LISTED.findall(reader.open(href).html))
        visits = "step=" in href or "source=" in href
        assert listed == said or (visits and listed == said - 1), href  # one case came twice where it was sent back


def test_the_time_stands_in_the_address(october: Work, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    until_now = reader.open("/reports/shop_build?months=3&until=2026-11")
    assert "近 3 个月（到今天）办完 7 件" in until_now.words
    assert any("months=3&until=2026-11" in href and "month=2026-11" in href for href in numbers(until_now))
    for wrong in ("months=7", "until=2026-13", "until=2027-01", "until=1999-01"):
        assert reader.open(f"/reports/shop_build?{wrong}").status == 422
    assert reader.open("/reports/nothing").status == 404
    assert reader.open("/reports/shop_build/cases?step=nothing").status == 422
    assert reader.open("/reports/shop_build/cases?process=other&_scheme=x&endpoint=y").status == 200


def test_of_few_cases_there_is_the_list(work: Work, read_as: ReadAs) -> None:
    for number in range(4):
        finished(work, f"十月的店 {number}")
    page = read_as("linxiaolan").open("/reports/shop_build")
    assert "办完 4 件，太少，不算平均" in page.words
    assert all(f"十月的店 {number}" in page.words for number in range(4))
    assert "工时" not in page.words.replace("一件要人手里多久", "")
    assert "100.0%" not in page.words


def test_who_may_see_nothing_counts_nothing(october: Work, read_as: ReadAs) -> None:
    outsider = read_as("panyue")
    assert "没有你能看的办完的事项" in outsider.open("/reports/shop_build").words
    assert "十月的店" not in outsider.open("/reports/shop_build/cases").words
    assert len(outsider.open("/reports/shop_build.csv").html.strip().splitlines()) == 1
    assert "店铺规划与搭建" in read_as("linxiaolan").open("/reports").words


def test_auditors_say_why_first(october: Work, read_as: ReadAs) -> None:
    auditor = read_as("hanwenbo")
    for path in (
        "/reports",
        "/reports/shop_build",
        "/reports/shop_build/cases",
        "/reports/shop_build.csv",
        "/reports/shop_build.xlsx",
    ):
        assert "十月的店" not in auditor.open(path).words
        assert "查阅事由" in auditor.open(path).words


def test_files_hold_no_formula(october: Work, read_as: ReadAs) -> None:
    client = read_as("linxiaolan").client
    text = client.get("/reports/shop_build.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 6
    assert [row["按时"] for row in rows].count("否") == 1
    assert any(row["事项"].startswith("'=1+1") for row in rows)
    book = load_workbook(io.BytesIO(client.get("/reports/shop_build.xlsx").data))
    assert book.sheetnames == ["月份", "步骤", "走法", "事项"]
    cells = [cell for row in book["事项"].iter_rows() for cell in row]
    (formula,) = (cell for cell in cells if str(cell.value).startswith("=1+1"))
    assert formula.data_type == "s"
    assert [cell.value for cell in book["步骤"]["B"]][1:] == [6, 6]


def test_the_same_statements_however_many_cases(october: Work, store: Database, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    paths = ("/reports", "/reports/shop_build", "/reports/shop_build/cases", "/reports/shop_build.csv")
    before = [statements_of(reader, store, path) for path in paths]
    for number in range(3):
        finished(october, f"又一家 {number}")
    assert [statements_of(reader, store, path) for path in paths] == before
    assert max(before) <= 20


def test_english_says_the_same(october: Work, read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    reader.press(reader.open("/more"), "English")
    page = reader.open("/reports/shop_build")
    assert "Last 12 months: 6 cases finished" in page.words
    assert "<b>83.3%</b> on time" in page.html
    assert "Target ≥ 90%; 1 late" in page.words
    cjk = re.findall(r"[\u4e00-\u9fff]+", re.sub(r'<table class="t stack">.*?</table>', "", page.html, flags=re.S))
    assert set("".join(cjk)) <= set("中文林晓岚")


def test_they_stand_on_every_screen(october: Work, look: Look) -> None:
    paths = ("/reports", "/reports/shop_build", "/reports/shop_build/cases?which=late")
    wrong = look.wrong_on({"linxiaolan": {path: path for path in paths}})
    assert wrong == [], "\n".join(wrong)
