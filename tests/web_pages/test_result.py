"""我的考核: every point explained, before and after publication and correction, for the person and for those who may look."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select

from web_pages.appealing import COMMENT, MONTH, OPERATOR, SUBJECT, Appealing
from web_pages.conftest import NOW
from web_pages.reader import Page, ReadAs, Reader
from workflows.appraisal.figures.store import FigureInput, Key, record
from workflows.appraisal.figures.tables import Source
from workflows.appraisal.results.tables import Result
from workflows.appraisal.results.writing import NewResult, publish
from workflows.db import Database
from workflows.engine.tables import AccessLog

CLAIM = {"sales_attainment": {"figures": {"sales": "4318600"}, "reason": "平台补贴没有计入"}}
RULED = {"sales_attainment": {"verdict": "correct", "figures": {"sales": "4315400"}, "reason": "漏了 ¥83,600"}}


@pytest.fixture
def month(store: Database) -> Appealing:
    """The company with scorecards; nothing is appraised yet."""
    return Appealing(store, NOW).opened()


def text_of(page: Page) -> str:
    """What stands on the page, without the blanks between marks."""
    return page.words.replace(" ", "")


@contextmanager
def counted(store: Database) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(" ", 1)[0].upper() in {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"}:
            sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine, "before_cursor_execute", note)


# ---- one's own ---------------------------------------------------------------------------------------------------


def test_my_newest_result_explains_every_point(read_as: ReadAs, month: Appealing) -> None:
    month.published()
    page = read_as(SUBJECT).open("/appraisal/")
    said = text_of(page)
    for words in (
        "2026年10月考核结果", "电商运营评分表第1版", "评分陈陈思齐11月5日", "89.12", "良好", "离优秀差0.88分",
        "10.88分丢在哪里", "其余8项没有丢分", "知识沉淀−2.00", "另外5项−0.79", "别的不变，单这一项就够优秀",
        "¥4,231,800÷¥5,000,000×100=84.64%", "核心业绩54.71/60", "合计89.12", "上传，沈怡，11月1日",
        "陈思齐的评语", "基数¥3,000×89.12÷100", "¥2,673.60", "申诉截至11月26日周四18:00", "还有4个工作日",
        "你、陈思齐、程立军、周明远、人力资源部、审计。还没有别人看过。",
    ):  # fmt: skip
        assert words in said, words
    assert COMMENT in page.html
    assert page.link("提出申诉").endswith("/actions/appeal")
    assert page.html.count('<tr id="l-') == 18


def test_every_month_stands_in_the_trend_and_leads_on(read_as: ReadAs, month: Appealing) -> None:
    month.published(month="2026-08", days=60)
    month.published(figures={"sales": "4300000", **_without_held()}, month="2026-09", days=30)
    month.published(figures={"sales": "4231800", **_without_held()}, month=MONTH)
    reader = read_as(SUBJECT)
    page = reader.open("/appraisal/")
    assert "近12个月平均89.26，本月比上月低0.41" in text_of(page)
    assert "得分从8 月 89.12 到10 月 89.12；最低8 月 89.12，最高9 月 89.53。" in page.html
    earlier = reader.open(page.link("上个月"))
    assert "2026年9月考核结果" in earlier.words
    assert "提出申诉" not in earlier.words
    assert earlier.link("下个月") == "/appraisal/2026-10"
    assert page.link("89.53") == "/appraisal/2026-09"


def test_before_publication_there_are_only_steps(read_as: ReadAs, month: Appealing) -> None:
    month.measure()
    month.scored(month.begun())
    page = read_as(SUBJECT).open("/appraisal/")
    assert "2026年10月考核" in page.words
    assert "现在在“人力复核”。公示以后才能看到结果。" in page.words
    assert "自评 · 赵子墨" in page.words
    for secret in ("89.12", "4,231,800", "84.64", COMMENT, "良好"):
        assert secret not in page.html


def test_what_is_under_way_is_named_above_the_newest_result(read_as: ReadAs, month: Appealing) -> None:
    month.published(month="2026-09", days=30)
    month.begun()
    page = read_as(SUBJECT).open("/appraisal/")
    assert "2026年9月考核结果" in page.words
    assert "2026年10月的考核在“评分”，公示后能看到结果。" in page.words
    assert "2026年10月考核" in read_as(SUBJECT).open(page.link("看进度")).words


def test_who_has_no_result_is_told_so(read_as: ReadAs, month: Appealing) -> None:
    assert "还没有公示过的考核结果。" in read_as("wangzihan").open("/appraisal/").words
    for path in ("/appraisal/2026-10", "/appraisal/2026", "/appraisal/2026-13", "/appraisal/october"):
        assert read_as("wangzihan").open(path).status == 404, path


def test_a_judged_line_says_who_and_why(read_as: ReadAs, month: Appealing) -> None:
    lines = {
        "collaboration": {"score": "90", "reason": "客服的打分记错了人"},
        "knowledge": {"waive": True, "reason": "刚转岗"},
    }
    month.published(lines)
    said = read_as(SUBJECT).open("/appraisal/2026-10").words
    assert "由评分人评 90 分，理由：“客服的打分记错了人”" in said
    assert "免计，理由：“刚转岗”" in said
    assert said.count("陈思齐 11月5日评定。") == 2


def test_a_corrected_result_stands_beside_the_old_one(read_as: ReadAs, month: Appealing) -> None:
    case = month.published()
    month.ruled(month.appealed(case, CLAIM), RULED, "平台补贴 10 月漏计，已补")
    page = read_as(SUBJECT).open("/appraisal/2026-10")
    said = text_of(page)
    assert "原来89.12改为89.72" in said
    assert "平台补贴10月漏计，已补" in said
    assert "销售额达成率更正+0.50" in said
    assert "推广费占比也用到销售额，跟着变+0.10" in said
    assert "原来¥2,673.60改为¥2,691.60" in said
    assert "原来25.3925.89" in said
    assert "裁定更正：漏了¥83,600" in said
    assert "更正前怎么算的¥4,231,800÷¥5,000,000×100=84.64%" in said
    assert "得84.64分，权重30.00%，计入25.39" in said
    assert "销售额达成率，更正，销售额¥4,315,400漏了¥83,600" in said
    with month.store.read() as session:
        assert session.scalars(select(Result.version).order_by(Result.version)).all() == [1, 2]


def test_while_an_appeal_is_open_it_says_where_that_stands(read_as: ReadAs, month: Appealing) -> None:
    appeal = month.appealed(month.published(), CLAIM)
    page = read_as(SUBJECT).open("/appraisal/2026-10")
    assert "今天 10:24提出，现在：调查与裁定。 12月4日 周五" in page.words
    assert "申诉未决，裁定后再发" in page.words
    assert page.link("看申诉的经过，撤回也在那里") == f"/cases/{appeal.case}"
    assert "提出申诉" not in page.words


def test_when_the_window_is_over_it_says_since_when(read_as: ReadAs, month: Appealing) -> None:
    month.published(days=10)
    page = read_as(SUBJECT).open("/appraisal/2026-10")
    assert "申诉期已过，截至 11月17日 周二 18:00。" in page.words
    assert "actions/appeal" not in page.html


def test_below_the_least_score_there_is_no_bonus_and_it_says_why(read_as: ReadAs, month: Appealing) -> None:
    poor = {
        "sales": "1000000",
        "new_customer_sales": "0",
        "uv_prev": "2000000",
        "violations": "9",
        "accepted_proposals_3m": "0",
    }
    marks = dict.fromkeys(("design_mark", "service_mark", "logistics_mark"), "0")
    month.published(figures={**OPERATOR, **poor, **marks})
    page = read_as(SUBJECT).open("/appraisal/2026-10")
    assert "不称职" in page.words
    assert "低于 60 分，没有奖金" in page.words
    assert '<p class="money num">¥0</p>' in page.html


def test_english_says_it_all(read_as: ReadAs, month: Appealing) -> None:
    month.published()
    reader = read_as(SUBJECT)
    reader.press(reader.open("/more"), "English")
    said = reader.open("/appraisal/2026-10").words
    for words in (
        "Result of October 2026", "E-commerce operator, version 1", "0.88 below Excellent", "Where 10.88 points went",
        "You can appeal until", "Thu 26 Nov 18:00", "base ¥3,000 × 89.12 ÷ 100", "Nobody else has read it yet.",
    ):  # fmt: skip
        assert words in said, words


# ---- where figures come from -------------------------------------------------------------------------------------


def test_what_this_system_counted_leads_to_the_cases_that_the_reader_may_see(read_as: ReadAs, month: Appealing) -> None:
    mine, others = month.shop("赵子墨看得到"), month.shop("赵子墨看不到")
    month.measure({name: value for name, value in OPERATOR.items() if name != "late_answers"})
    counted_from = FigureInput(
        Key(month.person(SUBJECT), None, MONTH, "late_answers"), Decimal(1), None,
        {"processes": ["shop_build"], "cases": [mine.case.hex, others.case.hex], "count": 2},
    )  # fmt: skip
    with month.store.write() as session:
        record(session, [counted_from], source=Source.SYSTEM, actor=None, now=NOW - timedelta(days=19))
    case = month.begun()
    month.scored(case)
    month.act("shenyi", case, "approve", timedelta(days=1))
    page = read_as("linxiaolan").open("/cases/" + str(mine.case))
    assert page.status == 200
    own = read_as(SUBJECT).open("/appraisal/2026-10")
    assert "本系统统计，11月1日" in own.words
    assert "赵子墨看不到" not in own.html
    director = read_as("zhoumingyuan").open(f"/appraisal/2026-10/{month.person(SUBJECT)}")
    assert director.link("赵子墨看得到") == f"/cases/{mine.case}"


# ---- others ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["chensiqi", "chenglijun", "shenyi", "guqing"])
def test_a_look_by_those_who_may_is_noted_and_told(read_as: ReadAs, month: Appealing, login: str) -> None:
    case = month.published()
    page = read_as(login).open(f"/appraisal/2026-10/{month.person(SUBJECT)}")
    assert "赵子墨 · 2026年10月考核结果" in page.words
    assert "89.12" in page.words
    assert "提出申诉" not in page.words
    with month.store.read() as session:
        look = session.scalars(select(AccessLog)).one()
        assert (look.person_id, look.what, look.case_id) == (month.person(login), "result", case.case)
    name = {"chensiqi": "陈思齐", "chenglijun": "程立军", "shenyi": "沈怡", "guqing": "顾青"}[login]
    assert f"最近一次查看：{name} 今天 10:24。" in read_as(SUBJECT).open("/appraisal/2026-10").words


def test_ones_own_look_is_nobodys_business(read_as: ReadAs, month: Appealing) -> None:
    month.published()
    read_as(SUBJECT).open("/appraisal/2026-10")
    read_as(SUBJECT).open(f"/appraisal/2026-10/{month.person(SUBJECT)}")
    with month.store.read() as session:
        assert session.scalars(select(AccessLog)).all() == []


@pytest.mark.parametrize("login", ["caoyifan", "linxiaolan", "wangzihan", "luoyong"])
def test_others_are_told_that_there_is_nothing(read_as: ReadAs, month: Appealing, login: str) -> None:
    month.published()
    there = read_as(login).open(f"/appraisal/2026-10/{month.person(SUBJECT)}")
    never = read_as(login).open(f"/appraisal/2026-10/{uuid.uuid4()}")
    assert (there.status, never.status) == (404, 404)
    assert "89.12" not in there.html
    assert there.words.replace(str(month.person(SUBJECT)), "").count("没有这个考核结果") == never.words.count(
        "没有这个考核结果"
    )


def test_an_auditor_says_why_first(read_as: ReadAs, month: Appealing) -> None:
    month.published()
    reader, path = read_as("hanwenbo"), f"/appraisal/2026-10/{month.person(SUBJECT)}"
    asked = reader.open(path)
    assert "查阅事由" in asked.words
    assert "89.12" not in asked.html
    page = reader.press(asked, "开始查阅", {"_comment": "十月抽查"})
    assert page.path == path
    assert "89.12" in page.words
    with month.store.read() as session:
        assert [(look.what, look.reason) for look in session.scalars(select(AccessLog))] == [("result", "十月抽查")]
    assert "查看考核结果" in reader.open("/audit/log").words


# ---- the check code ----------------------------------------------------------------------------------------------


def _code(page: Page) -> str:
    return page.html.split('<b class="code">')[1].split("<")[0]


def _audited(reader: Reader, code: str) -> Page:
    page = reader.open("/audit/result")
    if "查阅事由" in page.words:
        page = reader.press(page, "开始查阅", {"_comment": "核对签字件"})
    answer = reader.client.get("/audit/result", query_string={"code": code})
    return Page(answer, "/audit/result")


def test_a_printed_sheet_is_checked_by_its_code(read_as: ReadAs, month: Appealing) -> None:
    case = month.published()
    first = _code(read_as(SUBJECT).open("/appraisal/2026-10"))
    auditor = read_as("hanwenbo")
    said = _audited(auditor, first).words
    for words in ("与公示时一致，没有被改", "赵子墨", "10 月", "第 1 版，是最新的", "89.12"):
        assert words in said, words
    month.ruled(month.appealed(case, CLAIM), RULED)
    second = _code(read_as(SUBJECT).open("/appraisal/2026-10"))
    assert second != first
    assert "第 1 版，已被第 2 版更正" in _audited(auditor, first.upper().replace("-", "")).words
    assert "第 2 版，是最新的" in _audited(auditor, second).words


@pytest.mark.parametrize(
    ("code", "status", "said"), [("0000-0000", 404, "没有这个核对码"), ("abc", 422, "核对码是 8 位")]
)
def test_a_code_that_is_none_says_so(read_as: ReadAs, month: Appealing, code: str, status: int, said: str) -> None:
    page = _audited(read_as("hanwenbo"), code)
    assert (page.status, said in page.words) == (status, True)
    assert page.value("code") == [code]


# ---- a year ------------------------------------------------------------------------------------------------------


def test_a_year_shows_the_months_it_is_composed_of(read_as: ReadAs, month: Appealing) -> None:
    case = month.published()
    subject = month.person(SUBJECT)
    months = [
        {"month": "2025-11", "score": "80.00", "grade": "good"},
        {"month": "2025-12", "score": "91.5", "grade": "excellent"},
    ]
    detail = {"total": "85.75", "grade": "good", "months": months}
    with month.store.write() as session:
        year = NewResult("year", subject, "2025", case.case, None, Decimal("85.75"), "good", detail, None, None)
        publish(session, year, NOW - timedelta(days=2))
    reader = read_as(SUBJECT)
    page = reader.open(reader.open("/appraisal/2026-10").link("2025 年度"))
    for words in ("2025 年度考核结果", "85.75", "良好", "2 个月得分的平均", "2025年11月", "80.00", "91.50", "优秀"):
        assert words in page.words, words
    assert page.link("2025年12月") == "/appraisal/2025-12"
    assert "与公示时一致" in _audited(read_as("hanwenbo"), _code(page)).words
    assert read_as("chensiqi").open(f"/appraisal/2025/{subject}").status == 200
    assert read_as("caoyifan").open(f"/appraisal/2025/{subject}").status == 404


# ---- cost --------------------------------------------------------------------------------------------------------


def test_a_page_costs_the_same_after_many_months(read_as: ReadAs, month: Appealing) -> None:
    month.published(month="2026-03", days=60)
    reader = read_as(SUBJECT)
    reader.open("/appraisal/2026-03")  # what is read once per process is read now
    with counted(month.store) as one:
        reader.open("/appraisal/2026-03")
    for number in range(4, 9):
        month.published(figures={"sales": "4300000", **_without_held()}, month=f"2026-0{number}", days=60)
    reader.open("/appraisal/2026-08")
    with counted(month.store) as many:
        reader.open("/appraisal/2026-08")
    assert len(many) == len(one) <= 30


def _without_held() -> dict[str, str]:
    held = {"category", "base_bonus", "industry_mean", "new_customers_target", "sales"}
    return {name: value for name, value in OPERATOR.items() if name not in held}
