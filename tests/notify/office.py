"""A small office with mail to send: rows as the engine writes them, and what a letter may ask."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from infrastructure.clock import NOW
from workflows.db import Database, new_id
from workflows.definition.model import NOBODY, Alert, Anchor, Duration, Moment, Process, Start, State
from workflows.engine.tables import FAR_FUTURE, Case, Definition, Message, Task
from workflows.errors import Text
from workflows.notify.tables import Mail
from workflows.org.calendar import Calendar
from workflows.org.loading import OrganisationCache
from workflows.org.organisation import Organisation
from workflows.org.tables import Person
from workflows.org.versions import ORGANISATION, bump
from workflows.settings import Settings

SHOP = Process(
    key="shop_build",
    title=Text("店铺规划与搭建", "Shop build and approval"),
    source="A三(一)",
    name=("{shop}",),
    start=Start(),
    states={
        "building": State("building", Text("页面设计与搭建", "Design and build"), verb=Text("搭建", "Build")),
        "reviewing": State("reviewing", Text("主管审核", "Review"), verb=Text("审核", "Review")),
        "online": State("online", Text("上线", "Online"), end="completed"),
    },
    alerts=(
        Alert(
            Moment(Anchor("entered"), (Duration(1, "d"),), "1d"),
            "online",
            NOBODY,
            Text("未按时上线", "Not online in time"),
        ),
    ),
)


def settings(**changes: Any) -> Settings:
    """An office that sends mail by day and by night, unless changed."""
    return Settings(
        **{"database_url": "sqlite://", "base_url": "https://office.example", "smtp_url": "smtp://x", **changes}
    )


@dataclass
class Office:
    """Writes people, tasks and messages; answers what a letter asks (`Knowledge`)."""

    database: Database
    definition_id: uuid.UUID = field(default_factory=new_id)
    _cache: OrganisationCache = field(default_factory=OrganisationCache)
    _hired: int = 0

    def __post_init__(self) -> None:
        row = Definition(
            id=self.definition_id, process=SHOP.key, version=1, digest="d", file="f", text="t", published_at=NOW
        )
        with self.database.write() as session:
            session.add(row)

    def organisation(self, session: Session) -> Organisation:
        return self._cache.get(session)

    def calendar(self, _session: Session) -> Calendar:
        return Calendar()

    def definition(self, _session: Session, _definition_id: uuid.UUID) -> Process:
        return SHOP

    def hire(self, name: str, language: str = "zh", email: str | None = "") -> uuid.UUID:
        """A new person; an address of their own unless told otherwise."""
        self._hired += 1
        login = f"p{self._hired}"
        person = Person(
            id=new_id(), login=login, name=name, language=language, created_at=NOW,
            email=f"{login}@office.example" if email == "" else email,
        )  # fmt: skip
        with self.database.write() as session:
            session.add(person)
            bump(session, ORGANISATION)
        return person.id

    def change(self, kind: type[Any], row_id: uuid.UUID, **values: Any) -> None:
        """Change one row, as the engine or an administrator would."""
        with self.database.write() as session:
            row = session.get(kind, row_id)
            for name, value in values.items():
                setattr(row, name, value)
            bump(session, ORGANISATION)

    def open_task(
        self,
        holder: uuid.UUID | None = None,
        *,
        title: str = "旗舰店",
        state: str = "reviewing",
        due_at: datetime | None = None,
    ) -> Task:
        """A case that stands in `state`, with its task."""
        case = Case(
            id=new_id(), definition_id=self.definition_id, process=SHOP.key, title=title, state=state, visit=1, version=1,
            data={}, entries={}, started_at=NOW, entered_at=NOW, event_count=1, chain_hash="h", search="",
        )  # fmt: skip
        task = Task(
            id=new_id(), case_id=case.id, process=SHOP.key, state=state, visit=1, holder_id=holder, opened_at=NOW,
            due_at=due_at, rank_at=due_at or FAR_FUTURE,
        )  # fmt: skip
        with self.database.write() as session:
            session.add(case)
            session.flush()
            session.add(task)
        return task

    def tell(
        self,
        person: uuid.UUID,
        kind: str,
        task: Task | None = None,
        *,
        at: datetime = NOW,
        case: uuid.UUID | None = None,
        **facts: Any,
    ) -> uuid.UUID:
        """One waiting message."""
        message = Message(
            id=new_id(), dedup_key=str(new_id()), kind=kind, person_id=person, facts=facts, created_at=at, next_at=at,
            case_id=task.case_id if task else case, task_id=task.id if task else None,
        )  # fmt: skip
        with self.database.write() as session:
            session.add(message)
        return message.id

    def mails(self) -> list[Mail]:
        """All mails, oldest first."""
        with self.database.read() as session:
            return list(session.scalars(select(Mail).order_by(Mail.created_at, Mail.id)))

    def messages(self) -> dict[uuid.UUID, Message]:
        """All messages by id."""
        with self.database.read() as session:
            return {message.id: message for message in session.scalars(select(Message))}
