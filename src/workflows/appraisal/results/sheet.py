"""The bonus list as a workbook for finance. What people typed can never become a formula in it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflows.appraisal.results.views.bonus import BonusList, BonusRow
from workflows.errors import Text

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_HEADINGS = (
    (Text("工号", "Staff number"), 12),
    (Text("姓名", "Name"), 12),
    (Text("账号", "Login"), 16),
    (Text("部门", "Unit"), 18),
    (Text("岗位", "Position"), 18),
    (Text("基数（元）", "Base (CNY)"), 14),
    (Text("初次得分", "First score"), 12),
    (Text("初次奖金（元）", "First bonus (CNY)"), 16),
    (Text("更正后得分", "Corrected score"), 14),
    (Text("更正理由", "Reason of the correction"), 40),
    (Text("应发奖金（元）", "To pay (CNY)"), 16),
    (Text("说明", "Remark"), 24),
)
"""Columns with their widths in characters."""
_MONEY = "#,##0.00"


def bonus_workbook(found: BonusList, language: str) -> bytes:
    """The list as an XLSX file. Numbers are numbers with two places; everything else is text and stays text."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = found.period
    _line(sheet, [heading.text(language) for heading, _ in _HEADINGS], bold=True)
    for row in found.rows:
        _line(sheet, list(_cells(row, language)))
    _line(sheet, list(_totals(found, language)), bold=True)
    for letter, (_, width) in zip("ABCDEFGHIJKL", _HEADINGS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "D2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(row: BonusRow, language: str) -> Iterable[str | Decimal | None]:
    first, last = row.versions[0], row.versions[-1]
    corrected = len(row.versions) > 1
    yield from (row.staff_number or "", row.name, row.login, row.unit.text(language), row.position.text(language))
    yield from (row.base, first.total, first.bonus)
    yield from (last.total, last.reason) if corrected else (None, None)
    yield row.pays
    yield _remark(row).text(language)


def _remark(row: BonusRow) -> Text:
    if row.disputed:
        return Text("申诉中，裁定后再发", "appealed: paid after the ruling")
    if row.base is None:
        return Text("缺奖金基数", "the base of the bonus is missing")
    return Text("不足 60 分，不发", "below 60: nothing") if row.pays == 0 else Text("", "")


def _totals(found: BonusList, language: str) -> Iterable[str | Decimal | None]:
    people = Text(f"{len(found.rows)} 人，发 {found.paid} 人", f"{len(found.rows)} people, {found.paid} paid")
    yield Text("合计", "Total").text(language)
    yield people.text(language)
    yield from [None] * 8
    yield found.total
    yield ""


def _line(sheet: Worksheet, values: Sequence[str | Decimal | None], *, bold: bool = False) -> None:
    place = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value is not None else 1
    for column, value in enumerate(values, 1):
        if value is not None:
            _fill(sheet.cell(row=place, column=column), value, bold)


def _fill(cell: Cell | Any, value: str | Decimal, bold: bool) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    if isinstance(value, Decimal):
        cell.value, cell.number_format = value, _MONEY
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # “=1+1” as a reason is a reason: the type says text, and the quote keeps it text when somebody edits the cell.
        cell.data_type, cell.quotePrefix = "s", True
    if bold:
        cell.font = Font(bold=True)
