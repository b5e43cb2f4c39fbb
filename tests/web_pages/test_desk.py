"""The scoring desk: missing first, who is late, done; a score explained line by line, judged with a reason, handed in; the next opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from engine.office import counted
from web_pages.appraising import Round
from web_pages.cards import FIGURES
from web_pages.conftest import NOW
from web_pages.reader import Page, ReadAs, Reader
from workflows.db import Database
from workflows.engine.tables import Case, Draft, Message, Task

WORDS = {"talked_on": "2026-11-18", "talk": "谈了备货和费用。", "comment": "备货扎实，费用要压。"}
SOME = {name: value for name, value in FIGURES.items() if name != "listings_due"}
LINE = "judgement.listing_on_time"


@pytest.fixture
def month(site: Flask, store: Database) -> Round:
    """October: everybody's scoring is open, three have figures, one of them lacks one."""
    found = Round(site, store).opened()
    found.hand_in("wangzihan", "sunyutong")
    found.pass_on(NOW - timedelta(days=10))
    found.measure("wangzihan")
    found.measure("liuyinuo")
    found.measure("sunyutong", SOME)
    return found


def scoring(reader: Reader, month: Round, login: str) -> Page:
    return reader.open(f"/tasks/{month.task_of(login)}")


def events(store: Database, month: Round) -> int:
    with store.read() as session:
        return session.scalars(select(Case.event_count).where(Case.id == month.of("wangzihan"))).one()


# ---- the list --------------------------------------------------------------------------------------------------------


def test_missing_figures_stand_first_then_who_is_late(read_as: ReadAs, month: Round) -> None:
    page = read_as("linxiaolan").open("/desk")
    assert page.status == 200
    assert "8 份，评完 0 份 ，8 份超期 ，6 份缺数据" in page.words.replace("</b>", "") or "6 份缺数据" in page.words
    assert (
        page.words.index("缺数据 6")
        < page.words.index("孙雨桐")
        < page.words.index("超期 2")
        < page.words.index("王梓涵")
    )
    assert "应上架的商品数" in page.words


def test_it_starts_with_the_first_that_can_be_done(read_as: ReadAs, month: Round) -> None:
    reader = read_as("linxiaolan")
    page = reader.open(reader.open("/desk").link("从第一份开始评"))
    assert page.path == f"/tasks/{month.task_of('liuyinuo')}"


def test_who_scores_nobody_has_an_empty_desk(read_as: ReadAs, month: Round) -> None:
    page = read_as("wangzihan").open("/desk")
    assert "没有要你评的" in page.words
    assert "孙雨桐" not in page.words


def test_the_rail_counts_what_is_to_be_scored(read_as: ReadAs, month: Round) -> None:
    page = read_as("linxiaolan").open("/work")
    assert "考核 8 ，其中有超期" in page.words


def test_as_few_statements_for_many_as_for_one(read_as: ReadAs, month: Round, store: Database) -> None:
    reader, one = read_as("linxiaolan"), read_as("fangqiming")  # eight to score, and one
    counts = []
    for each in (reader, one):
        each.open("/desk")
        with counted(store) as statements:
            each.open("/desk")
        counts.append(len(statements))
    assert max(counts) <= min(counts) + 1 <= 22, counts  # whether anybody can be asked is one read


# ---- the form --------------------------------------------------------------------------------------------------------


def test_the_form_opens_computed_with_every_line_explained(read_as: ReadAs, month: Round) -> None:
    page = scoring(read_as("linxiaolan"), month, "wangzihan")
    assert page.status == 200
    assert "18 ÷ 20 × 100 = 90.00%" in page.words
    assert "上架 18 款，双 11 主推 4 款。" in page.words  # the person's own words beside it
    assert page.words.count("改判或免计") == 8
    assert "94.29" in page.words or "9" in page.words


def test_missing_stands_first_with_whom_we_wait_for(read_as: ReadAs, month: Round) -> None:
    page = scoring(read_as("linxiaolan"), month, "sunyutong")
    assert "缺 1 个数，还没有总分" in page.words
    assert page.words.index("缺 1 个数") < page.words.index("页面优化完成率")
    assert "等“商品上架”" in page.words


def test_a_card_on_which_nothing_applies_says_so_and_what_to_do(read_as: ReadAs, month: Round) -> None:
    month.measure("wangzihan", dict.fromkeys(FIGURES, "0"), "系统里一件也没有")
    reader = read_as("linxiaolan")
    page = scoring(reader, month, "wangzihan")
    assert page.words.count("没有一项适用，没有总分") == 2
    assert "请人力资源部在“考核周期”免去这个月的考核" in page.words
    assert "缺 0 个数" not in page.words
    refused = reader.press(page, "提交评分", WORDS)
    assert refused.status == 422
    assert "没有一项适用，算不出总分：至少一项写明理由判分" in refused.words
    judged = {f"{LINE}.score": "80", f"{LINE}.reason": "按他带的新人的上架评。"}
    assert "已提交评分" in reader.press(refused, "提交评分", judged).words


def test_handed_in_without_a_total_it_is_refused_and_says_what_is_missing(read_as: ReadAs, month: Round) -> None:
    reader = read_as("linxiaolan")
    page = reader.press(scoring(reader, month, "sunyutong"), "提交评分", WORDS)
    assert page.status == 422
    assert "应上架的商品数" in page.words
    assert page.value("comment") == ["备货扎实，费用要压。"]


