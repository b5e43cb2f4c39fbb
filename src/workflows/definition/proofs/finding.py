"""What a proof finds wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workflows.definition.model import Path, Process
from workflows.definition.proofs.graph import Edge, way_text
from workflows.document.problems import dotted
from workflows.errors import DefinitionError, Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where, what, and the way through the process that leads to it (None: it concerns no way)."""

    process: Process
    path: Path
    text: Text
    way: Sequence[Edge] | None = None
    nearest: str | None = None

    def error(self) -> DefinitionError:
        """The same as an error with file, line and column; the way stands in the sentence."""
        zh, en = self.text.zh, self.text.en
        if self.nearest is not None:
            zh, en = f"{zh}是否指 {self.nearest}？", f"{en} Did you mean `{self.nearest}`?"
        if self.way is not None:
            shown = way_text(self.process, self.way)
            zh, en = f"{zh}这样走就会遇到：{shown.zh}", f"{en} It happens on this way: {shown.en}"
        line, column = self.process.place(self.path)
        return DefinitionError(
            zh, en, file=self.process.file, line=line, column=column, path=dotted(self.path), nearest=self.nearest
        )


Findings = Iterable[Finding]
