"""What the page of a case shows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from workflows.definition.model import Check, Field, Process, State
from workflows.engine.views.pages.form import AnytimeView, TaskView
from workflows.engine.views.pages.keys import Shown
from workflows.errors import Text

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task as others see it: who is next, since when, until when. `people`: names it is offered to (at most 5)."""

    task: uuid.UUID
    state: str
    title: Text
    holder: PersonId | None
    holder_name: str
    people: tuple[str, ...]
    since: datetime
    due_at: datetime | None
    due_provisional: bool


@dataclass(frozen=True, slots=True)
class TrackStep:
    """One step of the line: done, now (or late), or ahead. `returned`: how often it was sent back to.

    Ahead is what is likely to come; before the present step it is one that was left without anybody doing it.
    """

    state: str
    title: Text
    status: Literal["done", "now", "late", "ahead"]
    people: tuple[str, ...]
    at: datetime | None
    returned: int = 0


Part = tuple[str, ...]
"""A part of a scorecard (`total`; `figures`, NAME) or of lines (INDICATOR, `score`; INDICATOR, `figures`, NAME)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A scorecard, or what is said of one, in a history. `said`: the total, or how many lines; `parts`: as short texts."""

    said: str
    parts: Mapping[Part, str]

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that differs between two of them; None: not there."""

    part: Part
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One changed field. `old`/`new` are stored values, `Whole` for scorecards and lines (see `views.parts`); None: unset."""

    field: Field
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened. `kind` as in `tables.Event`; `note`: reason or comment; `files`: ids, see `CasePage.files`.

    `hidden`: how many changed fields the viewer may not see. `action_title` in both languages where there is an action.
    """

    id: uuid.UUID
    seq: int
    at: datetime
    kind: str
    actor: PersonId | None
    actor_name: str
    on_behalf_of: PersonId | None
    on_behalf_of_name: str
    action: str | None
    action_title: Text | None
    action_kind: str | None
    from_state: str | None
    from_title: Text | None
    to_state: str | None
    to_title: Text | None
    late: bool
    changes: tuple[FieldChange, ...]
    hidden: int
    note: str
    files: tuple[uuid.UUID, ...]
    new: bool
    hash: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    words_hidden: bool = False
    """There are words or files that are not for the viewer (`note` and `files` are empty then)."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message about this case and how far it got: `status` as in `tables.MessageStatus`; `mail_id` leads to the mail."""

    id: uuid.UUID
    kind: str
    person: PersonId
    person_name: str
    at: datetime
    status: str
    mail_id: uuid.UUID | None
    task: uuid.UUID | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of a case. `field`: the form field it belongs to, None for one attached by hand."""

    id: uuid.UUID
    name: str
    media_type: str
    size: int
    digest: str
    by: PersonId
    by_name: str
    at: datetime
    field: str | None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check of the state, evaluated. `passed` None: its values are not there yet. `measured`/`limit`: values or None."""

    check: Check
    passed: bool | None
    measured: Any
    limit: Any


@dataclass(frozen=True, slots=True)
class RelatedCase:
    """A parent, child or similar case, as far as the viewer may see it."""

    id: uuid.UUID
    process: str
    process_title: Text
    title: str
    number: str | None
    state: str
    state_title: Text
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    subject: PersonId | None = None
    subject_name: str = ""


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """An ended case with the same values where the state says `similar`: its facts, and who took which decision there."""

    case: RelatedCase
    facts: tuple[Shown, ...]
    decided_by: PersonId | None
    decided_by_name: str
    decision: Text | None


@dataclass(frozen=True, slots=True)
class OpenTimer:
    """What the clock will do with this case: `kind` after remind escalate alert."""

    kind: str
    state: str
    due_at: datetime
    provisional: bool
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of a case shows. `data`: visible fields with a value, in the definition's order.

    `changed`: what changed since the viewer last saw the case (None on the first visit). `event_count` goes into the
    form as `Submission.seen`. `took_part`: False means that reading is logged where the process is about somebody else.
    """

    id: uuid.UUID
    process: Process
    title: str
    number: str | None
    state: State | None
    """None while the case is back in its starter's hands (`model.START`)."""
    state_key: str
    state_title: Text
    version: int
    event_count: int
    starter: PersonId | None
    starter_name: str
    subject: PersonId | None
    subject_name: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    suspended_at: datetime | None
    task: TaskView | None
    other_tasks: tuple[uuid.UUID, ...]
    anytime: tuple[AnytimeView, ...]
    waiting: tuple[Waiting, ...]
    track: tuple[TrackStep, ...]
    data: tuple[Shown, ...]
    hidden_fields: tuple[Field, ...]
    facts: tuple[Shown, ...]
    checks: tuple[CheckResult, ...]
    changed: tuple[FieldChange, ...] | None
    seen_at: datetime | None
    events: tuple[TimelineEvent, ...]
    more_events: int | None
    """`events_before` for the next older page; None when the first event is among `events`."""
    messages: tuple[SentMessage, ...]
    files: tuple[CaseFile, ...]
    parent: RelatedCase | None
    children: tuple[RelatedCase, ...]
    children_total: int
    timers: tuple[OpenTimer, ...]
    may_comment: bool
    may_cancel: bool
    took_part: bool
    names: Mapping[PersonId, str]
    similar: tuple[SimilarCase, ...] = ()
    same: tuple[Field, ...] = ()
    """The fields in which `similar` cases are like this one."""
