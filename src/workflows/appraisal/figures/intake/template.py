"""A workbook to fill in for one scorecard and month: what each figure is called and measured in, a row for each who holds the
position, and what is known already. The upload takes it back as it is, and then changes nothing."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from workflows.appraisal.figures.ledger import Ledger
from workflows.appraisal.figures.meaning import UNITS
from workflows.errors import Text
from workflows.scoring.catalogue import FigureName
from workflows.scoring.model import Scorecard
from workflows.scoring.score import score_card

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

PERSON: Final = Text("账号", "Login")
NAME: Final = Text("姓名", "Name")
MONTH: Final = Text("月份", "Month")
NOTES: Final = Text("说明", "notes")
EXACT_DIGITS: Final = 15
"""Excel keeps no more of a number: longer ones are written as text."""

Cell = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column to fill in: a figure or a parameter."""

    name: str
    title: Text
    unit: Text
    note: Text


def columns_of(
    card: Scorecard, base: FigureName | None, counted: Collection[str], known: Collection[str]
) -> tuple[Column, ...]:
    """What a template of this card asks: everything the card uses but what this system counts itself (`counted`), targets that
    have a value of their own only where one was given (`known`), its parameters, and the base of the bonus."""
    needed = score_card(card, {}).missing
    figures = [one for one in card.figures.values() if _asked(one, needed, counted, known)]
    figures += [base] if base is not None and base.name not in card.figures else []
    choices = [
        Column(key, parameter.title, Text("", ""), _choices(parameter.choices.values()))
        for key, parameter in card.parameters.items()
    ]
    return (*choices, *(Column(one.name, one.title, UNITS[one.unit], _note(one, needed)) for one in figures))


def _asked(figure: FigureName, needed: Collection[str], counted: Collection[str], known: Collection[str]) -> bool:
    if figure.retired or figure.name in counted:
        return False
    return figure.target_of is None or figure.name in needed or figure.name in known


def template(ledgers: Sequence[Ledger], columns: Sequence[Column], month: str, language: str) -> bytes:
    """The workbook (XLSX): a sheet of figures with a row per ledger, and one of explanations."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(month)
    sheet.freeze_panes = "D2"
    for index, width in enumerate((16, 12, 10, *(18 for _ in columns)), start=1):
        sheet.column_dimensions[_letter(index)].width = width
    _line(sheet, _headings(columns, language), heading=True)
    for ledger in ledgers:
        _line(
            sheet, [ledger.member.login, ledger.member.name, month, *(_value(ledger, one, language) for one in columns)]
        )
    _explain(book.create_sheet(NOTES.text(language)), columns, language)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _headings(columns: Iterable[Column], language: str) -> list[Cell]:
    """Title and unit for people, the name on a second line for the upload."""
    named = [(PERSON, "person"), (NAME, "姓名"), (MONTH, "period")]
    heads = [f"{title.text(language)}\n{name}" if title.zh != name else name for title, name in named]
    return [*heads, *(f"{_titled(one, language)}\n{one.name}" for one in columns)]


def _titled(column: Column, language: str) -> str:
    unit = column.unit.text(language)
    if not unit:
        return column.title.text(language)
    return f"{column.title.zh}（{unit}）" if language == "zh" else f"{column.title.en} ({unit})"


def _value(ledger: Ledger, column: Column, language: str) -> Cell:
    figure = ledger.figures.get(column.name)
    return figure.value if figure is not None else _chosen(ledger, column.name, language)


def _chosen(ledger: Ledger, name: str, language: str) -> Cell:
    """A parameter as people read it."""
    if ledger.card is None or name not in ledger.parameters:
        return None
    choices = ledger.card.parameters[name].choices
    keys = ledger.parameters[name].split(",")
    return ",".join(choices[key].text(language) if key in choices else key for key in keys)


def _explain(sheet: Any, columns: Iterable[Column], language: str) -> None:
    for index, width in enumerate((26, 34, 10, 70), start=1):
        sheet.column_dimensions[_letter(index)].width = width
    heads = (Text("列名", "Column"), Text("数据", "Figure"), Text("单位", "Unit"), Text("说明", "Note"))
    _line(sheet, [head.text(language) for head in heads], heading=True)
    for one in columns:
        _line(sheet, [one.name, one.title.text(language), one.unit.text(language), one.note.text(language)])


def _note(figure: FigureName, needed: Collection[str]) -> Text:
    """What a value may be, in a few words."""
    zh: list[str] = []
    en: list[str] = []
    if figure.name not in needed and figure.target_of is not None:
        zh.append("可不填")
        en.append("optional")
    if figure.holds:
        zh.append("填一次，到更改为止一直有效")
        en.append("holds until it is changed")
    if figure.part_of is not None:
        zh.append(f"是 {figure.part_of} 的一部分，不能比它大")
        en.append(f"a part of {figure.part_of}, not larger")
    if figure.most is not None:
        zh.append(f"最大 {figure.most}")
        en.append(f"at most {figure.most}")
    if figure.integer:
        zh.append("整数")
        en.append("a whole number")
    return Text("；".join(zh), "; ".join(en))


def _choices(titles: Iterable[Text]) -> Text:
    found = list(titles)
    return Text("可选：" + "、".join(one.zh for one in found), "one of: " + ", ".join(one.en for one in found))


# -- cells ------------------------------------------------------------------------------------------------------------


def _line(sheet: WriteOnlyWorksheet | Any, values: Iterable[Cell], *, heading: bool = False) -> None:
    sheet.append([_cell(sheet, value, heading) for value in values])


def _cell(sheet: Any, value: Cell, heading: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    if value is None:
        return None
    exact = isinstance(value, Decimal) and len(value.as_tuple().digits) <= EXACT_DIGITS
    content: Any = value if exact else str(value)  # openpyxl writes a Decimal digit by digit
    cell = WriteOnlyCell(sheet, value=content)
    if not exact:
        # A name that begins with “=” is a name: the type says text, and the quote keeps it text when somebody edits the cell.
        cell.data_type, cell.quotePrefix = "s", True
    if heading:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index))


def known_names(ledgers: Iterable[Ledger]) -> frozenset[str]:
    """The names of all figures that somebody has."""
    return frozenset(name for ledger in ledgers for name in ledger.figures)
