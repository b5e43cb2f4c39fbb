"""The cycle board: who is where, whom everybody waits for, urging, missing figures, groups, release by two, the bonus list."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from engine.office import counted
from web_pages.appraising import Round
from web_pages.cards import FIGURES
from web_pages.conftest import NOW
from web_pages.reader import Reader
from workflows.db import Database, new_id
from workflows.engine.tables import AccessLog, Case, Message
from workflows.web.cycle_drawn import bars

ReadAs = Callable[[str], Reader]
BOARD = "/cycle/2026-10"


@pytest.fixture
def month(site: Flask, store: Database) -> Round:
    """October: the team of one supervisor has figures; one is reviewed, one scored."""
    found = Round(site, store).opened()
    found.hand_in("wangzihan", "sunyutong", "liuyinuo")
    found.pass_on(NOW - timedelta(days=10))
    for login in ("wangzihan", "liuyinuo"):
        found.measure(login)
    found.measure("sunyutong", {name: value for name, value in FIGURES.items() if name != "listings_due"})
    found.score("linxiaolan", "wangzihan", "liuyinuo")
    found.review("wangzihan")
    return found


def urges(store: Database) -> list[str]:
    with store.read() as session:
        return [message.person_id.hex for message in session.scalars(select(Message).where(Message.kind == "urge"))]


def test_the_newest_running_cycle_opens_itself(read_as: ReadAs, month: Round) -> None:
    page = read_as("shenyi").open("/cycle")
    assert page.path == BOARD
    assert "10 月月度考核" in page.words
    assert "26 人，" in page.words
    assert "24 人还没有分数，不能公示" in page.words


def test_four_numbers_count_everybody_once(read_as: ReadAs, month: Round) -> None:
    page = read_as("shenyi").open(BOARD)
    assert "已复核 1 待复核 1 缺数据 24 未评分 0" in page.words


def test_what_waits_for_review_leads_to_its_task(read_as: ReadAs, month: Round) -> None:
    page = read_as("shenyi").open(BOARD)
    assert "待复核 1 份" in page.words
    assert page.link("刘刘一诺") == f"/tasks/{month.task_of('liuyinuo')}"


def test_urging_one_person_once_a_day(read_as: ReadAs, month: Round, store: Database) -> None:
    reader = read_as("shenyi")
    page = reader.open(BOARD)
    done = reader.press(page, month.person("wulihua").hex)
    assert "已催办：吴丽华。" in done.words
    assert urges(store) == [month.person("wulihua").hex] * 5  # one word for each of her five scorings
    assert "今天催过" in done.words
    again = reader.send(f"{BOARD}/urge", reader.filled(page, month.person("wulihua").hex)[1])
    assert "吴丽华今天已经催过，不再催。" in again.words
    assert len(urges(store)) == 5


def test_urging_everybody_who_owes_one(read_as: ReadAs, month: Round, store: Database) -> None:
    reader = read_as("shenyi")
    page = reader.press(reader.open(BOARD), "催办 7 位评分人")
    assert "已催办：" in page.words
    assert set(urges(store)) == {
        month.person(login).hex
        for login in ("linxiaolan", "wulihua", "chenglijun", "chensiqi", "hezhipeng", "zhoumingyuan", "fangqiming")
    }
    assert "催办 7 位评分人" not in page.words


def test_groups_distribution_and_missing_figures(read_as: ReadAs, month: Round) -> None:
    page = read_as("shenyi").open(BOARD)
    assert "产品运营组 5" in page.words
    assert "90 段 2 人" in page.html
    assert "应上架的商品数" in page.words
    assert "影响：商品上架及时率" in page.words


def test_a_number_of_the_distribution_stands_on_what_it_counts() -> None:
    """The line of the month before far above a column bears no number: it would be read as that line's."""
    few, most, fewer = bars([("70", 1, 5), ("80", 10, 9), ("90", 9, 10)])
    for column in (few, most):
        assert column.said == column.y - 6
    assert fewer.line is not None
    assert fewer.said < fewer.line < fewer.y, "a line close above the column would run through the number"


# ---- waiving a month -------------------------------------------------------------------------------------------------


