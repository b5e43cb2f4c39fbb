"""Several people at once: each hands in a part, and a send-back names the parts that are done again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from web_pages.reader import ReadAs, Reader
from web_pages.things import Work
from workflows.db import Database
from workflows.engine.tables import Task

PLAN = {
    "theme": "双 12 主会场活动",
    "kind": ["full_reduction", "gift"],
    "shops": "天猫旗舰店",
    "goes_live_on": "2026-12-20",
    "ends_on": "2026-12-25",
    "sales_goal": "650000",
    "budget": "96000",
}


def hand_in(reader: Reader, typed: dict[str, str], file: str = "") -> None:
    offered = reader.open("/work?tab=offered")
    mine = reader.press(offered, "领取双 12 主会场活动")
    done = reader.press(mine, "提交", typed, {file: [("稿.png", b"\x89PNG")]} if file else None)
    assert done.status == 200, done.words


def test_a_send_back_names_the_parts(read_as: ReadAs, work: Work, store: Database) -> None:
    case = work.start("linxiaolan", "campaign", timedelta(), **PLAN)
    hand_in(read_as("wangzihan"), {}, "page_design")
    hand_in(read_as("zhangyuwei"), {"promotion_rules": "满 800 减 80", "lowest_margin": "18"})
    hand_in(read_as("songzhixia"), {"copy": "把冬天的木头味道带回家"})

    manager = read_as("chenglijun")
    decision = manager.open("/work/first")
    assert "请你决定：是否批准这场活动" in decision.words
    asked = manager.press(decision, "退回…", {"_comment": "文案与规则不一致。"})
    empty = manager.press(asked, "退回")
    assert empty.status == 422
    assert "请选择要重做的部分" in empty.words
    assert empty.value("_comment") == ["文案与规则不一致。"]
    returned = manager.press(empty, "退回", {"_part": ["copy"]})
    assert "已退回：双 12 主会场活动" in returned.words
    with store.read() as session:
        again = session.scalars(select(Task.part).where(Task.case_id == case.case, Task.status == "open")).all()
    assert list(again) == ["copy"]


def test_resources_are_kept_up_to_date_at_any_time(read_as: ReadAs, work: Work) -> None:
    case = work.start("linxiaolan", "campaign", timedelta(), **PLAN)
    reader = read_as("linxiaolan")
    page = reader.open(f"/cases/{case.case}")
    form = reader.press(reader.open(page.link("登记资源")), "加一行")
    typed = {"resources.0.what": "赠品 500 份", "resources.0.provider": "logistics", "resources.0.due_on": "2026-12-05"}
    done = reader.press(form, "登记资源", typed)
    assert "已登记资源：双 12 主会场活动" in done.words
    assert "赠品 500 份" in done.words
    assert reader.open(page.link("登记资源")).value("resources.0.what") == ["赠品 500 份"]
