"""What the work list shows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from workflows.engine.views.pages.keys import PageKey, Shown, Tab
from workflows.errors import Text

PersonId = uuid.UUID


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
