"""From files to named rows: encodings, headings and bounds are settled here, before anything is understood."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from workflows.errors import RejectedImport, Text
from workflows.org.importing.columns import KINDS, Column, SheetKind, kind_of
from workflows.sheets.reading import read_tables
from workflows.sheets.workbook import MOST_ROWS, Rows

LONGEST_CELL: Final = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where. `row` as a spreadsheet counts it, 0 for the whole file; `column`: its heading, or empty."""

    file: str
    row: int
    column: str
    text: Text

    @property
    def place(self) -> Text:
        """File, row and column in words."""
        zh, en = [self.file], [self.file]
        if self.row:
            zh.append(f"第 {self.row} 行")
            en.append(f"row {self.row}")
        if self.column:
            zh.append(f"“{self.column}”列")
            en.append(f'column "{self.column}"')
        return Text(" ".join(zh), ", ".join(en))

    @property
    def sentence(self) -> Text:
        """Place and fault in one sentence."""
        return Text(f"{self.place.zh}：{self.text.zh}", f"{self.place.en}: {self.text.en}")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as a spreadsheet shows it, and the cells under known headings, without blanks around."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `columns`: the names of those it has: a column that is missing leaves what is stored as it is."""

    kind: SheetKind
    file: str
    columns: frozenset[str]
    rows: tuple[SheetRow, ...]

    def fault(self, row: SheetRow, column: str, text: Text) -> Fault:
        """A fault in a cell of this sheet."""
        return Fault(self.file, row.number, self.kind.column(column).heading, text)


@dataclass(slots=True)
class Reading:
    """What came out of the files, with all faults found on the way."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_files(files: Sequence[tuple[str, bytes]]) -> Reading:
    """All sheets of the files given as (name, content). CSV files are named after their sheet (`people.csv`, `人员.csv`),
    a workbook has one worksheet for each."""
    reading = Reading()
    for name, data in files:
        try:
            for title, place, rows in read_tables(name, data):
                _take(reading, title, place, rows)
        except RejectedImport as refused:
            reading.faults.append(Fault(name, 0, "", Text(refused.zh, refused.en)))
    if not reading.sheets and not reading.faults:
        reading.faults.append(Fault("", 0, "", Text("没有可以导入的内容。", "There is nothing to import.")))
    return reading


def _take(reading: Reading, title: str, place: str, rows: Rows) -> None:
    kind = kind_of(title)
    if kind is None:
        names = "、".join(f"{k.zh}/{k.name}" for k in KINDS)
        text = Text(
            f"不认识“{title}”这张表。可以有：{names}。",
            f'"{title}" is no sheet of an organisation. There may be: {names}.',
        )
        reading.faults.append(Fault(place, 0, "", text))
    elif kind.name in reading.sheets:
        text = Text(f"“{kind.zh}”给了两次。", f"There are two sheets of {kind.name}.")
        reading.faults.append(Fault(place, 0, "", text))
    elif len(rows) > MOST_ROWS + 1:
        text = Text(f"超过 {MOST_ROWS} 行，请分开导入。", f"More than {MOST_ROWS} rows: import them in parts.")
        reading.faults.append(Fault(place, 0, "", text))
    else:
        headings, faults = _headings(kind, place, rows[0] if rows else [])
        reading.faults += faults
        if not faults:
            reading.sheets[kind.name] = _sheet(kind, place, headings, rows[1:], reading.faults)


def _headings(kind: SheetKind, place: str, cells: list[str]) -> tuple[list[Column | None], list[Fault]]:
    found: list[Column | None] = []
    faults: list[Fault] = []
    for cell in cells:
        column = kind.by_heading(cell)
        if column is None and cell.strip():
            faults.append(Fault(place, 1, cell.strip()[:40], _unknown(kind, cell)))
        elif column in found and column is not None:
            faults.append(Fault(place, 1, cell.strip()[:40], Text("这一列出现了两次。", "This column is there twice.")))
        found.append(column)
    missing = [c for c in kind.columns if c.required and c not in found]
    faults += [Fault(place, 1, c.heading, Text("缺这一列。", "This column is missing.")) for c in missing]
    return found, faults


def _unknown(kind: SheetKind, heading: str) -> Text:
    names = [name for c in kind.columns for name in (c.zh, c.en, c.name)]
    near = difflib.get_close_matches(heading.strip(), names, n=1, cutoff=0.4)
    known = "、".join(c.heading for c in kind.columns)
    zh, en = (f"是不是“{near[0]}”？", f'Is it "{near[0]}"? ') if near else ("", "")
    return Text(f"不认识这个列名。{zh}可以有：{known}。", f"This heading is not known. {en}There may be: {known}.")


def _sheet(kind: SheetKind, place: str, headings: list[Column | None], rows: Rows, faults: list[Fault]) -> Sheet:
    taken: list[SheetRow] = []
    for number, row in enumerate(rows, start=2):
        texts = [cell.strip() for cell in row]
        if not any(texts):
            continue
        faults += [Fault(place, number, "", text) for text in _row_faults(headings, texts)]
        cells = {c.name: text for c, text in zip(headings, texts, strict=False) if c is not None}
        taken.append(SheetRow(number, {c.name: cells.get(c.name, "") for c in headings if c is not None}))
    return Sheet(kind, place, frozenset(c.name for c in headings if c is not None), tuple(taken))


def _row_faults(headings: list[Column | None], texts: list[str]) -> list[Text]:
    faults = []
    beyond = [i for i, text in enumerate(texts) if text and (i >= len(headings) or headings[i] is None)]
    if beyond:
        faults.append(Text("有内容不在任何列名之下。", "There is content under no heading."))
    if any(len(text) > LONGEST_CELL for text in texts):
        faults.append(Text(f"有单元格超过 {LONGEST_CELL} 个字。", f"A cell has more than {LONGEST_CELL} characters."))
    if any(ord(c) < 32 and c not in "\n\r\t" for text in texts for c in text):
        faults.append(Text("有看不见的控制字符。", "There is a control character."))
    return faults
