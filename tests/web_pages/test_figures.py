"""考核数据 in the browser: what a month lacks, uploads with their preview, corrections with their past, and who may do what."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from web_pages.conftest import NOW
from web_pages.looking import Look
from web_pages.reader import Page, ReadAs, Reader
from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.cards.store import scorecards_folder
from workflows.appraisal.figures.store import FigureInput, Key, record
from workflows.appraisal.figures.tables import FigureBatch, FigureValue, Source
from workflows.appraisal.results.writing import NewResult, publish
from workflows.db import Database
from workflows.engine.requests import StartRequest
from workflows.engine.tables import AccessLog, File
from workflows.http import services
from workflows.org.tables import Person

MONTH = "2026-10"
HEAD = "person,period,sales,uv\n"


@pytest.fixture(autouse=True)
def cards(store: Database) -> None:
    """The project's scorecards, published before the month."""
    files = texts_of(sorted(scorecards_folder().glob("*.yaml")))
    with store.write() as session:
        publish_cards(session, files, "scorecards", NOW.date(), NOW - timedelta(days=60))


@pytest.fixture
def hr(read_as: ReadAs) -> Reader:
    return read_as("shenyi")


def person(store: Database, login: str) -> uuid.UUID:
    with store.read() as session:
        return session.scalars(select(Person.id).where(Person.login == login)).one()


def enter(store: Database, login: str, name: str, value: str, month: str = MONTH) -> None:
    one = FigureInput(Key(person(store, login), None, month, name), Decimal(value))
    with store.write() as session:
        record(session, [one], source=Source.UPLOAD, actor=person(store, "guqing"), now=NOW - timedelta(days=2))


def values(store: Database, login: str, name: str) -> list[tuple[str | None, str | None]]:
    """Every value of a figure with its reason, oldest first."""
    chosen = select(FigureValue).where(FigureValue.person_id == person(store, login), FigureValue.name == name)
    with store.read() as session:
        rows = session.scalars(chosen.order_by(FigureValue.entered_at, FigureValue.id))
        return [(None if row.value is None else format(row.value, "f"), row.reason) for row in rows]


def upload(hr: Reader, text: str, name: str = "十月.csv") -> Page:
    page = hr.open(f"/figures/upload?month={MONTH}")
    return hr.press(page, "看会改什么", files={"files": [(name, text.encode())]})


def page_of(reader: Reader, store: Database, login: str) -> Page:
    return reader.open(f"/figures/people/{person(store, login)}?month={MONTH}")


# -- completeness -----------------------------------------------------------------------------------------------------


def test_a_month_says_what_is_missing_for_whom_and_who_owes_it(hr: Reader, store: Database) -> None:
    page = hr.open(f"/figures?month={MONTH}")
    assert "10 月考核数据" in page.words
    assert "26 人， 0 人齐了， 26 人还缺数据。" in page.words
    assert "考核目标确认" in page.words
    position = hr.open("/figures/positions/ecommerce_operator?month=2026-10")
    assert "曹亦凡 销售额 等每日数据与日报" in position.words
    person_page = page_of(hr, store, "caoyifan")
    assert "销售额目标 元 缺 考核目标确认" in person_page.words


def test_without_a_month_it_is_the_last_one(hr: Reader) -> None:
    assert "10 月考核数据" in hr.open("/figures").words
    assert hr.open("/figures?month=2026-12").status == 422
    assert hr.open("/figures?month=october").status == 422


def test_what_was_entered_is_missing_no_longer(hr: Reader, store: Database) -> None:
    before = hr.open("/figures/positions/ecommerce_operator?month=2026-10").words
    enter(store, "caoyifan", "sales", "482300.50")
    enter(store, "zhaozimo", "sales", "482300.50")
    after = hr.open("/figures/positions/ecommerce_operator?month=2026-10").words
    assert ("销售额 等每日数据与日报" in before, "销售额 等每日数据与日报" in after) == (True, False)


