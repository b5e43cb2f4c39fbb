"""The bonus list as a workbook for finance. What people typed can never become a formula in it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
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
    (Text("更正差额（元）", "Difference (CNY)"), 16),
    (Text("更正日期", "Corrected on"), 14),
    (Text("更正理由", "Reason of the correction"), 40),
    (Text("应发奖金（元）", "To pay (CNY)"), 16),
    (Text("说明", "Remark"), 30),
)
"""Columns with their widths in characters. What was first published stays beside what holds: finance may have taken an earlier list."""
_DIFFERS, _PAYS = 10, 13
"""The columns of a correction's difference and of what is to be paid, counted from one."""
_MONEY, _DIFFERENCE, _DAY = "#,##0.00", "+#,##0.00;-#,##0.00;0.00", "yyyy-mm-dd"

_Value = str | Decimal | date | None


def bonus_workbook(found: BonusList, language: str) -> bytes:
    """The list as an XLSX file, wide enough for one page. Numbers are numbers with two places, days are days; everything else is text
    and stays text."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = found.period
    _line(sheet, [heading.text(language) for heading, _ in _HEADINGS], bold=True)
    for row in found.rows:
        _line(sheet, list(_cells(row, found.least, language)))
    _line(sheet, list(_totals(found, language)), bold=True)
    for letter, (_, width) in zip("ABCDEFGHIJKLMN", _HEADINGS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "D2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(row: BonusRow, least: Decimal, language: str) -> Iterable[_Value]:
    first, last = row.versions[0], row.corrected
    yield from (row.staff_number or "", row.name, row.login, row.unit.text(language), row.position.text(language))
    yield from (row.base, first.total, first.bonus)
    yield from (None, None, None, None) if last is None else (last.total, row.difference, last.day, last.reason)
    yield row.pays
    yield _remark(row, least).text(language)


def _remark(row: BonusRow, least: Decimal) -> Text:
    if row.disputed:
        return Text("申诉中，裁定后再发", "appealed: paid after the ruling")
    if row.base is None:
        return Text("缺奖金基数", "the base of the bonus is missing")
    said = []
    if row.corrected is not None:
        version = row.corrected.version
        said.append(Text(f"已更正，按第 {version} 版发", f"corrected: paid by version {version}"))
    if row.pays == 0:
        said.append(Text(f"不足 {least} 分，不发", f"below {least}: nothing"))
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _totals(found: BonusList, language: str) -> Iterable[_Value]:
    people = Text(f"{len(found.rows)} 人，发 {found.paid} 人", f"{len(found.rows)} people, {found.paid} paid")
    yield Text("合计", "Total").text(language)
    yield people.text(language)
    yield from [None] * (_PAYS - 3)
    yield found.total
    yield ""


def _line(sheet: Worksheet, values: Sequence[_Value], *, bold: bool = False) -> None:
    place = sheet.max_row + 1 if sheet.max_row > 1 or sheet["A1"].value is not None else 1
    for column, value in enumerate(values, 1):
        if value is not None:
            _fill(sheet.cell(row=place, column=column), value, bold)


def _fill(cell: Cell | Any, value: str | Decimal | date, bold: bool) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # “=1+1” as a reason is a reason: the type says text, and the quote keeps it text when somebody edits the cell.
        cell.data_type, cell.quotePrefix = "s", True
    else:
        cell.value, cell.number_format = value, _format(cell.column, value)
    if bold:
        cell.font = Font(bold=True)


def _format(column: int, value: Decimal | date) -> str:
    if isinstance(value, date):
        return _DAY
    return _DIFFERENCE if column == _DIFFERS else _MONEY
