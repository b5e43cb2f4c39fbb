"""A file from outside as tables of texts: CSV in the encodings that Excel writes, or the sheets of a workbook."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from workflows.errors import RejectedImport
from workflows.sheets.workbook import LARGEST_FILE, MOST_COLUMNS, Rows, read_workbook

Table = tuple[str, str, Rows]
"""What it is called (file name without ending, or the sheet's), where it stands (file, or file and sheet), and its rows."""


def read_tables(name: str, data: bytes) -> list[Table]:
    """The tables of a file `name` (its ending says what it is) that have any rows; row 1 comes first.

    Rows and columns beyond the bounds of `sheets.workbook` are cut off one past them, so that whoever asks sees that there are too
    many. Raises `RejectedImport` for what is neither CSV nor XLSX, is broken, too large or dangerous.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix == ".csv":
        return [(PurePath(name).stem, name, _csv_rows(data))]
    if suffix == ".xlsx":
        return [(title, f"{name} [{title}]", rows) for title, rows in read_workbook(name, data).items() if rows]
    raise RejectedImport(zh="只能导入 .csv 和 .xlsx 文件。", en="Only .csv and .xlsx files can be imported.")


def _csv_rows(data: bytes) -> Rows:
    if len(data) > LARGEST_FILE:
        raise RejectedImport(zh="文件大于 10 MB。", en="The file is larger than 10 MB.")
    try:
        # A quoted cell may hold line breaks, so the reader's rows are not the file's lines: a row is what a spreadsheet shows.
        return [row[: MOST_COLUMNS + 1] for row in csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)]
    except csv.Error as error:
        raise RejectedImport(zh=f"CSV 格式有误：{error}。", en=f"This is not well-formed CSV: {error}.") from error


def _decoded(data: bytes) -> str:
    # Excel writes GB18030 in a Chinese Windows, UTF-8 with a mark elsewhere. UTF-8 is strict, so it is asked first.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise RejectedImport(
        zh="文字编码无法识别，请存为“CSV UTF-8”。", en='The encoding is not understood: save as "CSV UTF-8".'
    )