def test_a_manager_sees_the_people_below_and_changes_nothing(read_as: ReadAs, store: Database) -> None:
    enter(store, "wangzihan", "pages_planned", "12")
    manager = read_as("linxiaolan")
    overview = manager.open(f"/figures?month={MONTH}")
    assert "运营专员" in overview.words
    assert "客服专员" not in overview.words
    page = page_of(manager, store, "wangzihan")
    assert "计划的页面优化数 个 12" in page.words
    assert page.forms == [form for form in page.forms if "/figures" not in form.action]
    assert page_of(manager, store, "dengkai").status == 404
    assert page_of(manager, store, "linxiaolan").status == 404
    assert manager.open("/figures/upload").status == 403
    assert manager.open("/figures/template/operations_specialist?month=2026-10").status == 403


def test_an_employee_sees_no_figures_here(read_as: ReadAs, store: Database) -> None:
    assert page_of(read_as("wangzihan"), store, "wangzihan").status == 403
    assert read_as("wangzihan").open("/figures").status == 403


def test_reading_another_s_figures_is_noted(read_as: ReadAs, store: Database) -> None:
    page_of(read_as("linxiaolan"), store, "wangzihan")
    page_of(read_as("linxiaolan"), store, "dengkai")
    read_as("shenyi").client.get("/figures/template/ecommerce_operator?month=2026-10")
    with store.read() as session:
        noted = session.scalars(select(AccessLog).where(AccessLog.what == "figures")).all()
    assert {(row.person_id, row.reason) for row in noted} == {
        (person(store, "linxiaolan"), "wangzihan 2026-10"), (person(store, "shenyi"), "ecommerce_operator 2026-10"),
    }  # fmt: skip


def test_an_auditor_says_why_first_and_every_look_is_noted(read_as: ReadAs, store: Database) -> None:
    auditor = read_as("hanwenbo")
    enter(store, "wangzihan", "pages_planned", "12")
    asked = page_of(auditor, store, "wangzihan")
    assert "计划的页面优化数" not in asked.words
    assert "各岗位" not in auditor.open(f"/figures?month={MONTH}").words
    shown = auditor.press(asked, "开始查阅", {"_comment": "抽查十月数据"})
    assert "计划的页面优化数 个 12" in shown.words
    assert "各岗位" in auditor.open(f"/figures?month={MONTH}").words
    with store.read() as session:
        noted = session.scalars(
            select(AccessLog.reason).where(AccessLog.what == "figures").order_by(AccessLog.id)
        ).all()
    assert noted == ["wangzihan 2026-10 · 抽查十月数据", "2026-10 · 抽查十月数据"]


# -- upload -----------------------------------------------------------------------------------------------------------


def test_an_upload_is_looked_at_first_and_then_taken(hr: Reader, store: Database) -> None:
    page = upload(hr, HEAD + "caoyifan,2026-10,482300.50,12000\nzhaozimo,2026-10,510000,\n")
    assert "10 月，2 人：新增 3 项，更改 0 项，0 项没有变化。" in page.words
    assert values(store, "caoyifan", "sales") == []
    done = hr.press(page, "导入 3 项")
    assert "已导入 十月.csv：新增 3 项，更改 0 项。" in done.words
    assert done.path == "/figures"
    assert values(store, "caoyifan", "sales") == [("482300.50", None)]
    with store.read() as session:
        batch = session.scalars(select(FigureBatch)).one()
    assert (batch.file, batch.rows, batch.uploaded_by) == ("十月.csv", 2, person(store, "shenyi"))
    assert "十月.csv" in done.words


def test_a_change_needs_a_reason_and_shows_both_values(hr: Reader, store: Database) -> None:
    enter(store, "caoyifan", "sales", "482300.50")
    page = upload(hr, HEAD + "caoyifan,2026-10,500000,12000\n")
    assert "曹亦凡 10 月 销售额 482,300.50 500,000" in page.words
    refused = hr.press(page, "导入 2 项")
    assert refused.status == 422
    assert "有 1 项数据与已有的不同，请写明更改的理由。" in refused.words
    assert values(store, "caoyifan", "uv") == []
    done = hr.press(refused, "导入 2 项", {"reason": "财务月结后更新"})
    assert done.status == 200
    assert values(store, "caoyifan", "sales") == [("482300.50", None), ("500000", "财务月结后更新")]


