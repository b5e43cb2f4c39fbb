"""What a message is about, as it stands now, and whether it is still worth a mail.

Asked when mails are made, and again when one is composed at last: three days of a dead server may lie between.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.engine.tables import Case, Message, Task, TaskStatus

BY_RANK: Final = ("escalation", "reminder", "urge", "sent_back", "task", "alert", "notice")
"""Kinds, the strongest first: a mail says one thing about a task."""
ONCE_A_DAY: Final = frozenset({"task", "urge", "sent_back"})
"""Kinds of which one mail a day about one task is enough; the others are as many as the definition says."""


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A message with what it is about, as that stands now. `task` and `case` are None where there is none (any more)."""

    id: uuid.UUID
    kind: str
    person_id: uuid.UUID
    created_at: datetime
    said: Mapping[str, Any]
    task_id: uuid.UUID | None
    task: Task | None
    case: Case | None

    @property
    def subject(self) -> tuple[str, uuid.UUID]:
        """What two messages must share to be about the same thing."""
        if self.task_id is not None:
            return "task", self.task_id
        return self.kind, self.case.id if self.case is not None else self.id

    @property
    def still_true(self) -> bool:
        """A task that is done needs no mail, nor one that somebody else took; news stay true."""
        if self.task_id is not None:
            return self._task_waits()
        ended = self.case is not None and self.case.ended_at is not None
        return not (ended and self.kind == "alert")

    def _task_waits(self) -> bool:
        task = self.task
        if task is None or task.status != TaskStatus.OPEN:
            return False
        taken_by_other = task.claimed_at is not None and task.holder_id not in {None, self.person_id}
        return not (taken_by_other and self.kind == "task")


def load_facts(session: Session, *where: Any) -> list[Fact]:
    """The messages that meet the conditions, oldest first, with their tasks and cases: one statement."""
    rows = session.execute(
        select(Message, Task, Case)
        .outerjoin(Task, Task.id == Message.task_id)
        .outerjoin(Case, Case.id == Message.case_id)
        .where(*where)
        .order_by(Message.created_at, Message.id)
        .execution_options(populate_existing=True)
    )
    return [Fact(m.id, m.kind, m.person_id, m.created_at, m.facts, m.task_id, task, case) for m, task, case in rows]


def strongest(facts: list[Fact]) -> list[Fact]:
    """One fact per subject, the strongest, in the order in which the subjects came up."""
    chosen: dict[tuple[str, uuid.UUID], Fact] = {}
    for fact in facts:
        known = chosen.get(fact.subject)
        if known is None or _rank(fact) < _rank(known):
            chosen[fact.subject] = fact
    return list(chosen.values())


def _rank(fact: Fact) -> int:
    return BY_RANK.index(fact.kind) if fact.kind in BY_RANK else len(BY_RANK)
