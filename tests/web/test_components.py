"""Every macro of `templates/components/`, drawn with the values its comment asks for, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask, g, render_template_string
from markupsafe import Markup

from web.conftest import NOW
from workflows.http import Visit, services
from workflows.web import components as c
from workflows.web.fields import FieldView


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest, site: Flask) -> Iterator[str]:
    """Inside a request of somebody who reads this language."""
    with (
        site.test_request_context("/", headers={"Cookie": f"language={request.param}"}),
        services(site).database.read() as session,
    ):
        g.visit = Visit(services(site), session, NOW)
        yield request.param


def draw(source: str, **values: Any) -> str:
    """The macro's text, without runs of blanks."""
    return re.sub(r"\s+", " ", render_template_string(source, **values)).strip()


def words_of(drawn: str) -> str:
    """What a reader hears and sees, tags taken away."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", drawn))).strip()


TASK = c.TaskRow(
    "审核", "冬季床品 <b>12 月</b>", "/tasks/1", "推广方案 · 张雨薇 昨天 17:40 提交",
    (c.Fact("预算", "¥96,000", "¥128,000"), c.Fact("检查", "5 项通过")), c.Chip("今天 18:00 前", "soon", "2026-11-20T18:00:00+08:00"),
    "你退回过 1 次", c.Batch("4 件一并通过", "/batch", "，有出入的单独看"),
)  # fmt: skip


def test_task_row(language: str) -> None:
    drawn = draw('{% from "components/task_row.html" import task_row %}{{ task_row(row) }}', row=TASK)
    assert drawn.count("<a ") == 2, "the title is the only link besides the batch"
    assert "&lt;b&gt;12 月&lt;/b&gt;" in drawn, "what people typed is escaped"
    assert '<time class="chip chip-soon" datetime="2026-11-20T18:00:00+08:00" data-passed=' in drawn
    assert ("原来 ¥128,000" if language == "zh" else "was ¥128,000") in words_of(drawn)


def test_task_groups_without_rows_are_not_drawn(language: str) -> None:
    source = '{% from "components/task_row.html" import task_group %}{{ task_group(full) }}{{ task_group(empty) }}'
    full, empty = c.TaskGroup("已超期", "1 件", (TASK,), late=True), c.TaskGroup("今天", "0 件", ())
    drawn = draw(source, full=full, empty=empty)
    assert '<h2 class="group-h late">已超期 <span class="n">1 件</span></h2>' in drawn
    assert "今天 <" not in drawn


def test_track(language: str) -> None:
    steps = (c.Step("方案", "done", "张雨薇 · 昨天", "，已完成"), c.Step("审核", "now", "你"), c.Step("投放"))
    drawn = draw('{% from "components/track.html" import track %}{{ track(steps, "进度", "第 2 步") }}', steps=steps)
    assert drawn.count('aria-current="step"') == 1
    assert '<li data-s="done"><b>方案</b>' in drawn
    assert "<li><b>投放</b></li>" in drawn
    assert 'data-say="第 2 步"' in drawn


APPROVE = c.ActionButton("approve", "通过", "approve")
SEND_BACK = c.ActionButton("send_back", "退回", "send_back", leads_on=True)
REJECT = c.ActionButton("reject", "驳回", "reject", leads_on=True)
HAND_OVER = c.ActionButton("hand_over", "转办")


def decision(*actions: c.ActionButton, **more: Any) -> str:
    source = '{% from "components/decide.html" import decide %}{{ decide("/t/1", {"_key": "k1"}, actions, **more) }}'
    return draw(source, actions=actions, more=more)


def test_the_decision_is_one_form_with_one_key(language: str) -> None:
    drawn = decision(APPROVE, SEND_BACK, REJECT, HAND_OVER, comment="看 <B 版>", hint="退回、驳回必填")
    assert drawn.count("<form") == 1
    assert drawn.count('name="_key" value="k1"') == 1
    assert 'name="csrf_token"' in drawn
    assert (
        drawn.index("<textarea")
        < drawn.index('value="approve"')
        < drawn.index('value="send_back"')
        < drawn.index('value="reject"')
    )
    assert drawn.count("btn-act") == 1
    assert "看 &lt;B 版&gt;" in drawn
    assert "退回…" in drawn
    assert 'class="btn btn-bare btn-s" type="submit" name="_action" value="hand_over"' in drawn


def test_a_blocked_button_says_why_beside_it(language: str) -> None:
    drawn = decision(c.ActionButton("approve", "通过", "approve", blocked="毛利率低于 10%"), SEND_BACK)
    assert 'disabled aria-describedby="why-approve"' in drawn
    assert re.search(r'id="why-approve">.*毛利率低于 10%', drawn)


def test_a_wrong_comment_is_marked(language: str) -> None:
    drawn = decision(APPROVE, problems=("请写理由",))
    assert 'aria-invalid="true" aria-describedby="comment-e"' in drawn
    assert '<span class="err" id="comment-e">请写理由</span>' in drawn


def test_the_phones_bar_belongs_to_the_same_form(language: str) -> None:
    source = '{% from "components/decide.html" import phone_decide %}{{ phone_decide(actions) }}'
    drawn = draw(source, actions=(APPROVE, SEND_BACK, REJECT))
    assert 'form="decide"' in drawn
    assert ("退回、驳回…" if language == "zh" else "退回, 驳回…") in drawn


def test_then_and_waiting(language: str) -> None:
    steps = (c.Next("建投放计划", c.Who("张雨薇"), "周一 18:00 前"), c.Next("12月1日 0:00 自动开始"))
    drawn = draw('{% from "components/decide.html" import then %}{{ then(steps) }}', steps=steps)
    assert drawn.count("<li>") == 2
    waiting = (
        '{% from "components/decide.html" import waiting %}{% call waiting("等王梓涵") %}<p>自昨天</p>{% endcall %}'
    )
    assert "<p>自昨天</p>" in draw(waiting)


def test_changes_are_announced(language: str) -> None:
    changes = (c.Change("预算", "¥128,000", "¥96,000", "少 25%"), c.Change("渠道", "", "直通车"))
    said = words_of(draw('{% from "components/diff.html" import diff %}{{ diff(changes) }}', changes=changes))
    expected = {
        "zh": "预算 原来 ¥128,000 → 改为 ¥96,000 少 25% 渠道 原来 空 → 改为 直通车",
        "en": "预算 was ¥128,000 → now ¥96,000 少 25% 渠道 was empty → now 直通车",
    }
    assert said == expected[language]


CHECKS = (
    c.Check("ok", "预算在权限内", "¥96,000 < ¥100,000"),
    c.Check("warn", "点击成本高于同类", "¥1.86，同类 ¥1.52", "高出 22%"),
    c.Check("bad", "毛利率", "8%", "低于 10%", "/x"),
)


def test_checks_stand_failed_first(language: str) -> None:
    source = '{% from "components/checks.html" import checks, checks_summary %}{{ checks(items) }}|{{ checks_summary(items) }}'
    drawn, summary = draw(source, items=CHECKS).split("|")
    assert list(re.findall(r'<li class="(\w+)">', drawn)) == ["bad", "warn", "ok"]
    assert "<b>" in drawn.split('<li class="ok">')[0]
    assert "<b>" not in drawn.split('<li class="ok">')[1]
    assert words_of(summary).replace(" ", "") == (
        "1项通过，1项提醒，1项不过" if language == "zh" else "1passed,1warning,1failed"
    )


def test_log(language: str) -> None:
    entries = (
        c.LogEntry("昨天 17:40", "2026-11-19T17:40:00+08:00", c.Who("王梓涵", stands_for="孙雨桐"), "重新提交", "方案 → 审核",
                   changes=(c.Change("预算", "1", "2"),), mark="new", chip=c.Chip("你还没看过", "act"),
                   files=(c.Attachment("方案.xlsx", "/files/1", "84 kB"),), more="另外 2 处", more_href="/more"),
        c.LogEntry("周三 9:00", "2026-11-18T09:00:00+08:00", None, "系统提醒你", mark="clock", trail="邮件已送达 9:00"),
        c.LogEntry("周三 10:15", "2026-11-18T10:15:00+08:00", c.Who("你"), "退回", mark="ret", quote="第一行\n<第二行>"),
    )  # fmt: skip
    drawn = draw('{% from "components/log.html" import log %}{{ log(entries) }}', entries=entries)
    assert re.findall(r"<li(?: class=\"(\w+)\")?>(?=<time)", drawn) == ["new", "clock", "ret"]
    assert ("王梓涵 代 孙雨桐" if language == "zh" else "王梓涵 for 孙雨桐") in words_of(drawn)
    assert "&lt;第二行&gt;" in drawn
    assert 'href="/files/1"' in drawn


def test_marks(language: str) -> None:
    source = (
        '{% from "components/marks.html" import who, stamp, num, tick, verb, icon %}'
        '{{ who(left) }}{{ stamp("miss") }}{{ num(13, "件") }}{{ tick(true, "好") }}{{ verb("审核") }}{{ icon("ok") }}'
    )
    drawn = draw(source, left=c.Who("李雷", "运营专员", left=True))
    assert ("已离职" if language == "zh" else "has left") in drawn
    assert ("没交" if language == "zh" else "not handed in") in words_of(drawn)
    assert '<span class="num">13 件</span>' in drawn
    assert "icons.svg" in drawn
    assert drawn.count("<svg") == drawn.count('aria-hidden="true" focusable="false"')


def test_files_with_and_without_a_button(language: str) -> None:
    items = (
        c.Attachment("首页.png", "/files/1", "1.1 MB", drop="file:1"),
        c.Attachment("b.pdf", "/files/2", "2 kB", fingerprint="ab12"),
    )
    drawn = draw('{% from "components/files.html" import files %}{{ files(items) }}', items=items)
    assert drawn.count('name="_row" value="file:1" formnovalidate') == 1
    assert "ab12" in drawn


def test_frame_keeps_the_drawing_as_it_is(language: str) -> None:
    diagram = c.Diagram(Markup("<svg role='img'></svg>"), ("流程图", "虚线为退回"), "#outline", "/d.svg")
    drawn = draw('{% from "components/frame.html" import frame %}{{ frame(d) }}', d=diagram)
    assert "<svg role='img'></svg>" in drawn
    assert 'tabindex="0" role="group"' in drawn
    assert ("文字版" if language == "zh" else "As text") in drawn


def test_lists(language: str) -> None:
    source = """{% from "components/lists.html" import filters, paging, empty, notice, facts, given, progress, crumbs, search_box %}
    {{ filters(tabs, "范围", "/work", (select,), {"tab": "done", "none": ""}, "/work") }}{{ paging(page) }}{{ empty("没有", "去发起", "/start", "发起") }}
    {{ notice("已通过", "done", "/undo", "撤回") }}{{ facts(items) }}{{ given(items) }}{{ progress(3, 10, "3 / 10") }}
    {{ crumbs(way) }}{{ search_box("/search", "降<价", "查找") }}"""
    drawn = draw(
        source,
        tabs=(c.Tab("我的", "/work", 13, current=True), c.Tab("已办", "/work?tab=done")),
        select=c.Select("process", "流程", (c.Option("", "全部"), c.Option("a", "甲")), "a"),
        page=c.Paging("第 1 – 50 件", "/work?after=x", "后面 50 件", "/work"),
        items=(c.Fact("预算", "¥96,000", note="少 25%"), c.Fact("时间", "15", unit="天")),
        way=(c.Crumb("待办", "/work"), c.Crumb("shop_build", code=True)),
    )
    assert '<a href="/work" aria-current="page">我的<span class="n">13</span></a>' in drawn
    assert '<input type="hidden" name="tab" value="done">' in drawn
    assert 'name="none"' not in drawn
    assert '<option value="a" selected>甲</option>' in drawn
    assert 'rel="next"' in drawn
    assert 'role="status"' in drawn
    assert '<progress max="10" value="3"' in drawn
    assert 'value="降&lt;价"' in drawn
    assert '<span class="code">shop_build</span>' in drawn


# ---- fields ------------------------------------------------------------------------------------------------------

OPTIONS = (c.Option("a", "甲", ""), c.Option("b", "乙", ""))
MANY = tuple(c.Option(str(n), f"人{n}", "产品运营组") for n in range(14))


def field(view: FieldView) -> str:
    return draw('{% from "components/form.html" import field %}{{ field(f) }}', f=view)


KINDS = [
    ("text", "<input"), ("long_text", "<textarea"), ("integer", 'inputmode="numeric"'), ("decimal", 'inputmode="decimal"'),
    ("money", 'inputmode="decimal"'), ("percent", 'inputmode="decimal"'), ("week", 'type="week"'), ("month", 'type="month"'),
    ("quarter", "<select"), ("year", 'inputmode="numeric"'), ("date", 'type="date"'), ("datetime", 'type="datetime-local"'),
    ("boolean", "<select"), ("choice", 'type="radio"'), ("choices", 'type="checkbox"'), ("person", "<select"),
    ("people", 'type="checkbox"'), ("files", 'type="file"'), ("url", 'type="url"'), ("rating", 'type="radio"'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "drawn_as"), KINDS)
def test_every_kind_of_field(language: str, kind: str, drawn_as: str) -> None:
    drawn = field(FieldView("x", kind, "标题 <x>", True, "帮助", "秒", "a", ("a",), OPTIONS, ("错了",)))
    assert drawn_as in drawn
    assert "标题 &lt;x&gt;" in drawn
    assert ("必填" if language == "zh" else "required") in drawn
    assert '<span class="err" id="f-x-e">错了</span>' in drawn
    assert 'id="f-x-h">帮助</p>' in drawn
    assert 'id="f-x"' in drawn
    if kind not in {"choices", "people"}:
        assert 'aria-describedby="f-x-e f-x-h"' in drawn
    assert drawn.count("<label") + drawn.count("<legend") >= 1


def test_chosen_values_are_kept(language: str) -> None:
    assert '<option value="b" selected>乙</option>' in field(FieldView("p", "person", "谁", value="b", options=OPTIONS))
    assert 'value="b" checked' in field(FieldView("c", "choices", "哪些", values=("b",), options=OPTIONS))
    assert '<option value="true" selected>' in field(FieldView("y", "boolean", "要不要", value="true"))
    assert ">一段话</textarea>" in field(FieldView("t", "long_text", "说明", value="一段话"))
    assert "checks-many" in field(FieldView("m", "people", "谁", options=MANY))


def test_a_computed_field_has_no_input(language: str) -> None:
    drawn = field(FieldView("x", "money", "毛利", value="28.4", read_only=True))
    assert "<input" not in drawn
    assert "28.4" in drawn


def test_a_table_has_rows_and_the_buttons_for_them(language: str) -> None:
    columns = (FieldView("what", "text", "资源", required=True), FieldView("due", "date", "到位"))
    rows = tuple(
        (
            FieldView(f"r.{n}.what", "text", "资源", value=f"值{n}"),
            FieldView(f"r.{n}.due", "date", "到位", errors=("没有这天",)),
        )
        for n in range(2)
    )
    drawn = field(FieldView("r", "table", "资源清单", columns=columns, rows=rows))
    assert re.findall(r'name="_row" value="([^"]+)"', drawn) == ["drop:r:1", "drop:r:2", "add:r"]
    assert re.findall(r'name="(r\.\d\.\w+)"', drawn) == ["r.0.what", "r.0.due", "r.1.what", "r.1.due"]
    assert 'value="值1"' in drawn
    assert drawn.count("没有这天") == 2
    assert ("第 2 行，资源" if language == "zh" else "Row 2, 资源") in drawn


def test_error_summary_and_the_first_button(language: str) -> None:
    source = (
        '{% from "components/form.html" import errors, form_top %}{{ errors(problems, "有 1 处要改") }}'
        '{{ form_top("/t", {"_key": "k"}, draft="task:1") }}</form>'
    )
    drawn = draw(source, problems=(c.Problem("首页", "缺 https://", "f-home"),))
    assert 'role="alert" tabindex="-1"' in drawn
    assert 'href="#f-home"' in drawn
    form = drawn[drawn.index("<form") :]
    assert re.search(r"<button[^>]*>", form)[0].count('value="keep"') == 1, (
        "Enter presses the first button: it keeps a draft"
    )
    assert 'data-draft="task:1"' in form
