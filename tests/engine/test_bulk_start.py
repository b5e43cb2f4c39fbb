"""Ten thousand cases of one schedule: in batches, stopped in the middle, gone on with, each there once (`make bench`)."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, insert, select

from engine.office import Office
from engine.test_family import MANY
from workflows.db import Database, new_id
from workflows.engine.tables import Case, Task
from workflows.org.tables import Person
from workflows.org.versions import bump

PEOPLE = 10_000


@pytest.mark.bench
def test_ten_thousand_starts(database: Database) -> None:
    office = Office(database).found(MANY)
    with database.write() as session:
        rows = [
            {"id": new_id(), "login": f"p{n:05}", "name": f"员工{n}", "active": True, "created_at": office.now}
            for n in range(PEOPLE - len(office.people))
        ]
        session.execute(insert(Person), rows)
        bump(session, "organisation")
    office.later(days=7)
    with database.read() as session:
        (due,) = office.engine.due_schedules(session, office.now)
    with database.write() as session:
        run = office.engine.begin_run(session, due, office.now)
    assert run is not None
    began, shown = time.monotonic(), []
    while True:
        if len(shown) == 20:
            with pytest.raises(InterruptedError), database.write() as session:
                office.engine.continue_run(session, run, office.now)
                raise InterruptedError  # the machine stops in the middle of a batch
            office = Office(database, office.now)
        with database.write() as session:
            progress = office.engine.continue_run(session, run, office.now)
        shown.append(progress.done)
        if progress.finished:
            break
    took = time.monotonic() - began
    print(f"{PEOPLE} cases in {took:.1f} s, {PEOPLE / took:.0f} a second")  # noqa: T201  what was measured
    assert shown == [*range(200, PEOPLE + 1, 200)]
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == PEOPLE
        assert session.scalar(select(func.count(Case.business_key.distinct()))) == PEOPLE
        assert session.scalar(select(func.count()).select_from(Task)) == PEOPLE
