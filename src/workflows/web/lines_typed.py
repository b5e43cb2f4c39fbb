"""What somebody typed about lines of a scorecard: read from a form, kept in a draft, and made ready to be handed in.

The inputs of a field `disputed` are called `disputed.seen` and `disputed.KEY.PART`, with the parts `on` (the line is meant), `score`,
`waive`, `verdict`, `reason`, `figures.NAME` and `files`. Typed values keep that shape:
`{"seen": …, "lines": {KEY: {"on": true, "figures": {NAME: text}, "reason": text, "files": [ids]}}}`. Whether they mean anything is
the engine's to say; here only their shape is read, and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from workflows.definition.model import Field

LINES: Final = "lines"
SEEN: Final = "seen"
TICKS: Final = frozenset({"on", "waive"})
TEXTS: Final = frozenset({"score", "verdict", "reason"})
FILES: Final = "files"
FIGURES: Final = "figures"
MOST_LINES: Final = 200
MOST_FIGURES: Final = 100

Typed = dict[str, Any]
Line = dict[str, Any]


def read_lines(name: str, form: MultiDict[str, str]) -> Typed:
    """What a form carried for this field; inputs that no line has are left out."""
    typed: Typed = {SEEN: form.get(f"{name}.{SEEN}") or None, LINES: {}}
    for each in form:
        field, _dot, rest = each.partition(".")
        if field == name and rest != SEEN:
            _put(typed[LINES], rest.split("."), form.getlist(each))
    return typed


def is_of_lines(name: str) -> bool:
    """Whether an input belongs to a line: `disputed.sales.reason`, not `items.0.title`."""
    field, *rest = name.split(".")
    return bool(field) and (rest == [SEEN] or (len(rest) in (2, 3) and not rest[0].isdecimal()))


def chooses(field: Field) -> bool:
    """Whether the person ticks the lines that are meant: with figures of their own and nothing to decide."""
    return FIGURES in field.give and "verdict" not in field.give and field.only is None


def is_said(field: Field, line: Mapping[str, Any]) -> bool:
    """Whether something is said about a line: it is ticked, or any of its inputs holds something."""
    return bool(line.get("on")) if chooses(field) else bool(_said(dict(line)))


def handed_in(field: Field, typed: Any) -> Any:
    """What is said about lines, without the lines about which nothing is said; what else was typed stays in the draft."""
    if not isinstance(typed, Mapping):
        return typed
    lines = typed.get(LINES) or {}
    meant = {key: line for key, line in lines.items() if not chooses(field) or line.get("on")}
    said = {key: _said(line) for key, line in meant.items()}
    kept = {key: line for key, line in said.items() if line}
    return {SEEN: typed.get(SEEN), LINES: kept} if kept or typed.get(SEEN) else None


def empty_ticks(field: Field, typed: Any) -> list[str]:
    """Lines that were ticked and about which nothing is said: their keys."""
    return [key for key, line in _lines(typed).items() if chooses(field) and line.get("on") and not _said(line)]


def typed_lines(stored: Any) -> Typed:
    """A stored value as somebody would have typed it: every line in it is meant."""
    lines = stored.get(LINES) or {} if isinstance(stored, Mapping) else {}
    return {
        SEEN: stored.get(SEEN) if lines else None,
        LINES: {key: {"on": True, **line} for key, line in lines.items()},
    }


def words_in(typed: Any) -> list[str]:
    """What was typed about each line in one text, to be read and copied: figures, score and reason."""
    return [
        " · ".join(
            text for text in [*(line.get(FIGURES) or {}).values(), line.get("score"), line.get("reason")] if text
        )
        for line in _lines(typed).values()
    ]


# ---- files of lines ----------------------------------------------------------------------------------------------


def file_inputs(field: str, offered: Iterable[str]) -> list[str]:
    """Of the file inputs that came with a form those of this field: `disputed.sales.files`."""
    return [name for name in offered if name.partition(".")[0] == field and name.endswith(f".{FILES}")]


def key_of(name: str) -> str:
    """The line to which an input belongs."""
    return name.split(".")[1]


def files_in(typed: Any) -> list[str]:
    """The ids of all files that lines carry, in the order of the lines."""
    lines = typed.get(LINES) or {} if isinstance(typed, Mapping) else {}
    return [str(file) for line in lines.values() for file in line.get(FILES) or ()]


def carried(field: str, typed: Any) -> list[tuple[str, str]]:
    """Hidden inputs that carry the files of lines: name and id."""
    return [
        (f"{field}.{key}.{FILES}", str(file)) for key, line in _lines(typed).items() for file in line.get(FILES) or ()
    ]


def with_file(typed: Any, key: str, files: Iterable[str]) -> Typed:
    """The same with these files added to a line."""
    lines = _lines(typed)
    line = lines.get(key, {})
    return _with_line(typed, key, {**line, FILES: [*(line.get(FILES) or ()), *files]})


def without_file(typed: Any, key: str, file: str) -> Typed:
    """The same with a file taken out of a line."""
    line = _lines(typed).get(key, {})
    return _with_line(typed, key, {**line, FILES: [one for one in line.get(FILES) or () if one != file]})


# ---- pieces ------------------------------------------------------------------------------------------------------


def _lines(typed: Any) -> dict[str, Line]:
    return dict(typed.get(LINES) or {}) if isinstance(typed, Mapping) else {}


def _with_line(typed: Any, key: str, line: Line) -> Typed:
    seen = typed.get(SEEN) if isinstance(typed, Mapping) else None
    return {SEEN: seen, LINES: {**_lines(typed), key: line}}


def _put(lines: dict[str, Line], path: list[str], values: list[str]) -> None:
    key, *part = path
    if not part or (key not in lines and len(lines) >= MOST_LINES):
        return
    line = lines.setdefault(key, {})
    match part:
        case [name] if name in TICKS:
            line[name] = True
        case [name] if name in TEXTS:
            line[name] = values[0].replace("\r\n", "\n").replace("\r", "\n")
        case ["files"]:
            line[FILES] = [value for value in values if value]
        case ["figures", name]:
            figures = line.setdefault(FIGURES, {})
            if name in figures or len(figures) < MOST_FIGURES:
                figures[name] = values[0].strip()


def _said(line: Line) -> Line:
    """What the line says, without what was left empty."""
    said = {part: line[part] for part in ("score", "waive", "verdict", FILES) if line.get(part)}
    figures = {name: text for name, text in (line.get(FIGURES) or {}).items() if text.strip()}
    reason = (line.get("reason") or "").strip()
    return said | ({FIGURES: figures} if figures else {}) | ({"reason": reason} if reason else {})
