"""One value of one field: from what was typed (or sent as JSON) to what is stored.

Stored are only JSON values: integers as numbers, decimals as text (`"12.50"`), dates and periods as ISO text, points in time as
ISO text in UTC, people and files as texts of ids, positions as their keys, tables as lists of mappings, what is said of a scorecard as in `values.lines`. Binary floats are refused: 12.5 in JSON is already
inexact when it arrives here, so programs send "12.5".
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from urllib.parse import urlsplit

from workflows.definition.model import TODAY, Field
from workflows.definition.values.lines import read_lines
from workflows.definition.values.scalars import PartErrors, UnreadableValue, read_scalar
from workflows.document.shapes import NAME

LONGEST_TEXT = 200
"""Characters of a `text` field that says nothing else."""

LONGEST_LONG_TEXT = 20_000
LONGEST_URL = 2_000
MOST_ROWS = 500
MOST_FILES = 50
MOST_PEOPLE = 500

_NUMBERS = frozenset({"integer", "decimal", "money", "percent", "rating"})
_WIDE = str.maketrans("０１２３４５６７８９．，－％￥", "0123456789.,-%¥")
"""What a Chinese input method types for digits and signs."""
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_FILE_ID = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_empty(raw: object) -> bool:
    """Whether nothing was given: no value, blank text, a list or row of nothing but such."""
    match raw:
        case None:
            return True
        case str():
            return not raw.strip()
        case list() | tuple():
            return all(is_empty(item) or _is_blank_row(item) for item in raw)
    return False


def _is_blank_row(item: object) -> bool:
    return isinstance(item, Mapping) and all(is_empty(value) for value in item.values())


def read_value(field: Field, raw: object, zone: tzinfo) -> object:
    """The stored value of `raw` (not empty); raises UnreadableValue, where it has parts also PartErrors."""
    if field.formula is not None or field.type == "scorecard":
        raise UnreadableValue("这一项由系统算出，不能填写。", "This is computed and cannot be filled in.")
    match field.type:
        case "datetime":
            return _datetime(raw, zone)
        case "table":
            return _table(field, raw, zone)
        case "person":
            return _person(raw)
    return _READERS.get(field.type, _scalar)(field, raw)


def _scalar(field: Field, raw: object) -> object:
    text = _as_text(raw)
    if field.type in _NUMBERS:
        text = _plain_number(text, field.type)
    value = read_scalar(field.type, text, field.places)
    _within(field, value)
    match value:
        case Decimal():
            return _plain_decimal(value)
        case bool() | int():
            return value
    return str(value)


def _as_text(raw: object) -> str:
    """Numbers and truth values of JSON as text; floats are refused, whole numbers are exact."""
    match raw:
        case bool():
            return "true" if raw else "false"
        case int():
            return str(raw) if abs(raw) < 10**18 else "9" * 19
        case str():
            return raw.strip()
        case float():
            raise UnreadableValue('小数请用文本发送，例如 "12.5"。', 'Send decimals as text, for example "12.5".')
    raise UnreadableValue("这里只能填一个值。", "One value is expected here.")


def _plain_number(text: str, kind: str) -> str:
    """A number as people write and paste it (`¥1,000.50`, `３.４`, `−5`, `14.1%`) in plain characters."""
    plain = text.translate(_WIDE).replace("\u2212", "-")
    if kind == "money":
        plain = plain.removeprefix("¥").strip()
    if kind == "percent":
        plain = plain.removesuffix("%").strip()
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def _plain_decimal(value: Decimal) -> str:
    """As typed, without a sign before zero: 12.50 stays 12.50."""
    return format(value if value else abs(value), "f")


def _within(field: Field, value: object) -> None:
    """`min` and `max` of numbers and dates, but for `today`: which day that is, the engine knows. A rating goes from 1 to 5 unless its
    field says otherwise."""
    low, high = field.min, field.max
    if field.type == "rating":
        low, high = low or "1", high or "5"
    for bound, too_small in ((low, True), (high, False)):
        if bound in (None, TODAY):
            continue
        limit = read_scalar(field.type, bound, field.places)
        if (value < limit) if too_small else (value > limit):  # type: ignore[operator]
            word_zh, word_en = ("不能小于", "at least") if too_small else ("不能大于", "at most")
            raise UnreadableValue(f"{word_zh} {bound}。", f"This should be {word_en} {bound}.")


def _text(field: Field, raw: object) -> str:
    if not isinstance(raw, str):
        raise UnreadableValue("这里应是文本。", "This should be text.")
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _CONTROL.search(text) or (field.type == "text" and ("\n" in text or "\t" in text)):
        raise UnreadableValue("含有不能显示的字符。", "It contains characters that cannot be shown.")
    longest = field.max_length or (LONGEST_TEXT if field.type == "text" else LONGEST_LONG_TEXT)
    if len(text) > longest:
        raise UnreadableValue(
            f"最多 {longest} 个字，现有 {len(text)} 个。", f"At most {longest} characters; this has {len(text)}."
        )
    return text


def _url(field: Field, raw: object) -> str:
    refusal = UnreadableValue(
        "请填以 http:// 或 https:// 开头的网址。", "This should be an address that begins with http:// or https://."
    )
    if not isinstance(raw, str) or len(raw) > LONGEST_URL:
        raise refusal
    text = raw.strip()
    if not re.fullmatch(r"https?://[^\s\x00-\x20\x7f\"<>\\^`{|}]+", text):
        raise refusal
    try:
        parts = urlsplit(text)
        if not parts.hostname or (parts.port or 1) < 1:
            raise refusal
    except ValueError:
        raise refusal from None
    return _text(field, text)


def _datetime(raw: object, zone: tzinfo) -> str:
    """A point in time: with an offset as sent, without one in the company's zone."""
    refusal = UnreadableValue(
        "请填日期和时间，例如 2026-11-20 09:30。", "This should be a date and time such as 2026-11-20 09:30."
    )
    if not isinstance(raw, str) or not re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}\S{0,20}", raw.strip()
    ):
        raise refusal
    try:
        value = datetime.fromisoformat(raw.strip())
        if not 1900 <= value.year <= 2999:
            raise refusal
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise refusal from None