def test_a_month_is_waived_from_the_board_with_a_reason(read_as: ReadAs, month: Round, store: Database) -> None:
    reader = read_as("shenyi")
    page = reader.open(reader.open(BOARD).link("免去一人的考核…"))
    case = month.of("zhaozimo").hex
    refused = reader.press(page, "免去考核", {"case": case})
    assert refused.status == 422
    assert "理由 必填 请写明理由" in refused.words
    assert "selected" in refused.html.split(f'value="{case}"')[1][:12]
    done = reader.press(refused, "免去考核", {"reason": "11 月 2 日起休产假"})
    assert done.path == BOARD
    assert "赵子墨：10 月免考核。" in done.words
    assert "25 人，" in done.words
    assert "另有 1 人免考核。" in done.words
    assert "免考核 1 人" in done.words
    assert "11 月 2 日起休产假" in done.words
    assert "已复核 1 待复核 1 缺数据 23 未评分 0" in done.words
    theirs = read_as("zhaozimo")
    told = theirs.open("/appraisal/2026-10")
    assert "这个月免考核，没有得分" in told.words
    assert "11 月 2 日起休产假" in told.words
    assert "不用评" in theirs.open(f"/cases/{month.of('zhaozimo')}").words
    assert "这个月免考核" in theirs.open("/appraisal/").words
    with store.read() as session:
        messages = [
            one.person_id for one in session.scalars(select(Message).where(Message.case_id == month.of("zhaozimo")))
        ]
    assert month.person("zhaozimo") in messages


def test_who_is_scored_or_waived_already_is_not_waived(read_as: ReadAs, month: Round, store: Database) -> None:
    reader = read_as("shenyi")
    page = reader.open(f"{BOARD}/waive")
    assert month.of("wangzihan").hex not in page.html
    scored = reader.press(page, "免去考核", {"case": month.of("wangzihan").hex, "reason": "休假"})
    assert scored.status == 422
    assert "请选一个人。" in scored.words
    assert scored.value("reason") == ["休假"]
    spared = {"case": month.of("zhaozimo").hex, "reason": "休假"}
    reader.press(page, "免去考核", spared)
    again = reader.press(page, "免去考核", {**spared, "reason": "另一个理由"})
    assert again.path == BOARD
    assert "另一个理由" not in again.words


def test_only_human_resources_waive(read_as: ReadAs, month: Round) -> None:
    for login in ("hanwenbo", "linxiaolan", "wangzihan", "luoyong"):
        reader = read_as(login)
        assert reader.open(f"{BOARD}/waive").status == 403
        token = reader.open("/more").value("csrf_token")[0]
        sent = {"csrf_token": token, "case": month.of("zhaozimo").hex, "reason": "休假", "_key": str(new_id())}
        assert reader.send(f"{BOARD}/waive", sent).status == 403
    assert "另有 1 人免考核" not in read_as("shenyi").open(BOARD).words


def test_auditors_read_and_others_do_not(read_as: ReadAs, month: Round, store: Database) -> None:
    auditor = read_as("hanwenbo")
    for path in (BOARD, f"{BOARD}/publish", f"{BOARD}/bonus.xlsx"):
        asked = auditor.open(path)
        assert "查阅事由" in asked.words
        assert "吴丽华" not in asked.words
    page = auditor.press(auditor.open(BOARD), "开始查阅", {"_comment": "三季度考核抽查"})
    assert page.path == BOARD
    assert "吴丽华" in page.words
    assert "催办" not in page.words
    assert looks(store) == [("cycle", "三季度考核抽查")]
    for login in ("linxiaolan", "zhoumingyuan", "wangzihan", "luoyong"):
        assert read_as(login).open(BOARD).status == 403
        assert read_as(login).open(f"{BOARD}/bonus.xlsx").status == 403
    assert urges(store) == []


def looks(store: Database) -> list[tuple[str, str | None]]:
    """What the access log says of reading whole cycles."""
    with store.read() as session:
        chosen = select(AccessLog.what, AccessLog.reason).where(AccessLog.what.in_(("cycle", "bonus")))
        return [(row.what, row.reason) for row in session.execute(chosen.order_by(AccessLog.at, AccessLog.id))]


def test_reading_everybodys_totals_and_pay_is_noted(read_as: ReadAs, month: Round, store: Database) -> None:
    reader = read_as("shenyi")
    reader.open(BOARD)
    reader.client.get(f"{BOARD}/bonus.xlsx")
    assert looks(store) == [("cycle", None), ("bonus", None)]


def test_a_month_without_a_cycle_is_not_found(read_as: ReadAs, month: Round) -> None:
    for path in ("/cycle/2026-09", "/cycle/2026-13", "/cycle/everything"):
        page = read_as("shenyi").open(path)
        assert page.status == 404
        assert "这个月没有考核周期。" in page.words
    assert "10 月" in read_as("shenyi").open("/cycle/months").words


def test_as_few_statements_for_many_as_for_few(read_as: ReadAs, month: Round, store: Database) -> None:
    reader = read_as("shenyi")
    reader.open(BOARD)
    with counted(store) as before:
        reader.open(BOARD)
    for login in ("sunyutong", "machen", "songzhixia"):
        month.score("linxiaolan", login, judgement=waived(month, login))
    with counted(store) as after:
        reader.open(BOARD)
    assert len(after) <= len(before) <= 30, (len(before), len(after))


