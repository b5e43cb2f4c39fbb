"""What forms and buttons show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.definition.model import Action, Field, Process
from workflows.errors import Text

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form. `value`: what the case or the draft has; `problem`s are put in by the door after an error.

    For lines, as far as the viewer may see them: `card`, the scorecard they are of, and `only`, the lines they are limited to.
    """

    field: Field
    value: Any
    editable: bool
    required: bool
    card: Any = None
    only: Any = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What may come: a state, who acts there (names, or none if a clock or program runs it), and by when if known."""

    state: str
    title: Text
    people: tuple[str, ...]
    due_at: datetime | None
    end: bool
    certain: bool
    """False where a condition decides on values not known yet."""


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button. `blocked`: why it cannot be pressed now (failed blocking checks); `form`: the action's own fields."""

    action: Action
    blocked: tuple[Text, ...]
    form: tuple[FormField, ...]
    parts: tuple[tuple[str, Text], ...]
    then: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True)
class TaskView:
    """The task the viewer may act on. `may_claim`: it lies in a group; acting claims it by the way."""

    id: uuid.UUID
    part: str
    title: Text
    holder: PersonId | None
    holder_name: str
    on_behalf_of: PersonId | None
    opened_at: datetime
    due_at: datetime | None
    due_provisional: bool
    may_claim: bool
    may_release: bool
    show: tuple[FormField, ...]
    edit: tuple[FormField, ...]
    actions: tuple[ActionView, ...]
    draft: Mapping[str, Any] | None
    draft_at: datetime | None
    returned_reason: str = ""
    """Why it was sent back, in the words of `returned_by`."""
    returned_by: str = ""
    takes_reason: bool = True
    """False for an anonymous task: words would be kept under the person's name, so none are offered."""


@dataclass(frozen=True, slots=True)
class AnytimeView:
    """An anytime action the viewer may take now; `until` its last moment."""

    action: ActionView
    until: datetime | None


@dataclass(frozen=True, slots=True)
class StartEntry:
    """A process the viewer may start. `often`: how many the viewer started in the last 90 days."""

    process: Process
    often: int
    draft_at: datetime | None


@dataclass(frozen=True, slots=True)
class StartPage:
    """What can be started, and what starts by itself (schedules, spawns, figures), each by process key."""

    entries: tuple[StartEntry, ...]
    by_itself: tuple[Process, ...]


@dataclass(frozen=True, slots=True)
class StartForm:
    """The form that starts a case. `people`: whom each person field may name (None: anybody active)."""

    process: Process
    fields: tuple[FormField, ...]
    draft: Mapping[str, Any] | None
    draft_at: datetime | None
    then: tuple[NextStep, ...]
