"""Single values as text: what a number, date or period looks like, in definitions as in forms."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import cast

from workflows.definition.moment_text import MomentError, parse_duration
from workflows.definition.periods import Period, PeriodKind, parse
from workflows.errors import InvalidInput, Text

LARGEST_INTEGER = 10**15
MOST_DIGITS = 15
"""Digits before the decimal point."""

PLACES = {"money": 2, "percent": 4, "decimal": 6}
"""Most decimal places of a type unless its field says otherwise."""

_INTEGER = re.compile(r"-?[0-9]{1,16}")
_DECIMAL = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}(\.([0-9]+))?")


class UnreadableValue(ValueError):
    """A text is no value of the type; `message` says what is expected."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = Text(zh, en)


class PartErrors(ValueError):
    """Errors within a value: (part, error). Parts of a table are `row.column` with rows from 0."""

    def __init__(self, found: list[tuple[str, UnreadableValue]]) -> None:
        super().__init__("parts")
        self.found = found


def read_scalar(
    type_: str, text: str, places: int | None = None, choices: Collection[str] = ()
) -> int | Decimal | date | bool | Period | str:
    """`text` as a value of a field type; raises UnreadableValue.

    Integers and ratings come as int, decimals, money and percents as Decimal with at most `places` places, dates as date,
    periods as Period, durations (`7d`) as the text, booleans from `true`/`false`, everything else as the text itself.
    """
    match type_:
        case "integer" | "rating":
            return _integer(text)
        case "decimal" | "money" | "percent":
            return _decimal(text, PLACES[type_] if places is None else places)
        case "date":
            return _date(text)
        case "boolean":
            return _boolean(text)
        case "week" | "month" | "quarter" | "year":
            return _period(text, cast(PeriodKind, type_))
        case "duration":
            return _duration(text)
        case "choice" if text not in choices:
            raise UnreadableValue(f"“{text}”不是选项之一。", f"`{text}` is not one of the choices.")
    return text


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or abs(int(text)) > LARGEST_INTEGER:
        raise UnreadableValue("请填整数。", "This should be a whole number.")
    return int(text)


def _decimal(text: str, places: int) -> Decimal:
    found = _DECIMAL.fullmatch(text)
    if not found:
        raise UnreadableValue("请填数字，例如 12.5。", "This should be a number such as 12.5.")
    if len(found[2] or "") > places:
        raise UnreadableValue(f"最多 {places} 位小数。", f"At most {places} decimal places.")
    return Decimal(text)


def _date(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) and 1900 <= int(text[:4]) <= 2999:
            return date.fromisoformat(text)
    except ValueError:
        pass  # 2026-02-30: the sentence below says it
    raise UnreadableValue("请填日期，例如 2026-11-20。", "This should be a date such as 2026-11-20.")


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise UnreadableValue("请选择是或否。", "This should be yes or no.")
    return text == "true"


def _duration(text: str) -> str:
    try:
        parse_duration(text)
    except MomentError as error:
        raise UnreadableValue(error.message.zh, error.message.en) from None
    return text


def _period(text: str, kind: PeriodKind) -> Period:
    try:
        return parse(text, kind)
    except InvalidInput as error:
        raise UnreadableValue(error.zh, error.en) from None
