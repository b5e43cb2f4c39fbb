"""What the pages show, as frozen values. `definition.model` values (Field, Action, State, Process) are handed on as they are.

A `PageKey` continues a list after its last row; lists are never counted in full and never skipped by number.
All times are aware and UTC. People are ids; names come with them (`names`), "" for nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from workflows.definition.model import Action, Check, Field, Process, State
from workflows.errors import Text

PersonId = uuid.UUID
Row = TypeVar("Row")
Tab = Literal["mine", "offered", "started", "done"]


@dataclass(frozen=True, slots=True)
class PageKey:
    """The place after a row: its sort time and id. `str(key)` is safe in an address; `PageKey.parse` reads it back."""

    at: datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.at:%Y%m%dT%H%M%S.%f}~{self.id.hex}"

    @classmethod
    def parse(cls, written: str) -> PageKey | None:
        """The key written in an address; None for anything that is not one (the list then starts at its beginning)."""
        at, _, row = written.partition("~")
        try:
            moment = datetime.strptime(at + "+0000", "%Y%m%dT%H%M%S.%f%z")
            return cls(moment, uuid.UUID(hex=row))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with its stored value (see `definition.values`), for lists, facts and forms."""

    field: Field
    value: Any


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of a work list. In the tab `started` there is no task: `task` is None and `state` is where the case stands.

    `verb`, `state_title` and `process_title` are bilingual; `facts` up to three fields named by `list:`;
    `on_behalf_of` the absent person I stand in for; `escalated` I was told because it is late;
    `returned` how often the case was sent back to this state before.
    """

    task: uuid.UUID | None
    case: uuid.UUID
    process: str
    process_title: Text
    title: str
    number: str | None
    state: str
    state_title: Text
    verb: Text | None
    part_title: Text | None
    starter: PersonId | None
    starter_name: str
    holder: PersonId | None
    holder_name: str
    opened_at: datetime
    due_at: datetime | None
    due_provisional: bool
    facts: tuple[Shown, ...]
    on_behalf_of: PersonId | None = None
    on_behalf_of_name: str = ""
    escalated: bool = False
    returned: int = 0
    completed_at: datetime | None = None
    action: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """What waits for a person: in hand, of these late and due by the end of today; offered to the person's groups."""

    mine: int
    late: int
    today: int
    offered: int
    offered_late: int = 0


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One page of a work list; `next` is None on the last page. `processes`: (key, title) to filter by."""

    tab: Tab
    rows: tuple[WorkRow, ...]
    next: PageKey | None
    counts: WorkCounts
    processes: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form. `value`: what the case or the draft has; `problem`s are put in by the door after an error."""

    field: Field
    value: Any
    editable: bool
    required: bool


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
    """One step of the line: done, now (or late), or likely to come. `returned`: how often it was sent back to."""

    state: str
    title: Text
    status: Literal["done", "now", "late", "ahead"]
    people: tuple[str, ...]
    at: datetime | None
    returned: int = 0


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One changed field. `old`/`new` are stored values; None: unset."""

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
class AnytimeView:
    """An anytime action the viewer may take now; `until` its last moment."""

    action: ActionView
    until: datetime | None


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


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Filters of a search; all that are set must hold. `text` finds titles, numbers and names, two characters or more."""

    text: str = ""
    process: str | None = None
    state: str | None = None
    open: bool | None = None
    starter: PersonId | None = None
    subject: PersonId | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list of cases."""

    id: uuid.UUID
    process: str
    process_title: Text
    title: str
    number: str | None
    state: str
    state_title: Text
    starter: PersonId | None
    starter_name: str
    subject: PersonId | None
    subject_name: str
    started_at: datetime
    entered_at: datetime
    ended_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of cases, newest first."""

    rows: tuple[CaseRow, ...]
    next: PageKey | None


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A timer for the administration."""

    id: uuid.UUID
    case: uuid.UUID
    title: str
    process: str
    kind: str
    rule: str
    due_at: datetime
    next_at: datetime
    provisional: bool
    status: str
    attempt: int
    fired_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message for the administration."""

    id: uuid.UUID
    kind: str
    person: PersonId
    person_name: str
    case: uuid.UUID | None
    title: str
    created_at: datetime
    next_at: datetime
    status: str
    mail_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Something that failed for good, or a task nobody was found for."""

    id: uuid.UUID
    at: datetime
    kind: str
    case: uuid.UUID | None
    title: str
    job: uuid.UUID | None
    code: str
    detail: str
    solved_at: datetime | None
    solved_by_name: str


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A recurring start: its newest run and its next times (UTC); `provisional` where the calendar is a guess."""

    process: str
    process_title: Text
    index: int
    every: str
    next: tuple[tuple[datetime, bool], ...]
    last_for: datetime | None
    last_done: int | None
    last_total: int | None
    last_finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page of any list."""

    rows: tuple[Row, ...]
    next: PageKey | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A published version of a process; `open_cases` run on it."""

    id: uuid.UUID
    process: str
    version: int
    digest: str
    published_at: datetime
    published_by: PersonId | None
    open_cases: int
