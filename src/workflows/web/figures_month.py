"""What the pages of figures share: the month they are about, who enters, and that figures of others were read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import request

from workflows.appraisal.figures.derived import month_before, months_to
from workflows.definition.periods import parse
from workflows.errors import InvalidInput, Text
from workflows.http import HR, visit
from workflows.web.components import Option, Select, Tab
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import is_auditor, note

MONTHS: Final = 13
"""So many months can be chosen: this one and a year back."""

SIDE_BY_SIDE: Final = 4
"""So many months stand side by side."""

READ: Final = "figures"
"""`what` of an access log entry about people's figures."""


def note_reading(whose: str) -> None:
    """Write down that the reader saw figures of others, once the page is made; whose and of which month stands in the entry's reason."""
    note(READ, about=whose)


def note_auditor(whose: str) -> None:
    """The same of what an auditor looks at, figures or not: names, and what is missing of them."""
    if is_auditor():
        note_reading(whose)


def is_hr() -> bool:
    """Whether the reader enters figures."""
    return HR in visit().me.roles


def chosen_month(given: str | None = None) -> str:
    """The month of the address (or `given`), else the last one: its figures are what is being gathered. Raises `InvalidInput`."""
    asked = given or request.args.get("month", "")
    if not asked:
        return month_before(this_month())
    month = str(parse(asked, "month"))
    if month > this_month():
        raise InvalidInput(f"{month} 还没有到。", f"{month} has not begun yet.")
    return month


def this_month() -> str:
    """The company's month."""
    return f"{words().today:%Y-%m}"


def month_tabs(month: str, address: Callable[[str], str]) -> tuple[Tab, ...]:
    """The latest months side by side, the chosen one among them; `address`: of the page in a month."""
    offered = sorted({*months_to(this_month(), SIDE_BY_SIDE), month})
    return tuple(Tab(words().period("month", one), address(one), current=one == month) for one in offered)


def month_select(month: str) -> Select:
    """The choice of a month, the chosen one among them."""
    offered = dict.fromkeys((*months_to(this_month(), MONTHS), month))
    options = tuple(Option(one, words().period("month", one)) for one in offered)
    return Select("month", _("月份"), options, month)


def plain(owed_by: Text) -> str:
    """Who owes, for a column of its own: without the quotation marks of a sentence."""
    return owed_by.text(language()).translate(dict.fromkeys(map(ord, "“”")))
