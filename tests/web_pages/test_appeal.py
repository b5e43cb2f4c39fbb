"""Lines of a result are disputed, withdrawn, investigated and ruled on, in forms that lose nothing and count while one types."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import select

from web_pages.appealing import INVESTIGATOR, OPERATOR, REVIEWER, SCORER, SUBJECT, Appealing
from web_pages.conftest import NOW
from web_pages.reader import Page, ReadAs, Reader
from workflows.appraisal.results.tables import Result
from workflows.db import Database
from workflows.engine.requests import Outcome
from workflows.engine.tables import Case, File

SALES, MARK, MANUAL = "disputed.sales_attainment", "disputed.collaboration", "disputed.knowledge"
DISPUTE = {
    f"{SALES}.on": "1", f"{SALES}.figures.sales": "4,318,600", f"{SALES}.reason": "双店联名券的平台补贴 ¥86,800 没有计入。",
    f"{MARK}.on": "1", f"{MARK}.figures.service_mark": "8.0", f"{MARK}.reason": "那两场活动由市场运营组负责。",
    f"{MANUAL}.on": "1", f"{MANUAL}.figures.published_manuals_6m": "1", f"{MANUAL}.reason": "作者填成了赵子墨以外的人。",
}  # fmt: skip
CLAIM: dict[str, Any] = {
    "sales_attainment": {"figures": {"sales": "4318600"}, "reason": "双店联名券的平台补贴没有计入。"},
    "collaboration": {"figures": {"service_mark": "8.0"}, "reason": "那两场由市场运营组负责。"},
    "knowledge": {"figures": {"published_manuals_6m": "1"}, "reason": "作者填错了。"},
}


@pytest.fixture
def month(store: Database) -> Appealing:
    """The company with scorecards; nothing is appraised yet."""
    return Appealing(store, NOW).opened()


def form(read_as: ReadAs, month: Appealing, login: str = SUBJECT) -> tuple[Reader, Page]:
    """The form of the appeal against a result of yesterday."""
    month.published()
    reader = read_as(login)
    return reader, reader.open(reader.open("/appraisal/2026-10").link("提出申诉"))


def data_of(store: Database, case: uuid.UUID) -> Any:
    with store.read() as session:
        return session.get_one(Case, case).data


def flat(page: Page) -> str:
    return page.words.replace(" ", "")


# ---- disputing ---------------------------------------------------------------------------------------------------


def test_the_form_begins_with_the_lines_that_lost_points(read_as: ReadAs, month: Appealing) -> None:
    _, page = form(read_as, month)
    said = flat(page)
    assert "丢了分的10项" in said
    assert "没有丢分的8项" in said
    assert "一个月的结果只能申诉一次。" in said
    assert "周四18:00前，还有4个工作日" in said
    assert said.index("销售额达成率84.64%，目标≥100%计入25.39/30.00") < said.index("知识沉淀0份")
    assert "客服部门评分上传，沈怡，11月1日7分" in said


def test_a_line_that_does_not_apply_says_why_and_lost_nothing(read_as: ReadAs, month: Appealing) -> None:
    month.published(figures={**OPERATOR, "resources_due": "0", "resources_on_time": "0"})
    reader = read_as(SUBJECT)
    said = flat(reader.open(reader.open("/appraisal/2026-10").link("提出申诉")))
    assert said.index("没有丢分的8项") < said.index("资源到位率本月没有发生（应到位的资源数为0），不计。")


def test_the_server_counts_with_ones_own_figures_and_files_nothing(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    page = reader.press(page, "按我的数重算", DISPUTE)
    said = flat(page)
    assert "原来89.12改为92.82" in said
    for words in (
        "销售额达成率+0.52", "推广费占比也用到销售额，跟着变+0.10", "协作满意度+1.08", "知识沉淀+2.00", "已勾3项",
        "86.37%，得86.37，计入25.91，多0.52。推广费占比也用这个数：16.30%变15.97%，多0.10。",
        "8.17分，得100.00，计入5.00，多1.08。", "提出申诉，3项",
    ):  # fmt: skip
        assert words in said, words
    assert page.value(f"{SALES}.figures.sales") == ["4,318,600"]
    assert "已存草稿" not in said
    with month.store.read() as session:
        assert session.scalars(select(Case.state).where(Case.process == "month")).all() == ["published"]


def test_a_figure_that_cannot_be_is_named_while_counting(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    page = reader.press(
        page, "按我的数重算", {**DISPUTE, f"{MARK}.figures.service_mark": "11", f"{SALES}.figures.sales": "很多"}
    )
    said = flat(page)
    assert "协作满意度·客服部门评分：不能大于10。" in said
    assert "销售额达成率·销售额：" in said
    assert page.value(f"{SALES}.figures.sales") == ["很多"]
    assert "原来89.12改为91.12" in said, "what can be counted is counted"


def test_what_is_filed_is_what_was_ticked(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    half = {"disputed.uv_growth.reason": "写了一半，没有勾"}
    page = reader.press(page, "提出申诉", {**DISPUTE, **half, "in_person": "true", "word": "想当面说明"})
    assert "已提出申诉：赵子墨 2026-10" in page.words
    case = _case(month)
    stored = data_of(month.store, case)
    assert set(stored["disputed"]["lines"]) == {"sales_attainment", "collaboration", "knowledge"}
    assert stored["disputed"]["lines"]["sales_attainment"]["figures"] == {"sales": "4318600"}
    assert (stored["in_person"], stored["word"]) == (True, "想当面说明")
    assert "total" in stored["scorecard"]
    assert stored["scorecard"]["total"] == "89.12", "an appeal never changes the frozen card"


def test_mistakes_come_back_at_their_place_with_everything_typed(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    wrong = {**DISPUTE, f"{SALES}.reason": "", f"{MARK}.figures.service_mark": "11", "word": "一些话"}
    page = reader.press(page, "提出申诉", wrong, {f"{SALES}.files": [("结算单.txt", b"86,800")]})
    assert page.status == 422
    assert 'href="#f-disputed-sales_attainment-reason"' in page.html
    assert 'href="#f-disputed-collaboration-figures-service_mark"' in page.html
    assert 'id="f-disputed-sales_attainment-reason"' in page.html
    assert page.value("word") == ["一些话"]
    assert page.value(f"{MANUAL}.reason") == [DISPUTE[f"{MANUAL}.reason"]]
    assert "结算单.txt" in page.words
    page = reader.press(page, "提出申诉，3 项", {f"{SALES}.reason": "补上了", f"{MARK}.figures.service_mark": "8"})
    assert "已提出申诉" in page.words
    stored = data_of(month.store, _case(month))
    with month.store.read() as session:
        (file,) = session.scalars(select(File)).all()
        assert stored["disputed"]["lines"]["sales_attainment"]["files"] == [str(file.id)]
        assert file.case_id == _case(month)


def test_a_ticked_line_without_a_word_is_not_dropped_in_silence(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    page = reader.press(page, "提出申诉", {f"{SALES}.on": "1"})
    assert page.status == 422
    assert "销售额达成率：请写明理由，或者不勾这一项。" in page.words


def test_nothing_ticked_is_no_appeal(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    page = reader.press(page, "提出申诉", {"word": "都不对"})
    assert page.status == 422
    assert page.value("word") == ["都不对"]


def test_a_file_can_be_taken_out_again(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    page = reader.press(page, "存草稿", DISPUTE, {f"{SALES}.files": [("结算单.txt", b"86,800")]})
    assert "结算单.txt" in page.words
    drop = next(value for f in page.forms for name, value, _ in f.buttons if value.startswith("drop-file:"))
    page = reader.press(page, drop)
    assert "结算单.txt" not in page.words
    assert page.value(f"{SALES}.reason") == [DISPUTE[f"{SALES}.reason"]]


def test_a_draft_is_there_another_day(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    reader.press(page, "存草稿", DISPUTE)
    again = reader.open(reader.open("/appraisal/2026-10").link("提出申诉"))
    assert again.value(f"{MARK}.figures.service_mark") == ["8.0"]
    assert "原来89.12改为92.82" in flat(again)


def test_nobody_appeals_twice_or_for_another(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    path = page.path
    for login in (SCORER, "caoyifan", INVESTIGATOR):
        assert read_as(login).open(path).status in (403, 404)
    reader.press(page, "提出申诉", DISPUTE)
    assert reader.open(path).status == 409
    assert "提出申诉" not in reader.open("/appraisal/2026-10").words


def test_a_second_tab_hears_what_the_first_did_and_shows_what_was_typed(read_as: ReadAs, month: Appealing) -> None:
    reader, page = form(read_as, month)
    reader.press(page, "提出申诉", DISPUTE)
    late = reader.press(page, "提出申诉", DISPUTE)
    assert late.status == 409
    assert "已经“提出申诉”了，这只能做一次" in flat(late)
    assert "作者填成了赵子墨以外的人。" in late.words
    assert "4,318,600" in late.words
    assert page.value("disputed.seen")[0][:40] not in late.html


def test_it_can_be_withdrawn_until_it_is_decided(read_as: ReadAs, month: Appealing) -> None:
    case = month.published()
    appeal = month.appealed(case, CLAIM)
    reader = read_as(SUBJECT)
    page = reader.open(reader.open("/appraisal/2026-10").link("看申诉的经过，撤回也在那里"))
    page = reader.press(reader.open(page.link("撤回申诉")), "撤回申诉")
    assert "已撤回" in page.words
    month.tick()
    said = reader.open("/appraisal/2026-10").words
    assert "现在：已撤回。" in said
    assert "提出申诉" not in said, "once is once"
    with pytest.raises(AssertionError, match="no link"):
        reader.open(f"/cases/{appeal.case}").link("撤回申诉")


# ---- ruling ------------------------------------------------------------------------------------------------------

SALES_R, MARK_R, MANUAL_R = "ruling.sales_attainment", "ruling.collaboration", "ruling.knowledge"
RULING = {
    f"{SALES_R}.verdict": "correct", f"{SALES_R}.figures.sales": "4,315,400", f"{SALES_R}.reason": "漏了 ¥83,600，已补。",
    f"{MARK_R}.verdict": "keep", f"{MARK_R}.reason": "话术晚了 1 天，打分有依据。",
    f"{MANUAL_R}.verdict": "correct", f"{MANUAL_R}.figures.published_manuals_6m": "1", f"{MANUAL_R}.reason": "确实是你写的，计 1 份。",
}  # fmt: skip


def investigation(read_as: ReadAs, month: Appealing, login: str = INVESTIGATOR) -> tuple[Reader, Page, Outcome]:
    """The investigator's form."""
    appeal = month.appealed(month.published(), CLAIM)
    reader = read_as(login)
    return reader, reader.open(f"/tasks/{month.task(appeal)}"), appeal


