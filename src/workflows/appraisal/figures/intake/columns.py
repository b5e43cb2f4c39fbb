"""What the heading of a column means: whose, when, which figure, which value."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from workflows.appraisal.figures.meaning import Catalogue
from workflows.document.problems import nearest
from workflows.errors import Text

PERSON, ALIAS, UNIT, MONTH, NAME, VALUE = "person", "alias", "unit", "month", "name", "value"

_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("person", "login", "email", "人员", "员工", "账号", "工号", "邮箱", "员工号"), PERSON),
    **dict.fromkeys(("姓名", "名字", "full name"), ALIAS),
    **dict.fromkeys(("unit", "group", "部门", "小组", "组"), UNIT),
    **dict.fromkeys(("period", "month", "月份", "期间", "考核月份", "考核期"), MONTH),
    **dict.fromkeys(("figure", "数据名", "数据项", "指标数据"), NAME),
    **dict.fromkeys(("value", "数值", "值"), VALUE),
}
"""Headings of the columns that are no figure. `姓名` beside an account is checked against it; alone it names the person."""


def heading_of(cell: str, catalogue: Catalogue, parameters: Collection[str]) -> str | None:
    """`person`, `alias`, `unit`, `month`, `name`, `value`, or the name of a figure or parameter; None where it is none of them.

    A figure is known by its name, by its title in either language, and by both on two lines as a template writes them.
    """
    lines = [line.strip() for line in cell.strip().splitlines() if line.strip()]
    for line in reversed(lines):
        word = line.casefold()
        if word in _WORDS:
            return _WORDS[word]
        if word in catalogue or word in parameters:
            return word
    return _titled(lines[0], catalogue) if lines else None


def _titled(text: str, catalogue: Catalogue) -> str | None:
    plain = _without_unit(text).casefold()
    found = [
        name for name, entry in catalogue.items() if plain in (entry.title.zh.casefold(), entry.title.en.casefold())
    ]
    return found[0] if len(found) == 1 else None


def _without_unit(text: str) -> str:
    return re.sub(r"\s*[（(][^（()）]*[)）]\s*$", "", text).strip()


def unknown(cell: str, catalogue: Catalogue, parameters: Collection[str]) -> Text:
    """The sentence about a name that is no figure's, with the nearest one."""
    shown = " ".join(cell.split())[:60]
    near = nearest(shown.casefold(), [*catalogue, *parameters])
    if near is None:
        by_title = {entry.title.zh: name for name, entry in catalogue.items()}
        title = nearest(_without_unit(shown), by_title)
        near = by_title[title] if title else None
    zh, en = (f"是否指 {near}？", f" Did you mean {near}?") if near else ("", "")
    return Text(f"没有名为“{shown}”的数据。{zh}", f'There is no figure called "{shown}".{en}')