def test_a_line_is_waived_with_a_reason_and_then_there_is_a_total(
    read_as: ReadAs, month: Round, store: Database
) -> None:
    reader = read_as("linxiaolan")
    form = scoring(reader, month, "sunyutong")
    page = reader.press(form, "提交评分", {**WORDS, f"{LINE}.waive": "1"})
    assert page.status == 422
    assert "理由" in page.words
    assert page.value(f"{LINE}.waive") == ["1"]
    case = month.of("sunyutong")
    reader.press(page, "提交评分", {f"{LINE}.reason": "系统没有记上架日期，九月起才有。"})
    with store.read() as session:
        data = session.scalars(select(Case.data).where(Case.id == case)).one()
    assert data["scorecard"]["total"] is not None
    assert data["scorecard"]["entries"]["listing_on_time"]["reason"].startswith("系统没有记")


def test_a_running_total_without_handing_in(read_as: ReadAs, month: Round, store: Database) -> None:
    reader = read_as("linxiaolan")
    form, before = scoring(reader, month, "wangzihan"), events(store, month)
    page = reader.press(
        form, "重算", {f"{LINE}.score": "50", f"{LINE}.reason": "三款是别人补录的。", "comment": "先记下"}
    )
    assert page.path == f"/tasks/{month.task_of('wangzihan')}"
    assert "改判或免计 1 项" in page.words
    assert page.value(f"{LINE}.score") == ["50"]
    assert page.value("comment") == ["先记下"]
    assert events(store, month) == before
    with store.read() as session:
        assert session.scalars(select(Draft)).one().place.startswith("task:")


@pytest.mark.parametrize(("typed", "said"), [("viel", "数字"), ("130", "0"), ("50", "理由")])
def test_a_bad_judgement_is_named_at_its_line_and_nothing_is_lost(
    read_as: ReadAs, month: Round, typed: str, said: str
) -> None:
    reader = read_as("linxiaolan")
    page = reader.press(scoring(reader, month, "wangzihan"), "提交评分", {**WORDS, f"{LINE}.score": typed})
    assert page.status == 422
    assert said in page.words
    assert page.value(f"{LINE}.score") == [typed]
    assert page.value("talk") == ["谈了备货和费用。"]
    assert 'href="#f-judgement-listing_on_time' in page.html


def test_figures_that_changed_meanwhile_are_named_and_what_was_typed_stays(read_as: ReadAs, month: Round) -> None:
    reader = read_as("linxiaolan")
    form = scoring(reader, month, "wangzihan")
    month.measure("wangzihan", {"listings_on_time": "19"}, "少记一款")
    page = reader.press(form, "提交评分", WORDS)
    assert page.status == 409
    assert "按时上架的商品数" in page.words
    assert "19 ÷ 20" in page.words
    assert page.value("comment") == ["备货扎实，费用要压。"]
    done = reader.press(page, "提交评分")
    assert "已提交评分" in done.words


def test_the_next_scoring_opens_itself(read_as: ReadAs, month: Round) -> None:
    reader = read_as("linxiaolan")
    first = reader.open(reader.open("/desk").link("从第一份开始评"))
    page = reader.press(first, "提交评分", WORDS)
    assert page.path == f"/tasks/{month.task_of('wangzihan')}"
    assert "已提交评分：刘一诺" in page.words
    last = reader.press(page, "提交评分", WORDS)
    assert last.path == "/desk"
    assert "评完的 2" in last.words


def test_nobody_scores_themselves_or_others_people(read_as: ReadAs, month: Round) -> None:
    own = month.task_of("linxiaolan")
    assert read_as("linxiaolan").open(f"/tasks/{own}").path.startswith("/cases/")
    assert read_as("chensiqi").open(f"/tasks/{month.task_of('wangzihan')}").status == 404


def test_one_asks_for_figures_of_ones_own_scorings_only(read_as: ReadAs, month: Round, store: Database) -> None:
    """Whoever has the missing figure in hand is asked, even about a case that the scorer may not see; strangers ask nobody."""
    owed = rating(month, "caoyifan")
    scorer, stranger = read_as("chensiqi"), read_as("linxiaolan")
    page = scorer.open("/desk")
    case = str(month.of("caoyifan"))
    answer = stranger.open("/desk")
    stranger.client.post("/desk/urge", data={"csrf_token": answer.value("csrf_token")[0], "case": case})
    assert urged(store) == []
    done = scorer.press(page, case)
    assert "已催办：" in done.words
    assert set(urged(store)) == owed
    assert "今天催过" in done.words


def rating(month: Round, login: str) -> set[str]:
    """The month's collaboration ratings open by their schedule; who has those about somebody in hand."""
    engine, kept, at = month.engine, month.store, NOW - timedelta(days=24)
    with kept.read() as session:
        due = [run for run in engine.due_schedules(session, at) if run.process == "collaboration_rating"]
    for one in due:
        with kept.write() as session:
            run = engine.begin_run(session, one, at)
            assert run is not None
            engine.continue_run(session, run, at)
    about = (Case.process == "collaboration_rating", Case.subject_id == month.person(login))
    with kept.read() as session:
        holders = select(Task.holder_id).join(Case, Case.id == Task.case_id).where(*about, Task.status == "open")
        return {holder.hex for holder in session.scalars(holders) if holder}


def urged(store: Database) -> list[str]:
    with store.read() as session:
        return [one.person_id.hex for one in session.scalars(select(Message).where(Message.kind == "urge"))]
