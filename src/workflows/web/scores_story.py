"""What changed in a scorecard, or in what was said of one, as the history tells it: only the parts that are not the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from workflows.engine.views.pages import FieldChange, Whole
from workflows.engine.views.parts import differences
from workflows.web.components import Change
from workflows.web.language import _, mark
from workflows.web.shown import Shower

_PARTS: Final[Mapping[str, str]] = {
    "card": mark("评分表"), "version": mark("版本"), "total": mark("总分"), "score": mark("得分"), "waive": mark("免计"),
    "verdict": mark("裁定"), "reason": mark("理由"), "files": mark("凭据"),
}  # fmt: skip
_SAID: Final[Mapping[str, str]] = {"true": mark("是"), "keep": mark("维持"), "correct": mark("更正")}
_WITHIN: Final = frozenset({"figures", "parameters"})
"""Names of parts that only hold others."""


def part_changes(change: FieldChange, shower: Shower) -> tuple[Change, ...]:
    """The parts that changed, each with its name; none for other fields, nor where there was nothing before: no value, no total."""
    if not isinstance(change.old, Whole) or not isinstance(change.new, Whole):
        return ()
    if change.field.type == "scorecard" and ("total",) not in change.old.parts:
        return ()
    return tuple(
        Change(_name(change, part.part, shower), _said(part.part, part.old), _said(part.part, part.new))
        for part in differences(change.old, change.new)
    )


def _name(change: FieldChange, part: Sequence[str], shower: Shower) -> str:
    """逐项评定 · 销售额达成率 · 得分."""
    named = [shower.titles.get(piece) or _(_PARTS.get(piece, piece)) for piece in part if piece not in _WITHIN]
    return " · ".join([shower.label(change.field), *named])


def _said(part: Sequence[str], text: str | None) -> str:
    if text is None:
        return ""
    if part[-1] == "files":
        return _("%(n)s 个文件", n=len(text.split()))
    return _(_SAID[text]) if text in _SAID else text
