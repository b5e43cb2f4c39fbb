"""Beside a decision stand the similar cases: what they said, who decided what, how they ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from web_pages.conftest import NOW
from web_pages.reader import ReadAs
from web_pages.things import Work
from workflows.db import Database
from workflows.definition.load import load_text
from workflows.engine.engine import Engine
from workflows.settings import Settings

REQUEST = """
process: ask_for
title: {zh: 申请, en: Request}
family: planning
source: ours
name: "{what}"
start: {by: everyone, form: [what, kind, amount]}
fields:
  what:   {type: text, required: true, zh: 用途, en: What}
  kind:   {type: choice, required: true, zh: 种类, en: Kind, choices: {tool: {zh: 工具, en: Tool}, trip: {zh: 出差, en: Trip}}}
  amount: {type: money, required: true, zh: 金额, en: Amount}
states:
  deciding:
    title: {zh: 审批, en: Approval}
    ask: {zh: 批吗, en: "Approve?"}
    facts: [amount]
    similar: {same: [kind]}
    task: {for: {manager_of: starter}, show: [amount]}
    actions: {approve: granted, reject: refused}
  granted: {title: {zh: 已批, en: Granted}, end: granted}
  refused: {title: {zh: 未批, en: Refused}, end: refused}
"""


@pytest.fixture
def work(store: Database) -> Work:
    engine = Engine(Settings(database_url="sqlite://"))
    with store.write() as session:
        engine.publish(session, load_text(REQUEST, "ask_for.yaml"), None, NOW - timedelta(days=9))
    return Work(store, engine, NOW)


@pytest.mark.parametrize("company", ["sqlite", "postgres"], indirect=True)
def test_a_decision_shows_how_similar_ones_ended(work: Work, read_as: ReadAs) -> None:
    old = work.start("wangzihan", "ask_for", timedelta(days=3), what="梯子<b>", kind="tool", amount="800")
    work.act("linxiaolan", old, "reject", timedelta(days=2), reason="太贵")
    work.act("linxiaolan", work.start("wangzihan", "ask_for", what="去杭州", kind="trip", amount="1"), "approve")
    case = work.start("wangzihan", "ask_for", what="电钻", kind="tool", amount="600")
    page = read_as("linxiaolan").open(f"/cases/{case.case}").words
    assert "去杭州" not in page
    said = page[page.index("相似的已办事项") :]
    for words in ("相同：种类", "梯子&lt;b&gt;", "未批", "林晓岚决定：驳回", "金额"):
        assert words in said
    own = read_as("wangzihan").open(f"/cases/{case.case}").words
    assert "相似的已办事项" in own
    assert "相似的已办事项" not in read_as("linxiaolan").open(f"/cases/{old.case}").words
