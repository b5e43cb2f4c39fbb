"""What a body may look like: read strictly, every fault with its place, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from workflows.api.figures import MOST_FIGURES, Item, ItemFault, RefusedFigures
from workflows.appraisal.figures.store import LONGEST_REASON
from workflows.errors import Text, WorkflowsError

LONGEST: Final = 200
"""Characters of a text that names something; a reason may be longer."""
MOST_FAULTS: Final = 1000
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class UnreadableBody(WorkflowsError):
    """The body is no JSON."""

    status = 400
    code = "unreadable_body"


_SENTENCES: Final[Mapping[str, Text]] = {
    "object": Text("每一项应为对象。", "Each item is an object."),
    "unknown": Text("没有这个字段。", "There is no such field."),
    "missing": Text("缺少这一项。", "This is missing."),
    "null": Text("不能为 null。", "This cannot be null."),
    "no text": Text("应为文本，数字也请加引号。", 'This should be text; send numbers in quotes: "12.50".'),
    "control": Text("含有不能显示的字符。", "It contains characters that cannot be shown."),
    "empty": Text("不能为空。", "This cannot be empty."),
    "long": Text(f"最多 {LONGEST} 个字。", f"At most {LONGEST} characters."),
    "long reason": Text(f"最多 {LONGEST_REASON} 个字。", f"At most {LONGEST_REASON} characters."),
    "one of two": Text("person 和 unit 请写其中一个。", "Give either `person` or `unit`."),
}
"""What the short words mean by which the schema names a fault."""


def _words(longest: int = LONGEST, too_long: str = "long", **more: Any) -> fields.String:
    """A text of one line; numbers are sent as texts, so that they arrive exactly as they were written."""
    messages: dict[str, Any] = {"invalid": "no text", "null": "null", "required": "missing"}
    rules: list[Callable[[str], Any]] = [
        validate.Length(max=longest, error=too_long),
        validate.Predicate("strip", error="empty"),
        _refuse_control,
    ]
    return fields.String(error_messages=messages, validate=rules, **more)


def _refuse_control(text: str) -> None:
    if _CONTROL.search(text):
        raise ValidationError("control")


class FigureSchema(Schema):
    """One figure."""

    class Meta:
        """Names nobody knows are refused: a misspelt one would be a silent loss."""

        unknown = RAISE

    error_messages = {"type": "object", "unknown": "unknown"}

    person = _words(
        metadata={
            "description": "Account, mail address, staff number or unmistakable name; `company` means the whole company"
        }
    )
    unit = _words(metadata={"description": "Key or name of a unit, in place of a person"})
    period = _words(required=True, metadata={"description": "Month", "example": "2026-11"})
    figure = _words(required=True, metadata={"description": "Name as in the scorecards", "example": "sales"})
    value = _words(
        required=True,
        metadata={"description": "The exact number as text; of a parameter its key", "example": "4231800.00"},
    )
    reason = _words(
        LONGEST_REASON, "long reason", metadata={"description": "Why a value that is there already changes"}
    )

    @validates_schema
    def _whose(self, data: Mapping[str, Any], **_more: Any) -> None:
        if ("person" in data) is ("unit" in data):
            raise ValidationError({"person": ["one of two"]})


_SCHEMA = FigureSchema(many=True)


class TakenSchema(Schema):
    """How many figures came, and what became of them."""

    received = fields.Integer(required=True)
    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)


class FaultSchema(Schema):
    """What is wrong, and where. `index`: of the figure, counted from 0; null: no single one."""

    index = fields.Integer(allow_none=True)
    field = fields.String()
    zh = fields.String()
    en = fields.String()


class ProblemSchema(Schema):
    """A refusal (RFC 9457). `title` is in the language asked for, `zh` and `en` always there."""

    status = fields.Integer(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema))
    reference = fields.String(metadata={"description": "Of the line in the log, for a mistake of the system"})


def read_figures(body: bytes) -> list[Item]:
    """The figures of a body. Raises `UnreadableBody`, `RefusedFigures`."""
    raw = _json(body)
    if not isinstance(raw, list):
        raise RefusedFigures([], "应为数据的列表：[{…}, …]。", "A list of figures is expected: [{…}, …].")
    if not 1 <= len(raw) <= MOST_FIGURES:
        raise RefusedFigures(
            [],
            f"一次 1 到 {MOST_FIGURES} 条，这里有 {len(raw)} 条。",
            f"One call takes 1 to {MOST_FIGURES} figures; here are {len(raw)}.",
        )
    try:
        found: list[Item] = _SCHEMA.load(raw)
    except ValidationError as error:
        raise RefusedFigures(_faults(error.messages)[:MOST_FAULTS]) from None
    return found


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        said = str(error) if isinstance(error, _Twice) else ""
        raise UnreadableBody(
            f"请求内容不是 UTF-8 的 JSON{place}。{f'同一个名称写了两次：{said}。' if said else ''}",
            f"The body is not JSON in UTF-8{place}.{f' A name stands there twice: {said}.' if said else ''}",
        ) from None


class _Twice(ValueError):
    """A name stands twice in one object: nobody knows which is meant."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(printable(next(name for name in names if names.count(name) > 1)))
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def printable(text: str) -> str:
    """What somebody sent, as it may be said back: short, and without characters that no encoding knows."""
    return _CONTROL.sub("\ufffd", text[:60])


def _faults(messages: Any) -> list[ItemFault]:
    """marshmallow's tree of faults as a list: {index: {field: [texts]}}."""
    found = []
    for index, by_field in messages.items():
        for field, texts in (by_field if isinstance(by_field, dict) else {"": by_field}).items():
            place = "" if field == "_schema" else printable(str(field))
            where = index if isinstance(index, int) else None
            found += [ItemFault(where, place, _SENTENCES[word]) for word in texts]
    return sorted(found, key=lambda fault: -1 if fault.index is None else fault.index)