def _choice(field: Field, raw: object) -> str:
    if not isinstance(raw, str) or raw not in [choice.key for choice in field.choices]:
        raise UnreadableValue("请从选项中选择。", "Please choose one of the options.")
    return raw


def _choices(field: Field, raw: object) -> list[str]:
    chosen = {_choice(field, item) for item in _list(raw)}
    found = [choice.key for choice in field.choices if choice.key in chosen]
    _counted(field, len(found), len(field.choices))
    return found


def _person(raw: object) -> str:
    try:
        return str(uuid.UUID(str(raw)))
    except ValueError:
        raise UnreadableValue("请选择一个人。", "Please choose a person.") from None


def _position(_field: Field, raw: object) -> str:
    """The key of a position; whether the company has it, the engine asks of the organisation."""
    if not isinstance(raw, str) or not re.fullmatch(NAME, raw.strip()):
        raise UnreadableValue(
            "请选择一个岗位；程序发送岗位的代码，例如 data_analyst。",
            "Please choose a position; programs send its key, for example data_analyst.",
        )
    return raw.strip()


def _people(field: Field, raw: object) -> list[str]:
    found = list(dict.fromkeys(_person(item) for item in _list(raw)))
    _counted(field, len(found), MOST_PEOPLE)
    return found


def _files(field: Field, raw: object) -> list[str]:
    found = list(dict.fromkeys(str(item) for item in _list(raw)))
    if not all(_FILE_ID.fullmatch(item) for item in found):
        raise UnreadableValue("文件没有上传成功，请重新选择。", "A file did not arrive: please choose it again.")
    _counted(field, len(found), MOST_FILES)
    return found


def _list(raw: object) -> list[object]:
    return [item for item in raw if not is_empty(item)] if isinstance(raw, list | tuple) else [raw]


def _counted(field: Field, count: int, most: int) -> None:
    least = int(field.min) if field.min is not None else 0
    most = min(most, int(field.max)) if field.max is not None else most
    if count < least:
        raise UnreadableValue(f"至少 {least} 项。", f"At least {least} are needed.")
    if count > most:
        raise UnreadableValue(f"最多 {most} 项。", f"At most {most} are allowed.")


def _table(field: Field, raw: object, zone: tzinfo) -> list[dict[str, object]]:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        raise UnreadableValue("这里应是表格。", "This should be a table.")
    rows = [row for row in raw if isinstance(row, Mapping) and not _is_blank_row(row)]
    _counted(field, len(rows), MOST_ROWS)
    errors: list[tuple[str, UnreadableValue]] = []
    read = [_row(field, index, row, zone, errors) for index, row in enumerate(rows)]
    if errors:
        raise PartErrors(errors)
    return read


def _row(
    field: Field, index: int, row: Mapping[object, object], zone: tzinfo, errors: list[tuple[str, UnreadableValue]]
) -> dict[str, object]:
    columns = {column.name: column for column in field.columns}
    for name in row:
        if name not in columns:
            errors.append((f"{index}.{str(name)[:60]}", UnreadableValue("没有这一列。", "There is no such column.")))
    found: dict[str, object] = {}
    for name, column in columns.items():
        try:
            found[name] = read_cell(column, row.get(name), zone)
        except UnreadableValue as error:
            errors.append((f"{index}.{name}", error))
    return found


def read_cell(field: Field, raw: object, zone: tzinfo, *, required: bool | None = None) -> object:
    """The stored value, None where nothing was given; raises UnreadableValue also where something is required."""
    needed = field.required if required is None else required
    if field.type == "lines":
        return read_lines(field, raw, lambda part, value: read_value(part, value, zone), required=needed)
    if not is_empty(raw):
        return read_value(field, raw, zone)
    if needed:
        raise UnreadableValue("请填写这一项。", "Please fill this in.")
    return None


_READERS: Mapping[str, Callable[[Field, object], object]] = {
    "text": _text,
    "long_text": _text,
    "url": _url,
    "choice": _choice,
    "choices": _choices,
    "people": _people,
    "position": _position,
    "files": _files,
}