def test_the_investigator_sees_three_columns_and_no_input_for_marks(read_as: ReadAs, month: Appealing) -> None:
    _, page, _ = investigation(read_as, month)
    said = flat(page)
    assert "裁定：赵子墨2026-10" in said
    assert "你没有评过，也没有复核过这次考核。" in said
    assert "销售额¥4,231,800¥4,318,600" in said
    assert "客服部门评分7分8分7分打分人定" in said
    assert "计入25.3925.9125.39" in said
    assert "“双店联名券的平台补贴没有计入。”" in said
    assert "还差3项：裁定、理由，或更正成多少" in said
    assert "已有的内容" not in said, "the card and what is disputed are what the page is made of"
    offered = page.form("重算").offered
    assert f"{SALES_R}.figures.sales" in offered
    assert not {name for name in offered if name.startswith(f"{MARK_R}.figures") or name == f"{MARK_R}.score"}


def test_it_counts_without_handing_in(read_as: ReadAs, month: Appealing) -> None:
    reader, page, appeal = investigation(read_as, month)
    page = reader.press(page, "重算", RULING)
    said = flat(page)
    for words in (
        "原来89.12改为91.72", "原来良好改为优秀", "原来¥2,673.60改为¥2,751.60", "销售额达成率更正，比本人说的少0.02+0.50",
        "推广费占比也用到销售额，跟着变+0.10", "知识沉淀更正+2.00", "协作满意度维持不变", "裁定：更正2项，维持1项",
        "跟着变的", "原来4.90改为5.00", "客单价环比增长、新客占比、售后成本率：数变了得分不变", "原来25.39改为25.89",
    ):  # fmt: skip
        assert words in said, words
    with month.store.read() as session:
        assert session.get_one(Case, appeal.case).state == "investigating"


