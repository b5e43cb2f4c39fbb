"""A case: comments, files, what is new to whom, what follows from a decision, whom it waits for."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import func, select

from infrastructure.ticking import tick
from web_pages.cards import FIGURES, measure, publish
from web_pages.conftest import NOW
from web_pages.reader import ReadAs
from web_pages.things import BUILT, Work, open_task
from workflows.db import new_id
from workflows.engine.requests import Submission
from workflows.engine.tables import AccessLog, Case, Task


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


def test_a_cycle_says_whom_it_waits_for(read_as: ReadAs, work: Work) -> None:
    cycle = work.start("guqing", "appraisal_cycle", period="2026-09")
    alone = read_as("guqing").open(f"/cases/{cycle.case}").words
    assert "没有人要办" in alone
    assert "自动往下走" not in alone, "an alert leads nowhere"
    tick(work.store, work.engine, NOW)
    page = read_as("guqing").open(f"/cases/{cycle.case}")
    waiting = page.html.partition('id="decide"')[2].partition("</section>")[0]
    assert re.search(r"等由它开出的 \d+ 件有结果", waiting)
    assert "/cases/" in waiting, "it names the cases it waits for"


def test_nobody_asked_for_an_appraisal(read_as: ReadAs, work: Work) -> None:
    october = timedelta(days=24)
    work.start("guqing", "appraisal_cycle", october, period="2026-10")
    tick(work.store, work.engine, NOW - october)
    with work.store.read() as session:
        hers = (Case.process == "monthly_appraisal", Case.subject_id == work.person("wangzihan"))
        task = session.scalars(select(Task.id).join(Case, Case.id == Task.case_id).where(*hers)).one()
    said = {"work_done": "上架 12 款", "results": "及时率 96%", "problems": "断货两次", "improvements": "每周核对库存"}
    with work.store.write() as session:
        done = Submission(new_id(), work.person("wangzihan"), "submit", task=task, values=said)
        work.engine.fire(session, done, NOW - october)
    tick(work.store, work.engine, NOW)
    with work.store.read() as session:
        hers = (*hers, Task.status == "open", Task.state == "scoring")
        task = session.scalars(select(Task.id).join(Case, Case.id == Task.case_id).where(*hers)).one()
    scoring = read_as("linxiaolan").open(f"/tasks/{task}").words
    assert "已有的内容" in scoring
    assert "每周核对库存" in scoring
    assert "顾青的要求" not in scoring, "guqing began the cycle, and asked nothing of whoever scores"


def test_words_about_a_score_not_yet_published_are_named_not_shown(read_as: ReadAs, work: Work) -> None:
    publish(work.store, NOW - timedelta(days=80))
    measure(work, "wangzihan", FIGURES, "2026-09")
    work.start("guqing", "appraisal_cycle", period="2026-09")
    tick(work.store, work.engine, NOW)
    with work.store.read() as session:
        mine = (Case.process == "monthly_appraisal", Case.subject_id == work.person("wangzihan"))
        case = session.scalars(select(Case.id).where(*mine)).one()
        task = open_task(session, case)
    score = {"talked_on": "2026-11-19", "talk": "谈过", "comment": "还行"}
    said = Submission(new_id(), work.person("linxiaolan"), "submit", task=task, values=score, reason="给 95.18，请复核")
    with work.store.write() as session:
        work.engine.fire(session, said, NOW)
    page = read_as("wangzihan").open(f"/cases/{case}")
    assert "有 1 段话你看不到" in page.words
    assert "95.18" not in page.html
    assert "给 95.18，请复核" in read_as("chenglijun").open(f"/cases/{case}").words
