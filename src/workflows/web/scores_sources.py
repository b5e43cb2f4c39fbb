"""Where the figures of a line come from: by which way, by whom, when, and the cases that were counted.

Figures of one line that came together are said together: 上传，杨帆，11月1日. Pure, as `scores`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workflows.scoring.line import Line
from workflows.web.words import Words

_WAYS: Final[Mapping[str, tuple[str, str]]] = {
    "upload": ("上传", "uploaded"),
    "form": ("填报", "entered"),
    "api": ("接口送来", "sent by another system"),
    "system": ("本系统统计", "counted by this system"),
    "derived": ("由已有的数推算", "derived from other figures"),
    "goal": ("考核目标", "agreed goals"),
    "ruling": ("裁定", "ruling"),
}
_LEVELS: Final[Mapping[str, tuple[str, str]]] = {
    "unit": ("部门的数", "of the unit"),
    "company": ("公司的数", "of the company"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A case that was counted."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class SourceView:
    """Figures that came the same way: the sentence, and the cases behind them; `more`: how many others there are."""

    text: str
    cases: tuple[Link, ...] = ()
    more: str = ""


def source_views(
    line: Line,
    figures: Mapping[str, Mapping[str, Any]],
    links: Mapping[str, tuple[Link, ...]],
    words: Words,
    name_of: Callable[[str], str],
) -> tuple[SourceView, ...]:
    """The sources of a line's figures, in the order in which the line uses them. `figures`: as stored with the card."""
    together: dict[str, list[str]] = {}
    for name in line.figures:
        if name in figures:
            together.setdefault(way_said(figures[name], words, name_of), []).append(name)
    alone = len(together) == 1
    return tuple(
        SourceView(
            said if alone else f"{titles(line, names, words.language)}{_colon(words)}{said}",
            tuple(dict.fromkeys(link for name in names for link in links.get(name, ()))),
        )
        for said, names in together.items()
    )


def way_said(figure: Mapping[str, Any], words: Words, name_of: Callable[[str], str]) -> str:
    """One stored figure's way here: 上传，杨帆，11月1日; whose it is, where it is not the person's own."""
    pieces = [
        _word(_WAYS, figure.get("source", ""), words),
        name_of(figure["by"]) if figure.get("by") else "",
        words.moment(datetime.fromisoformat(figure["at"])) if figure.get("at") else "",
        _word(_LEVELS, figure.get("level", ""), words),
    ]
    return ("，" if words.language == "zh" else ", ").join(piece for piece in pieces if piece)


def _word(known: Mapping[str, tuple[str, str]], key: str, words: Words) -> str:
    zh, en = known.get(key, ("", ""))
    return zh if words.language == "zh" else en


def titles(line: Line, names: Iterable[str], language: str) -> str:
    """What figures are called, in one row."""
    between = "、" if language == "zh" else ", "
    return between.join(line.card.title_of(name).text(language) for name in names)


def _colon(words: Words) -> str:
    return "：" if words.language == "zh" else ": "
