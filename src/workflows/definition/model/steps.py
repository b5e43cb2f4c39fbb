"""States, the tasks in them, and everything that leads from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from workflows.definition.model.data import Check
from workflows.definition.model.words import NOBODY, Fallback, Moment, People
from workflows.document.problems import Path
from workflows.errors import Text
from workflows.expression import Expression

START = "start"
"""The pseudo-state of a case whose form was sent back to its starter (`to: start`)."""


def _empty() -> Mapping[Any, Any]:
    return MappingProxyType({})


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
    `returns`: parent's field → expression over this case, applied to the parent with the end of this case. `records`:
    names of recorders that keep what the case says, in the same transaction.
    """

    assign: Mapping[str, Expression] = field(default_factory=_empty)
    tell: Mapping[str, str] = field(default_factory=_empty)
    notify: People = NOBODY
    returns: Mapping[str, Expression] = field(default_factory=_empty)
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """What a task's holder can do.

    `ways` are tried in order (empty with `stay`). `reason`: must a reason be given. `form`: fields asked by the action
    itself; with `append` they become one more row of that table field. `require`: fields that must be set.
    `people`: how many different people must take it. `join`: when parallel parts lead on. `choose_parts`: the actor
    names the parts that reopen (`tasks: choose`). `children`: what a send-back across a spawn does to them. `fill`: a source
    that checks what the action's own form brings.
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
    fill: str | None = None
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
    counts as ready (None: its end); `ways` (`then:`): where this case goes when all are ready (none: nothing waits).
    """

    process: str
    each: People = NOBODY
    rows: str | None = None
    assign: Mapping[str, Expression] = field(default_factory=_empty)
    condition: Expression | None = None
    wait_in: str | None = None
    ways: tuple[Way, ...] = ()
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
    """An action of no task: who may take it, and who may not although they belong to those; in which states, until when, whether
    only once."""

    action: Action
    by: People
    exclude: People = NOBODY
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
