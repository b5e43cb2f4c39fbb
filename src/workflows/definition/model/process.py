"""The whole definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from workflows.definition.model.data import Field, Parameter, Rule
from workflows.definition.model.steps import Alert, Anytime, State
from workflows.definition.model.words import NOBODY, Moment, People
from workflows.document.problems import Path
from workflows.errors import Text
from workflows.expression import Expression


def _empty() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FigureStart:
    """A start by measured figures: a case for whoever's figures of a month hold, once.

    `when` and the expressions of `assign` read `figures` (by the names of the catalogue), parameters, `each` (whose they are),
    `month` and `unit`. `assign`: field → one of this_day … next_year (relative to the day it starts), or an expression.
    """

    when: Expression
    assign: Mapping[str, str]
    figures: tuple[str, ...]
    index: int = 0
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Who starts a case and with which fields. `kinds`: person, spawn, figure, schedule (a process can have several)."""

    by: People = NOBODY
    kinds: frozenset[str] = frozenset()
    form: tuple[str, ...] = ()
    to: str = ""
    figures: tuple[FigureStart, ...] = ()
    fill: str | None = None
    """The source asked when a case begins."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recurring start.

    `day`: a moment without field anchors (`last_workday - 5wd`, `workday(3, period)`), a day number, a weekday name
    (mon…sun), or None for `day` and `workday`. `at` is HH:MM in the company's zone. `each` starts one per person.
    `assign`: field → one of this_day this_week this_month this_quarter this_year last_day last_week last_month
    last_quarter last_year next_… (relative to the day it rings), or an expression with `each`.
    """

    every: Literal["day", "workday", "week", "month", "quarter", "year"]
    day: str | Moment | None
    at: str
    assign: Mapping[str, str]
    each: People = NOBODY
    index: int = 0
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """What a process contributes to scorecards (kept as read; reports and appraisal interpret it)."""

    name: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """A whole definition. `text` is the YAML as read, `digest` its SHA-256; together they are one published version.

    Compared by identity: a definition is read once and shared; whether two are the same version their digests say.
    """

    key: str
    title: Text
    source: str
    name: tuple[str, ...]
    """How a case is called in lists: literal and `{field}` pieces in turn, e.g. ("{shop}",)."""
    start: Start
    states: Mapping[str, State]
    fields: Mapping[str, Field] = field(default_factory=_empty)
    parameters: Mapping[str, Parameter] = field(default_factory=_empty)
    rules: tuple[Rule, ...] = ()
    anytime: Mapping[str, Anytime] = field(default_factory=_empty)
    alerts: tuple[Alert, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    key_fields: tuple[str, ...] = ()
    see: People = NOBODY
    """Who may see a case; empty: participants, managers of the starter, auditors (and whoever has a task in it)."""
    figures: tuple[Figure, ...] = ()
    purpose: Text | None = None
    family: str = ""
    also: tuple[str, ...] = ()
    number: str | None = None
    forbids: frozenset[str] = frozenset()
    """Always-there operations this process does without: claim, comment, attach, cancel, …"""
    file: str = ""
    text: str = ""
    digest: str = ""
    lines: Mapping[Path, int] = field(default_factory=_empty)
    columns: Mapping[Path, int] = field(default_factory=_empty)

    def filled(self) -> frozenset[str]:
        """The fields that a source fills in."""
        return frozenset(name for name, field in self.fields.items() if field.filled)

    def line(self, path: Path) -> int:
        """The 1-based line of the deepest known prefix of `path`; the first line known where there is none."""
        return self.place(path)[0]

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column (1-based) of the deepest known prefix of `path`."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1), self.columns.get(path, 1)
