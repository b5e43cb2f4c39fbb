"""Workbooks from outside: what would eat the machine is refused before it is opened."""

from __future__ import annotations

import contextlib
import random
import struct
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from workflows.errors import RejectedImport
from workflows.sheets.workbook import MOST_ROWS, read_workbook, refuse_bomb


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def packed(*parts: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts:
            container.writestr(name, data)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(RejectedImport) as refused:
        read_workbook("book.xlsx", data)
    assert "book.xlsx" in refused.value.zh
    assert "book.xlsx" in refused.value.en
    return refused.value.en


def test_cells_become_text_and_rows_keep_their_numbers() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "人员"
    sheet.append(["账号", "工号", "入职日期", "考核", "比例", "时间"])
    sheet.append([])
    sheet.append([" ann ", 1001, date(2026, 1, 5), True, 0.5, datetime(2026, 1, 5, 9, 30)])  # noqa: DTZ001
    sheet.append([None, 7.0, None, "'", "#N/A"])
    rows = read_workbook("book.xlsx", saved(book))["人员"]
    assert rows[1] == []
    assert rows[2] == [" ann ", "1001", "2026-01-05", "yes", "0.5", "2026-01-05 09:30:00"]
    assert rows[3] == ["", "7", "", "'", "#N/A"]


def test_a_formula_that_nobody_calculated_is_said() -> None:
    book = Workbook()
    book.worksheets[0].append(["a", "=1+1", 3])
    assert "formulas without a value (B1)" in refusal(saved(book))


def test_a_calculated_formula_has_its_value() -> None:
    book = Workbook()
    book.worksheets[0].append(["a", "=1+1"])
    data = changed(saved(book), b"<v />", b"<v>2</v>")
    assert read_workbook("book.xlsx", data)["Sheet"] == [["a", "2"]]


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with some bytes of its first sheet replaced."""
    with zipfile.ZipFile(BytesIO(data)) as container:
        parts = [(name, container.read(name)) for name in container.namelist()]
    assert any(old in content for name, content in parts if name.endswith("sheet1.xml"))
    return packed(
        *((name, content.replace(old, new) if name.endswith("sheet1.xml") else content) for name, content in parts)
    )


def test_a_sheet_that_says_it_is_smaller_than_it_is() -> None:
    book = Workbook()
    for number in range(49):
        book.worksheets[0].append([number, "x", "y", "z"])
    data = changed(saved(book), b'ref="A1:D49"', b'ref="A1:B2"')
    rows = read_workbook("book.xlsx", data)["Sheet"]
    assert len(rows) == 49
    assert rows[-1] == ["48", "x", "y", "z"]


def test_a_cell_at_the_end_of_the_sheet() -> None:
    book = Workbook()
    book.worksheets[0].append(["a"])
    book.worksheets[0]["XFD1048576"] = "far"
    rows = read_workbook("book.xlsx", saved(book))["Sheet"]
    assert rows[0] == ["a"]
    assert len(rows) == MOST_ROWS + 2  # one more than may be: whoever asks sees that there are too many


def test_a_row_beyond_all_rows_is_not_waited_for() -> None:
    book = Workbook()
    book.worksheets[0].append(["a"])
    data = changed(saved(book), b'<row r="1"', b'<row r="99999999999"')
    assert read_workbook("book.xlsx", data)["Sheet"] == []


def test_damage_anywhere_ends_in_a_sentence() -> None:
    book = Workbook()
    for number in range(40):
        book.worksheets[0].append([number, f"text {number}", number / 7])
    whole = saved(book)
    chance = random.Random(7)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        with contextlib.suppress(RejectedImport):
            refuse_bomb("book.xlsx", bytes(data))


def test_a_bomb_is_not_opened() -> None:
    assert "zip bomb" in refusal(packed(("xl/worksheets/sheet1.xml", b"0" * 30_000_000)))


def test_many_middling_parts_are_too_much_together() -> None:
    assert "50 MB" in refusal(packed(*((f"part{i}", b"0" * 1_000_000) for i in range(60))))


def test_a_container_that_lies_about_its_sizes() -> None:
    honest = packed(("xl/worksheets/sheet1.xml", b"0" * 30_000_000))
    lying = honest.replace(struct.pack("<L", 30_000_000), struct.pack("<L", 100))
    assert lying != honest
    assert "book.xlsx" in refusal(lying)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([(f"part{i}", b"") for i in range(201)], "200 parts"),
        ([("../../etc/passwd", b"x")], "unsafe path"),
        ([("/etc/passwd", b"x")], "unsafe path"),
        ([("..\\x", b"x")], "unsafe path"),
        ([("C:/x", b"x")], "unsafe path"),
        ([("xl/vbaProject.bin", b"x")], "macros"),
        ([("hello.txt", b"x")], "cannot be read"),
    ],
)
def test_what_a_plain_table_does_not_need(parts: list[tuple[str, bytes]], words: str) -> None:
    assert words in refusal(packed(*parts))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"login,name\n", saved(Workbook())[:-200]])
def test_what_is_no_workbook(data: bytes) -> None:
    assert "not an intact XLSX" in refusal(data)


def test_a_large_file_is_refused_unread() -> None:
    assert "10 MB" in refusal(b"x" * (10 * 1024 * 1024 + 1))


def test_entities_do_not_grow() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><worksheet>&y;</worksheet>'
    good = saved(Workbook())
    with zipfile.ZipFile(BytesIO(good)) as container:
        parts = [(n, laughs if n.endswith("sheet1.xml") else container.read(n)) for n in container.namelist()]
    assert "cannot be read" in refusal(packed(*parts))
