"""A company with some work in hand, made through the engine."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.db import Database, new_id
from workflows.engine.engine import Engine
from workflows.engine.requests import Outcome, StartRequest, Submission
from workflows.engine.tables import Task
from workflows.org.tables import Person

WANTED = {"positioning": "中高端实木家居", "style": "暖木、留白"}
BUILT = {
    "home_page": "https://shop.example.com/f2",
    "product_page": "https://shop.example.com/f2/detail",
    "category_page": "https://shop.example.com/f2/all",
    "load_time": "2.1",
}


class Work:
    """Lets people of the company act, each step in a transaction of its own."""

    def __init__(self, store: Database, engine: Engine, now: datetime) -> None:
        self.store, self.engine, self.now = store, engine, now

    def person(self, login: str) -> uuid.UUID:
        with self.store.read() as session:
            return session.scalars(select(Person.id).where(Person.login == login)).one()

    def start(self, login: str, process: str, ago: timedelta = timedelta(), **values: Any) -> Outcome:
        request = StartRequest(new_id(), self.person(login), process, values)
        with self.store.write() as session:
            return self.engine.start(session, request, self.now - ago)

    def shop(self, name: str, ago: timedelta = timedelta()) -> Outcome:
        return self.start("linxiaolan", "shop_build", ago, shop=name, **WANTED)

    def act(
        self, login: str, case: Outcome, action: str, ago: timedelta = timedelta(), reason: str = "", **values: Any
    ) -> Outcome:
        with self.store.write() as session:
            task = open_task(session, case.case)
            submission = Submission(new_id(), self.person(login), action, task=task, values=values, reason=reason)
            return self.engine.fire(session, submission, self.now - ago)

    def in_review(self, name: str, ago: timedelta = timedelta()) -> Outcome:
        """A shop build that waits for its supervisor."""
        case = self.shop(name, ago + timedelta(hours=1))
        self.act("wangzihan", case, "submit", ago, **BUILT)
        return case


def open_task(session: Session, case: uuid.UUID) -> uuid.UUID:
    return (
        session.scalars(select(Task.id).where(Task.case_id == case, Task.status == "open").order_by(Task.id)).first()
        or case
    )
