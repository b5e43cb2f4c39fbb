"""`workflows figures` as an operator types it, and the template on its way there and back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from appraisal.figures.sheets import csv_file
from appraisal.figures.test_collecting import Collecting
from workflows.cli import main
from workflows.db import Database
from workflows.org.tables import Person
from workflows.org.versions import bump

MONTH = "2026-01"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database: Database, database_url: str) -> Collecting:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return Collecting(database)


def written(name: str, *rows: str) -> str:
    Path(name).write_bytes(csv_file(*rows)[1])
    return name


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    found = capsys.readouterr()
    return found.out, found.err


def test_a_file_is_imported_once(desk: Collecting, capsys: pytest.CaptureFixture[str]) -> None:
    file = written("a.csv", "person|period|sales|uv", f"sun|{MONTH}|4231800.00|12000")
    assert main(["figures", "import", file, "--dry-run"]) == 0
    assert said(capsys)[0].splitlines()[1] == "Would import: 2 new, 0 changed, 0 unchanged."
    assert desk.value("sun", "sales", MONTH) is None
    assert main(["figures", "import", file]) == 0
    assert said(capsys)[0].splitlines()[1] == "Imported: 2 new, 0 changed, 0 unchanged."
    assert desk.value("sun", "sales", MONTH) == "4231800.00"
    assert main(["figures", "import", file]) == 0
    assert said(capsys)[0].splitlines()[1] == "Imported: 0 new, 0 changed, 2 unchanged."


def test_a_change_needs_its_reason(desk: Collecting, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "import", written("a.csv", "person|period|sales", f"sun|{MONTH}|1")]) == 0
    changed = written("b.csv", "person|period|sales", f"sun|{MONTH}|2")
    assert main(["figures", "import", changed]) == 1
    assert "say why they change" in said(capsys)[1]
    assert main(["figures", "import", changed, "--reason", "财务月结"]) == 0
    assert [(str(row.value), row.reason) for row in desk.rows("sales")] == [("1", None), ("2", "财务月结")]


def test_every_fault_is_said_with_its_row_and_column(desk: Collecting, capsys: pytest.CaptureFixture[str]) -> None:
    file = written("a.csv", "person|period|sales", f"sun|{MONTH}|12%", f"nobody|{MONTH}|1")
    assert main(["figures", "import", file]) == 1
    error = said(capsys)[1]
    assert "2 sales: a.csv：“12%”的单位不对：“销售额”按元填。" in error
    assert "3 person: a.csv：没有“nobody”这个人。" in error
    assert desk.rows("sales") == []


def test_figures_are_counted_on_demand(desk: Collecting, capsys: pytest.CaptureFixture[str]) -> None:
    desk.complete()
    assert main(["figures", "collect", "--month", "2026-11"]) == 0
    assert said(capsys)[0].splitlines()[1].startswith("Counted: ")
    assert desk.value("wang", "complaints_due") == "1"
    assert main(["figures", "collect", "--month", "2026-13"]) == 1


def sheet_of(file: str) -> tuple[Any, list[str]]:
    book = load_workbook(BytesIO(Path(file).read_bytes()))
    sheet = book.worksheets[0]
    return book, [str(cell.value).split("\n")[-1] for cell in sheet[1]]


def test_a_template_comes_back_as_it_is_and_changes_nothing(
    desk: Collecting, capsys: pytest.CaptureFixture[str]
) -> None:
    known = written("a.csv", "person|period|sales|uv|category|base_bonus", f"sun|{MONTH}|4231800.50|12000|服装类|3500")
    before = written("b.csv", "unit|period|sales|industry_mean", "operations|2025-12|7|3.5")
    assert main(["figures", "import", known, before]) == 0
    assert main(["figures", "template", "ecommerce_operator", "--month", MONTH, "--out", "t.xlsx"]) == 0
    book, heads = sheet_of("t.xlsx")
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 1
    row = dict(zip(heads, rows[0], strict=True))
    assert (row["person"], row["姓名"], row["period"]) == ("sun", "孙雨桐", MONTH)
    assert (row["sales"], row["uv"], row["base_bonus"], row["category"]) == (4231800.5, 12000, 3500, "服装类")
    assert (row["sales_prev"], row["industry_mean"]) == (7, 3.5)
    assert (row["pv"], "accepted_proposals_3m" in heads) == (None, True)
    capsys.readouterr()
    assert main(["figures", "import", "t.xlsx"]) == 0
    assert said(capsys)[0].splitlines()[1] == "Imported: 0 new, 0 changed, 6 unchanged."


def test_a_template_filled_in_is_taken(desk: Collecting, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "template", "ecommerce_operator", "--month", MONTH]) == 0
    file = "ecommerce_operator-2026-01.xlsx"
    assert said(capsys)[0] == f"{file}\n"
    book, heads = sheet_of(file)
    book.worksheets[0].cell(row=2, column=heads.index("sales") + 1).value = 79.95
    book.save(file)
    assert main(["figures", "import", file]) == 0
    assert desk.value("sun", "sales", MONTH) == "79.95"


def test_a_template_leaves_out_what_the_system_counts(desk: Collecting) -> None:
    assert main(["figures", "template", "operations_specialist", "--month", "2026-11", "--out", "t.xlsx"]) == 0
    _, heads = sheet_of("t.xlsx")
    assert "complaints_due" not in heads
    assert "listings_due" in heads


def test_nothing_in_a_template_is_a_formula_whatever_people_are_called(desk: Collecting) -> None:
    with desk.database.write() as session:
        session.execute(update(Person).where(Person.login == "sun").values(name="=1+1"))
        bump(session, "organisation")
    assert main(["figures", "template", "ecommerce_operator", "--month", MONTH, "--out", "t.xlsx"]) == 0
    book, _ = sheet_of("t.xlsx")
    assert book.worksheets[0]["B2"].value == "=1+1"
    assert "f" not in {cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}


def test_a_position_without_a_card_is_named_with_the_nearest(
    desk: Collecting, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["figures", "template", "ecommerce_operater", "--month", MONTH]) == 1
    assert "Did you mean ecommerce_operator?" in said(capsys)[1]
