"""The time of a report as it stands in the address: how many months, up to which; and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from workflows.definition.periods import containing, parse
from workflows.errors import InvalidInput
from workflows.http import visit
from workflows.reports.span import Span, span_of_months
from workflows.web.components import Option, Select
from workflows.web.language import _
from workflows.web.reader import words

COUNTS: Final = (12, 6, 3, 1)
BACK: Final = 24
"""So many months back a report can end."""


@dataclass(frozen=True, slots=True)
class Range:
    """`months` up to and with `until` (`2026-10`). `current`: it includes the month that is not over."""

    months: int
    until: str
    span: Span
    current: bool
    usual: bool

    @property
    def asked(self) -> dict[str, Any]:
        """As it stands in the address; nothing where it is the usual time."""
        return {} if self.usual else {"months": str(self.months), "until": self.until}

    @property
    def said(self) -> str:
        """近 12 个月, 上个月, 本月到今天, 2026 年 4 月 – 2026 年 9 月."""
        this, last = _this_month(), str(parse(_this_month(), "month").previous)
        if self.until == last:
            return _("近 %(n)s 个月", n=self.months) if self.months > 1 else _("上一个月")
        if self.until == this:
            return _("近 %(n)s 个月（到今天）", n=self.months) if self.months > 1 else _("本月到今天")
        first, last = words().period("month", self.span.months[0]), words().period("month", self.until)
        return first if first == last else f"{first} – {last}"

    @property
    def before(self) -> str:
        """How the time before is called: 前 12 个月."""
        return _("前 %(n)s 个月", n=self.months) if self.months > 1 else _("前一个月")


def chosen_range(counts: Sequence[int] = COUNTS, usual_months: int = COUNTS[0]) -> Range:
    """From the address: one of `counts` months; the last `usual_months` whole ones where it says nothing. Raises `InvalidInput` for what
    is no time."""
    usual = str(parse(_this_month(), "month").previous)
    until, written = request.args.get("until") or usual, request.args.get("months") or str(usual_months)
    if written not in {str(count) for count in counts} or not _reaches(until):
        raise InvalidInput(
            "没有这样的时间段，请从列表里选。", "There is no such time to report on: choose one from the list."
        )
    months = int(written)
    span = span_of_months(until, months, visit().calendar)
    return Range(months, until, span, until == _this_month(), (months, until) == (usual_months, usual))


def selects(chosen: Range, counts: Sequence[int] = COUNTS) -> tuple[Select, Select]:
    """How many months (one of `counts`), and up to which."""
    lengths = tuple(Option(str(n), _("%(n)s 个月", n=n)) for n in counts)
    month, ends = parse(_this_month(), "month"), []
    for number in range(BACK):
        named = words().period("month", str(month))
        ends.append(Option(str(month), _("到今天") if number == 0 else _("到 %(month)s", month=named)))
        month = month.previous
    return (
        Select("months", _("多长时间"), lengths, str(chosen.months)),
        Select("until", _("到哪个月"), tuple(ends), chosen.until),
    )


def _reaches(until: str) -> bool:
    try:
        month, this = parse(until, "month"), parse(_this_month(), "month")
    except InvalidInput:
        return False
    distance = (this.first_day.year - month.first_day.year) * 12 + this.first_day.month - month.first_day.month
    return 0 <= distance < BACK


def _this_month() -> str:
    return str(containing(words().today, "month"))
