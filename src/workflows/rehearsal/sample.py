"""Reads what a sample company's people do (`sample/work/`) into habits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from workflows.rehearsal.habits import Habits, ProcessHabits


def load_habits(folder: Path) -> Habits:
    """The habits written in the files of `folder`, one file for each family: by process `starts`, `chances`, `values`, `reasons`."""
    habits: dict[str, ProcessHabits] = {}
    for file in sorted(folder.glob("*.yaml")):
        read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        habits |= {process: _habits(entry or {}) for process, entry in read.items()}
    return Habits(MappingProxyType(habits))


def _habits(entry: Mapping[str, Any]) -> ProcessHabits:
    values = entry.get("values") or {}
    chances = entry.get("chances") or {}
    reasons = entry.get("reasons") or ()
    return ProcessHabits(
        starts=float(str(entry.get("starts", 0))),
        chances=MappingProxyType({name: float(chance) for name, chance in chances.items()}),
        values=MappingProxyType({name: tuple(samples) for name, samples in values.items()}),
        reasons=tuple(str(reason) for reason in reasons),
    )
