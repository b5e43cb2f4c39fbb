"""What a company calls its positions and units, out of the files it is imported from, for pictures drawn without its database."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from workflows.definition.diagram_words import Names
from workflows.definition.model import Process
from workflows.errors import Text


def names_in(folder: Path, processes: Iterable[Process]) -> Names:
    """The titles in `positions.csv` and `units.csv` of a folder (first three columns: key, Chinese, English) and those of the
    processes. What is in no file is drawn by its key."""
    titles = {process.key: process.title for process in processes}
    return Names(_titles(folder / "positions.csv"), _titles(folder / "units.csv"), titles)


def _titles(file: Path) -> Mapping[str, Text]:
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) >= 3]
    return {key: Text(zh, en or zh) for key, zh, en, *_ in rows[1:]}
