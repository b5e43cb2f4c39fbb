"""Read a workbook that came from outside, guarded (reliability.md §2.12).

A workbook of 120 kB can hold 41 MB of rows and cost 800 MB of memory. So the container is looked at first, counting what really
comes out of it, and openpyxl reads it in a process of its own with little memory and time: `python -m` this module takes the
workbook on standard input and gives the cells as JSON.
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from pathlib import PurePosixPath
from typing import IO, Any, Final

from workflows.errors import RejectedImport

LARGEST_FILE: Final = 10 * 1024 * 1024
LARGEST_INFLATED: Final = 50 * 1024 * 1024
LARGEST_RATIO: Final = 100
# Small parts may compress better than that without doing harm.
RATIO_FROM: Final = 1024 * 1024
MOST_ENTRIES: Final = 200
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 100
_MEMORY: Final = 512 * 1024 * 1024
_CPU_SECONDS: Final = 20
_CHUNK: Final = 64 * 1024
_LAST_ROW: Final = 1_048_576
"""No spreadsheet has more rows; a row that says it stands beyond them would be waited for."""

Rows = list[list[str]]


def read_workbook(name: str, data: bytes) -> Mapping[str, Rows]:
    """Worksheets by name, each row a list of texts; row 1 comes first. Dates come as `2026-01-31`, whole numbers without a point,
    what is shown as a percentage with its sign: `12%`, not the 0.12 behind it.

    All rows are read, whatever the sheet says of its own size. Raises `RejectedImport` for what is no workbook, is too large, holds
    what a plain table does not need, or formulas that nobody has calculated: they would look empty.
    """
    refuse_bomb(name, data)
    command = [sys.executable, "-m", "workflows.sheets.workbook"]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=2 * _CPU_SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise _refused(name, "文件无法读取：已损坏或太大", "cannot be read: it is broken or too large") from error
    found: dict[str, dict[str, Any]] = json.loads(child.stdout)
    for title, sheet in found.items():
        if sheet["uncalculated"]:
            cells = ", ".join(sheet["uncalculated"])
            raise _refused(
                f"{name} [{title}]",
                f"有还没有算出结果的公式（{cells}），请用 Excel 打开并保存一次",
                f"has formulas without a value ({cells}): open it in Excel and save it",
            )
    return {title: sheet["rows"] for title, sheet in found.items()}


def refuse_bomb(name: str, data: bytes) -> None:
    """Raise `RejectedImport` for a container that is no workbook or would grow beyond bounds. Counts while inflating: what the
    container says about its own sizes may be a lie."""
    if len(data) > LARGEST_FILE:
        raise _refused(name, "文件大于 10 MB", "is larger than 10 MB")
    try:
        with zipfile.ZipFile(BytesIO(data)) as container:
            _look_inside(name, container)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
        OSError,
        ValueError,
    ) as error:
        raise _refused(name, "不是完好的 XLSX 文件", "is not an intact XLSX file") from error


def _look_inside(name: str, container: zipfile.ZipFile) -> None:
    entries = container.infolist()
    if len(entries) > MOST_ENTRIES:
        raise _refused(name, f"压缩包内的文件超过 {MOST_ENTRIES} 个", f"has more than {MOST_ENTRIES} parts inside")
    total = 0
    for entry in entries:
        _refuse_name(name, entry.filename)
        size = 0
        with container.open(entry) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                if size > RATIO_FROM and size > LARGEST_RATIO * max(entry.compress_size, 1):
                    raise _refused(name, "压缩比过高，疑似压缩炸弹", "inflates beyond reason, like a zip bomb")
                if total + size > LARGEST_INFLATED:
                    raise _refused(name, "展开后大于 50 MB", "inflates to more than 50 MB")
        total += size


def _refuse_name(name: str, part: str) -> None:
    path = PurePosixPath(part.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in part:
        raise _refused(name, "压缩包内有不安全的路径", "has an unsafe path inside")
    if path.name.lower() == "vbaproject.bin":
        raise _refused(name, "含有宏，请另存为不含宏的 XLSX", "holds macros: save it as plain XLSX")


def _refused(name: str, zh: str, en: str) -> RejectedImport:
    return RejectedImport(zh=f"{name}：{zh}。", en=f"{name} {en}.")


# -- in the child process ---------------------------------------------------------------------------------------------


def _main() -> None:
    _limit()
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=True, keep_links=False)
    sheets = {}
    sheet: Any  # the library keeps the sheet's XML to itself
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its own size may be a lie: its rows are read to the end
        sheets[sheet.title] = {"rows": _rows(sheet.iter_rows()), "uncalculated": _uncalculated(sheet._get_source)}
    sys.stdout.buffer.write(json.dumps(sheets).encode())


def _limit() -> None:
    # Windows has no such limits; there the bounds of the container alone hold.
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))


def _uncalculated(source: Callable[[], IO[bytes]]) -> list[str]:
    """The first cells of a sheet that hold a formula and no value: a program wrote them, and no spreadsheet has opened them since."""
    with source() as part:
        if not re.search(rb"<(\w+:)?f[\s>/]", part.read()):
            return []
    from defusedxml.ElementTree import iterparse

    found: list[str] = []
    with source() as part:
        for _, element in iterparse(part):
            if element.tag.endswith("}row"):
                element.clear()
            elif element.tag.endswith("}c") and element.find("{*}f") is not None and not element.findtext("{*}v"):
                found.append(str(element.get("r", "?")))
    return found[:3]


def _rows(found: Iterable[tuple[Any, ...]]) -> Rows:
    rows: Rows = []
    for cells in islice(found, _LAST_ROW):
        texts = [_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        # Empty rows with a format may go on for a million lines: past the bound only a row with content is kept, and refused later.
        if texts or len(rows) <= MOST_ROWS:
            rows.append(texts[: MOST_COLUMNS + 1])
        if len(rows) > MOST_ROWS + 1:
            break
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _text(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
        case int() | float() if "%" in cell.number_format:
            return f"{(Decimal(str(value)) * 100).normalize():f}%"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


if __name__ == "__main__":
    _main()
