"""A small company for tests of the engine, and words to speak about it: who starts, who hands in, what the clock does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from definition.shipped import in_folder, in_text
from infrastructure.ticking import tick
from workflows.db import Database, new_id
from workflows.engine.engine import Engine
from workflows.engine.requests import Outcome, StartRequest, Submission
from workflows.engine.tables import Case, Event, EventValue, Message, Signal, Task, Timer
from workflows.org.tables import Person, PersonPosition, Position, Unit
from workflows.org.versions import bump
from workflows.settings import Settings

DEFINITIONS = Path(__file__).parent / "definitions"
MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
"""Monday, 16 November 2026, 09:00 in Shanghai."""

PEOPLE = {
    # login: (name, position, manager, auditor, administrator)
    "director": ("周明远", "operations_director", None, False, False),
    "manager": ("何志鹏", "operations_manager", "director", False, False),
    "supervisor": ("林晓岚", "operations_supervisor", "manager", False, False),
    "wang": ("王梓涵", "operations_specialist", "supervisor", False, False),
    "zhang": ("张雨薇", "operations_specialist", "supervisor", False, False),
    "sun": ("孙雨桐", "content_specialist", "supervisor", False, False),
    "hr": ("沈怡", "hr_lead", "director", False, False),
    "gu": ("顾青", "hr_officer", "hr", False, False),
    "audit": ("韩文博", None, "director", True, False),
    "admin": ("罗勇", None, "director", False, True),
}


class Office:
    """The company on one database. `now` is what the next step takes for the time; it moves only when told."""

    def __init__(self, database: Database, now: datetime = MONDAY, **handed_in: Any) -> None:
        """`handed_in`: sources and recorders of the engine."""
        self.database = database
        self.engine = Engine(Settings(database_url="sqlite://"), **handed_in)
        self.now = now
        self.people: dict[str, uuid.UUID] = {}

    def found(self, *definitions: str, in_use: timedelta = timedelta(0)) -> Office:
        """Create units, positions and people, and publish the definitions of the folder (or those texts).

        `in_use`: so long ago they were published, e.g. before the month began that is counted.
        """
        with self.database.write() as session:
            self._hire(session)
            texts = [process for text in definitions for process in in_text(text)]
            processes = texts or in_folder(DEFINITIONS)
            self.engine.publish(session, processes, None, self.now - in_use)
        return self

    def _hire(self, session: Session) -> None:
        session.add_all(
            [
                Unit(key="operations", zh="运营部", en="Operations"),
                Unit(key="human_resources", zh="人力资源部", en="HR"),
            ]
        )
        positions = sorted({position for _, position, *_ in PEOPLE.values() if position})
        session.add_all([Position(key=key, zh=key, en=key) for key in positions])
        session.flush()
        for login, (name, position, manager, auditor, administrator) in PEOPLE.items():
            unit = "human_resources" if (position or "").startswith("hr") else "operations"
            person = Person(
                login=login,
                name=name,
                unit_key=unit,
                manager_id=self.people.get(manager or ""),
                auditor=auditor,
                administrator=administrator,
                created_at=self.now,
            )
            session.add(person)
            session.flush()
            self.people[login] = person.id
            if position:
                session.add(PersonPosition(person_id=person.id, position_key=position, unit_key=unit, appraised=True))
        bump(session, "organisation")

    # -- people ---------------------------------------------------------------------------------------------------

    def start(self, login: str, process: str, key: uuid.UUID | None = None, /, **values: Any) -> Outcome:
        with self.database.write() as session:
            return self.engine.start(
                session, StartRequest(key or new_id(), self.people[login], process, values), self.now
            )

    def act(
        self, login: str, task: uuid.UUID, action: str, values: Mapping[str, Any] | None = None, /, *, key: uuid.UUID | None = None,
        reason: str = "", parts: tuple[str, ...] = (), seen: int | None = None,
    ) -> Outcome:  # fmt: skip
        submission = Submission(
            key or new_id(),
            self.people[login],
            action,
            task=task,
            values=values or {},
            reason=reason,
            parts=parts,
            seen=seen,
        )
        with self.database.write() as session:
            return self.engine.fire(session, submission, self.now)

    def anytime(
        self, login: str, case: uuid.UUID, action: str, values: Mapping[str, Any] | None = None, reason: str = ""
    ) -> Outcome:
        submission = Submission(new_id(), self.people[login], action, case=case, values=values or {}, reason=reason)
        with self.database.write() as session:
            return self.engine.fire(session, submission, self.now)

    # -- the clock ------------------------------------------------------------------------------------------------

    def later(self, **step: float) -> None:
        self.now += timedelta(**step)

    def until(self, now: datetime) -> None:
        self.now = now

    def tick(self) -> int:
        """Ring and deliver everything that is due, as the scheduler does; how many steps that took."""
        return tick(self.database, self.engine, self.now)

    # -- what is there --------------------------------------------------------------------------------------------

    def case(self, case: uuid.UUID) -> Case:
        with self.database.read() as session:
            return session.get_one(Case, case)

    def cases(self, process: str) -> list[Case]:
        with self.database.read() as session:
            return list(session.scalars(select(Case).where(Case.process == process).order_by(Case.id)))

    def tasks(self, case: uuid.UUID, open_only: bool = True) -> list[Task]:
        with self.database.read() as session:
            found = list(session.scalars(select(Task).where(Task.case_id == case).order_by(Task.id)))
        return [task for task in found if task.status == "open" or not open_only]

    def task(self, case: uuid.UUID, part: str = "") -> uuid.UUID:
        """The open task of a part."""
        return next(task.id for task in self.tasks(case) if task.part == part)

    def events(self, case: uuid.UUID) -> list[tuple[Event, dict[str, Any]]]:
        with self.database.read() as session:
            found = (
                select(Event, EventValue.values)
                .join(EventValue, EventValue.event_id == Event.id)
                .where(Event.case_id == case)
            )
            return [(one, values) for one, values in session.execute(found.order_by(Event.seq))]

    def told(self, case: uuid.UUID) -> list[tuple[str, str]]:
        """(kind, login) of every message about a case."""
        logins = {person: login for login, person in self.people.items()}
        with self.database.read() as session:
            found = session.scalars(select(Message).where(Message.case_id == case).order_by(Message.id))
            return [(message.kind, logins[message.person_id]) for message in found]

    def timers(self, case: uuid.UUID, status: str = "due") -> list[Timer]:
        with self.database.read() as session:
            return list(
                session.scalars(
                    select(Timer).where(Timer.case_id == case, Timer.status == status).order_by(Timer.due_at)
                )
            )

    def signals(self, status: str) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(Signal).where(Signal.status == status)) or 0


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent meanwhile, without BEGIN, COMMIT and settings."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(" ", 1)[0].upper() not in {"BEGIN", "COMMIT", "PRAGMA", "ROLLBACK"}:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def writes(statements: list[str]) -> list[str]:
    return [
        statement
        for statement in statements
        if statement.split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE", "WITH"}
    ]
