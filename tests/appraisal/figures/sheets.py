"""Files as people hand them in: CSV and workbooks made of rows."""

from __future__ import annotations

import csv
import io
from typing import Any

from openpyxl import Workbook

File = tuple[str, bytes]


def csv_file(*rows: str, name: str = "十月.csv", encoding: str = "utf-8") -> File:
    """Rows as lines: cells divided by |."""
    text = io.StringIO()
    csv.writer(text).writerows(row.split("|") for row in rows)
    return name, text.getvalue().encode(encoding)


def workbook(*rows: list[Any], name: str = "十月.xlsx", percent: str = "") -> File:
    """Rows of cells; `percent`: the address of a cell that is shown as a percentage."""
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    if percent:
        sheet[percent].number_format = "0%"
    file = io.BytesIO()
    book.save(file)
    return name, file.getvalue()
