"""A shop build from its start to its history, by forms alone, on both databases and in both languages."""

from __future__ import annotations

import re

import pytest

from web_pages.reader import Page, ReadAs, Reader

both_databases = pytest.mark.parametrize("company", ["sqlite", "postgres"], indirect=True)

BUILT = {
    "home_page": "https://shop.example.com/f2",
    "product_page": "https://shop.example.com/f2/detail",
    "category_page": "https://shop.example.com/f2/all",
    "load_time": "3.4",
}


def start(supervisor: Reader, shop: str = "木与日光旗舰店二楼") -> Page:
    form = supervisor.open("/start/shop_build")
    return supervisor.press(form, "发起", {"shop": shop, "positioning": "中高端实木家居", "style": "暖木、留白"})


def hand_in(specialist: Reader, **more: str) -> Page:
    offered = specialist.open("/work?tab=offered")
    mine = specialist.press(offered, "领取" + "木与日光旗舰店二楼")
    return specialist.press(mine, "提交审核", {**BUILT, **more}, {"screenshots": [("首页.png", b"\x89PNG first")]})


@both_databases
def test_a_shop_build_goes_its_way(read_as: ReadAs) -> None:
    supervisor, specialist, auditor = read_as("linxiaolan"), read_as("wangzihan"), read_as("hanwenbo")

    begun = start(supervisor)
    assert begun.status == 200
    assert "已发起：木与日光旗舰店二楼" in begun.words
    assert "等谁" in begun.words

    handed = hand_in(specialist, _comment="首页做了两版。")
    assert "已提交审核：木与日光旗舰店二楼" in handed.words

    decision = supervisor.open("/work/first")
    assert "请你决定：页面是否符合定位，可以上线" in decision.words
    assert "首页做了两版。" in decision.words
    asked = supervisor.press(decision, "退回…", {"_comment": "太慢，压到 3 秒以内。"})
    assert "理由" in asked.words
    assert asked.value("_comment") == ["太慢，压到 3 秒以内。"]
    returned = supervisor.press(asked, "退回")
    assert "已退回：木与日光旗舰店二楼" in returned.words

    again = specialist.open("/work/first")
    assert "林晓岚退回了，要你改" in again.words
    assert "太慢，压到 3 秒以内。" in again.words
    assert again.value("home_page") == [BUILT["home_page"]]
    specialist.press(again, "提交审核", {"load_time": "1.8"})

    second = supervisor.open("/work/first")
    assert "你退回以后改了 1 处" in second.words
    assert "3.4 秒" in second.words
    assert "1.8 秒" in second.words
    done = supervisor.press(second, "通过", {"_comment": "好。"})
    assert "已通过：木与日光旗舰店二楼" in done.words

    asked_why = auditor.open("/audit/")
    assert "查阅事由" in asked_why.words
    listed = auditor.press(asked_why, "开始查阅", {"_comment": "开店流程抽查"})
    dossier = auditor.open(listed.link("木与日光旗舰店二楼"))
    for said in ("林晓岚", "王梓涵", "退回", "提交审核", "通过", "10:24:00"):
        assert said in dossier.words
    checked = auditor.press(dossier, "现在核对")
    assert "条首尾相接，没有改动、插入或删除" in checked.words


def test_the_same_story_reads_in_english(read_as: ReadAs) -> None:
    supervisor = read_as("linxiaolan")
    english = supervisor.press(supervisor.open("/work"), "English")
    assert "Nothing to do now" in english.words
    form = supervisor.open("/start/shop_build")
    begun = supervisor.press(form, "Start", {"shop": "Oak & Light", "positioning": "solid wood", "style": "warm"})
    assert "Started: Oak & Light" in begun.words
    assert "Waiting for" in begun.words
    for page in (
        begun,
        supervisor.open("/work?tab=started"),
        supervisor.open("/start"),
        supervisor.open("/search?q=Oak"),
    ):
        assert not [
            c
            for c in page.words.replace("中文", "")
            if "一" <= c <= "鿿" and c not in "林晓岚王梓涵孙雨桐刘一诺张薇程立军"
        ], page.path


def test_pressed_twice_it_happens_once(read_as: ReadAs) -> None:
    supervisor, specialist = read_as("linxiaolan"), read_as("wangzihan")
    form = supervisor.open("/start/shop_build")
    sent = supervisor.filled(form, "发起", {"shop": "只有一家", "positioning": "a", "style": "b"})
    first, second = supervisor.send(*sent), supervisor.send(*sent)
    assert first.status == second.status == 200
    assert first.path == second.path
    assert supervisor.open("/work?tab=started").html.count("只有一家</a>") == 1

    start(supervisor)
    mine = specialist.press(specialist.open("/work?tab=offered"), "领取木与日光旗舰店二楼")
    for _ in range(2):
        handed = specialist.press(mine, "提交审核", BUILT, {"screenshots": [("首页.png", b"\x89PNG first")]})
        assert "已提交审核" in handed.words


def test_who_was_faster_is_named_and_nothing_typed_is_lost(read_as: ReadAs) -> None:
    supervisor, first, second = read_as("linxiaolan"), read_as("wangzihan"), read_as("liuyinuo")
    start(supervisor)
    offered = second.open("/work?tab=offered")
    slow = second.open(offered.link("木与日光旗舰店二楼"))
    hand_in(first)
    late = second.press(
        slow, "提交审核", {**BUILT, "home_page": "https://slow.example.com", "_comment": "我也做了一版"}
    )
    assert late.status == 409
    assert "王梓涵" in late.words
    assert re.search(r"王梓涵.{0,20}已提交审核|王梓涵.{0,30}提交审核", late.words), (
        "nothing says that somebody was faster"
    )
    assert "https://slow.example.com" in late.words
    assert "我也做了一版" in late.words


def test_whoever_claims_too_late_reads_who_has_it_above_the_others(read_as: ReadAs) -> None:
    supervisor, first, second = read_as("linxiaolan"), read_as("wangzihan"), read_as("liuyinuo")
    start(supervisor)
    pages = [reader.open("/work?tab=offered") for reader in (first, second)]
    first.press(pages[0], "领取木与日光旗舰店二楼")
    late = second.press(pages[1], "领取木与日光旗舰店二楼")
    assert late.path == "/work"
    assert "我组可领" in late.words
    assert re.search(r"王梓涵.{0,20}已领取", late.words)
