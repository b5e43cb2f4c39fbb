"""Reads what a sample company's people do (`sample/work.yaml`) into habits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from workflows.rehearsal.habits import Habits, ProcessHabits


def load_habits(file: Path) -> Habits:
    """The habits written in `file`: by process `starts`, `chances`, `values`, `reasons`."""
    read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    return Habits(MappingProxyType({process: _habits(entry or {}) for process, entry in read.items()}))


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