def test_a_ruling_becomes_the_next_version_of_the_result(read_as: ReadAs, month: Appealing) -> None:
    reader, page, appeal = investigation(read_as, month)
    page = reader.press(
        page, "rule", {**RULING, "finding": "平台补贴漏计，已补"}, {f"{SALES_R}.files": [("财务核对单.txt", b"1")]}
    )
    assert "已裁定" in page.words
    month.tick()
    with month.store.read() as session:
        found = session.execute(select(Result.version, Result.total, Result.reason).order_by(Result.version)).all()
    assert [(version, str(total), reason) for version, total, reason in found] == [
        (1, "89.12", None),
        (2, "91.72", "平台补贴漏计，已补"),
    ]
    case = read_as(SUBJECT).open(f"/cases/{appeal.case}")
    assert "财务核对单.txt" in case.words
    assert "更正，销售额 ¥4,315,400" in case.words.replace("， ", "，")
    assert "漏了 ¥83,600，已补。" in case.words


def test_a_check_of_what_the_form_itself_fills_in_holds_no_button_back(read_as: ReadAs, month: Appealing) -> None:
    appeal = month.appealed(month.published(), CLAIM, in_person="true")
    reader = read_as(INVESTIGATOR)
    page = reader.open(f"/tasks/{month.task(appeal)}")
    assert "本人想当面说，已经听过" in page.words
    page = reader.press(page, "rule", {**RULING, "finding": "查过了"})
    assert page.status == 422
    assert "本人想当面说，已经听过" in page.words
    assert page.value(f"{SALES_R}.figures.sales") == ["4,315,400"]
    assert "已裁定" in reader.press(page, "rule", {"met_on": "2026-11-20"}).words


