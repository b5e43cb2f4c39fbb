"""YAML, read strictly: what an author sees is what the program takes.

Only `true`, `false`, `null` and whole numbers are resolved; all else is text (`on`, `no`, `12:30` stay what they look like).
No duplicate keys, no anchors or aliases, no tags, at most 256 kB and 20 levels. Every node keeps its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from workflows.document.problems import DefinitionErrors, Path, Problems
from workflows.errors import Text

LARGEST = 256 * 1024
"""Bytes of one file."""

DEEPEST = 20
"""Levels of mappings and lists inside one another."""

_QUESTION = Text("花括号或方括号里以“?”结尾的文字要加引号。", "Within {…} or […] a text that ends in ? needs quotes.")
"""YAML's editions differ about it: libyaml takes it, PyYAML's own parser does not. Refused by both here."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_PLAIN = {"true": True, "false": False, "null": None, "": None}


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of the document: `value` is a scalar, a list of nodes, or a dict from key to node.

    `line`, `column`: counted from 1. `keys`: where each key of a mapping itself stands.
    """

    value: bool | int | str | list[Node] | dict[str, Node] | None
    line: int
    column: int
    path: Path = ()
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """mapping, list, boolean, integer, text or null."""
        match self.value:
            case dict():
                return "mapping"
            case list():
                return "list"
            case bool():
                return "boolean"
            case int():
                return "integer"
            case str():
                return "text"
        return "null"

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None; null counts as absent."""
        if not isinstance(self.value, dict):
            return None
        found = self.value.get(key)
        return None if found is None or found.value is None else found

    def items(self) -> Iterator[tuple[str, Node]]:
        """Key and node of each entry of a mapping, in the order written; nothing for other nodes."""
        return iter(self.value.items() if isinstance(self.value, dict) else ())

    def elements(self) -> list[Node]:
        """The nodes of a list; one node alone counts as a list of itself, null as none."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value is None else [self]

    @property
    def text(self) -> str:
        """The scalar as it was written (true, false and numbers included)."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return "" if self.value is None else str(self.value)

    def plain(self) -> object:
        """The same as dicts, lists and scalars without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        children = (
            self.value.values() if isinstance(self.value, dict) else self.value if isinstance(self.value, list) else ()
        )
        for child in children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Document:
    """One process of a file: its tree and its own text (between the `---` lines)."""

    root: Node
    text: str


def read_documents(text: str, file: str) -> list[Document]:
    """The documents of a file; raises DefinitionErrors with the place of the first thing that cannot be read."""
    problems = Problems(file)
    if len(text.encode()) > LARGEST:
        problems.add(f"文件超过 {LARGEST // 1024} kB。", f"The file is larger than {LARGEST // 1024} kB.")
        raise DefinitionErrors(problems.found)
    documents = _compose(text, problems)
    if problems.found:
        raise DefinitionErrors(problems.found)
    return documents


def _compose(text: str, problems: Problems) -> list[Document]:
    """The documents; what is not YAML goes to `problems`.

    libyaml reads ten times faster. Where it stumbles, PyYAML's own parser reads again: its sentences are the better ones, and the
    same on every machine.
    """
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for loader in (fast, yaml.SafeLoader):
        try:
            return _Composer(text, problems, loader).documents()
        except yaml.YAMLError as error:
            unreadable = error
    _unreadable(unreadable, problems)
    return []


def _unreadable(error: yaml.YAMLError, problems: Problems) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or "unreadable"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    if isinstance(error, yaml.reader.ReaderError):
        what = "a character that is not allowed in YAML"
    if "got '?'" in what:
        problems.add(_QUESTION.zh, _QUESTION.en, line=line, column=column)
        return
    problems.add(
        f"这里不是正确的 YAML（{what}）；请检查缩进、冒号和引号。",
        f"This is not YAML ({what}): look at indentation, colons and quotes.",
        line=line,
        column=column,
    )


class _Composer:
    """Events of PyYAML's parser to nodes. Its own composer and resolver are not used: they guess."""

    def __init__(self, text: str, problems: Problems, loader: Any) -> None:
        self._text = text
        self._problems = problems
        self._events: Iterator[Event] = iter(yaml.parse(text, Loader=loader))
        self._in_brackets = 0

    def documents(self) -> list[Document]:
        found: list[tuple[int, Node]] = []
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                start = _end(event) if event.explicit else 0
                root = self._node(next(self._events), (), 1)
                if root.value is not None:
                    found.append((start, root))
        ends = [*(start for start, _ in found[1:]), len(self._text)][: len(found)]
        return [
            Document(root, _own_text(self._text[start:end])) for (start, root), end in zip(found, ends, strict=True)
        ]

    def _node(self, event: Event, path: Path, depth: int) -> Node:
        line, column = _place(event)
        self._refuse_special(event, path, line, column)
        if depth > DEEPEST:
            self._problems.add(
                f"嵌套超过 {DEEPEST} 层。", f"More than {DEEPEST} levels deep.", line=line, column=column
            )
            raise DefinitionErrors(self._problems.found)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._in_brackets += bool(event.flow_style)
            read = self._mapping if isinstance(event, MappingStartEvent) else self._sequence
            node = read(path, depth, line, column)
            self._in_brackets -= bool(event.flow_style)
            return node
        self._refuse_cut(event, path, line, column)
        return Node(_scalar(event) if isinstance(event, ScalarEvent) else None, line, column, path)

    def _mapping(self, path: Path, depth: int, line: int, column: int) -> Node:
        entries: dict[str, Node] = {}
        places: dict[str, tuple[int, int]] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            place = _place(event)
            key = self._key(event, path, depth, place)
            node = self._node(next(self._events), (*path, key), depth + 1)
            if key in entries:
                self._problems.add(
                    f"“{key}”写了两次，第一次在第 {places[key][0]} 行。",
                    f"`{key}` is written twice, first in line {places[key][0]}.",
                    path=path,
                    line=place[0],
                    column=place[1],
                )
            entries[key] = node
            places[key] = place
        return Node(entries, line, column, path, places)

    def _key(self, event: Event, path: Path, depth: int, place: tuple[int, int]) -> str:
        if isinstance(event, ScalarEvent):
            self._refuse_special(event, path, *place)
            return str(event.value)
        self._node(event, path, depth + 1)
        self._problems.add("键只能是文本。", "A key must be text.", path=path, line=place[0], column=place[1])
        return ""

    def _sequence(self, path: Path, depth: int, line: int, column: int) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event, (*path, len(items)), depth + 1))
        return Node(items, line, column, path)

    def _refuse_special(self, event: Event, path: Path, line: int, column: int) -> None:
        if isinstance(event, NodeEvent) and event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            self._problems.add(
                f"不能用锚点和别名（{sign}{event.anchor}），请写全。",
                f"Anchors and aliases ({sign}{event.anchor}) are not allowed: write it out.",
                path=path,
                line=line,
                column=column,
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._problems.add(
                f"不能用标签 {tag}。", f"Tags ({tag}) are not allowed.", path=path, line=line, column=column
            )

    def _refuse_cut(self, event: Event, path: Path, line: int, column: int) -> None:
        """`{due: workday(5, period)}`: within braces the comma ends the text, and what is left makes no sense."""
        if self._in_brackets and isinstance(event, ScalarEvent) and not event.style:
            text = str(event.value)
            if text.endswith("?"):
                self._problems.add(_QUESTION.zh, _QUESTION.en, path=path, line=line, column=column)
            if text.count("(") > text.count(")"):
                self._problems.add(
                    f"花括号或方括号里，逗号会把“{text}”截断；请给整个值加引号。",
                    f"Within {{…}} or […] the comma ends `{text}`: put the whole value in quotes.",
                    path=path,
                    line=line,
                    column=column,
                )


def _start(event: Event) -> Any:
    """Where an event begins (PyYAML's parser always sets it)."""
    return event.start_mark


def _end(event: Event) -> int:
    return int(cast(Any, event.end_mark).index)


def _place(event: Event) -> tuple[int, int]:
    mark = _start(event)
    return mark.line + 1, mark.column + 1


def _scalar(event: ScalarEvent) -> bool | int | str | None:
    text = str(event.value)
    if event.style:  # quoted or a block: text, whatever it looks like
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _own_text(text: str) -> str:
    """The part of the file that belongs to one document, without the dividing line."""
    return re.sub(r"\n---[^\n]*\n?\Z", "\n", text).strip("\n") + "\n"
