"""Reading: what pages say, in how many statements, and that it changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from web.contents import contents
from web_pages.cards import FIGURES, measure, publish
from web_pages.conftest import NOW
from web_pages.reader import Reader
from web_pages.things import BUILT, Work, open_task
from workflows.db import Database, new_id
from workflows.engine.requests import Submission
from workflows.engine.tables import AccessLog, Case, Task, TaskEscalation
from workflows.http import services
from workflows.org.people import add_absence

ReadAs = Callable[[str], Reader]
DAY = timedelta(days=1)
OURS_TO_CHANGE = {"work_session", "seen", "task_opening", "access_log"}


@pytest.fixture
def work(site: Flask, store: Database) -> Work:
    return Work(store, services(site).engine, NOW)


@contextmanager
def statements(store: Database) -> Iterator[list[str]]:
    """What was asked of the database, without BEGIN, COMMIT and the look-up of who is asking."""
    found: list[str] = []

    def note(_conn: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if (
            not text.upper().startswith(("BEGIN", "PRAGMA", "SET ", "COMMIT", "ROLLBACK"))
            and "work_session" not in text
        ):
            found.append(text)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def paths(work: Work) -> dict[str, list[str]]:
    """Addresses that the reader of each login opens."""
    case = work.in_review("木与日光旗舰店二楼", DAY)
    with work.store.read() as session:
        task = open_task(session, case.case)
    return {
        "linxiaolan": [
            "/work", "/work?tab=offered", "/work?tab=started", "/work?tab=done", "/work?process=shop_build", "/work/first",
            f"/work/next?task={task}", f"/tasks/{task}", f"/tasks/{task}/actions/send_back", f"/cases/{case.case}",
            f"/cases/{case.case}/children", f"/cases/{case.case}/history", f"/cases/{case.case}/history/1",
            f"/cases/{case.case}/cancel", f"/cases/{case.case}/diagram.svg", "/start", "/start?q=装修", "/start?q=xyz",
            "/start/shop_build", f"/start/shop_build?copy={case.case}", "/search", "/search?q=旗舰店", "/search?q=旗", "/team",
        ],
        "hanwenbo": ["/audit/", f"/audit/cases/{case.case}", "/audit/log", "/search?q=旗舰店"],
    }  # fmt: skip


def test_get_changes_nothing_but_sessions_and_what_was_read(read_as: ReadAs, store: Database, work: Work) -> None:
    for login, addresses in paths(work).items():
        reader = read_as(login)
        for path in addresses:
            before = contents(store)
            answer = reader.open(path)
            assert answer.status == 200, path
            after = contents(store)
            changed = {name for name in after if after[name] != before.get(name)}
            assert changed <= OURS_TO_CHANGE, path


@pytest.mark.parametrize("company", ["sqlite", "postgres"], indirect=True)
def test_pages_ask_little_however_long_they_are(read_as: ReadAs, store: Database, work: Work) -> None:
    reader = read_as("linxiaolan")
    case = work.in_review("第一家", DAY)
    for path in ("/work", f"/cases/{case.case}"):
        reader.open(path)
    few: dict[str, int] = {}
    for path in ("/work", "/work?tab=started", f"/cases/{case.case}"):
        with statements(store) as asked:
            reader.open(path)
        few[path] = len(asked)
    for number in range(12):
        work.in_review(f"第 {number} 家", DAY * 2)
    for number in range(20):
        work.act("linxiaolan", case, "send_back", DAY / 2, reason=f"再改 {number}")
        work.act("wangzihan", case, "submit", DAY / 2, **{**BUILT, "load_time": str(number % 3 + 1)})
    for path, before in few.items():
        with statements(store) as asked:
            assert reader.open(path).status == 200
        assert len(asked) <= before + 1, path
        assert len(asked) <= LIMITS[path if path in LIMITS else "/cases"], "\n".join(asked)


LIMITS = {"/work": 14, "/work?tab=started": 10, "/cases": 15}
"""Statements of a whole request. In the engine a case page asks at most 12; the number in the rail, what was read and what was opened
come on top."""


def test_the_work_list_groups_by_deadline(read_as: ReadAs, work: Work) -> None:
    work.in_review("超期的店", DAY * 9)
    work.in_review("下周的店")
    page = read_as("linxiaolan").open("/work")
    words = page.words
    assert "1 件已超期" in words
    assert words.index("已超期 1 件") < words.index("超期的店") < words.index("下周 1 件") < words.index("下周的店")
    assert "从第一件开始办" in words
    first = read_as("linxiaolan").open(page.link("从第一件开始办"))
    assert "超期的店" in first.words
    assert "第 1 件，共 2 件" in first.words


def test_the_next_one_opens_itself(read_as: ReadAs, work: Work) -> None:
    work.in_review("先办的店", DAY)
    work.in_review("后办的店")
    reader = read_as("linxiaolan")
    after = reader.press(reader.open("/work/first"), "通过")
    assert "已通过：先办的店" in after.words
    assert "请你决定" in after.words
    assert "后办的店" in after.words
    last = reader.press(after, "通过")
    assert last.path == "/work"
    assert "现在没有要办的" in last.words


def test_a_long_list_goes_on_by_key(read_as: ReadAs, work: Work) -> None:
    for number in range(52):
        work.shop(f"第 {number:02} 家店")
    reader = read_as("linxiaolan")
    first = reader.open("/work?tab=started")
    assert first.html.count('class="task-title"') == 50
    second = reader.open(first.link("后面 50 件"))
    assert second.html.count('class="task-title"') == 2
    assert "回到开头" in second.words
    seen = {f"第 {n:02} 家店" for n in range(52) if f"第 {n:02} 家店" in first.words + second.words}
    assert len(seen) == 52


def test_empty_lists_say_what_to_do_next(read_as: ReadAs) -> None:
    reader = read_as("tiantian")
    for path, said in {
        "/work": "现在没有要办的", "/work?tab=offered": "组里没有可以领的", "/work?tab=started": "你还没有发起过",
        "/work?tab=done": "还没有办过的", "/search?q=没有这样的店": "没有找到",
    }.items():  # fmt: skip
        page = reader.open(path)
        assert said in page.words, path
        assert '<div class="empty">' in page.html


def test_search_finds_two_characters_and_filters(read_as: ReadAs, work: Work) -> None:
    work.shop("晨雾床品旗舰店")
    done = work.in_review("青禾家居专营店")
    work.act("linxiaolan", done, "approve")
    reader = read_as("linxiaolan")
    assert "晨雾床品旗舰店" in reader.open("/search?q=床品").words
    assert "青禾家居专营店" not in reader.open("/search?q=床品").words
    assert "青禾家居专营店" in reader.open("/search?scope=ended").words
    assert "晨雾床品旗舰店" not in reader.open("/search?scope=ended").words
    assert (
        "晨雾床品旗舰店" in reader.open("/search?process=shop_build&who=林晓岚&since=2026-11-20&until=2026-11-20").words
    )
    assert "没有找到" in reader.open("/search?process=shop_build&until=2026-11-01").words
    assert "没有叫这个名字的人" in reader.open("/search?who=没有此人").words
    assert "至少写两个字" in reader.open("/search?q=店").words
    assert "没有找到" in read_as("panyue").open("/search?q=床品").words


def test_everyday_words_find_what_can_be_started(read_as: ReadAs) -> None:
    reader = read_as("linxiaolan")
    assert "店铺规划与搭建" in reader.open("/start?q=装修").words
    assert "营销活动" in reader.open("/start?q=满减").words
    nothing = reader.open("/start?q=请假")
    assert "没有叫这个的" in nothing.words
    assert "看起来接近的" in nothing.words
    assert "这些会自动发起" in reader.open("/start?q=周报").words
    assert "数据周报 自动发起，下次" in reader.open("/start").words


def test_a_case_of_before_is_copied(read_as: ReadAs, work: Work) -> None:
    work.shop("可以照抄的店")
    reader = read_as("linxiaolan")
    form = reader.open("/start/shop_build")
    copy = reader.open(form.link("照抄上次的内容"))
    assert copy.value("shop") == ["可以照抄的店"]
    assert copy.value("style") == ["暖木、留白"]
    assert "照抄了上次的内容" in copy.words
    assert read_as("tiantian").open(f"/start/shop_build?copy={work.shop('别人的').case}").status in (403, 404)


def test_a_manager_sees_who_is_late_with_what(read_as: ReadAs, work: Work) -> None:
    case = work.shop("超期的店", DAY * 20)
    work.act("wangzihan", case, "submit", DAY * 19, **BUILT)
    work.act("linxiaolan", case, "send_back", DAY * 18, reason="改")
    page = read_as("linxiaolan").open("/team")
    assert "超期的店" in page.words
    assert "王梓涵" in page.words
    assert "超期" in page.words
    assert "孙雨桐" in page.words, "who is away stands there too"


def test_auditors_are_asked_why_and_noted(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("要查的店")
    auditor = read_as("hanwenbo")
    refused = auditor.press(auditor.open(f"/audit/cases/{case.case}"), "开始查阅", {"_comment": " "})
    assert refused.status == 422
    dossier = auditor.press(refused, "开始查阅", {"_comment": "三季度抽查"})
    assert "要查的店" in dossier.words
    assert "王梓涵" in dossier.words
    checked = auditor.press(dossier, "现在核对")
    assert "没有改动、插入或删除" in checked.words
    auditor.open(f"/cases/{case.case}/history/1")
    with work.store.read() as session:
        noted = session.execute(select(AccessLog.what, AccessLog.reason, AccessLog.case_id)).all()
    assert {(row.what, row.reason) for row in noted} == {("case", "三季度抽查"), ("verify", "三季度抽查")}
    assert {row.case_id for row in noted} == {case.case}
    assert "三季度抽查" in auditor.open("/audit/log").words


def test_an_auditor_finds_a_broken_chain(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("被改过的店")
    with work.store.engine.begin() as connection:
        connection.exec_driver_sql('UPDATE "case" SET data = \'{"shop": "x"}\' WHERE title = \'被改过的店\'')
    auditor = read_as("hanwenbo")
    dossier = auditor.press(auditor.open(f"/audit/cases/{case.case}"), "开始查阅", {"_comment": "抽查"})
    assert "数据与记录不符" in auditor.press(dossier, "现在核对").words


def test_auditors_change_nothing(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("只能看的店")
    auditor = read_as("hanwenbo")
    for path in ("", "/children", "/history", "/history/1"):
        asked = auditor.open(f"/cases/{case.case}{path}")
        assert "只能看的店" not in asked.words, "first the question why"
    with work.store.read() as session:
        assert session.scalar(select(func.count()).select_from(AccessLog)) == 0
    auditor.press(asked, "开始查阅", {"_comment": "抽查"})
    page = auditor.open(f"/cases/{case.case}")
    assert "只能看的店" in page.words
    assert "写评论" not in page.words
    assert "通过" not in [words for form in page.forms for _, _, words in form.buttons]
    assert not [form.action for form in page.forms if "/cases/" in form.action or "/tasks/" in form.action]


def test_whom_it_concerns_reads_a_comment_once_as_new(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("有评论的店")
    reader, other = read_as("linxiaolan"), read_as("wangzihan")
    reader.open(f"/cases/{case.case}")
    page = other.press(
        other.open(f"/cases/{case.case}"), "发表", {"_comment": "详情页还差一张图"}, {"files": [("图.png", b"\x89PNG")]}
    )
    assert "评论已写进经过" in page.words
    first, second = reader.open(f"/cases/{case.case}"), reader.open(f"/cases/{case.case}")
    assert "详情页还差一张图" in first.words
    assert "图.png" in first.words
    assert "你还没看过" in first.words
    assert "你还没看过" not in second.words


def test_files_go_out_as_attachments_that_can_do_nothing(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("有文件的店")
    reader = read_as("linxiaolan")
    evil = b"<script>alert(1)</script>"
    page = reader.press(reader.open(f"/cases/{case.case}"), "发表", {}, {"files": [("恶意.html", evil)]})
    path = page.link("恶意.html")
    answer = reader.client.get(path)
    assert answer.data == evil
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E6%81%B6" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert read_as("panyue").client.get(path).status_code == 404


def test_a_case_is_cancelled_with_a_reason(read_as: ReadAs, work: Work) -> None:
    case = work.shop("不做了的店")
    reader = read_as("linxiaolan")
    asked = reader.open(reader.open(f"/cases/{case.case}").link("作废这件事项…"))
    empty = reader.press(asked, "作废")
    assert empty.status == 422
    assert "请写明理由" in empty.words
    gone = reader.press(empty, "作废", {"_comment": "平台政策变了"})
    assert "已作废：不做了的店" in gone.words
    assert "平台政策变了" in gone.words
    with work.store.read() as session:
        assert session.scalar(select(func.count()).select_from(AccessLog)) == 0


def test_what_was_passed_up_is_counted_as_it_is_listed(read_as: ReadAs, work: Work) -> None:
    case = work.in_review("转报的店", DAY * 9)
    with work.store.write() as session:
        task = open_task(session, case.case)
        session.add(TaskEscalation(task_id=task, person_id=work.person("chenglijun"), at=NOW))
    page = read_as("chenglijun").open("/work")
    assert page.html.count('class="task-title"') == 1
    assert "1 件已超期" in page.words
    assert "转报给你，原由林晓岚办" in page.words
    assert re.search(r"我的\s*1", page.words)
    rail = re.findall(r'<span class="(n[^"]*)">(\d+)', page.html)
    assert rail[0] == ("n n-late", "1"), "the rail says the same number, and that something is late"
    assert re.search(r"<em>1<span", page.html), "and so does the phone's tab"
    opened = read_as("chenglijun").open(page.link("从第一件开始办"))
    assert "第 1 件，共 1 件" in opened.words


def test_the_rail_counts_what_a_deputy_has_in_hand(read_as: ReadAs, work: Work) -> None:
    work.in_review("代办的店")
    with work.store.write() as session:
        days = (NOW.date(), NOW.date() + timedelta(days=3))
        add_absence(session, work.person("linxiaolan"), *days, NOW, deputy_id=work.person("panyue"))
    page = read_as("panyue").open("/work")
    listed = page.html.count('class="task-title"')
    assert listed == 1
    assert f'<span class="n">{listed}</span>' in page.html.partition('class="page')[0]
    assert f"第 1 件，共 {listed} 件" in read_as("panyue").open(page.link("从第一件开始办")).words


def test_my_own_step_is_nothing_new_to_me(read_as: ReadAs, work: Work) -> None:
    case = work.shop("自己办的店")
    maker, other = read_as("wangzihan"), read_as("linxiaolan")
    maker.open(f"/cases/{case.case}")
    other.open(f"/cases/{case.case}")
    work.act("wangzihan", case, "submit", **BUILT)
    mine, theirs = maker.open(f"/cases/{case.case}").words, other.open(f"/cases/{case.case}").words
    assert "你还没看过" not in mine
    assert "你上次看过以后改了" not in mine
    assert "你还没看过" in theirs
    assert "你上次看过以后改了 4 处" in theirs
    changes = theirs.partition("改了 4 处")[2]
    places = [changes.index(label) for label in ("首页 ", "商品详情页 ", "分类页 ", "首屏加载时间 ")]
    assert places == sorted(places), "changes stand in the order of the form"


def test_a_decision_foretells_who_has_it_then(read_as: ReadAs, work: Work) -> None:
    work.in_review("要退回的店")
    reader = read_as("linxiaolan")
    page = reader.open("/work/first")
    assert "退回必填" in page.words
    assert "驳回" not in page.words
    side = page.words.partition("退回的话")[2]
    assert re.match(r"\s*王\s*王梓涵\s*页面设计与搭建", side), side[:60]
    assert "刘一诺" not in side[:60]
    start = read_as("linxiaolan").open("/start/shop_build")
    assert re.search(r"页面设计与搭建（[^）]+ 等 \d 人）", start.words), (
        "a group of more than three says how many it is"
    )


def test_a_manager_sees_no_titles_of_cases_that_are_not_theirs(read_as: ReadAs, work: Work) -> None:
    """沈怡 leads human resources; what 顾青 has in hand shows, what it is about only where 沈怡 may see it."""
    case, holder = work.shop("店主的秘密"), work.person("guqing")
    with work.store.write() as session:
        session.get_one(Task, open_task(session, case.case)).holder_id = holder
    page = read_as("shenyi").open("/team")
    assert "顾青" in page.words
    assert "店主的秘密" not in page.words
    assert "（你看不到的事项）" in page.words


def test_a_cycle_says_whom_it_waits_for(read_as: ReadAs, work: Work) -> None:
    cycle = work.start("guqing", "appraisal_cycle", period="2026-09")
    engine = services(read_as("guqing").client.application).engine
    alone = read_as("guqing").open(f"/cases/{cycle.case}").words
    assert "没有人要办" in alone
    assert "自动往下走" not in alone, "an alert leads nowhere"
    with work.store.write() as session:
        for signal in engine.waiting_signals(session, NOW):
            engine.deliver(session, signal, NOW)
    page = read_as("guqing").open(f"/cases/{cycle.case}")
    waiting = page.html.partition('id="decide"')[2].partition("</section>")[0]
    assert re.search(r"等由它开出的 \d+ 件有结果", waiting)
    assert "/cases/" in waiting, "it names the cases it waits for"
    with work.store.write() as session:
        for timer in engine.due_timers(session, NOW, limit=200):
            engine.ring(session, timer, NOW)
        mine = (Task.holder_id == work.person("linxiaolan"), Task.status == "open", Task.state == "scoring")
        task = session.scalars(select(Task.id).where(*mine)).first()
    scoring = read_as("linxiaolan").open(f"/tasks/{task}").words
    assert "已有的内容" in scoring
    assert "顾青的要求" not in scoring, "nobody asked for an appraisal"


def test_words_about_a_score_not_yet_published_are_named_not_shown(read_as: ReadAs, work: Work) -> None:
    publish(work.store, NOW - timedelta(days=80))
    measure(work, "wangzihan", FIGURES, "2026-09")
    work.start("guqing", "appraisal_cycle", period="2026-09")
    engine = services(read_as("guqing").client.application).engine
    with work.store.write() as session:
        for signal in engine.waiting_signals(session, NOW):
            engine.deliver(session, signal, NOW)
    with work.store.write() as session:
        for timer in engine.due_timers(session, NOW, limit=200):
            engine.ring(session, timer, NOW)
        mine = (Case.process == "monthly_appraisal", Case.subject_id == work.person("wangzihan"))
        case = session.scalars(select(Case.id).where(*mine)).one()
        task = open_task(session, case)
    score = {"talked_on": "2026-11-19", "talk": "谈过", "comment": "还行"}
    said = Submission(new_id(), work.person("linxiaolan"), "submit", task=task, values=score, reason="给 95.18，请复核")
    with work.store.write() as session:
        engine.fire(session, said, NOW)
    page = read_as("wangzihan").open(f"/cases/{case}")
    assert "有 1 段话你看不到" in page.words
    assert "95.18" not in page.html
    assert "给 95.18，请复核" in read_as("chenglijun").open(f"/cases/{case}").words
