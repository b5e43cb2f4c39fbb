"""Tables for people's spreadsheets: CSV and XLSX in which what somebody typed never becomes a formula.

A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula. In CSV such a text gets a quote in front; in a workbook
its cell says that it is text. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

Cell = str | int | Decimal | datetime | None
"""A time is written as it is given: make it one of the reader's zone, without a zone."""

_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BOM: Final = "\ufeff"
"""Excel takes a file without it for one in the encoding of the country."""
_TIME: Final = "%Y-%m-%d %H:%M"


def csv_lines(rows: Iterable[Sequence[Cell]], *, bom: bool = True) -> Iterator[str]:
    """The rows as the lines of a CSV file, one after another: nothing is gathered. `bom`: for people's spreadsheets, not for programs."""
    line = io.StringIO()
    writer = csv.writer(line)
    if bom:
        yield _BOM
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:{_TIME}}"
    return without_formula(cell) if isinstance(cell, str) else f"{cell}"


def without_formula(text: str) -> str:
    """The text, a quote in front where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text


def workbook(sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]]) -> bytes:
    """An XLSX file of named sheets; the first row of each is its heading."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, cell, bold=not number) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: Cell, *, bold: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, None)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type, cell.quotePrefix = "s", True
    else:
        cell.value = value
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    if bold:
        cell.font = Font(bold=True)
    return cell
