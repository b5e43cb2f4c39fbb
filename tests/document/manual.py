"""The manuals in `docs/`: their text, their YAML and tables of keys, and the records of a language that these must explain."""

from __future__ import annotations

import re
from pathlib import Path

from workflows.document.shapes import Either, Later, ListOf, MapOf, Record, Shape

DOCS = Path(__file__).parents[2] / "docs"


def page(name: str) -> str:
    """The text of a manual: `definitions`."""
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def yaml_of(text: str) -> list[str]:
    """Every block of YAML in it."""
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def key_tables(text: str) -> list[dict[str, tuple[str, str]]]:
    """Every table of keys: key → its explanation in Chinese and in English."""
    blocks = re.findall(r"\| key \| 说明 \| meaning \|\n\|---\|---\|---\|\n((?:\|.*\n)+)", text)
    row = re.compile(r"^\| (?:\*\*)?`(\w+)`(?:\*\*)? \| (.*?) \| (.*?) \|$", re.MULTILINE)
    return [{key: (zh, en) for key, zh, en in row.findall(block)} for block in blocks]


def records(*shapes: Shape) -> dict[str, Record]:
    """All records that these shapes are made of, by name."""
    found: dict[str, Record] = {}
    for shape in shapes:
        _collect(shape, found)
    return found


def _collect(shape: Shape, found: dict[str, Record]) -> None:
    match shape:
        case Record(name=name) if name not in found:
            found[name] = shape
            for key in shape.keys().values():
                _collect(key.shape, found)
        case ListOf(element):
            _collect(element, found)
        case MapOf(value):
            _collect(value, found)
        case Either(shapes):
            for one in shapes:
                _collect(one, found)
        case Later(make):
            _collect(make(), found)
