"""Files of figures: what is understood, what is refused and where, and that all of it is taken or nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from appraisal.figures.desk import CATALOGUE, MONTH, Desk
from appraisal.figures.sheets import File, csv_file, workbook
from engine.office import PEOPLE, counted
from workflows.appraisal.figures.intake.applying import FigurePreview, import_figures, preview_figures
from workflows.appraisal.figures.intake.reading import read_figures
from workflows.appraisal.figures.intake.standards import Standards
from workflows.appraisal.figures.store import Recorded
from workflows.appraisal.figures.tables import FigureBatch, Source
from workflows.errors import InvalidInput, RejectedImport

HEAD = "person|period|sales"


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """What a cell means does not depend on the database."""
    return request.getfixturevalue(f"{request.param}_url")


def standards(desk: Desk, by_hand: bool = False) -> Standards:
    counted = {"2026-10": ["accepted_proposals"]}
    return Standards(
        desk.organisation, CATALOGUE, lambda month: counted.get(month, ()), date(2026, 11, 16), desk.id("hr"), by_hand
    )


def preview(desk: Desk, *files: File) -> FigurePreview:
    with desk.database.read() as session:
        return preview_figures(session, files, standards(desk))


def take(desk: Desk, *files: File, reason: str | None = None) -> Recorded:
    with desk.database.write() as session:
        return import_figures(session, files, standards(desk), actor=desk.id("hr"), now=desk.office.now, reason=reason)


def faults(desk: Desk, *files: File) -> list[str]:
    return [fault.sentence.zh for fault in preview(desk, *files).faults]


# -- what is understood -----------------------------------------------------------------------------------------------


def test_a_row_per_person_and_a_row_per_figure_say_the_same(desk: Desk) -> None:
    wide = csv_file("person|period|sales|uv|category", "wang|2026-10|4231800.00|12000|服装", "zhang|2026-10||7|3c")
    long = csv_file(
        "person|period|figure|value", "wang|2026-10|sales|4231800.00", "wang|2026-10|uv|12000", "wang|2026-10|category|apparel",
        "zhang|2026-10|uv|7", "zhang|2026-10|category|3C", "zhang|2026-10|sales|",
    )  # fmt: skip
    assert take(desk, wide) == Recorded(5, 0, 0)
    assert take(desk, long) == Recorded(0, 0, 5)
    assert desk.value("wang", "sales") == "4231800.00"
    assert desk.value("zhang", "sales") is None


@pytest.mark.parametrize("who", ["wang", "WANG", "王梓涵", "wang@example.com", "A0017", "a0017"])
def test_a_person_is_known_by_account_name_mail_and_number(desk: Desk, who: str) -> None:
    desk.change_person("wang", email="wang@example.com", staff_number="A0017")
    take(desk, csv_file(HEAD, f"{who}|2026-10|5"))
    assert desk.value("wang", "sales") == "5"


@pytest.mark.parametrize(
    "heading", ["sales", "SALES", "数据 sales", "数据 sales（元）", "Figure sales", '"数据 sales（元）\nsales"']
)
def test_a_figure_is_known_by_name_and_title(desk: Desk, heading: str) -> None:
    name, data = "a.csv", f"人员,月份,{heading}\nwang,2026-10,5\n".encode()
    take(desk, (name, data))
    assert desk.value("wang", "sales") == "5"


@pytest.mark.parametrize("month", ["2026-10", "2026/10", "2026年10月", "2026-10-01", "2026/10/1", "２０２６-１０"])
def test_a_month_as_people_and_excel_write_it(desk: Desk, month: str) -> None:
    take(desk, csv_file(HEAD, f"wang|{month}|5"))
    assert desk.value("wang", "sales") == "5"


@pytest.mark.parametrize(
    ("figure", "cell", "value"),
    [
        ("sales", "1,234,567.50", "1234567.50"), ("sales", "¥1,000", "1000"), ("sales", "１２．５", "12.5"), ("sales", "88 元", "88"),
        ("profit_target", "−3", "-3"), ("industry_mean", "3.5%", "3.5"), ("industry_mean", "3.5", "3.5"), ("sales", "-0", "0"),
        ("answer_hours", "2.5 小时", "2.5"), ("answer_hours", "2h", "2"), ("uv", "12.0", "12.0"), ("sales", "1E+3", "1000"),
        ("sales", "0.000000000000001", "0.000000000000001"),
    ],
)  # fmt: skip
def test_a_number_is_taken_digit_by_digit(desk: Desk, figure: str, cell: str, value: str) -> None:
    take(desk, csv_file(f"person|period|{figure}", f"wang|2026-10|{cell}"))
    assert desk.value("wang", figure) == value


def test_what_excel_calculates_with_is_taken_as_it_is_shown(desk: Desk) -> None:
    take(desk, workbook(["person", "period", "sales", "uv"], ["wang", date(2026, 10, 1), 79.95, 12]))
    assert (desk.value("wang", "sales"), desk.value("wang", "uv")) == ("79.95", "12")


def test_units_and_the_company_have_figures_too(desk: Desk) -> None:
    take(desk, csv_file("unit|period|sales", "运营部|2026-10|7"), csv_file(HEAD, "全公司|2026-10|3", name="b.csv"))
    assert (desk.value("wang", "sales"), desk.value("hr", "sales")) == ("7", "3")


def test_a_file_from_a_chinese_windows(desk: Desk) -> None:
    take(desk, csv_file("姓名|月份|数据 sales", "王梓涵|2026年10月|5", encoding="gb18030"))
    assert desk.value("wang", "sales") == "5"


# -- what it would change ---------------------------------------------------------------------------------------------


def test_the_preview_says_what_is_new_changed_and_as_it_was(desk: Desk) -> None:
    desk.enter("wang", "sales", "100")
    desk.enter("zhang", "sales", "200")
    found = preview(desk, csv_file(HEAD, "wang|2026-10|120", "zhang|2026-10|200", "sun|2026-10|300"))
    assert [(c.key.person, c.before, c.after, c.source) for c in found.changed] == [
        (desk.id("wang"), Decimal(100), Decimal(120), "upload")
    ]
    assert [(c.key.person, c.after) for c in found.new] == [(desk.id("sun"), Decimal(300))]
    assert (found.unchanged, found.rows, found.faults) == (1, 3, ())
    assert desk.value("wang", "sales") == "100"


def test_what_holds_anyway_is_nothing_new(desk: Desk) -> None:
    """A template shows what a unit or an earlier month gives: handed back it makes no copies."""
    desk.enter("unit:operations", "sales", "7")
    desk.enter("wang", "base_bonus", "3000", "2026-01")
    desk.enter("wang", "sales", "6", "2026-09")
    desk.enter_text("unit:operations", "category", "apparel", "2026-01")
    file = csv_file("person|period|sales|sales_prev|base_bonus|category", "wang|2026-10|7|6|3000|apparel")
    assert take(desk, file) == Recorded(0, 0, 4)
    assert len(desk.rows("sales")) == 2


def test_changing_what_is_there_needs_a_reason_for_the_file(desk: Desk) -> None:
    desk.enter("wang", "sales", "100")
    file = csv_file(HEAD, "wang|2026-10|120", "zhang|2026-10|5")
    with pytest.raises(InvalidInput) as refused:
        take(desk, file)
    assert refused.value.zh == "有 1 项数据与已有的不同，请写明更改的理由。"
    assert desk.value("zhang", "sales") is None
    assert take(desk, file, reason="财务月结后更新") == Recorded(1, 1, 0)
    assert [row.reason for row in desk.rows("sales")] == [None, "财务月结后更新", None]


def test_what_takes_the_place_of_a_value_that_holds_is_a_change(desk: Desk) -> None:
    desk.enter("wang", "base_bonus", "3900", "2026-01")
    file = csv_file("person|period|base_bonus", "wang|2026-10|99999")
    found = preview(desk, file)
    assert [(change.before, change.after) for change in found.changed] == [(Decimal(3900), Decimal(99999))]
    with pytest.raises(InvalidInput, match="say why"):
        take(desk, file)
    assert take(desk, file, reason="转正调薪") == Recorded(0, 1, 0)
    assert (desk.value("wang", "base_bonus", "2026-09"), desk.value("wang", "base_bonus")) == ("3900", "99999")
    assert desk.rows("base_bonus")[-1].reason == "转正调薪"


def test_the_upload_itself_is_noted(desk: Desk) -> None:
    name, data = csv_file(HEAD, "wang|2026-10|120", "zhang|2026-10|5")
    take(desk, (name, data))
    with desk.database.read() as session:
        batch = session.scalars(select(FigureBatch)).one()
    assert (batch.file, batch.rows, batch.uploaded_by) == ("十月.csv", 2, desk.id("hr"))
    assert batch.digest == hashlib.sha256(data).hexdigest()
    assert {row.batch_id for row in desk.rows("sales")} == {batch.id}


# -- what is refused --------------------------------------------------------------------------------------------------


def test_all_or_nothing(desk: Desk) -> None:
    with pytest.raises(RejectedImport) as refused:
        take(desk, csv_file(HEAD, "wang|2026-10|120", "nobody|2026-10|5"))
    assert refused.value.rows[0][:2] == (3, "person")
    assert desk.rows("sales") == []


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (("person|period|salse", "wang|2026-10|5"), "十月.csv 第 1 行 “salse”列：没有名为“salse”的数据。是否指 sales？"),
        (("person|period|figure|value", "wang|2026-10|salse|5"), "十月.csv 第 2 行 “value”列：没有名为“salse”的数据。是否指 sales？"),
        ((HEAD, "wangg|2026-10|5"), "十月.csv 第 2 行 “person”列：没有“wangg”这个人。最接近的是 wang。"),
        ((HEAD, "|2026-10|5"), "十月.csv 第 2 行 “person”列：没有写是谁的。"),
        ((HEAD, "wang|2026-13|5"), "十月.csv 第 2 行 “period”列：“2026-13”不是月份，请写成 2026-10。"),
        ((HEAD, "wang|2026-10-15|5"), "十月.csv 第 2 行 “period”列：“2026-10-15”不是月份，请写成 2026-10。"),
        ((HEAD, "wang|2026-12|5"), "十月.csv 第 2 行 “period”列：2026-12 还没有到。"),
        ((HEAD, "wang|2026-10|12%"), "十月.csv 第 2 行 “sales”列：“12%”的单位不对：“数据 sales”按元填。"),
        (("person|period|uv", "wang|2026-10|¥12"), "十月.csv 第 2 行 “uv”列：“¥12”的单位不对：“数据 uv”按个填。"),
        ((HEAD, "wang|2026-10|423万"), "十月.csv 第 2 行 “sales”列：“423万”请写全，不用“万”（10,000）。"),
        ((HEAD, "wang|2026-10|很多"), "十月.csv 第 2 行 “sales”列：“很多”不是数字。"),
        ((HEAD, "wang|2026-10|1,23"), "十月.csv 第 2 行 “sales”列：“1,23”里的逗号位置不对。"),
        ((HEAD, "wang|2026-10|1e99"), "十月.csv 第 2 行 “sales”列：整数部分最多 15 位。"),
        ((HEAD, "wang|2026-10|1e-99"), "十月.csv 第 2 行 “sales”列：最多 15 位小数。"),
        ((HEAD, "wang|2026-10|-5"), "十月.csv 第 2 行 “sales”列：不能小于 0。"),
        (("person|period|uv", "wang|2026-10|1.5"), "十月.csv 第 2 行 “uv”列：应为整数。"),
        (("person|period|design_mark", "wang|2026-10|11"), "十月.csv 第 2 行 “design_mark”列：不能大于 10。"),
        ((HEAD, "wang|2026-10|5", "王梓涵|2026-10|6"), "十月.csv 第 3 行 “sales”列：与第 2 行重复。"),
        (("person|period|sales|sales", "wang|2026-10|5|6"), "十月.csv 第 1 行 “sales”列：这一列出现了两次。"),
        (("person|sales", "wang|5"), "十月.csv 第 1 行：缺“月份”列（period）。"),
        (("period|sales", "2026-10|5"), "十月.csv 第 1 行：缺“人员”列（person）。"),
        ((HEAD, "wang|2026-10|5|9"), "十月.csv 第 2 行：有内容不在任何列名之下。"),
        (("person|period|accepted_proposals", "wang|2026-10|5"), "十月.csv 第 2 行 “accepted_proposals”列：“数据 accepted_proposals”由系统自己统计，不能导入；统计有误时由人力资源写明理由更正。"),
        (("person|period|category", "wang|2026-10|家电"), "十月.csv 第 2 行 “category”列：“品类”没有“家电”这个取值；可以写：服装、3C。"),
        (("person|period|new_customer_sales|sales", "wang|2026-10|6|5"), "十月.csv 第 2 行 “new_customer_sales”列：是“数据 sales”（5）的一部分，不能比它大。"),
        ((HEAD,), "十月.csv：文件里没有数据。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(desk: Desk, rows: tuple[str, ...], sentence: str) -> None:
    found = faults(desk, csv_file(*rows))
    assert [one.strip("：") for one in found] == [sentence]


def test_a_part_is_held_against_a_whole_that_is_stored_and_the_other_way_round(desk: Desk) -> None:
    desk.enter("wang", "sales", "5")
    assert len(faults(desk, csv_file("person|period|new_customer_sales", "wang|2026-10|6"))) == 1
    desk.enter("zhang", "new_customer_sales", "6")
    assert "一部分" in faults(desk, csv_file(HEAD, "zhang|2026-10|5"))[0]
    assert faults(desk, csv_file(HEAD, "zhang|2026-10|6")) == []


def test_the_name_beside_an_account_has_to_be_its_owner_s(desk: Desk) -> None:
    assert faults(desk, csv_file("账号|姓名|月份|sales", "wang|张雨薇|2026-10|5")) == [
        "十月.csv 第 2 行 “账号”列：账号 wang 是王梓涵，不是张雨薇。"
    ]
    assert faults(desk, csv_file("账号|姓名|月份|sales", "wang|王梓涵|2026-10|5")) == []


def test_two_of_one_name_are_told_apart_by_account(desk: Desk) -> None:
    desk.change_person("zhang", name="王梓涵")
    assert "请写账号：wang、zhang。" in faults(desk, csv_file(HEAD, "王梓涵|2026-10|5"))[0]
    desk.change_person("zhang", active=False, left_on=date(2026, 9, 1))
    assert faults(desk, csv_file(HEAD, "王梓涵|2026-10|5")) == []


def test_a_figure_for_somebody_who_was_not_there(desk: Desk) -> None:
    desk.change_person("wang", active=False, left_on=date(2026, 10, 2))
    desk.change_person("zhang", active=False, left_on=date(2026, 10, 1))
    desk.change_person("sun", joined_on=date(2026, 11, 2))
    assert faults(desk, csv_file(HEAD, "wang|2026-10|5", "zhang|2026-10|5", "sun|2026-10|5")) == [
        "十月.csv 第 3 行 “period”列：张雨薇 在 2026-10 之前已离职（2026-10-01）。",
        "十月.csv 第 4 行 “period”列：孙雨桐 在 2026-10 还没有入职（2026-11-02）。",
    ]


def test_what_the_system_counts_only_in_another_month(desk: Desk) -> None:
    assert faults(desk, csv_file("person|period|accepted_proposals", "wang|2026-09|5")) == []


def test_what_the_system_took_over_from_a_case_is_not_overruled(desk: Desk) -> None:
    desk.enter("wang", "profit_target", "80000", source=Source.SYSTEM, actor=None)
    head = "person|period|profit_target"
    assert "由系统自己统计" in faults(desk, csv_file(head, "wang|2026-10|90000"))[0]
    assert faults(desk, csv_file(head, "wang|2026-10|80000", "zhang|2026-10|90000")) == []


def test_nobody_enters_figures_of_their_own(desk: Desk) -> None:
    assert faults(desk, csv_file(HEAD, "hr|2026-10|5")) == ["十月.csv 第 2 行 “person”列：自己的数据由别人录入。"]


def test_a_closed_month_is_said_once_a_row(desk: Desk) -> None:
    desk.close("wang", MONTH)
    found = faults(desk, csv_file("person|period|sales|uv", "wang|2026-10|5|6", "zhang|2026-10|5|6"))
    assert found == ["十月.csv 第 2 行 “period”列：2026-10 的考核结果已公示，数据不能再改；有出入请走申诉。"]


def test_a_cell_shown_as_a_percentage_is_no_amount_of_money(desk: Desk) -> None:
    file = workbook(["person", "period", "sales"], ["wang", "2026-10", 0.12], percent="C2")
    assert faults(desk, file) == ["十月.xlsx [Sheet] 第 2 行 “sales”列：“12%”的单位不对：“数据 sales”按元填。"]


@pytest.mark.parametrize(("behind", "shown"), [(0.145, "14.5"), (1, "100"), (0, "0"), (0.3, "30")])
def test_it_is_taken_as_it_is_shown_where_a_percentage_is_meant(desk: Desk, behind: float, shown: str) -> None:
    take(desk, workbook(["person", "period", "industry_mean"], ["wang", "2026-10", behind], percent="C2"))
    assert desk.value("wang", "industry_mean") == shown


def test_an_unknown_column_hides_nothing_else(desk: Desk) -> None:
    found = faults(desk, csv_file("person|period|salse|uv|sales", "wang|2026-13|1|2|-5", "zhang|2026-10|x|1.5|abc"))
    assert [one.removeprefix("十月.csv ") for one in found] == [
        "第 1 行 “salse”列：没有名为“salse”的数据。是否指 sales？",
        "第 2 行 “period”列：“2026-13”不是月份，请写成 2026-10。",
        "第 2 行 “sales”列：不能小于 0。",
        "第 3 行 “uv”列：应为整数。",
        "第 3 行 “sales”列：“abc”不是数字。",
    ]


def test_an_empty_file_says_so(desk: Desk) -> None:
    assert faults(desk, ("a.csv", b"")) == ["a.csv：文件是空的。"]


def test_every_fault_in_english_too(desk: Desk) -> None:
    found = preview(desk, csv_file("person|period|salse", "wang|2026-10|5"))
    assert (
        found.faults[0].sentence.en
        == '十月.csv, row 1, column "salse": There is no figure called "salse". Did you mean sales?'
    )


def test_what_is_no_file_of_ours(desk: Desk) -> None:
    assert faults(desk, ("a.pdf", b"%PDF")) == ["a.pdf：只能导入 .csv 和 .xlsx 文件。"]
    assert faults(desk, ("a.xlsx", b"PK")) == ["a.xlsx：不是完好的 XLSX 文件。"]


def test_many_rows_cost_as_many_statements_as_one(desk: Desk) -> None:
    held_against = standards(desk)

    def statements(*people: str) -> int:
        file = csv_file(
            "person|period|sales|new_customer_sales", *(f"{login}|2026-10|{n}|0" for n, login in enumerate(people))
        )
        with desk.database.read() as session, counted(desk.database) as sent:
            assert preview_figures(session, [file], held_against).faults == ()
        return len(sent)

    assert statements(*(login for login in PEOPLE if login != "hr")) == statements("wang")


def test_the_examples_of_the_manual_are_read_as_they_stand() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "figures.md").read_text(encoding="utf-8")
    examples = re.findall(r"```csv\n(.*?)```", manual, flags=re.S)
    found = [read_figures([("a.csv", one.encode())], CATALOGUE, CATALOGUE.parameters) for one in examples]
    assert [(len(one.figures), one.faults) for one in found] == [(3, []), (1, [])]
