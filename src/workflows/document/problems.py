"""Everything that is wrong with a definition, collected, so that an author mends a file in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from workflows.errors import DefinitionError

Path = tuple[str | int, ...]
"""The way through a document: ("states", "building", "task", "due")."""


class Placed(Protocol):
    """Something that stands in a document: its way in, line and column, and where its keys stand."""

    @property
    def path(self) -> Path:
        """The way in, from the document's root."""

    @property
    def line(self) -> int:
        """Counted from 1."""

    @property
    def column(self) -> int:
        """Counted from 1."""

    @property
    def keys(self) -> Mapping[str, tuple[int, int]]:
        """Where each key of a mapping stands."""


class DefinitionErrors(DefinitionError):
    """A file or folder of definitions is refused; `errors` are all reasons, in the order of files and lines."""

    def __init__(self, errors: Sequence[DefinitionError]) -> None:
        ordered = sorted(errors, key=lambda error: (error.file or "", error.line or 0, error.column or 0))
        first = ordered[0]
        super().__init__(
            "\n".join(f"{error.place}: {error.zh}" for error in ordered),
            "\n".join(f"{error.place}: {error.en}" for error in ordered),
            file=first.file,
            line=first.line,
            column=first.column,
            path=first.path,
            nearest=first.nearest,
        )
        self.errors = tuple(ordered)

    @property
    def place(self) -> str:
        """Nothing: every line of the sentence begins with a place of its own."""
        return ""


class Problems:
    """A list of errors in one file that its readers add to."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[DefinitionError] = []

    def add(
        self, zh: str, en: str, *, path: Path = (), line: int = 1, column: int = 1, nearest: str | None = None
    ) -> None:
        """One error at a place; a nearest valid name is offered at the end of the sentence."""
        if nearest is not None:
            zh, en = f"{zh}是否指 {nearest}？", f"{en} Did you mean `{nearest}`?"
        where = dotted(path)
        error = DefinitionError(zh, en, file=self.file, line=line, column=column, path=where, nearest=nearest)
        if not any((e.line, e.column, e.en) == (line, column, en) for e in self.found):
            self.found.append(error)

    def at(self, node: Placed, zh: str, en: str, *, nearest: str | None = None) -> None:
        """One error at a node of the document."""
        self.add(zh, en, path=node.path, line=node.line, column=node.column, nearest=nearest)

    def at_key(self, node: Placed, key: str, zh: str, en: str, *, nearest: str | None = None) -> None:
        """One error at a key of a mapping."""
        line, column = node.keys.get(key, (node.line, node.column))
        self.add(zh, en, path=(*node.path, key), line=line, column=column, nearest=nearest)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The valid name that looks most like `name`, if one does."""
    found = get_close_matches(name, sorted(known), 1, 0.6)
    return found[0] if found else None


def dotted(path: Path) -> str:
    """`states.check.actions.approve`, list positions counted from 1 in brackets."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
