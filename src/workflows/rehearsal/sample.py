"""Reads what a sample company's people do (`sample/work/`) into habits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from workflows.rehearsal.habits import Curve, Habits, ProcessHabits


def load_habits(folder: Path, times: float = 1.0) -> Habits:
    """The habits written in the files of `folder`, one file for each family: by process `starts`, `chances`, `values`, `reasons`,
    `minutes`, `curve`; the curves themselves in `season.yaml` beside it. `times`: see `Habits`.

    A process that names no curve follows the one that is called as its file, where there is one.
    """
    habits: dict[str, ProcessHabits] = {}
    for file in sorted(folder.glob("*.yaml")):
        read = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        habits |= {process: _habits(entry or {}, file.stem) for process, entry in read.items()}
    curves = yaml.safe_load((folder.parent / "season.yaml").read_text(encoding="utf-8"))
    return Habits(MappingProxyType(habits), curves={name: _curve(entry) for name, entry in curves.items()}, times=times)


def _habits(entry: Mapping[str, Any], family: str) -> ProcessHabits:
    values = entry.get("values") or {}
    chances = entry.get("chances") or {}
    minutes = entry.get("minutes") or {}
    return ProcessHabits(
        starts=float(str(entry.get("starts", 0))),
        chances=MappingProxyType({name: float(chance) for name, chance in chances.items()}),
        values=MappingProxyType({name: tuple(samples) for name, samples in values.items()}),
        reasons=tuple(str(reason) for reason in entry.get("reasons") or ()),
        minutes=MappingProxyType({state: float(number) for state, number in minutes.items()}),
        curve=str(entry.get("curve", family)),
    )


def _curve(entry: Mapping[str, Any]) -> Curve:
    days = {day: float(factor) for span, factor in (entry.get("days") or {}).items() for day in _days_of(span)}
    return Curve(tuple(map(float, entry.get("months") or ())), tuple(map(float, entry.get("weekdays") or ())), days)


def _days_of(span: str) -> list[str]:
    """`06-01..06-18` day by day, in any year."""
    first, _, last = span.partition("..")
    begin, end = (date.fromisoformat(f"2024-{day}") for day in (first, last or first))
    return [f"{begin + timedelta(days=number):%m-%d}" for number in range((end - begin).days + 1)]
