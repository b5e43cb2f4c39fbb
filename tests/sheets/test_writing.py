"""Tables that leave the house: what somebody typed stays text, numbers stay numbers."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from workflows.sheets.writing import csv_lines, workbook

TYPED = ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", TYPED)
def test_csv_never_begins_a_formula(text: str) -> None:
    (_bom, line) = csv_lines([[text, "plain"]])
    (row,) = csv.reader(io.StringIO(line, newline=""))
    assert row == [f"'{text}", "plain"]


def test_csv_writes_values_exactly_and_line_by_line() -> None:
    lines = csv_lines(
        ([n, Decimal("-1.50"), None, datetime(2026, 11, 20, 9, 5, tzinfo=UTC), "两\n行"] for n in range(2)), bom=False
    )
    assert next(lines) == '0,-1.50,,2026-11-20 09:05,"两\n行"\r\n'
    assert "".join(lines).startswith("1,")
    assert next(csv_lines([])) == "\ufeff"


def test_a_workbook_keeps_text_text_and_numbers_numbers() -> None:
    book = load_workbook(
        io.BytesIO(workbook([("甲", [["头", "数"], ["=1+1\x07", Decimal("9.20")], [None, 3]]), ("乙", [])]))
    )
    sheet = book["甲"]
    assert book.sheetnames == ["甲", "乙"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].quotePrefix) == ("=1+1", "s", True)
    assert (float(sheet["B2"].value), sheet["B2"].data_type, sheet["B3"].value) == (9.2, "n", 3)
    assert sheet["A1"].font.bold
    assert not sheet["A2"].font.bold