def test_a_base_that_holds_is_shown_with_what_replaces_it_and_needs_a_reason(hr: Reader, store: Database) -> None:
    enter(store, "caoyifan", "base_bonus", "3900", "2026-09")
    page = upload(hr, "person,period,base_bonus,sales\ncaoyifan,2026-10,99999,7\n")
    assert "曹亦凡 10 月 奖金基数 3,900 99,999" in page.words
    assert "会新增的" in page.words
    assert "曹亦凡 10 月 销售额 7" in page.words
    assert hr.press(page, "导入 2 项").status == 422
    refused = hr.press(page_of(hr, store, "caoyifan"), "保存", {"value.base_bonus": "99999"})
    assert refused.status == 422
    assert values(store, "caoyifan", "base_bonus") == [("3900", None)]


def test_what_is_wrong_stands_with_row_and_column_and_nothing_is_kept(hr: Reader, store: Database) -> None:
    page = upload(hr, HEAD + "caoyifan,2026-10,12%,1\nnobody,2026-10,5,1\nshenyi,2026-10,5,1\n")
    assert page.status == 422
    assert "有 3 处要改，什么都没有导入" in page.words
    assert "十月.csv 第 2 行 “sales”列 “12%”的单位不对：“销售额”按元填。" in page.words
    assert "十月.csv 第 3 行 “person”列 没有“nobody”这个人。" in page.words
    assert "自己的数据由别人录入。" in page.words
    with store.read() as session:
        assert session.scalars(select(File).where(File.name == "十月.csv")).all() == []


def test_faults_are_told_in_the_reader_s_language(hr: Reader) -> None:
    page = hr.open("/more")
    hr.press(page, "English")
    page = hr.open(f"/figures/upload?month={MONTH}")
    page = hr.press(page, "Show what would change", files={"files": [("a.csv", b"person,period,salse\nx,2026-10,1\n")]})
    assert 'There is no figure called "salse". Did you mean sales?' in page.words.replace("&#34;", '"')


def test_no_file_no_figures(hr: Reader) -> None:
    page = hr.open("/figures/upload")
    assert "还没有选文件。" in hr.press(page, "看会改什么").words


def test_somebody_else_s_file_cannot_be_imported(hr: Reader, read_as: ReadAs, store: Database) -> None:
    mine = upload(hr, HEAD + "caoyifan,2026-10,1,1\n")
    address, data = hr.filled(mine, "导入 2 项")
    other = read_as("guqing")
    token = other.open("/figures/upload").value("csrf_token")[0]
    data["csrf_token"] = token
    refused = other.send(address, data)
    assert refused.status in (404, 422)
    assert values(store, "caoyifan", "sales") == []


def test_a_template_comes_filled_in_and_goes_back_unchanged(hr: Reader, store: Database) -> None:
    enter(store, "caoyifan", "sales", "482300.5")
    answer = hr.client.get("/figures/template/ecommerce_operator?month=2026-10")
    assert answer.headers["Content-Disposition"].endswith("ecommerce_operator-2026-10.xlsx")
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    heads = [str(cell.value).split("\n")[-1] for cell in sheet[1]]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert set(rows) == {"caoyifan", "zhaozimo"}
    assert rows["caoyifan"][heads.index("sales")] == 482300.5
    page = hr.open(f"/figures/upload?month={MONTH}")
    page = hr.press(page, "看会改什么", files={"files": [("t.xlsx", answer.data)]})
    assert "这些数据系统里都有，没有要改的。" in page.words


# -- one person -------------------------------------------------------------------------------------------------------


def test_a_missing_figure_is_entered_and_a_known_one_corrected(hr: Reader, store: Database) -> None:
    enter(store, "caoyifan", "sales", "482300.50")
    page = page_of(hr, store, "caoyifan")
    refused = hr.press(page, "保存", {"value.sales": "500000", "value.uv": "12000"})
    assert refused.status == 422
    assert refused.value("value.sales") == ["500000"]
    assert "更改的理由： 有 1 项数据与已有的不同，请写明更改的理由。" in refused.words.replace("：", "： ").replace(
        "：  ", "： "
    )
    done = hr.press(refused, "保存", {"reason": "补记一笔退款"})
    assert "曹亦凡：已保存 2 项数据。" in done.words
    assert values(store, "caoyifan", "sales") == [("482300.50", None), ("500000", "补记一笔退款")]
    assert "改过 1 次" in done.words
    assert "改的理由：补记一笔退款" in done.words


