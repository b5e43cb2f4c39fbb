"""A company of four with small processes of their own: one that only waits, one that reminds, one a week and person, one a month."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from definition.shipped import in_text
from infrastructure.clock import NOW
from workflows.db import Database, new_id
from workflows.engine.engine import Engine
from workflows.engine.requests import Outcome, StartRequest, Submission
from workflows.engine.tables import Case, Event, Message, ScheduleRun, Task, Timer
from workflows.org.tables import Person, PersonPosition, Position, Unit
from workflows.org.versions import ORGANISATION, bump
from workflows.schedule.drive import Drive
from workflows.schedule.rounds import Rounds
from workflows.settings import Settings

WAITING = """
process: waiting
title: {zh: 等待, en: Waiting}
source: test
name: "{what}"
start: {by: everyone, form: [what]}
fields:
  what: {type: text, required: true, zh: 事情, en: What}
states:
  resting:
    title: {zh: 等待中, en: Resting}
    after: {1h: over}
  over: {title: {zh: 已过, en: Over}, end: completed}
"""

WRITING = """
process: writing
title: {zh: 撰写, en: Writing}
source: test
name: "{what}"
start: {by: everyone, form: [what]}
fields:
  what: {type: text, required: true, zh: 事情, en: What}
states:
  drafting:
    title: {zh: 起草, en: Drafting}
    verb: {zh: 起草, en: Draft}
    task:
      for: {position: writer}
      due: 3wd
      remind: [due - 1wd, due]
      escalate: {when: due + 1wd, to: {manager_of: holder}}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""

WEEKLY = """
process: weekly
title: {zh: 周报, en: Weekly}
source: test
name: "{week} {author}"
key: [author, week]
schedule: {every: week, day: mon, at: "09:00", each: {position: writer}, set: {author: each, week: last_week}}
fields:
  author: {type: person, required: true, zh: 撰写人, en: Author}
  week: {type: week, required: true, zh: 周, en: Week}
states:
  drafting:
    title: {zh: 撰写周报, en: Draft}
    verb: {zh: 撰写, en: Write}
    task: {for: {field: author}, due: 2wd}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""

MONTHLY = """
process: monthly
title: {zh: 月结, en: Month end}
source: test
name: "{month}"
key: [month]
schedule: {every: month, day: last_workday, at: "17:00", set: {month: this_month}}
fields:
  month: {type: month, required: true, zh: 月份, en: Month}
states:
  closing:
    title: {zh: 月结, en: Closing}
    verb: {zh: 月结, en: Close}
    task: {for: {position: writer}, due: 1wd}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


@dataclass
class Company:
    """People, published processes, and what happened to their cases."""

    database: Database
    settings: Settings = field(default_factory=lambda: Settings(database_url="sqlite://", demo=True))
    people: dict[str, uuid.UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine = Engine(self.settings)
        self.rounds = Rounds(self.database, self.engine)
        self.drive = Drive(self.database, self.engine, self.settings)

    def hire(self) -> None:
        """Director, writer, second writer, and somebody who only starts things."""
        with self.database.write() as session:
            session.add(Unit(key="office", zh="办公室", en="Office"))
            session.add(Position(key="writer", zh="撰写人", en="Writer"))
            session.flush()
            director = self._person("director")
            session.add(director)
            session.flush()
            for login in ("writer", "second", "starter"):
                session.add(self._person(login, director.id))
            session.flush()
            self._appoint(session, "writer")
            bump(session, ORGANISATION)

    def appoint(self, login: str) -> None:
        """One more writer."""
        with self.database.write() as session:
            self._appoint(session, login)
            bump(session, ORGANISATION)

    def hire_writers(self, number: int) -> None:
        """So many more writers."""
        with self.database.write() as session:
            for index in range(number):
                session.add(self._person(f"writer{index}", self.people["director"]))
            session.flush()
            for index in range(number):
                self._appoint(session, f"writer{index}")
            bump(session, ORGANISATION)

    def publish(self, *texts: str, at: datetime = NOW) -> None:
        """Publish processes, one text each."""
        processes = [process for text in texts for process in in_text(text)]
        with self.database.write() as session:
            self.engine.publish(session, processes, None, at)

    def start(self, process: str, now: datetime = NOW, **values: Any) -> Outcome:
        """Start a case as the starter."""
        request = StartRequest(new_id(), self.people["starter"], process, values)
        with self.database.write() as session:
            return self.engine.start(session, request, now)

    def submit(self, login: str, task: uuid.UUID, now: datetime) -> Outcome:
        """Do a task."""
        with self.database.write() as session:
            return self.engine.fire(session, Submission(new_id(), self.people[login], "submit", task), now)

    def count(self, table: type[Any], *where: Any) -> int:
        """How many rows meet the conditions."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def rows(self, table: type[Any], *where: Any) -> list[Any]:
        """Rows, in the order in which they were made."""
        with self.database.read() as session:
            return list(session.scalars(select(table).where(*where).order_by(table.id)))

    def events(self, kind: str) -> Mapping[uuid.UUID, int]:
        """How many events of a kind each case has."""
        counted = select(Event.case_id, func.count()).where(Event.kind == kind).group_by(Event.case_id)
        with self.database.read() as session:
            return dict(session.execute(counted).all())

    def cases(self, process: str) -> list[Case]:
        """All cases of a process."""
        return self.rows(Case, Case.process == process)

    def messages(self, kind: str) -> list[Message]:
        """All messages of a kind."""
        return self.rows(Message, Message.kind == kind)

    def runs(self) -> list[ScheduleRun]:
        """All runs of schedules, in the order of their periods."""
        return sorted(self.rows(ScheduleRun), key=lambda run: run.scheduled_for)

    def timers(self) -> list[Timer]:
        """All timers, the first due first."""
        return sorted(self.rows(Timer), key=lambda timer: timer.due_at)

    def open_tasks(self, process: str) -> list[Task]:
        """Open tasks of a process."""
        return self.rows(Task, Task.process == process, Task.status == "open")

    def _person(self, login: str, manager: uuid.UUID | None = None) -> Person:
        person = Person(
            id=new_id(), login=login, name=login, email=f"{login}@office.example", unit_key="office", manager_id=manager, created_at=NOW
        )  # fmt: skip
        self.people[login] = person.id
        return person

    def _appoint(self, session: Any, login: str) -> None:
        session.add(PersonPosition(id=new_id(), person_id=self.people[login], position_key="writer", unit_key="office"))
