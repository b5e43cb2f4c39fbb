"""A working day as a list of submissions and ticks of the clock, each of which can be tried again after a crash."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select

from engine.office import MONDAY, Office
from workflows.db import Database
from workflows.engine.tables import Case, Task
from workflows.org.tables import Person

Act = Callable[[Office], bool]
"""Does one thing; True while there is more of it to do."""


def reopened(url: str) -> Office:
    """The office on a database that exists, as a process finds it that has just been started."""
    office = Office(Database(url))
    with office.database.read() as session:
        office.people = {row.login: row.id for row in session.execute(select(Person.login, Person.id))}
    return office


def key(number: int) -> uuid.UUID:
    """The submission's key: the same in every try."""
    return uuid.UUID(int=(0xA11CE << 96) | number)


def started(number: int, login: str, process: str, **values: object) -> Act:
    def act(office: Office) -> bool:
        office.now = _day(number)
        office.start(login, process, key(number), **values)
        return False

    return act


def acted(number: int, login: str, process: str, state: str, action: str, part: str = "", **values: object) -> Act:
    def act(office: Office) -> bool:
        office.now = _day(number)
        # The form was drawn when the task was open; a browser that tries again still has that task's id.
        with office.database.read() as session:
            tasks = (
                select(Task.id)
                .join(Case, Case.id == Task.case_id)
                .where(Case.process == process, Task.state == state, Task.part == part)
            )
            task = session.scalars(tasks.order_by(Task.id)).all()[_visit(number)]
        reason = "再改" if action == "send_back" else ""
        parts = ("copy",) if process == "promotion" and action == "send_back" else ()
        office.act(login, task, action, values, key=key(number), reason=reason, parts=parts)
        return False

    return act


def _visit(number: int) -> int:
    """Which of several tasks of one state is meant: the tens of the number."""
    return number // 10 % 10


def _day(number: int) -> datetime:
    """When it is done: the hundreds of the number are chapters of the story."""
    return MONDAY + timedelta(days={1: 0, 2: 0, 3: 5, 4: 5, 5: 30}[number // 100])


def ticked(**later: float) -> Act:
    """The scheduler finds the first thing that is due and does it; again while something is."""

    def act(office: Office) -> bool:
        office.now = MONDAY + timedelta(**later)
        with office.database.read() as session:
            timers = office.engine.due_timers(session, office.now, 1)
            signals = office.engine.waiting_signals(session, office.now, 1)
        with office.database.write() as session:
            if timers:
                office.engine.ring(session, timers[0], office.now)
            elif signals:
                office.engine.deliver(session, signals[0], office.now)
        return bool(timers or signals)

    return act


SOON = {"theme": "冬季", "goes_live_on": "2026-11-20", "ends_on": "2026-11-27"}
PAGE = {"home_page": "https://shop.example/home"}

SHORT: list[Act] = [
    started(100, "supervisor", "build", shop="森林小铺", style="原木"),
    acted(101, "wang", "build", "building", "submit", **PAGE),
    acted(102, "supervisor", "build", "reviewing", "send_back"),
    acted(113, "wang", "build", "building", "submit", home_page="https://shop.example/fast"),
]

LONG: list[Act] = [
    *SHORT,
    acted(114, "supervisor", "build", "reviewing", "approve"),
    started(200, "supervisor", "promotion", **SOON),
    acted(201, "wang", "promotion", "preparing", "ready", "design", page_design="红"),
    acted(202, "sun", "promotion", "preparing", "ready", "copy", copy="暖"),
    acted(203, "manager", "promotion", "approving", "send_back"),
    acted(214, "sun", "promotion", "preparing", "ready", "copy", copy="短"),
    acted(215, "manager", "promotion", "approving", "approve", budget="1"),
    ticked(days=5),
    started(300, "hr", "cycle", period="2026-11"),
    ticked(days=5),
    acted(401, "supervisor", "appraisal", "scoring", "scored", score="90"),
    acted(412, "supervisor", "appraisal", "scoring", "scored", score="80"),
    acted(423, "supervisor", "appraisal", "scoring", "scored", score="70"),
    ticked(days=30),
    acted(504, "gu", "cycle", "summarising", "publish", summary="好"),
    ticked(days=60),
]
