"""What a person says about lines of a scorecard: a score, a waiver, figures, a verdict, files, each with its reason.

Only the form is checked here. Whether the card has such a line, and whether it may be judged, the source knows that computes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from workflows.definition.model import Choice, Field
from workflows.definition.values.scalars import PartErrors, UnreadableValue
from workflows.document.shapes import NAME
from workflows.errors import Text

MOST_LINES = 100
MOST_FIGURES = 50
"""Figures given for one line."""

_SEEN = re.compile(r"[0-9a-f]{1,600}")
_VERDICTS = (Choice("keep", Text("维持", "Keep")), Choice("correct", Text("更正", "Correct")))
_FIGURE = Field("figures", "decimal", Text("指标值", "Figure"))
_PARTS: Mapping[str, Field] = {
    "score": Field("score", "decimal", Text("得分", "Score"), min="0", max="120", places=2),
    "waive": Field("waive", "boolean", Text("免评", "Waive")),
    "verdict": Field("verdict", "choice", Text("裁定", "Ruling"), choices=_VERDICTS),
    "reason": Field("reason", "long_text", Text("理由", "Reason"), max_length=2000),
    "files": Field("files", "files", Text("凭据", "Evidence"), max="10"),
}
"""What may be said of a line, as fields: they are read as such."""

_NO_SUCH = UnreadableValue("这里没有这一项。", "There is no such field here.")
_NO_LINES = UnreadableValue("这里应是逐项填写的内容。", "This should be what is said line by line.")

Read = Callable[[Field, object], object]
_Errors = list[tuple[str, UnreadableValue]]


def read_lines(field: Field, raw: object, read: Read, *, required: bool) -> dict[str, Any] | None:
    """`{"seen": digest or None, "lines": {indicator: {…}}}` as stored; None where nothing was said and nothing seen.

    `raw`: the same with typed texts; blank parts are left out, and lines of nothing but such. `read`: reads one value of a
    field. Raises UnreadableValue, or PartErrors whose parts are `INDICATOR.reason` or `INDICATOR.figures.NAME`.
    """
    given = _mapping(raw)
    errors: _Errors = [(str(key)[:60], _NO_SUCH) for key in given if key not in ("seen", "lines")]
    lines = _mapping(given.get("lines"))
    if len(lines) > MOST_LINES:
        raise UnreadableValue(f"最多 {MOST_LINES} 项。", f"At most {MOST_LINES} lines.")
    found = {str(key): line for key in lines if (line := _line(field, str(key), lines[key], read, errors))}
    if errors:
        raise PartErrors(errors)
    if required and not found:
        raise UnreadableValue("请至少填写一项。", "Please say something about one line at least.")
    seen = _seen(given.get("seen"))
    return {"seen": seen, "lines": found} if found or seen else None


def files_of(stored: Mapping[str, Any]) -> list[str]:
    """The ids of all files named in a stored value."""
    return [file for line in stored["lines"].values() for file in line.get("files", ())]


def _line(field: Field, key: str, raw: object, read: Read, errors: _Errors) -> dict[str, Any]:
    given = {str(part): value for part, value in _mapping(raw).items() if not _blank(value)}
    if not given:
        return {}
    if not re.fullmatch(NAME, key):
        errors.append((key[:60], _NO_SUCH))
        return {}
    line: dict[str, Any] = {}
    for part, value in given.items():
        if part not in (*field.give, "reason"):
            errors.append((f"{key}.{part[:60]}", _NO_SUCH))
        elif part == "figures":
            line[part] = _figures(key, value, read, errors)
        else:
            _part(line, part, f"{key}.{part}", _PARTS[part], value, read, errors)
    _complete(key, line, given, errors)
    return line


def _part(
    into: dict[str, Any], name: str, place: str, field: Field, value: object, read: Read, errors: _Errors
) -> None:
    try:
        read_value = read(field, value)
    except UnreadableValue as error:
        errors.append((place, error))
        return
    if read_value is not False:  # a box that is not ticked says nothing
        into[name] = read_value


def _figures(key: str, raw: object, read: Read, errors: _Errors) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    given = _mapping(raw)
    if len(given) > MOST_FIGURES:
        many = UnreadableValue(f"最多 {MOST_FIGURES} 个指标值。", f"At most {MOST_FIGURES} figures.")
        errors.append((f"{key}.figures", many))
        return {}
    for name, value in given.items():
        place = f"{key}.figures.{str(name)[:60]}"
        if not re.fullmatch(NAME, str(name)):
            errors.append((place, _NO_SUCH))
        elif not _blank(value):
            _part(figures, str(name), place, _FIGURE, value, read, errors)
    return figures


def _complete(key: str, line: Mapping[str, Any], given: Mapping[str, object], errors: _Errors) -> None:
    """A line is either judged or waived, and both need a reason."""
    if "score" in line and "waive" in line:
        both = UnreadableValue("要么给分，要么免评，不能都选。", "Either a score or a waiver, not both.")
        errors.append((f"{key}.waive", both))
    if line.keys() & {"score", "waive"} and "reason" not in given:
        errors.append((f"{key}.reason", UnreadableValue("请写明理由。", "Please give the reason.")))


def _seen(raw: object) -> str | None:
    """The digest that the form carried of what it showed; the source knows what it means."""
    if _blank(raw):
        return None
    if not isinstance(raw, str) or not _SEEN.fullmatch(raw):
        raise UnreadableValue("页面已过期，请刷新后再填。", "The page is out of date: open it anew.")
    return raw


def _mapping(raw: object) -> Mapping[object, object]:
    if isinstance(raw, Mapping):
        return raw
    if _blank(raw):
        return {}
    raise _NO_LINES


def _blank(raw: object) -> bool:
    match raw:
        case None | False:
            return True
        case str():
            return not raw.strip()
        case Mapping():
            return all(_blank(value) for value in raw.values())
        case list() | tuple():
            return all(_blank(item) for item in raw)
    return False
