"""A file of figures for `workflows score`: one row for each person, or one row for each figure.

Everything that is wrong is collected by row and column, and then nothing is taken. What is merely unlikely (half a visitor, a part
larger than its whole) is a doubt: said, and computed with, since a calculator is also asked about made-up numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from workflows.document.problems import nearest
from workflows.errors import InvalidInput, RejectedImport, Text
from workflows.scoring.catalogue import Catalogue
from workflows.scoring.cells import BadCell, read_choice, read_month, read_number
from workflows.scoring.model import Scorecard
from workflows.sheets.reading import read_tables
from workflows.sheets.workbook import MOST_COLUMNS, MOST_ROWS, Rows

PERSON, PERIOD, FIGURE, VALUE = "person", "period", "figure", "value"
_REFUSED: Final = "?"
"""A column whose heading is at fault: what stands in it is not looked at, all other columns are."""

_HEADINGS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("person", "人员", "姓名", "员工", "账号"), PERSON),
    **dict.fromkeys(("period", "month", "月份", "期间", "考核月份"), PERIOD),
    **dict.fromkeys(("figure", "指标值", "数据名"), FIGURE),
    **dict.fromkeys(("value", "值", "数值"), VALUE),
}
_NOTES: Final = frozenset({"说明", "notes"})
"""Sheets that explain and hold no figures."""

MOST_FAULTS: Final = 1000
"""A file that is wrong throughout is not helped by more."""

Fault = tuple[int, str, Text]
"""Row as a spreadsheet counts it, the column's heading, the sentence."""


@dataclass(slots=True)
class PersonFigures:
    """What a file says of one person and month. `row`: the first that did; `doubts`: what is unlikely, by row and column."""

    person: str
    period: str
    row: int
    figures: dict[str, Decimal] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    doubts: list[Fault] = field(default_factory=list)
    columns: dict[str, tuple[int, str]] = field(default_factory=dict)


def read_figures(name: str, data: bytes, card: Scorecard, catalogue: Catalogue) -> list[PersonFigures]:
    """Everybody in a CSV or XLSX file, in its order. `catalogue` knows all figures, also those of other cards.

    Raises RejectedImport with every fault by row and column: unknown names with the nearest one, what is no number or has the wrong
    unit, impossible values, the same person, month and figure twice.
    """
    reader = _Reader(card, catalogue)
    tables = [table for table in read_tables(name, data) if table[0].strip().casefold() not in _NOTES]
    for _, place, rows in tables:
        reader.take(place if len(tables) > 1 else "", rows)
    for person in reader.people.values():
        reader.doubt(person)
    if not reader.faults and not reader.people:
        reader.faults.append((1, "", Text("文件里没有数据。", "There are no figures in the file.")))
    if reader.faults:
        count, (row, column, first) = len(reader.faults), min(reader.faults, key=lambda fault: fault[0])
        raise RejectedImport(
            f"没有计算：{name} 里有 {count} 处错误。第一处：第 {row} 行{f'“{column}”' if column else ''}：{first.zh}",
            f"Nothing was computed: {name} has {count} {'fault' if count == 1 else 'faults'}. "
            f"The first: row {row}{f', {column}' if column else ''}: {first.en}",
            rows=sorted(reader.faults, key=lambda fault: fault[0])[:MOST_FAULTS],
        )
    return list(reader.people.values())


