"""Stories as files: who did what and when, and what must have happened.

A file holds one or more stories, divided by `---`. A step is one line, `2026-11-16 10:00 林晓岚 发起`, with the form below it where
there is one. Names of people, actions, states and parts are those that people read, in Chinese. Besides the fields of the form
a step may carry: `理由` (a reason), `部分` (which parts reopen), `待办` (which of several parts is meant), `事项` (which case, where
several are open), `流程` (which process is started, where several have such a form), `被拒` (words of the refusal that must follow;
nothing may change then). Special actors and actions: `时钟` lets time pass, `每人` stands for everyone who has this to do, `领取` and
`放回` claim and release, `作废` cancels, `查看` opens the page of a case, which must show every field of `看到` and hide every one of `看不到`; `数据 2026-11` brings in figures of that month by person and name, where `其余: 100`
is every other figure of a person and `每人: 100` every figure of everybody else. `figures` at the end says by month and person
what the cases count as: `2026-11: {曹亦凡: {late_answers: 1}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workflows.document.reading import read_documents

ZONE = ZoneInfo("Asia/Shanghai")
_LINE = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) (\S+)(?: (\S+))?")
_SAID = {
    "理由": "reason",
    "部分": "parts",
    "待办": "part",
    "事项": "case",
    "流程": "process",
    "被拒": "refused",
    "看到": "shown",
    "看不到": "hidden",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One line of a story. `at` is aware; `values` is the form as typed."""

    at: datetime
    who: str
    action: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    parts: tuple[str, ...] = ()
    part: str = ""
    case: str = ""
    process: str = ""
    refused: str = ""
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What must have happened to one case: its history line by line, where it stands, and some of its values."""

    case: str
    history: tuple[str, ...]
    state: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A story and its end. `processes`: the definitions that the company has published when it begins."""

    title: str
    file: str
    processes: tuple[str, ...]
    acts: tuple[Act, ...]
    told: tuple[Told, ...]
    mails: tuple[str, ...]
    count: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)


def stories(folder: Path) -> Iterator[Story]:
    """All stories of a folder and those below it, by file."""
    for file in sorted(folder.rglob("*.yaml")):
        for document in read_documents(file.read_text("utf-8"), file.name):
            yield _story(document.root.plain(), file.stem)


def _story(read: Any, file: str) -> Story:
    known = {"story", "process", "steps", "cases", "mails", "count", "figures"}
    assert set(read) <= known, f"{file}: {set(read) - known}"
    processes = read["process"] if isinstance(read["process"], list) else [read["process"]]
    return Story(
        read["story"],
        file,
        tuple(processes),
        tuple(_act(step) for step in read["steps"]),
        tuple(_told(case) for case in read["cases"]),
        tuple(read["mails"]),
        read.get("count", {}),
        read.get("figures", {}),
    )


def _act(step: Any) -> Act:
    line, given = (step, {})
    if isinstance(step, dict):
        ((line, given),) = step.items()
    found = _LINE.fullmatch(line)
    assert found, f"not a step: {line}"
    at = datetime.strptime(found[1], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
    said = {_SAID[key]: value for key, value in given.items() if key in _SAID}
    for key in {"parts", "shown", "hidden"} & said.keys():
        said[key] = tuple(said[key] if isinstance(said[key], list) else [said[key]])
    values = {key: value for key, value in given.items() if key not in _SAID}
    return Act(at, found[2], found[3] or "", values, **said)


def _told(case: Any) -> Told:
    return Told(case["case"], tuple(case["history"]), case["state"], case.get("values", {}))
