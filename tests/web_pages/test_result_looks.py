"""The pages of results, appeals and rulings on every screen and on paper: nothing that axe finds, no scrolling sideways, two pages A4."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from web_pages.appealing import INVESTIGATOR, MONTH, OPERATOR, SUBJECT, Appealing
from web_pages.conftest import NOW, Company
from web_pages.looking import Look, Pages
from web_pages.test_appeal import CLAIM, DISPUTE, RULING
from workflows.appraisal.results.writing import NewResult, publish
from workflows.db import Database
from workflows.engine.requests import Outcome

SECOND = "caoyifan"
"""Another e-commerce operator, who has appealed."""
RULED = {
    "sales_attainment": {
        "verdict": "correct",
        "figures": {"sales": "4315400"},
        "reason": "平台补贴漏了 ¥83,600，已补。",
    },
    "collaboration": {"verdict": "keep", "reason": "话术晚了 1 天，打分有依据。"},
    "knowledge": {"verdict": "correct", "figures": {"published_manuals_6m": "1"}, "reason": "确实是你写的，计 1 份。"},
}


@pytest.fixture
def month(store: Database) -> Appealing:
    """Two results of the month: one that can be appealed, one that was; and a year."""
    month = Appealing(store, NOW).opened()
    month.published({"proposals": {"waive": True, "reason": "刚转岗"}}, month="2026-08", days=60)
    kept = {"category", "base_bonus", "industry_mean", "new_customers_target", "sales"}
    later = {name: value for name, value in OPERATOR.items() if name not in kept}
    case = month.published(figures={"sales": "4231800", **later})
    months = [
        {"month": "2025-11", "score": "80.00", "grade": "good"},
        {"month": "2025-12", "score": "91.50", "grade": "excellent"},
    ]
    detail = {"total": "85.75", "grade": "good", "months": months}
    with store.write() as session:
        year = NewResult("year", month.person(SUBJECT), "2025", case.case, None, Decimal("85.75"), "good", detail)
        publish(session, year, NOW - timedelta(days=2))
    return month


@pytest.fixture
def appeal(month: Appealing) -> Outcome:
    """The other one's appeal, under investigation."""
    return month.appealed(month.published(login=SECOND), CLAIM, SECOND)


@pytest.fixture
def pages(month: Appealing, appeal: Outcome) -> Pages:
    """Addresses to look at, by login and what they show."""
    subject = month.person(SUBJECT)
    case = month.begun("wangzihan")
    return {
        SUBJECT: {"result": "/appraisal/", "earlier": "/appraisal/2026-08", "year": "/appraisal/2025"},
        SECOND: {"appealed": "/appraisal/2026-10", "appeal's case": f"/cases/{appeal.case}"},
        "wangzihan": {"steps alone": "/appraisal/", "own case": f"/cases/{case.case}"},
        "linxiaolan": {"none": "/appraisal/"},
        INVESTIGATOR: {"ruling": f"/tasks/{month.task(appeal)}", "somebody's": f"/appraisal/{MONTH}/{subject}"},
        "hanwenbo": {"check": "/audit/result"},
    }  # fmt: skip


def test_every_page_stands_on_every_screen_in_both_languages(look: Look, pages: Pages) -> None:
    said: list[str] = []
    look.page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    wrong = look.wrong_on(pages) + look.sideways_in_english(pages)
    assert wrong == [], "\n".join(wrong)
    assert [line for line in said if "favicon" not in line] == []


def test_an_appeal_is_filled_in_at_a_browser(look: Look, month: Appealing) -> None:
    look.sign_in(SUBJECT)
    page = look.open(f"/appraisal/{MONTH}")
    page.get_by_role("link", name="提出申诉").first.click()
    box = page.locator('[name="disputed.sales_attainment.figures.sales"]')
    expect(box).to_be_hidden()
    page.get_by_role("checkbox", name=re.compile("^销售额达成率")).check()
    expect(box).to_be_visible()
    for name, value in DISPUTE.items():
        if name.endswith(".on"):
            page.locator(f'[name="{name}"]').check()
        else:
            page.locator(f'[name="{name}"]').fill(value)
    page.get_by_role("button", name="按我的数重算").click()
    expect(page.locator(".turn b")).to_have_text("改为 92.82")
    assert look.wrong("appeal") == []
    page.locator('[name="disputed.collaboration.figures.service_mark"]').fill("11")
    look.at_a_desk()
    page.locator(".acts .btn-act").click()
    assert page.title().startswith("有 1 处要改：")
    assert page.evaluate("document.activeElement.id") == "errors"
    page.get_by_role("link", name=re.compile("客服部门评分")).click()
    expect(page.locator("#f-disputed-collaboration-figures-service_mark")).to_be_in_viewport()
    assert look.wrong("mistakes") == []


def test_a_ruling_is_typed_and_counted_at_a_browser(look: Look, month: Appealing, appeal: Outcome) -> None:
    look.sign_in(INVESTIGATOR)
    look.at_a_desk()
    page = look.open(f"/tasks/{month.task(appeal)}")
    for name, value in RULING.items():
        if name.endswith(".verdict"):
            page.locator(f'[name="{name}"][value={value}]').check(force=True)
        else:
            page.locator(f'[name="{name}"]').fill(value)
    page.get_by_role("button", name="重算").first.click()
    expect(page.locator(".turn b")).to_have_text("改为 91.72")
    expect(page.locator(".decide .btn-act")).to_have_text("裁定：更正 2 项，维持 1 项")
    assert look.wrong("ruling") == []


def test_a_result_prints_on_two_pages_with_lines_to_sign_and_a_code(
    look: Look, month: Appealing, appeal: Outcome
) -> None:
    month.ruled(appeal, RULED)
    for login in (SUBJECT, SECOND):  # one as it was published, one corrected
        look.sign_in(login)
        page = look.open(f"/appraisal/{MONTH}")
        page.emulate_media(media="screen")
        expect(page.get_by_role("button", name="打印")).to_be_visible()
        expect(page.locator(".sign")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator(".sign")).to_contain_text(
            re.compile("本人.*主管.*人力资源.*核对码 [0-9a-f]{4}-[0-9a-f]{4}", re.S)
        )
        expect(page.get_by_role("button", name="打印")).to_be_hidden()
        page.set_viewport_size({"width": 680, "height": 990})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, "a wide part would shrink the whole sheet"
        assert _sheets(page) == 2, login


def test_the_print_button_needs_a_script_and_the_page_does_not(
    chromium: Browser, address: str, month: Appealing, site: Flask, company: Company
) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    look = Look(context, address, site.config["WORKFLOWS_TICKET"], company.tickets)
    look.sign_in(SUBJECT)
    page = look.open(f"/appraisal/{MONTH}")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(page.locator("table.score tbody tr[id]")).to_have_count(18)
    context.close()


def _sheets(page: Page) -> int:
    """How many A4 pages the browser would print."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
