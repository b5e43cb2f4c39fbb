"""The same story in a real browser: with scripts and without, on both databases, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from web_pages.conftest import PASSWORD


@dataclass(frozen=True)
class Said:
    """What the buttons are called in one language."""

    start: str
    claim: str
    hand_in: str
    send_back: str
    approve: str
    decide: str
    begin: str
    verify: str
    whole: str
    returned: str


SAID = {
    "zh": Said("发起", "领取", "提交审核", "退回", "通过", "请你决定", "开始查阅", "现在核对", "没有改动、插入或删除", "林晓岚退回了，要你改"),
    "en": Said("Start", "Claim", "Submit for review", "Send back", "Approve", "Your decision", "Begin", "Verify now", "nothing changed", "林晓岚 sent it back to you"),
}  # fmt: skip


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, browser: Browser, address: str, login: str, language: str, scripts: bool) -> None:
        self.context = browser.new_context(
            java_script_enabled=scripts, locale="zh-CN", viewport={"width": 1440, "height": 900}
        )
        self.page: Page = self.context.new_page()
        self.address = address
        self.go("/sign-in")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_load_state()
        if language == "en":
            self.page.click("button[value=en]")
            self.page.wait_for_load_state()

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, words: str) -> None:
        button = self.page.get_by_role("button", name=re.compile(f"^{re.escape(words)}…?$")).first
        button.click()
        self.page.wait_for_load_state()

    def sees(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)


@pytest.mark.parametrize(
    ("company", "language", "scripts"),
    [("sqlite", "zh", True), ("sqlite", "en", False), ("postgres", "zh", False), ("postgres", "en", True)],
    indirect=["company"],
)
def test_a_shop_build_from_start_to_history(chromium: Browser, address: str, language: str, scripts: bool) -> None:
    said = SAID[language]
    supervisor, specialist, auditor = (
        Person(chromium, address, login, language, scripts) for login in ("linxiaolan", "wangzihan", "hanwenbo")
    )
    supervisor.go("/start")
    supervisor.page.fill("#sq", "开店")
    supervisor.page.press("#sq", "Enter")
    supervisor.page.click("section.fam li a")
    supervisor.page.fill("[name=shop]", "木与日光旗舰店二楼")
    supervisor.page.fill("[name=positioning]", "中高端实木家居")
    supervisor.page.fill("[name=style]", "暖木、留白")
    supervisor.press(said.start)
    expect(supervisor.page.locator(".notice-done")).to_contain_text("木与日光旗舰店二楼")

    specialist.go("/work?tab=offered")
    specialist.page.locator("li.task form button").first.click()
    specialist.page.fill("[name=home_page]", "shop.example.com/f2")
    specialist.press(said.hand_in)
    expect(specialist.page.locator("#errors")).to_be_visible()
    assert specialist.page.input_value("[name=home_page]") == "shop.example.com/f2"
    for name, value in {"home_page": "https://shop.example.com/f2", "product_page": "https://shop.example.com/d", "category_page": "https://shop.example.com/c", "load_time": "3.4"}.items():  # fmt: skip
        specialist.page.fill(f"[name={name}]", value)
    specialist.page.set_input_files(
        "[name=screenshots]", [{"name": "首页.png", "mimeType": "image/png", "buffer": b"\x89PNG"}]
    )
    specialist.press(said.hand_in)
    expect(specialist.page.locator(".notice-done")).to_contain_text("木与日光旗舰店二楼")

    supervisor.go("/work")
    supervisor.page.click(".task-title a")
    supervisor.sees(said.decide)
    supervisor.page.fill("#comment", "太慢，压到 3 秒以内。")
    supervisor.press(said.send_back)
    assert supervisor.page.input_value("#comment") == "太慢，压到 3 秒以内。"
    supervisor.press(said.send_back)

    specialist.go("/work/first")
    specialist.sees(said.returned)
    specialist.sees("太慢，压到 3 秒以内。")
    specialist.sees("首页.png")
    specialist.page.fill("[name=load_time]", "1.8")
    specialist.press(said.hand_in)

    supervisor.go("/work/first")
    expect(supervisor.page.locator("del").first).to_contain_text("3.4")
    expect(supervisor.page.locator("ins").first).to_contain_text("1.8")
    supervisor.press(said.approve)
    expect(supervisor.page.locator(".notice-done")).to_contain_text("木与日光旗舰店二楼")

    auditor.go("/audit/")
    auditor.page.fill("#reason", "开店流程抽查")
    auditor.press(said.begin)
    auditor.page.click("text=木与日光旗舰店二楼")
    expect(auditor.page.locator(".log > li")).to_have_count(6)
    auditor.press(said.verify)
    auditor.sees(said.whole)
    for person in (supervisor, specialist, auditor):
        person.context.close()


def test_a_draft_saves_itself(chromium: Browser, address: str) -> None:
    person = Person(chromium, address, "linxiaolan", "zh", scripts=True)
    person.go("/start/shop_build")
    person.page.fill("[name=shop]", "写到一半的店")
    expect(person.page.locator("[data-draft-said]")).to_contain_text("已自动存草稿", timeout=10_000)
    person.go("/start/shop_build")
    assert person.page.input_value("[name=shop]") == "写到一半的店"
    person.context.close()


def test_the_keyboard_moves_and_opens(chromium: Browser, address: str) -> None:
    person = Person(chromium, address, "linxiaolan", "zh", scripts=True)
    for shop in ("一店", "二店"):
        person.go("/start/shop_build")
        for name, value in {"shop": shop, "positioning": "a", "style": "b"}.items():
            person.page.fill(f"[name={name}]", value)
        person.press("发起")
    person.go("/work?tab=started")
    person.page.keyboard.press("j")
    person.page.keyboard.press("j")
    assert person.page.evaluate("document.activeElement.textContent") == "一店"
    person.page.keyboard.press("Enter")
    person.page.wait_for_url("**/cases/**")
    person.sees("一店")
    person.context.close()