def test_an_emptied_field_takes_the_figure_back(hr: Reader, store: Database) -> None:
    enter(store, "caoyifan", "sales", "482300.50")
    page = page_of(hr, store, "caoyifan")
    hr.press(page, "保存", {"value.sales": "", "reason": "是赵子墨的"})
    assert values(store, "caoyifan", "sales") == [("482300.50", None), (None, "是赵子墨的")]


def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(hr: Reader, store: Database) -> None:
    page = page_of(hr, store, "caoyifan")
    refused = hr.press(page, "保存", {"value.sales": "¥12%", "value.uv": "1.5", "value.pv": "100"})
    assert refused.status == 422
    assert "访客数 UV：应为整数。" in refused.words
    assert refused.value("value.pv") == ["100"]
    assert values(store, "caoyifan", "pv") == []


def test_nobody_types_over_what_somebody_has_just_changed(hr: Reader, read_as: ReadAs, store: Database) -> None:
    enter(store, "caoyifan", "sales", "1")
    colleague = read_as("guqing")
    mine, theirs = page_of(hr, store, "caoyifan"), page_of(colleague, store, "caoyifan")
    colleague.press(theirs, "保存", {"value.sales": "2", "reason": "更正"})
    refused = hr.press(mine, "保存", {"value.sales": "3", "reason": "也更正"})
    assert refused.status == 422
    assert "这一项刚被改成“2”，请看过再改。" in refused.words
    untouched = hr.press(mine, "保存", {"value.uv": "7"})
    assert untouched.status == 200
    assert [value for value, _ in values(store, "caoyifan", "sales")] == ["1", "2"]


def test_a_figure_that_the_system_counts_is_corrected_with_a_reason(hr: Reader, store: Database) -> None:
    hr.press(hr.open("/figures?month=2026-11"), "重新统计")
    assert values(store, "wangzihan", "listings_due") == [("0", None)]
    who = person(store, "wangzihan")
    page = hr.open(f"/figures/people/{who}?month=2026-11")
    assert "本系统统计" in page.words
    hr.press(page, "保存", {"value.listings_due": "2", "reason": "两件在旧系统里"})
    hr.press(hr.open("/figures?month=2026-11"), "重新统计")
    assert values(store, "wangzihan", "listings_due") == [("0", None), ("2", "两件在旧系统里")]


def test_a_published_month_stays_as_it_is(hr: Reader, store: Database, site: Flask) -> None:
    enter(store, "caoyifan", "sales", "1")
    before = page_of(hr, store, "caoyifan")
    who = person(store, "caoyifan")
    with store.write() as session:
        started = services(site).engine.start(
            session,
            StartRequest(uuid.uuid4(), person(store, "linxiaolan"), "shop_build",
                         {"shop": "一", "positioning": "二", "style": "三"}), NOW,
        )  # fmt: skip
        publish(session, NewResult("month", who, MONTH, started.case, None, Decimal("90.00"), "good", {}), NOW)
    page = page_of(hr, store, "caoyifan")
    assert "10 月的结果已公示，数据不再改动；有出入走申诉。" in page.words
    assert "缺" not in page.words.replace("缺数据", "")
    assert "26 人， 1 人齐了， 25 人还缺数据。" in hr.open(f"/figures?month={MONTH}").words
    refused = hr.press(before, "保存", {"value.sales": "2", "reason": "更正"})
    assert refused.status == 422
    assert "2026-10 的考核结果已公示，数据不能再改；有出入请走申诉。" in refused.words
    assert values(store, "caoyifan", "sales") == [("1", None)]


# -- looks ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def addresses(store: Database) -> dict[str, str]:
    enter(store, "caoyifan", "sales", "482300.50")
    enter(store, "caoyifan", "uv", "12000")
    return {
        "overview": f"/figures?month={MONTH}",
        "position": f"/figures/positions/customer_service_agent?month={MONTH}",
        "person": f"/figures/people/{person(store, 'caoyifan')}?month={MONTH}",
        "upload": f"/figures/upload?month={MONTH}",
    }


def test_every_page_stands_on_every_screen_in_both_languages(look: Look, addresses: dict[str, str]) -> None:
    pages = {"shenyi": addresses}
    wrong = look.wrong_on(pages) + look.sideways_in_english(pages)
    assert wrong == [], "\n".join(wrong)