def test_a_scoring_without_a_figure_can_be_handed_in_with_a_waiver(read_as: ReadAs, month: Appealing) -> None:
    month.measure({name: value for name, value in OPERATOR.items() if name != "late_answers"})
    case = month.begun()
    reader = read_as(SCORER)
    page = reader.open(f"/tasks/{month.task(case)}")
    waived = {
        "judgement.activity_response.waive": "1",
        "judgement.activity_response.reason": "平台没有给数",
        "comment": "不错",
    }
    assert "已提交" in reader.press(page, "submit", waived).words
    assert data_of(month.store, case.case)["scorecard"]["total"] == "89.02"


def test_upheld_lines_leave_the_result_as_it_is(read_as: ReadAs, month: Appealing) -> None:
    reader, page, _ = investigation(read_as, month)
    keep = {f"ruling.{key}.verdict": "keep" for key in CLAIM} | {f"ruling.{key}.reason": "有依据" for key in CLAIM}
    reader.press(page, "rule", {**keep, "finding": "查过了，都有依据"})
    month.tick()
    with month.store.read() as session:
        assert session.scalars(select(Result.version)).all() == [1]
    said = read_as(SUBJECT).open("/appraisal/2026-10").words
    assert "现在：维持原分。" in said
    assert "有依据" in said


