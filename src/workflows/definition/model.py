"""What a process definition is once it has been read: frozen values, nothing that runs.

The loader (`definition.load`) builds these from YAML, the proofs (`definition.prove`) and the machine
(`definition.machine`) read them. Nothing here knows a database, a web request or the clock.
Words are those of the language: a *process* has *fields* and *states*; a state has *tasks* whose *actions*
lead to other states; *moments* say when. A `path` is the way through the YAML document, e.g.
``("states", "building", "task", "due")``; `Process.line` turns it into a line for error messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from workflows.errors import Text
from workflows.expression import Expression

START = "start"
"""The pseudo-state of a case whose form was sent back to its starter (`to: start`)."""

FieldType = Literal[
    "text", "long_text", "integer", "decimal", "money", "percent", "week", "month", "quarter", "year", "date",
    "datetime", "boolean", "choice", "choices", "person", "people", "files", "url", "table", "rating",
]  # fmt: skip

Unit = Literal["h", "d", "wd"]
Path = tuple[str | int, ...]


def _empty() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Duration:
    """`24h` clock hours, `7d` calendar days, `5wd` working days; `amount` may be negative."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a moment counts from.

    kind: `entered` (args: () for this state, or (state,)), `due` (this task's), `field` (args: (name,)),
    `last_workday` (args: (period expression,)), `workday` (args: (n, period expression)), `end_of` (args: (field,)),
    `deadline` (args: (name of a company deadline, period expression)). A period expression is `("field", name)`
    wrapped by any number of `("next", inner)` or `("previous", inner)`.
    """

    kind: Literal["entered", "due", "field", "last_workday", "workday", "end_of", "deadline"]
    args: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """An anchor and any number of ± durations: `goes_live_on - 5wd`. A bare duration has the anchor `entered`."""

    anchor: Anchor
    offsets: tuple[Duration, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Word:
    """One word for people, see language.md §4.

    kind: starter subject holder employees auditors administrators participants everyone | position unit lead_of
    manager_of managers_of field did person. `arg` is a key (position, unit, field name, state), or a nested `People`
    for manager_of and managers_of. `parent` says that the word is asked of the parent case. `since` (only in `see`): the
    word counts from the first time that the case entered this state.
    """

    kind: str
    arg: str | People | None = None
    parent: bool = False
    since: str | None = None


@dataclass(frozen=True, slots=True)
class People:
    """A union of words; falsy when it names nobody at all."""

    words: tuple[Word, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words)


NOBODY = People()


@dataclass(frozen=True, slots=True)
class Fallback:
    """What happens to a task in a special situation: other `people`, or the step `skip`s by this action's name."""

    people: People = NOBODY
    skip: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice field and what people read."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class Field:
    """A datum of a case. `columns` only for tables, `choices` only for choice(s). `see`: nobody else sees it."""

    name: str
    type: FieldType
    title: Text
    required: bool = False
    help: Text | None = None
    unit: Text | None = None
    min: str | None = None
    """Least value as written: a number for numbers, rows for tables, a date for dates."""
    max: str | None = None
    max_length: int | None = None
    places: int | None = None
    choices: tuple[Choice, ...] = ()
    columns: tuple[Field, ...] = ()
    people: People | None = None
    """Who may be chosen in a person or people field; None: everybody active."""
    see: People | None = None
    formula: Expression | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value the company can override: `limit: {type: money, value: 100000}`."""

    name: str
    type: FieldType
    value: str
    title: Text


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that must hold over the data wherever all its names are known (`must: ends_on > goes_live_on`)."""

    must: Expression
    message: Text
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A test shown to the decider; `block` stops the approving actions, `warn` only shows."""

    that: Expression
    title: Text
    otherwise: Literal["warn", "block"] = "warn"
    measured: Expression | None = None
    limit: Expression | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail at a moment: to the holder unless `to` names others."""

    when: Moment
    to: People


@dataclass(frozen=True, slots=True)
class Escalation:
    """At this moment these people are told and may act; the holder keeps the task."""

    when: Moment
    to: People


@dataclass(frozen=True, slots=True)
class Task:
    """One person's part of a state. `part` is "" for the only task of a state (`task:`), else its key in `tasks:`.

    `who`: one task that any of them may claim. `each` (then `who` is empty): one task per person, or per person of a
    people field. `show` and `edit` are field names. `fill` names a source that the application hands to the engine.
    """

    part: str
    title: Text | None = None
    who: People = NOBODY
    each: People = NOBODY
    exclude: People = NOBODY
    edit: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    due: Moment | None = None
    remind: tuple[Reminder, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    condition: Expression | None = None
    """`if:`; the part is left out where it is false."""
    into: str | None = None
    anonymous: bool = False
    at_least: int = 3
    fill: str | None = None
    if_nobody: Fallback | None = None
    if_starter: Fallback | None = None
    if_same: Fallback | None = None
    if_left: Fallback | None = None
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Join:
    """When enough parts have acted: `all`, `any`, a `share` in percent, or a `count`; `order` for one after another."""

    kind: Literal["all", "any", "share", "count"]
    number: int = 0
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A guard: an expression over data and parameters, or `all_ended: PROCESS` (descendants of that process)."""

    expression: Expression | None = None
    all_ended: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One alternative of a transition; `condition` None is `else` (or the only way)."""

    to: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """What happens along with a transition or on entering a state.

    `assign`: field → expression. `tell`: (`children` | `parent`) → signal name. `notify`: people who get a mail.
    `returns`: parent's field → expression over this case, applied to the parent with the end of this case.
    """

    assign: Mapping[str, Expression] = field(default_factory=_empty)
    tell: Mapping[str, str] = field(default_factory=_empty)
    notify: People = NOBODY
    returns: Mapping[str, Expression] = field(default_factory=_empty)


@dataclass(frozen=True, slots=True)
class Action:
    """What a task's holder can do.

    `ways` are tried in order (empty with `stay`). `reason`: must a reason be given. `form`: fields asked by the action
    itself; with `append` they become one more row of that table field. `require`: fields that must be set.
    `people`: how many different people must take it. `join`: when parallel parts lead on. `choose_parts`: the actor
    names the parts that reopen (`tasks: choose`). `children`: what a send-back across a spawn does to them.
    `kind` is what screens draw: submit, approve, send_back, reject, other.
    """

    name: str
    title: Text
    kind: Literal["submit", "approve", "send_back", "reject", "other"]
    ways: tuple[Way, ...] = ()
    stay: bool = False
    reason: Literal["required", "optional"] = "optional"
    form: tuple[str, ...] = ()
    append: str | None = None
    require: tuple[str, ...] = ()
    people: int = 1
    join: Join | None = None
    choose_parts: bool = False
    children: Literal["keep", "cancel"] | None = None
    effects: Effects = Effects()
    path: Path = ()


@dataclass(frozen=True, slots=True)
class After:
    """A timer of a state: at the moment, if the condition holds, go `to`."""

    when: Moment
    ways: tuple[Way, ...]
    effects: Effects = Effects()
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a signal (`on_signal: {publish: published}`) does in a state."""

    signal: str
    ways: tuple[Way, ...]
    effects: Effects = Effects()
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Spawn:
    """Cases started on entering a state. `each`: people, or rows of a table field (`rows`), else one case.

    `assign`: child's field → expression; in it `each` is the person or row. `wait_in`: the child's state that
    counts as ready (None: its end); `then`: where this case goes when all are ready (None: nothing waits).
    """

    process: str
    each: People = NOBODY
    rows: str | None = None
    assign: Mapping[str, Expression] = field(default_factory=_empty)
    condition: Expression | None = None
    wait_in: str | None = None
    then: str | None = None
    path: Path = ()


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands. A state with `end` (the outcome's key) has no tasks and leads nowhere."""

    key: str
    title: Text
    verb: Text | None = None
    tasks: tuple[Task, ...] = ()
    actions: Mapping[str, Action] = field(default_factory=_empty)
    after: tuple[After, ...] = ()
    signals: tuple[Reaction, ...] = ()
    spawns: tuple[Spawn, ...] = ()
    enter: Effects = Effects()
    end: str | None = None
    listed: tuple[str, ...] = ()
    """`list:` up to three fields for the task row."""
    ask: Text | None = None
    facts: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    similar: tuple[str, ...] = ()
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Anytime:
    """An action of no task: who may take it, in which states, until when, whether only once."""

    action: Action
    by: People
    states: tuple[str, ...] = ()
    until: Moment | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """Tell people when a moment passes and the case has not reached the state `unless`."""

    when: Moment
    unless: str | None
    to: People
    message: Text
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Who starts a case and with which fields. `kinds`: person, spawn, figure, schedule (a process can have several)."""

    by: People = NOBODY
    kinds: frozenset[str] = frozenset()
    form: tuple[str, ...] = ()
    to: str = ""
    figure_when: str | None = None


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

    def line(self, path: Path) -> int:
        """The 1-based line of the deepest known prefix of `path`; the first line known where there is none."""
        return self.place(path)[0]

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column (1-based) of the deepest known prefix of `path`."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1), self.columns.get(path, 1)
