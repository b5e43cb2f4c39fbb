"""From files to figures as they were written: one row per person with a column per figure, or one row per figure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workflows.appraisal.figures.intake.columns import ALIAS, MONTH, NAME, PERSON, UNIT, VALUE, heading_of, unknown
from workflows.appraisal.figures.intake.given import Fault, Given, GivenFigures
from workflows.appraisal.figures.meaning import Catalogue
from workflows.errors import RejectedImport, Text
from workflows.sheets.reading import read_tables
from workflows.sheets.workbook import MOST_COLUMNS, MOST_ROWS, Rows

NOTES = frozenset({"说明", "notes"})
"""Sheets that explain and hold no figures."""

LONGEST_CELL = 200

PASSED = ""
"""Meaning of a column that was blamed at its heading: what stands below it is not looked at, everything else is."""


def read_figures(files: Sequence[tuple[str, bytes]], catalogue: Catalogue, parameters: Collection[str]) -> GivenFigures:
    """Every figure in the files, given as (name, content), with the faults that show without knowing anybody.

    Wide: `person`, `period`, a column for each figure. Long: `person`, `period`, `figure`, `value`. `unit` in place of `person` for a
    unit's figures. Empty cells say nothing.
    """
    found = GivenFigures()
    for name, data in files:
        try:
            for title, place, rows in read_tables(name, data):
                if title.strip().casefold() not in NOTES:
                    _take(found, place, rows, catalogue, parameters)
        except RejectedImport as refused:
            # A broken workbook's sentence begins with its name, which the fault's place says already.
            text = Text(refused.zh.removeprefix(f"{name}："), refused.en.removeprefix(f"{name} "))
            found.faults.append(Fault(name, 0, "", text))
    if not found.figures and not found.faults:
        names = "、".join(name for name, _ in files)
        found.faults.append(Fault(names, 0, "", Text("文件里没有数据。", "There is no figure in it.")))
    return found


@dataclass(frozen=True, slots=True)
class _Headings:
    """Column → what it means, and how it is headed."""

    meanings: tuple[str | None, ...]
    titles: tuple[str, ...]

    def at(self, meaning: str) -> int | None:
        return self.meanings.index(meaning) if meaning in self.meanings else None

    def title(self, *meanings: str) -> str:
        """The heading of the first of these columns that is there."""
        found = (self.at(meaning) for meaning in meanings)
        return next((self.titles[index] for index in found if index is not None), "")

    @property
    def long(self) -> bool:
        return NAME in self.meanings or VALUE in self.meanings


def _take(found: GivenFigures, place: str, rows: Rows, catalogue: Catalogue, parameters: Collection[str]) -> None:
    if len(rows) > MOST_ROWS + 1:
        text = Text(f"超过 {MOST_ROWS} 行，请分开导入。", f"More than {MOST_ROWS} rows: import them in parts.")
        found.faults.append(Fault(place, 0, "", text))
        return
    if not rows:
        found.faults.append(Fault(place, 0, "", Text("文件是空的。", "The file is empty.")))
        return
    headings, faults = _headings(place, rows[0], catalogue, parameters)
    lacking = _lacking(place, headings, len(rows[0]))
    found.faults += faults + lacking
    if lacking:
        return
    for number, row in enumerate(rows[1:], start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        fault = _bad_row(place, number, cells, headings)
        if fault is not None:
            found.faults.append(fault)
            continue
        before = len(found.figures)
        found.figures.extend(
            _long(place, number, cells, headings) if headings.long else _wide(place, number, cells, headings)
        )
        found.rows += len(found.figures) > before


def _headings(
    place: str, cells: Sequence[str], catalogue: Catalogue, parameters: Collection[str]
) -> tuple[_Headings, list[Fault]]:
    meanings: list[str | None] = []
    faults: list[Fault] = []
    titles = tuple(" ".join(cell.split())[:60] for cell in cells)
    for cell, title in zip(cells, titles, strict=True):
        meaning = heading_of(cell, catalogue, parameters)
        if meaning is None and title:
            faults.append(Fault(place, 1, title, unknown(cell, catalogue, parameters)))
            meaning = PASSED
        elif meaning is not None and meaning in meanings:
            faults.append(Fault(place, 1, title, Text("这一列出现了两次。", "This column is there twice.")))
            meaning = PASSED
        meanings.append(meaning)
    if PERSON not in meanings and ALIAS in meanings:
        meanings[meanings.index(ALIAS)] = PERSON
    return _Headings(tuple(meanings), titles), faults


def _lacking(place: str, headings: _Headings, columns: int) -> list[Fault]:
    """Without which no row can be read."""
    meanings = headings.meanings
    missing: list[Text] = []
    if columns > MOST_COLUMNS:
        missing.append(Text(f"超过 {MOST_COLUMNS} 列。", f"More than {MOST_COLUMNS} columns."))
    if PERSON not in meanings and UNIT not in meanings:
        missing.append(Text("缺“人员”列（person）。", "The column `person` is missing."))
    if MONTH not in meanings:
        missing.append(Text("缺“月份”列（period）。", "The column `period` is missing."))
    if (NAME in meanings) != (VALUE in meanings):
        missing.append(Text("“数据名”和“数值”两列要成对（figure、value）。", "`figure` and `value` come together."))
    return [Fault(place, 1, "", text) for text in missing]


def _bad_row(place: str, number: int, cells: Sequence[str], headings: _Headings) -> Fault | None:
    meanings = headings.meanings
    if any(cell and (i >= len(meanings) or meanings[i] is None) for i, cell in enumerate(cells)):
        return Fault(place, number, "", Text("有内容不在任何列名之下。", "There is content under no heading."))
    if any(len(cell) > LONGEST_CELL or not cell.isprintable() for cell in cells):
        text = Text(
            f"有单元格超过 {LONGEST_CELL} 个字，或含换行等字符。",
            f"A cell is longer than {LONGEST_CELL} characters or holds line breaks.",
        )
        return Fault(place, number, "", text)
    return None


def _wide(place: str, number: int, cells: Sequence[str], headings: _Headings) -> Iterator[Given]:
    whose = _whose(cells, headings)
    for index, meaning in enumerate(headings.meanings):
        if meaning is None or meaning in (PERSON, ALIAS, UNIT, MONTH, PASSED):
            continue
        value = cells[index] if index < len(cells) else ""
        if value:
            yield _given(place, number, headings.titles[index], whose, meaning, value)


def _long(place: str, number: int, cells: Sequence[str], headings: _Headings) -> Iterator[Given]:
    value = _cell(cells, headings, VALUE)
    if value:
        yield _given(place, number, headings.title(VALUE), _whose(cells, headings), _cell(cells, headings, NAME), value)


_Whose = tuple[str, str, str, str, tuple[str, str]]
"""Person, unit, month, name beside the person, and the headings of the first two and of the month: the same for a whole row."""


def _whose(cells: Sequence[str], headings: _Headings) -> _Whose:
    person, unit, month, alias = (_cell(cells, headings, meaning) for meaning in (PERSON, UNIT, MONTH, ALIAS))
    return person, unit, month, alias, (headings.title(PERSON, UNIT), headings.title(MONTH))


def _given(place: str, number: int, column: str, whose: _Whose, name: str, value: str) -> Given:
    person, unit, month, alias, columns = whose
    return Given(place, number, column, person, unit, month, name, value, alias, columns)


def _cell(cells: Sequence[str], headings: _Headings, meaning: str) -> str:
    index = headings.at(meaning)
    return cells[index] if index is not None and index < len(cells) else ""