class _Reader:
    """Takes one table after the other; `people` and `faults` fill up."""

    def __init__(self, card: Scorecard, catalogue: Catalogue) -> None:
        self.card = card
        self.catalogue = catalogue.with_figures(card.figures)
        self.people: dict[tuple[str, str], PersonFigures] = {}
        self.faults: list[Fault] = []
        self._place = ""
        self._titles: dict[str, list[str]] = {}
        titles = {name: entry.title for name, entry in self.catalogue.items()}
        titles |= {name: entry.title for name, entry in self.catalogue.parameters.items()}
        for name, title in titles.items():
            for one in {title.zh.casefold(), title.en.casefold()}:
                self._titles.setdefault(one, []).append(name)

    def take(self, place: str, rows: Rows) -> None:
        """All rows of one table. `place`: the sheet, where there are several."""
        self._place = f"{place} " if place else ""
        if len(rows) > MOST_ROWS + 1:
            self._fault(
                MOST_ROWS + 2, "", Text(f"超过 {MOST_ROWS} 行，请分开。", f"More than {MOST_ROWS} rows: divide them.")
            )
            return
        headings = self._headings(rows[0] if rows else [])
        if headings is None:
            return
        for number, row in enumerate(rows[1:], start=2):
            cells = [cell.strip() for cell in row]
            if any(cells):
                self._row(number, cells, headings, rows[0])

    def _headings(self, row: Sequence[str]) -> list[str | None] | None:
        """What each column means, None for one without a heading; None in place of all where they make no table together."""
        found: list[str | None] = []
        for cell in row:
            text = cell.strip()
            meaning = self._meaning(text)
            if meaning is None and text:
                self._fault(1, text, self._unknown(text))
                meaning = _REFUSED
            elif meaning is not None and meaning in found:
                self._fault(1, text, Text("这一列出现了两次。", "This column is there twice."))
                meaning = _REFUSED
            found.append(meaning)
        before = len(self.faults)
        if len(row) > MOST_COLUMNS:
            self._fault(1, "", Text(f"超过 {MOST_COLUMNS} 列。", f"More than {MOST_COLUMNS} columns."))
        if (FIGURE in found) != (VALUE in found):
            self._fault(1, "", Text("figure 和 value 两列要成对。", "The columns `figure` and `value` come together."))
        if FIGURE in found and PERSON not in found:
            self._fault(1, "", Text("缺 person 列。", "The column `person` is missing."))
        if FIGURE in found and any(one not in (None, _REFUSED, PERSON, PERIOD, FIGURE, VALUE) for one in found):
            self._fault(
                1,
                "",
                Text(
                    "有 figure 列时，指标值不再各占一列。",
                    "With a column `figure`, figures have no columns of their own.",
                ),
            )
        return None if len(self.faults) > before else found

    def _meaning(self, heading: str) -> str | None:
        """A word for a column, the name of a figure or parameter, or its title in either language; a template's headings have title
        and name on lines of their own."""
        lines = [line.strip() for line in heading.splitlines() if line.strip()]
        return next((found for line in reversed(lines) if (found := self._named(line.casefold())) is not None), None)

    def _named(self, plain: str) -> str | None:
        if plain in _HEADINGS:
            return _HEADINGS[plain]
        if plain in self.catalogue or plain in self.catalogue.parameters:
            return plain
        titled = self._titles.get(plain, ())
        return titled[0] if len(titled) == 1 else None

    def _unknown(self, name: str) -> Text:
        known = [*self.catalogue, *self.catalogue.parameters, PERSON, PERIOD, FIGURE, VALUE]
        near = nearest(name.casefold(), known)
        zh, en = (f"是否指 {near}？", f" Did you mean `{near}`?") if near else ("", "")
        return Text(f"没有“{name}”这个指标值。{zh}", f"There is no figure `{name}`.{en}")

    def _row(self, number: int, cells: Sequence[str], headings: Sequence[str | None], titles: Sequence[str]) -> None:
        row = {meaning: cells[index] for index, meaning in enumerate(headings) if meaning and index < len(cells)}
        if any(cell and (index >= len(headings) or headings[index] is None) for index, cell in enumerate(cells)):
            self._fault(number, "", Text("有内容不在任何列名之下。", "There is content under no heading."))
            return
        whose = self._whose(number, row, headings)
        person = PersonFigures(
            "", "", number
        )  # takes the values of a row that is nobody's: they are looked at all the same
        if whose is not None and whose in self.people and FIGURE not in headings:
            first = self.people[whose].row
            text = Text(f"与第 {first} 行是同一人、同一月。", f"The same person and month as in row {first}.")
            self._fault(number, PERSON, text)
        elif whose is not None:
            person = self.people.setdefault(whose, PersonFigures(*whose, number))
        for column, name, cell in self._given(number, row, titles, headings):
            if cell:
                self._take(person, number, column, name, cell)

    def _whose(self, number: int, row: Mapping[str, str], headings: Sequence[str | None]) -> tuple[str, str] | None:
        before = len(self.faults)
        name, period = row.get(PERSON, ""), row.get(PERIOD, "")
        if not name and PERSON in headings:
            self._fault(number, PERSON, Text("没有写是谁的。", "It does not say whose this is."))
        try:
            period = read_month(period) if period or PERIOD in headings else ""
        except BadCell as bad:
            self._fault(number, PERIOD, bad.message)
        return None if len(self.faults) > before else (name or f"#{number}", period)

    def _given(
        self, number: int, row: Mapping[str, str], titles: Sequence[str], headings: Sequence[str | None]
    ) -> Iterator[tuple[str, str, str]]:
        """Column, name and text of each figure of a row."""
        if FIGURE not in headings:
            for index, meaning in enumerate(headings):
                if meaning is not None and meaning not in (PERSON, PERIOD, _REFUSED):
                    yield titles[index].strip(), meaning, row.get(meaning, "")
            return
        name = self._meaning(row.get(FIGURE, ""))
        if name is None or name in (PERSON, PERIOD, FIGURE, VALUE):
            self._fault(number, FIGURE, self._unknown(row.get(FIGURE, "")))
        else:
            yield VALUE, name, row.get(VALUE, "")

    def _take(self, person: PersonFigures, number: int, column: str, name: str, cell: str) -> None:
        if name in person.columns:
            first = person.columns[name][0]
            self._fault(
                number, column, Text(f"“{name}”与第 {first} 行重复。", f"`{name}` is given in row {first} already.")
            )
            return
        person.columns[name] = (number, column)
        try:
            if name in self.catalogue.parameters:
                person.parameters[name] = read_choice(cell, self.catalogue.parameters[name])
            else:
                person.figures[name] = self._number(person, number, column, name, cell)
        except InvalidInput as bad:
            self._fault(number, column, bad.message)

    def _number(self, person: PersonFigures, number: int, column: str, name: str, cell: str) -> Decimal:
        figure = self.catalogue[name]
        value = read_number(cell, figure)
        misfit = figure.misfit(value)
        if misfit is not None and figure.in_bounds(value):
            person.doubts.append((number, column, misfit))
        elif misfit is not None:
            raise BadCell(misfit.zh, misfit.en)
        return value

    def doubt(self, person: PersonFigures) -> None:
        """Notes what cannot be true together."""
        for name, text in self.catalogue.contradictions(person.figures).items():
            person.doubts.append((*person.columns[name], text))

    def _fault(self, row: int, column: str, text: Text) -> None:
        self.faults.append((row, f"{self._place}{column}", text))
