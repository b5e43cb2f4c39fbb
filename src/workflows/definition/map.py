"""How processes start: by a person, by the calendar, by a figure, by one another. Read from the definitions alone.

What a process starts stands in its `spawn:`; nothing is written twice for the map.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workflows.definition.diagram_conditions import condition_said
from workflows.definition.diagram_words import Names, Speaker
from workflows.definition.model import Moment, Process, Schedule, Spawn, State
from workflows.definition.proofs.family import Family
from workflows.definition.titles import FAMILIES
from workflows.errors import Text

Way = Literal["calendar", "person", "figure", "process"]
"""What starts a case."""

WAYS: Mapping[Way, Text] = {
    "calendar": Text("按日历", "By the calendar"),
    "person": Text("由人", "By a person"),
    "figure": Text("由数字", "By a figure"),
    "process": Text("由别的流程", "By another process"),
}
SIGNS: Mapping[Way, str] = {"calendar": "历", "person": "人", "figure": "数", "process": "派"}

_EVERY: Mapping[str, Text] = {
    "day": Text("每天", "every day"),
    "workday": Text("每个工作日", "every working day"),
    "week": Text("每周", "every week"),
    "month": Text("每月", "every month"),
    "quarter": Text("每季", "every quarter"),
    "year": Text("每年", "every year"),
}
_WEEKDAYS: Mapping[str, Text] = {
    day: Text(f"周{zh}", en)
    for day, zh, en in (
        ("mon", "一", "Monday"), ("tue", "二", "Tuesday"), ("wed", "三", "Wednesday"), ("thu", "四", "Thursday"),
        ("fri", "五", "Friday"), ("sat", "六", "Saturday"), ("sun", "日", "Sunday"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Start:
    """That `parent` starts cases of `child`. `said`: for what, in a few words ("" where one case starts one)."""

    parent: str
    child: str
    said: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A process of the map. `ways`: what starts it; `when`: its schedules and figures in words."""

    process: Process
    ways: tuple[Way, ...]
    when: tuple[Text, ...]
    parents: tuple[Start, ...]
    children: tuple[Start, ...]


@dataclass(frozen=True, slots=True)
class ProcessMap:
    """Every process by its key, family by family in the order of the start page."""

    entries: Mapping[str, Entry]
    starts: tuple[Start, ...]

    @property
    def linked(self) -> tuple[Entry, ...]:
        """Those that start another or are started by one: they are drawn."""
        return tuple(entry for entry in self.entries.values() if entry.parents or entry.children)

    def families(self) -> Mapping[str, Sequence[Entry]]:
        """The entries of each family that has any."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            found.setdefault(entry.process.family, []).append(entry)
        return found


def map_of(processes: Iterable[Process], names: Names | None = None) -> ProcessMap:
    """The map of processes that know each other; `names`: what the organisation calls its positions."""
    order = list(FAMILIES)
    known = sorted(processes, key=lambda one: order.index(one.family) if one.family in order else len(order))
    family = Family(known)
    starts = _starts(family)
    entries = {process.key: _entry(process, starts, names or Names()) for process in known}
    return ProcessMap(entries, starts)


def _entry(process: Process, starts: Sequence[Start], names: Names) -> Entry:
    found: list[Way] = ["calendar"] if process.schedules else []
    found += ["person"] if "person" in process.start.kinds else []
    found += ["figure"] if "figure" in process.start.kinds else []
    parents = tuple(start for start in starts if start.child == process.key)
    found += ["process"] if parents else []
    when = dict.fromkeys([*(schedule_said(process, one, names) for one in process.schedules), *_figures(process)])
    return Entry(process, tuple(found), tuple(when), parents, tuple(one for one in starts if one.parent == process.key))


def schedule_said(process: Process, schedule: Schedule, names: Names) -> Text:
    """每月 1 号，每位数据分析师一份: how often, on which day, and for whom."""
    day = _day_said(process, schedule)
    zh, en = _EVERY[schedule.every].zh + day.zh, _EVERY[schedule.every].en + day.en
    if schedule.each:
        zh += f"，{_each(Speaker(process, 'zh', names).people(schedule.each))}"
        en += ", one for each of " + Speaker(process, "en", names).people(schedule.each).lower()
    return Text(zh, en)


def _day_said(process: Process, schedule: Schedule) -> Text:
    day = schedule.day
    if day is None:
        return Text("", "")
    if isinstance(day, Moment):
        zh, en = Speaker(process, "zh").moment(day), Speaker(process, "en").moment(day)
        return Text(re.sub("^当[年季月周]", "", zh), ", " + en.replace("the month", f"the {schedule.every}"))
    if day in _WEEKDAYS:
        return Text(
            _WEEKDAYS[day].zh.removeprefix("周") if schedule.every == "week" else _WEEKDAYS[day].zh,
            f" on {_WEEKDAYS[day].en}",
        )
    return Text(f" {day} 号", f" on day {day}")


def _each(people: str) -> str:
    return f"{people}一件" if people.startswith("每位") else f"每位{people}一件"


def _figures(process: Process) -> Iterable[Text]:
    for start in process.start.figures:
        said = condition_said(process, start.when)
        yield said or Text("数字到了界限时", "when a figure passes its bound")


# ---- who starts whom ---------------------------------------------------------------------------------------------


def _starts(family: Family) -> tuple[Start, ...]:
    """Every pair once, with what is said of each place where it happens."""
    found: dict[tuple[str, str], list[Text]] = {}
    for one in family.spawnings:
        if one.spawn.process in family.processes:
            found.setdefault((one.parent.key, one.spawn.process), []).append(_said(one.parent, one.state, one.spawn))
    return tuple(Start(parent, child, _first(said)) for (parent, child), said in found.items())


def _first(said: Sequence[Text]) -> Text:
    """The words of the place that has some; several places with different words say none."""
    different = dict.fromkeys(text for text in said if text.zh)
    return next(iter(different)) if len(different) == 1 else Text("", "")


def _said(process: Process, state: State, spawn: Spawn) -> Text:
    condition = condition_said(process, spawn.condition) if spawn.condition is not None else None
    if condition is not None:
        return condition
    if spawn.rows is not None and spawn.rows in process.fields:
        return process.fields[spawn.rows].title
    if spawn.each:
        return Text(_each(Speaker(process, "zh").people(spawn.each)), "one for each person")
    return state.title