@pytest.mark.parametrize(
    ("typed", "place", "said"),
    [
        ({f"{SALES_R}.verdict": ""}, "sales_attainment-verdict", "请选维持或更正"),
        ({f"{SALES_R}.reason": " "}, "sales_attainment-reason", "请写明理由"),
        ({f"{SALES_R}.figures.sales": "-1"}, "sales_attainment-figures-sales", "不能小于 0"),
        ({f"{SALES_R}.figures.sales": ""}, "sales_attainment-verdict", "更正成多少"),
        ({f"{SALES_R}.verdict": "keep"}, "sales_attainment-verdict", "维持的项不要填数或分"),
        ({f"{SALES_R}.score": "130"}, "sales_attainment-score", "120"),
    ],
)
def test_a_ruling_with_a_mistake_comes_back_whole(
    read_as: ReadAs, month: Appealing, typed: dict[str, str], place: str, said: str
) -> None:
    reader, page, _ = investigation(read_as, month)
    page = reader.press(page, "rule", {**RULING, "finding": "查过了", **typed})
    assert page.status == 422
    assert f'href="#f-ruling-{place}"' in page.html
    assert f'id="f-ruling-{place}"' in page.html
    assert said in page.words
    assert page.value("finding") == ["查过了"]
    assert page.value(f"{MANUAL_R}.reason") == [RULING[f"{MANUAL_R}.reason"]]


@pytest.mark.parametrize("login", [SCORER, REVIEWER, SUBJECT, "linxiaolan", "hanwenbo"])
def test_who_scored_reviewed_or_is_meant_gets_no_form(read_as: ReadAs, month: Appealing, login: str) -> None:
    appeal = month.appealed(month.published(), CLAIM)
    answer = read_as(login).client.get(f"/tasks/{month.task(appeal)}", follow_redirects=True)
    assert b'name="ruling.sales_attainment.verdict"' not in answer.data


# ---- in cases ----------------------------------------------------------------------------------------------------


def test_a_case_shows_the_card_and_what_was_said_of_it(read_as: ReadAs, month: Appealing) -> None:
    case = month.published({"collaboration": {"score": "90", "reason": "记错了人"}})
    page = read_as(SUBJECT).open(f"/cases/{case.case}")
    said = flat(page)
    assert "评分表89.70良好逐项看" in said
    assert "¥4,231,800÷¥5,000,000×100=84.64%" in said
    assert "协作满意度，得90分记错了人" in said
    assert "{'" not in page.html


def test_a_card_without_all_its_figures_shows_no_total(read_as: ReadAs, month: Appealing) -> None:
    month.measure({name: value for name, value in OPERATOR.items() if name != "late_answers"})
    case = month.begun()
    page = read_as(SCORER).open(f"/tasks/{month.task(case)}")
    said = flat(page)
    assert "缺数据，还没有总分" in said
    assert "平台活动响应时效缺数据" in said
    assert "缺数据：平台活动超时响应次数。" in said


def test_the_history_tells_which_part_of_a_judgement_changed(read_as: ReadAs, month: Appealing) -> None:
    month.measure()
    case = month.begun()
    month.scored(case, {"collaboration": {"score": "90", "reason": "记错了人"}}, days=10)
    month.act(REVIEWER, case, "send_back", reason="理由不够")
    month.scored(case, {"collaboration": {"score": "85", "reason": "记错了人"}}, days=0)
    page = read_as(REVIEWER).open(f"/cases/{case.case}/history/5")
    said = flat(page)
    assert "逐项评定·协作满意度·得分原来9085" in said.replace("→", "").replace("改为", "")
    assert "评分表·总分原来89.70" in said


def _case(month: Appealing) -> uuid.UUID:
    with month.store.read() as session:
        return session.scalars(select(Case.id).where(Case.process == "month")).one()