def waived(month: Round, login: str) -> dict[str, object]:
    """A judgement that gives every line of somebody's card 80 points."""
    with month.store.read() as session:
        key = session.scalars(
            select(Case.data["scorecard"]["card"].as_string()).where(Case.id == month.of(login))
        ).one()
        card = month.appraisal.store.version_for(session, key, "2026-10").card  # type: ignore[union-attr]
    return {"seen": None, "lines": {line: {"score": "80", "reason": "按面谈情况判。"} for line in card.indicators}}


def total(month: Round, login: str) -> str:
    with month.store.read() as session:
        return session.scalars(
            select(Case.data["scorecard"]["total"].as_string()).where(Case.id == month.of(login))
        ).one()


def finish(month: Round) -> None:
    """Everybody scored and reviewed, and the round told so."""
    review_all(month)
    month.pass_on(NOW - timedelta(hours=20))


def review_all(month: Round) -> None:
    """Everybody scored and reviewed."""
    with month.store.read() as session:
        rows = session.execute(
            select(Case.id, Case.subject_id, Case.state).where(Case.process == "score_of_month")
        ).all()
        organisation = month.engine.organisation(session)
        logins = {row.subject_id: organisation.person(row.subject_id).login for row in rows}
        scorers = {row.subject_id: organisation.manager_of(row.subject_id) for row in rows}
        names = {person: organisation.person(person).login for person in scorers.values() if person}
    for row in rows:
        login = logins[row.subject_id]
        if row.state == "scoring":
            scorer = names[scorers[row.subject_id]] if scorers[row.subject_id] else "shenyi"
            month.score(scorer, login, judgement=waived(month, login))
        if row.state != "waiting":
            month.review(login)


def test_what_is_reviewed_is_not_published_yet(read_as: ReadAs, month: Round) -> None:
    """Between the last review and the round's next step nobody has a task, and nothing is out."""
    review_all(month)
    page = read_as("shenyi").open(BOARD)
    assert "26 人都有分数。" in page.words
    assert "下载奖金名单" not in page.words
    assert "这个月已经公示" not in read_as("shenyi").open(page.link("公示…")).words


def test_two_people_release_after_they_saw_what_is_shown_to_whom(
    read_as: ReadAs, month: Round, store: Database
) -> None:
    finish(month)
    first, second = read_as("shenyi"), read_as("guqing")
    board = first.open(BOARD)
    assert "26 人都有分数。" in board.words
    preview = first.open(board.link("公示…"))
    line = f"曹亦凡 电商运营 {total(month, 'caoyifan')}"
    for said in ("谁看得到什么", "姓名、岗位、总分；没有名次、指标、评语", line):
        assert said in preview.words, said
    form = first.open(preview.link("写汇总意见并公示"))
    unsaid = first.press(first.press(form, "公示…", {"notice": "有异议的请在五个工作日内申诉。"}), "公示")
    assert unsaid.status == 422
    assert "汇总意见： 请填写这一项。" in unsaid.words.replace("：", "： ").replace("：  ", "： ")
    assert unsaid.value("notice") == ["有异议的请在五个工作日内申诉。"]
    asked = first.press(unsaid, "公示…", {"summary": "总体平稳，市场组偏高。"})
    assert "要 2 个不同的人同意才生效" in asked.words
    assert "谁看得到什么" in asked.words
    said = first.press(asked, "公示")
    assert "再有一位不同的人公示才生效" in said.words
    assert "现在没有公示中的结果。" in read_as("zhangyuwei").open("/results").words
    task = second.open(second.open(BOARD).link("公示…")).link("写汇总意见并公示")
    asked = second.press(second.open(task), "公示…")
    second.press(asked, "公示")
    month.pass_on(NOW)
    public = read_as("zhangyuwei").open("/results")
    assert "有异议的请在五个工作日内申诉。" in public.words
    assert "总体平稳" not in public.words, "what human resources sum up is not for the department"
    assert line in public.words
    after = first.open(BOARD)
    assert "下载奖金名单" in after.words
    assert after.link("看公示") == "/results"
    month.pass_on(NOW + timedelta(days=12))
    closed = first.open(BOARD)
    assert "下载奖金名单" in closed.words
    assert "看公示" not in closed.words, "there is nothing to see any more"


def test_the_bonus_list_is_for_finance(read_as: ReadAs, month: Round) -> None:
    answer = read_as("shenyi").client.get(f"{BOARD}/bonus.xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert load_workbook(io.BytesIO(answer.data)).sheetnames
