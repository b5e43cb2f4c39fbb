"""What a cell of a table of figures means: an exact number in the unit of its figure, or a month. Raises `BadCell`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from workflows.errors import InvalidInput
from workflows.scoring.catalogue import FigureName, Unit

MOST_DIGITS: Final = 40
"""Before and after the decimal point: far more than any figure has."""

_WIDE: Final = str.maketrans("０１２３４５６７８９．，－＋％￥", "0123456789.,-+%¥")
"""What a Chinese input method types for digits and signs."""
_NUMBER: Final = re.compile(
    r"(?P<money>[¥$]?)\s*(?P<number>[-+]?[0-9][0-9,]*(\.[0-9]+)?(e[+-]?[0-9]{1,5})?)\s*(?P<unit>.*)",
    re.ASCII | re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_MONTH: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(月|[-/.]0?1(日)?)?", re.ASCII)
_UNITS: Final[Mapping[str, Unit]] = {
    "%": "percent", "¥": "CNY", "元": "CNY", "cny": "CNY", "人": "persons", "个": "count", "次": "count", "件": "count", "单": "count",
    "分": "mark", "倍": "ratio", "小时": "hours", "h": "hours", "分钟": "minutes", "min": "minutes", "秒": "seconds", "s": "seconds",
}  # fmt: skip


class BadCell(InvalidInput):
    """A cell does not say what its column asks for."""


def read_number(cell: str, figure: FigureName) -> Decimal:
    """The number in a cell, exactly as written. Its own unit may stand beside it; another one is refused, and nothing is guessed:
    12% is no amount of money."""
    found = _NUMBER.fullmatch(cell.strip().translate(_WIDE).replace("\u2212", "-"))
    if not found:
        raise BadCell(f"“{cell[:40]}”不是数字。", f"`{cell[:40]}` is not a number.")
    for word in (found["money"], found["unit"].strip().casefold()):
        if word and _UNITS.get(word) != figure.unit:
            raise BadCell(
                f"“{cell[:40]}”的单位不对：“{figure.title.zh}”的单位是 {figure.unit}。",
                f"`{cell[:40]}` has the wrong unit: `{figure.name}` is given in {figure.unit}.",
            )
    number = found["number"]
    if "," in number and not _GROUPED.fullmatch(number):
        raise BadCell(f"“{cell[:40]}”里的逗号位置不对。", f"The commas of `{cell[:40]}` are in strange places.")
    value = Decimal(number.replace(",", ""))
    if len(number) > 2 * MOST_DIGITS or abs(value.adjusted()) > MOST_DIGITS:
        raise BadCell(f"数字太长（{cell[:20]}…）。", f"The number {cell[:20]}… is too long.")
    return Decimal(format(value if value else abs(value), "f"))


def read_month(cell: str) -> str:
    """`2026-10`, written so, as `2026/10`, `2026年10月` or as the first day of the month (a spreadsheet makes that of a month)."""
    found = _MONTH.fullmatch(cell.strip().translate(_WIDE))
    if not found or not 1 <= int(found[2]) <= 12 or found[1] == "0000":
        raise BadCell(
            f"“{cell[:40]}”不是月份，请写成 2026-10。", f"`{cell[:40]}` is not a month: write it like 2026-10."
        )
    return f"{found[1]}-{int(found[2]):02d}"
