"""What a cell of a table of figures means: an exact number in the unit of its figure, a choice, a month. Every function raises
`BadCell` for what means none, and guesses nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from workflows.errors import InvalidInput
from workflows.scoring.catalogue import UNITS, FigureName, Parameter, Unit
from workflows.scoring.given import no_such_choice

MOST_DIGITS: Final = 15
"""Before and after the decimal point: what a spreadsheet writes of a computed cell, and no more."""

_WIDE: Final = str.maketrans("０１２３４５６７８９．，－＋％￥（）", "0123456789.,-+%¥()")
"""What a Chinese input method types for digits and signs."""
_NUMBER: Final = re.compile(
    r"(?P<sign>[¥$]?)\s*(?P<number>[-+]?[0-9][0-9,]*(\.[0-9]+)?(e[+-]?[0-9]{1,5})?)\s*(?P<unit>.*)",
    re.ASCII | re.IGNORECASE,
)
_GROUPED: Final = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_MONTH: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})(月|[-/.]0?1(日)?)?", re.ASCII)

_WORDS: Final[Mapping[str, Unit]] = {
    "%": "percent", "百分点": "percent", "¥": "CNY", "元": "CNY", "rmb": "CNY", "cny": "CNY", "人": "persons", "个": "count", "件": "count",
    "次": "count", "单": "count", "分": "mark", "倍": "ratio", "小时": "hours", "h": "hours", "hours": "hours", "分钟": "minutes",
    "min": "minutes", "minutes": "minutes", "秒": "seconds", "s": "seconds", "seconds": "seconds",
}  # fmt: skip
_SHORT: Final = {"万": "10,000", "千": "1,000", "亿": "100,000,000", "k": "1,000", "m": "1,000,000", "w": "10,000"}


class BadCell(InvalidInput):
    """A cell does not say what its column asks for."""


def read_figure(cell: str, figure: FigureName) -> Decimal:
    """The value of a figure: a number that it can have."""
    value = read_number(cell, figure)
    if (misfit := figure.misfit(value)) is not None:
        raise BadCell(misfit.zh, misfit.en)
    return value


def read_number(cell: str, figure: FigureName) -> Decimal:
    """The number in a cell, exactly as written; the figure's own unit may stand beside it, no other."""
    found = _NUMBER.fullmatch(cell.strip().translate(_WIDE).replace("\u2212", "-"))
    if not found:
        raise BadCell(f"“{cell[:40]}”不是数字。", f"`{cell[:40]}` is not a number.")
    _refuse_unit(cell, found["sign"], found["unit"].strip(), figure)
    number = found["number"]
    if "," in number and not _GROUPED.fullmatch(number):
        raise BadCell(f"“{cell[:40]}”里的逗号位置不对。", f"The commas of `{cell[:40]}` are in strange places.")
    value = Decimal(number.replace(",", ""))
    _refuse_size(value)
    return _plain(value)


def read_choice(cell: str, parameter: Parameter) -> str:
    """The key (or keys, divided by commas) of a parameter of scorecards."""
    try:
        return ",".join(parameter.read(cell))
    except ValueError as wrong:
        text = no_such_choice(parameter, str(wrong)[:40])
        raise BadCell(text.zh, text.en) from None


def read_month(cell: str) -> str:
    """`2026-10`, written so, as `2026/10`, `2026年10月` or as the first day of the month (a spreadsheet makes that of a month)."""
    found = _MONTH.fullmatch(cell.strip().translate(_WIDE))
    if not found or not 1 <= int(found[2]) <= 12 or found[1] == "0000":
        raise BadCell(
            f"“{cell[:40]}”不是月份，请写成 2026-10。", f"`{cell[:40]}` is not a month: write it like 2026-10."
        )
    return f"{found[1]}-{int(found[2]):02d}"


def _refuse_unit(cell: str, sign: str, word: str, figure: FigureName) -> None:
    """`12%` is no amount of money. What is not understood beside a number is refused as well: nobody guesses thousands."""
    for written in (sign, word.casefold()):
        if not written or _WORDS.get(written) == figure.unit:
            continue
        if (factor := _SHORT.get(written[0])) is not None and written not in _WORDS:
            raise BadCell(
                f"“{cell[:40]}”请写全，不用“{written}”（{factor}）。",
                f"Write `{cell[:40]}` in full, without `{written}` ({factor}).",
            )
        unit = UNITS[figure.unit]
        raise BadCell(
            f"“{cell[:40]}”的单位不对：“{figure.title.zh}”按{unit.zh}填。",
            f"`{cell[:40]}` has the wrong unit: `{figure.name}` is given in {unit.en}.",
        )


def _refuse_size(value: Decimal) -> None:
    _, digits, exponent = value.as_tuple()
    places = max(0, -int(exponent))
    if len(digits) + int(exponent) > MOST_DIGITS:
        raise BadCell(f"整数部分最多 {MOST_DIGITS} 位。", f"At most {MOST_DIGITS} digits before the decimal point.")
    if places > MOST_DIGITS:
        raise BadCell(f"最多 {MOST_DIGITS} 位小数。", f"At most {MOST_DIGITS} decimal places.")


def _plain(value: Decimal) -> Decimal:
    """Without an exponent and without a sign before zero."""
    return Decimal(format(value if value else abs(value), "f"))
