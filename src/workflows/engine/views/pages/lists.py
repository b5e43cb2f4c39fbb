"""What searches and the lists of administrators show."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from workflows.engine.views.pages.keys import PageKey
from workflows.errors import Text

PersonId = uuid.UUID


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
class Standing:
    """How many cases of a process stand in a state; `running`: how many of them have not ended."""

    state_title: Text
    number: int
    running: int


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
class VersionRow:
    """A published version of a process; `open_cases` run on it."""

    id: uuid.UUID
    process: str
    version: int
    digest: str
    published_at: datetime
    published_by: PersonId | None
    open_cases: int
