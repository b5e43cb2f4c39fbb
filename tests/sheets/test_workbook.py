"""Workbooks from outside: what would eat the machine is refused before it is opened."""

from __future__ import annotations

import struct
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from workflows.errors import RejectedImport
from workflows.sheets.workbook import read_workbook


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
    sheet.append([None, 7.0, "=1+1", "'", "#N/A"])
    rows = read_workbook("book.xlsx", saved(book))["人员"]
    assert rows[1] == []
    assert rows[2] == [" ann ", "1001", "2026-01-05", "yes", "0.5", "2026-01-05 09:30:00"]
    assert rows[3] == ["", "7", "", "'", "#N/A"]  # a formula nobody calculated has no value


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
