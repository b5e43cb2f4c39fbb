"""Imports: all or nothing, every fault with its file, row and column, and nothing done twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from org.conftest import NOW, TODAY, Files
from workflows.db import Database
from workflows.errors import RejectedImport
from workflows.org.importing.applying import import_organisation, preview_import
from workflows.org.importing.preview import Preview
from workflows.org.loading import load_organisation
from workflows.org.organisation import Organisation
from workflows.org.sessions import open_session, session_of
from workflows.org.tables import Person

UNITS = "key,zh,en\nsales,销售部,Sales\n"
POSITIONS = "key,zh,en\nseller,销售,Seller\nbuyer,采购,Buyer\n"
PEOPLE = "login,name,unit,manager\nann,安,sales,\nbo,博,sales,ann\n"


def csv(**sheets: str) -> Files:
    return [(f"{name}.csv", text.encode()) for name, text in sheets.items()]


def bring(database: Database, files: Files) -> Preview:
    with database.write() as session:
        return import_organisation(session, files, TODAY, NOW)


def loaded(database: Database) -> Organisation:
    with database.read() as session:
        return load_organisation(session)


def faults(database: Database, **sheets: str) -> list[tuple[str, int, str, str]]:
    with database.read() as session:
        found = preview_import(session, csv(**sheets), TODAY).faults
    return [(f.file, f.row, f.column, f.text.zh) for f in found]


@pytest.fixture
def small(database: Database) -> Database:
    bring(database, csv(units=UNITS, positions=POSITIONS, people=PEOPLE, assignments="login,position\nbo,seller\n"))
    return database


# -- what is taken --------------------------------------------------------------------------------------------------


def test_a_staff_number_is_one_however_it_is_written(small: Database) -> None:
    bring(small, csv(people="login,name,staff_number\nann,安,m-0042\n"))
    with small.read() as session:
        assert session.scalar(select(Person.staff_number).where(Person.login == "ann")) == "M-0042"
    found = faults(small, people="login,name,staff_number\nbo,博,Ｍ-0042\n")
    assert found == [("people.csv", 2, "工号/Staff number", "“M-0042”已属于 ann。")]


def test_a_workbook_says_the_same_as_csv_files(database: Database, files: Files) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, data in files:
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for line in data.decode("utf-8-sig").splitlines():
            sheet.append([date.fromisoformat(c) if c[:2] == "20" and len(c) == 10 else c for c in line.split(",")])
    out = BytesIO()
    book.save(out)
    bring(database, [("company.xlsx", out.getvalue())])
    with database.read() as session:
        again = preview_import(session, files, TODAY)
    assert again.faults == ()
    assert again.empty


def test_headings_in_either_language_and_what_excel_writes_in_china(database: Database) -> None:
    people = "账号,姓名,上级,入职日期,角色\nann,安,,2020/1/5,审计；管理员\nbo,博,ann,2021年12月31日,\n".encode(
        "gb18030"
    )
    bring(database, [("人员.csv", people)])
    organisation = loaded(database)
    assert organisation.by_login("ann").roles == {"auditor", "administrator"}
    assert organisation.by_login("ann").joined_on == date(2020, 1, 5)
    assert organisation.by_login("bo").joined_on == date(2021, 12, 31)


def test_a_column_that_is_missing_leaves_what_is_stored_and_an_empty_cell_clears_it(small: Database) -> None:
    bring(small, csv(people="login,name,email,roles\nann,安,ann@example.com,管理员\n"))
    bring(small, csv(people="login,name\nann,安安\n"))
    ann = loaded(small).by_login("ann")
    assert (ann.name, ann.email, ann.unit, ann.roles) == ("安安", "ann@example.com", "sales", {"administrator"})
    bring(small, csv(people="login,name,email\nann,安安,\n"))
    assert loaded(small).by_login("ann").email is None


def test_the_preview_tells_what_would_change_and_changes_nothing(small: Database) -> None:
    with small.read() as session:
        preview = preview_import(session, csv(people="login,name,email\nbo,波,bo@example.com\ncy,曹,\n"), TODAY)
    (changed,) = preview.changed
    assert changed.label == "bo"
    assert changed.fields == {"name": ("博", "波"), "email": (None, "bo@example.com")}
    assert [change.label for change in preview.added] == ["cy"]
    assert preview.missing == ("ann",)
    assert loaded(small).by_login("bo").name == "博"


def test_positions_of_a_person_are_given_whole(small: Database) -> None:
    bring(small, csv(assignments="login,position,appraised\nbo,seller,no\nbo,buyer,yes\n"))
    bo = loaded(small).by_login("bo")
    assert (bo.positions, bo.appraised_position) == (("buyer", "seller"), "buyer")
    bring(small, csv(assignments="login,position,appraised\nbo,seller,yes\nbo,buyer,no\n"))
    assert loaded(small).by_login("bo").appraised_position == "seller"
    preview = bring(small, csv(assignments="login,position\nbo,buyer\n"))
    assert [change.label for change in preview.removed] == ["bo · seller · sales"]
    assert loaded(small).by_login("bo").positions == ("buyer",)
    assert loaded(small).by_login("bo").appraised_position == "buyer"


def test_adding_a_position_leaves_the_appraised_one(small: Database) -> None:
    bring(small, csv(assignments="login,position,appraised\nbo,seller,yes\nbo,buyer,no\n"))
    assert loaded(small).by_login("bo").appraised_position == "seller"


def test_addresses_can_be_swapped(small: Database) -> None:
    bring(small, csv(people="login,name,email\nann,安,a@example.com\nbo,博,b@example.com\n"))
    bring(small, csv(people="login,name,email\nann,安,b@example.com\nbo,博,a@example.com\n"))
    assert loaded(small).by_login("ann").email == "b@example.com"


def test_a_left_day_that_has_come_lets_a_person_go_at_once(small: Database) -> None:
    bo = loaded(small).by_login("bo").id
    with small.write() as session:
        token = open_session(session, bo, NOW, "10.0.0.1", "")
    bring(small, csv(people=f"login,name,left_on\nbo,博,{TODAY}\n"))
    assert loaded(small).active == (loaded(small).by_login("ann").id,)
    with small.read() as session:
        assert session_of(session, token, NOW) is None
    bring(small, csv(people="login,name,left_on\nbo,博,\n"))
    assert bo in loaded(small).active


def test_a_left_day_to_come_does_not(small: Database) -> None:
    from workflows.org.people import retire_leavers

    later = TODAY + timedelta(days=10)
    bring(small, csv(people=f"login,name,left_on\nbo,博,{later}\n"))
    bo = loaded(small).by_login("bo").id
    assert bo in loaded(small).active
    with small.write() as session:
        assert list(retire_leavers(session, later - timedelta(days=1), NOW)) == []
        assert list(retire_leavers(session, later, NOW)) == [bo]
    assert bo not in loaded(small).active


def test_absences_with_deputies(small: Database) -> None:
    bring(
        small,
        csv(absences="login,first_day,last_day,deputy,scope\nbo,2026-03-02,2026-03-06,ann,campaign;complaint\n"),
    )
    people = loaded(small)
    bo, ann = people.by_login("bo").id, people.by_login("ann").id
    assert people.deputy_of(bo, date(2026, 3, 6), "campaign") == ann
    assert people.deputy_of(bo, date(2026, 3, 6), "weekly_report") is None
    bring(small, csv(absences="login,first_day,last_day\nbo,2026-03-02,2026-03-04\n"))
    assert loaded(small).deputy_of(bo, date(2026, 3, 6), "campaign") is None
    assert loaded(small).deputy_of(bo, date(2026, 3, 4), "campaign") == ann


# -- what is refused ------------------------------------------------------------------------------------------------


def test_nothing_of_a_file_with_one_fault_is_imported(small: Database) -> None:
    with pytest.raises(RejectedImport) as refused:
        bring(small, csv(people="login,name,email\ncy,曹,cy@example.com\ndee,丁,not an address\n"))
    assert refused.value.rows[0][:2] == (3, "邮箱/E-mail")
    assert "people.csv" in refused.value.zh
    assert 'row 3, column "邮箱/E-mail"' in refused.value.en
    assert {m.login for m in loaded(small).people.values()} == {"ann", "bo"}


@pytest.mark.parametrize(
    ("sheets", "row", "column", "words"),
    [
        ({"people": "login,name\nA B,安\n"}, 2, "账号/Login", "小写字母"),
        ({"people": "login,name\ncy,\n"}, 2, "姓名/Name", "必须填写"),
        ({"people": "login\ncy\n"}, 1, "姓名/Name", "缺这一列"),
        ({"people": "login,name,emial\ncy,曹,x\n"}, 1, "emial", "是不是“email”"),
        ({"people": "login,name,Name\ncy,曹,x\n"}, 1, "Name", "两次"),
        ({"people": "login,name\ncy,曹,x\n"}, 2, "", "不在任何列名之下"),
        ({"people": "login,name,unit\ncy,曹,salse\n"}, 2, "部门/Unit", "最接近的是 sales"),
        ({"people": "login,name,manager\ncy,曹,bob\n"}, 2, "上级/Manager", "最接近的是 bo"),
        ({"people": "login,name,manager\nann,安,bo\n"}, 2, "上级/Manager", "绕回"),
        ({"people": "login,name,manager\nann,安,\nbo,博,\n"}, 3, "上级/Manager", "每人都要有上级"),
        ({"people": "login,name\ncy,曹\nCY,曹\n"}, 3, "账号/Login", "与第 2 行重复"),
        ({"people": "login,name,email\ncy,曹,x@example.com\ndee,丁,X@example.com\n"}, 3, "邮箱/E-mail", "已属于 cy"),
        ({"people": "login,name,joined_on\ncy,曹,2026-02-30\n"}, 2, "入职日期/Joined", "没有“2026-02-30”这一天"),
        ({"people": "login,name,joined_on\ncy,曹,yesterday\n"}, 2, "入职日期/Joined", "不是日期"),
        ({"people": "login,name,roles\ncy,曹,boss\n"}, 2, "角色/Roles", "没有角色"),
        ({"people": "login,name,language\ncy,曹,fr\n"}, 2, "语言/Language", "zh 或 en"),
        ({"people": "login,name\ncy,曹\x07\n"}, 2, "", "控制字符"),
        ({"people": f"login,name\ncy,{'曹' * 121}\n"}, 2, "姓名/Name", "最多 120"),
        ({"units": "key,zh,en\nSales,销售,Sales\n"}, 2, "代码/Key", "小写字母"),
        ({"units": "key,zh,en,parent\na,甲,A,b\nb,乙,B,a\n"}, 2, "上级部门/Parent", "绕回"),
        ({"units": "key,zh,en,lead\nsales,销售,Sales,zoe\n"}, 2, "负责人/Lead", "没有“zoe”"),
        ({"assignments": "login,position\nbo,sellr\n"}, 2, "岗位/Position", "最接近的是 seller"),
        (
            {"assignments": "login,position,appraised\nbo,seller,yes\nbo,buyer,yes\n"},
            3,
            "考核岗位/Appraised",
            "第 2 行已是",
        ),
        ({"assignments": "login,position,appraised\nbo,seller,maybe\n"}, 2, "考核岗位/Appraised", "请填“是”或“否”"),
        ({"absences": "login,first_day,last_day\nbo,2026-03-02,2026-03-01\n"}, 2, "结束日期/Last day", "早于"),
        ({"absences": "login,first_day,last_day,deputy\nbo,2026-03-02,2026-03-03,bo\n"}, 2, "代办人/Deputy", "本人"),
        ({"duties": "position,valid_from,text\nseller,2026-01-01,\n"}, 2, "职责/Duties", "必须填写"),
        ({"salaries": "login,amount\nbo,1\n"}, 0, "", "不认识“salaries”"),
        ({"people": ""}, 1, "账号/Login", "缺这一列"),
        ({"people": 'login,name\n"cy,曹\n'}, 0, "", "CSV 格式有误"),
    ],
)
def test_each_fault_has_its_place(small: Database, sheets: dict[str, str], row: int, column: str, words: str) -> None:
    found = faults(small, **sheets)
    assert any(f[1:3] == (row, column) and words in f[3] for f in found), found
    assert all(f[0].startswith(next(iter(sheets))) for f in found)


def test_one_mistake_is_named_once(small: Database) -> None:
    """Whoever refers to a row that was not understood is not blamed as well."""
    found = faults(
        small, people="login,name,joined_on\ncy,曹,never\n", assignments="login,position,unit\ncy,seller,sales\n"
    )
    assert len(found) == 1


def test_a_person_without_unit_needs_one_for_the_position(small: Database) -> None:
    found = faults(small, people="login,name\ncy,曹\n", assignments="login,position\ncy,seller\n")
    assert found == [("assignments.csv", 2, "部门/Unit", "本人没有部门，这里要写明。")]


def test_the_last_administrator_is_not_imported_away(small: Database) -> None:
    bring(small, csv(people="login,name,roles\nann,安,管理员\n"))
    assert "任何管理员" in faults(small, people="login,name,roles\nann,安,\n")[0][3]
    assert "任何管理员" in faults(small, people=f"login,name,left_on\nann,安,{TODAY}\n")[0][3]
    assert not faults(small, people="login,name,roles\nann,安,\nbo,博,管理员\n")


@pytest.mark.parametrize("name", ["people.txt", "people", "people.xls", "people.xlsm"])
def test_other_files_are_refused(database: Database, name: str) -> None:
    with database.read() as session:
        (fault,) = preview_import(session, [(name, b"login,name\n")], TODAY).faults
    assert ".csv" in fault.text.zh


def test_binary_rubbish_is_refused(database: Database) -> None:
    with database.read() as session:
        (fault,) = preview_import(session, [("people.csv", b"\xff\xff\xff\x00\x01")], TODAY).faults
    assert "UTF-8" in fault.text.zh


def test_nothing_to_import_is_said(database: Database) -> None:
    with database.read() as session:
        assert preview_import(session, [], TODAY).faults


def test_too_many_rows_are_refused_at_once(database: Database, now: datetime) -> None:
    rows = "\n".join(f"p{i},x" for i in range(20_001))
    assert "20000" in faults(database, people=f"login,name\n{rows}\n")[0][3]
