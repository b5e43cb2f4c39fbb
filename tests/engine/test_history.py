"""The history is only ever added to, and tells the whole case; every change by hand is found."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from engine.office import Office
from workflows.db import new_id
from workflows.engine import guards
from workflows.engine.requests import Cancellation, Remark, TaskOrder
from workflows.engine.verify import Report, verify
from workflows.operation.verifying import verified

FORM = {"shop": "森林小铺", "style": "原木"}
PAGE = {"home_page": "https://shop.example/home"}


def lived(office: Office) -> None:
    """Some cases with every kind of event."""
    case = office.start("supervisor", "build", **FORM).case
    with office.database.write() as session:
        office.engine.claim(session, TaskOrder(new_id(), office.people["wang"], office.task(case)), office.now)
        office.engine.comment(session, Remark(new_id(), office.people["wang"], case, "开始了"), office.now)
    office.act("wang", office.task(case), "submit", PAGE)
    office.act("supervisor", office.task(case), "send_back", reason="慢")
    with office.database.write() as session:
        office.engine.release(session, TaskOrder(new_id(), office.people["wang"], office.task(case)), office.now)
    other = office.start("supervisor", "build", **FORM).case
    with office.database.write() as session:
        office.engine.cancel(session, Cancellation(new_id(), office.people["supervisor"], other, "重复"), office.now)
    office.start("hr", "cycle", period="2026-11")
    office.tick()
    office.later(days=40)
    office.tick()


def report(office: Office) -> Report:
    with office.database.read() as session:
        return verify(session)


def test_a_lived_history_is_whole_and_tells_the_cases(office: Office) -> None:
    lived(office)
    found = report(office)
    assert found.faults == []
    assert (found.cases, found.events > 12) == (6, True)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE event SET kind = 'acted'", "DELETE FROM event", "UPDATE event_value SET salt = ''"],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_history(office: Office, statement: str) -> None:
    office.start("supervisor", "build", **FORM)
    with pytest.raises(DatabaseError), office.database.write() as session:
        session.execute(text(statement))
    assert report(office).faults == []


CHANGES = {
    "what was said": "UPDATE event_value SET \"values\" = '{}' WHERE event_id = (SELECT id FROM event WHERE action = 'submit' LIMIT 1)",
    "who did it": "UPDATE event SET actor_id = (SELECT id FROM person WHERE login = 'zhang') WHERE action = 'submit'",
    "when": "UPDATE event SET at = (SELECT min(at) FROM event) WHERE kind = 'escalated'",
    "a record cut out": "DELETE FROM event WHERE action = 'send_back'",
    "the last record": "DELETE FROM event WHERE kind = 'released'",
    "the state": "UPDATE \"case\" SET state = 'online' WHERE state = 'building'",
    "the data": 'UPDATE "case" SET data = \'{"shop": "别的店"}\' WHERE state = \'building\'',
    "a task": "UPDATE task SET holder_id = NULL, queue = NULL WHERE status = 'open'",
}


def unguard(session: Session) -> None:
    """Take away what keeps anybody from changing events."""
    for statement in guards.removal(session.get_bind().dialect.name):
        if "event" in statement and "FUNCTION" not in statement:
            session.execute(text(statement))


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_by_hand_is_found(office: Office, change: str) -> None:
    lived(office)
    with office.database.write() as session:
        unguard(session)
        session.execute(
            text(
                "DELETE FROM event_value WHERE event_id IN (SELECT id FROM event WHERE action = 'send_back' OR kind = 'released')"
            )
            if "record" in change
            else text("SELECT 1")
        )
        changed = session.execute(text(CHANGES[change]))
        assert changed.rowcount > 0  # type: ignore[attr-defined]
    assert report(office).faults != []


@pytest.mark.parametrize("cases", [1, 2, 5, 6, 7])
def test_a_long_history_is_verified_in_shares_by_several_processes(office: Office, cases: int) -> None:
    lived(office)
    assert verified(office.database, cases=cases) == report(office)
    with office.database.write() as session:
        unguard(session)
        session.execute(text(CHANGES["who did it"]))
        session.execute(text(CHANGES["a task"]))
    found = verified(office.database, cases=cases)
    assert found == report(office)
    assert len({fault.case for fault in found.faults}) > 1


def test_erased_values_leave_the_chain_whole(office: Office) -> None:
    lived(office)
    with office.database.write() as session:
        session.execute(
            text("DELETE FROM event_value WHERE event_id IN (SELECT id FROM event WHERE action = 'submit')")
        )
    found = report(office)
    assert found.faults == []
    assert found.erased == 1
