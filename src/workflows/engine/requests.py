"""What a door hands to the engine, and what it gets back.

All values are frozen. `key` is the submission's own id, made when the form is drawn (`db.new_id()` or any UUID a program
chooses): the same key again has one effect and gets the same answer. `actor` is a person's id. Times are not in here:
every call takes `now`, an aware UTC datetime.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

PersonId = uuid.UUID


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StartRequest:
    """Start a case. `values`: raw form input by field name (tables as a list of mappings, files as a list of file ids).

    `subject`: whom it is about, where the process has a field `subject` this is taken from there instead.
    """

    key: uuid.UUID
    actor: PersonId
    process: str
    values: Mapping[str, Any] = field(default_factory=_empty)


@dataclass(frozen=True, slots=True)
class Submission:
    """Take an action on a task, or, with `task` None, an anytime action of `case`.

    `seen`: the case's `event_count` when the form was drawn; when a field the form shows has changed since, the
    submission is `Stale`. None (programs): not asked. `parts`: which parts reopen, for an action with `choose_parts`.
    `reason`: the person's words (required where the action says so). `values`: raw input of the task's `edit` fields
    and the action's `form`.
    """

    key: uuid.UUID
    actor: PersonId
    action: str
    task: uuid.UUID | None = None
    case: uuid.UUID | None = None
    seen: int | None = None
    values: Mapping[str, Any] = field(default_factory=_empty)
    reason: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """Claim or release a task."""

    key: uuid.UUID
    actor: PersonId
    task: uuid.UUID


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a case, with or without files (ids of files uploaded by the actor); `text` may be empty with files."""

    key: uuid.UUID
    actor: PersonId
    case: uuid.UUID
    text: str = ""
    files: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Cancellation:
    """End a case for good without reaching one of its ends (作废). The reason is required."""

    key: uuid.UUID
    actor: PersonId
    case: uuid.UUID
    reason: str


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A task that a step opened. `holder` None: offered to `queue`."""

    id: uuid.UUID
    state: str
    part: str
    holder: PersonId | None
    queue: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a submission did. `replayed`: it had been done before; this is the answer of then.

    `state` is where the case stood after the step; `opened` the tasks the step opened; `next_task` the first of them
    that the actor may do at once.
    """

    case: uuid.UUID
    title: str
    number: str | None
    state: str
    ended: bool
    event: uuid.UUID
    seq: int
    opened: tuple[OpenedTask, ...] = ()
    next_task: uuid.UUID | None = None
    replayed: bool = False
