"""Messages become mails: one per person and time, nothing that is no longer true, not at night."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from notify.office import NOW, Office, settings
from workflows.db import Database
from workflows.engine.tables import Case, MessageStatus, Task, TaskStatus
from workflows.notify.gather import Gatherer, next_due
from workflows.org.tables import Person


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def gather(office: Office, now: datetime = NOW, **changes: object) -> int:
    with office.database.write() as session:
        gatherer = Gatherer.from_settings(settings(**changes))
        return gatherer.gather(session, office.organisation(session), office.calendar(session), now)


def status(office: Office, message: uuid.UUID) -> str:
    return office.messages()[message].status


def test_several_messages_to_one_person_are_one_mail(office: Office) -> None:
    lin, wang = office.hire("林晓岚"), office.hire("王梓涵")
    for _ in range(35):
        office.tell(lin, "task", office.open_task(lin))
    office.tell(wang, "task", office.open_task(wang))
    assert gather(office) == 36
    mails = office.mails()
    assert sorted(m.person_id for m in mails) == sorted([lin, wang])
    assert {m.status for m in office.messages().values()} == {MessageStatus.TAKEN}
    assert mails[0].message_id == f"<{mails[0].id}@office.example>"
    assert gather(office) == 0


def test_what_is_no_longer_true_is_dropped(office: Office) -> None:
    lin, wang = office.hire("林晓岚"), office.hire("王梓涵")
    done, taken, ended = office.open_task(lin), office.open_task(None), office.open_task(lin)
    dropped = [
        office.tell(lin, "reminder", done),
        office.tell(lin, "task", taken),
        office.tell(lin, "alert", case=ended.case_id),
    ]
    kept = [office.tell(lin, "notice", case=ended.case_id), office.tell(wang, "task", taken)]
    office.change(Task, done.id, status=TaskStatus.DONE)
    office.change(Task, taken.id, holder_id=wang, claimed_at=NOW)
    office.change(Case, ended.case_id, ended_at=NOW)
    gather(office)
    assert [status(office, m) for m in dropped] == [MessageStatus.DROPPED] * 3
    assert [status(office, m) for m in kept] == [MessageStatus.TAKEN] * 2


def test_nobody_writes_to_people_who_left_or_have_no_address(office: Office) -> None:
    left, silent = office.hire("何志鹏"), office.hire("吴强", email=None)
    office.change(Person, left, active=False)
    messages = [office.tell(person, "task", office.open_task(person)) for person in (left, silent)]
    gather(office)
    assert [status(office, m) for m in messages] == [MessageStatus.DROPPED] * 2
    assert office.mails() == []


def test_in_demo_mode_mails_are_kept_also_for_people_without_an_address(office: Office) -> None:
    silent = office.hire("吴强", email=None)
    office.tell(silent, "task", office.open_task(silent))
    gather(office, demo=True)
    assert len(office.mails()) == 1


def test_the_same_thing_is_not_said_twice_a_day_beyond_what_the_definition_says(office: Office) -> None:
    lin = office.hire("林晓岚")
    task = office.open_task(lin)
    first = office.tell(lin, "urge", task)
    gather(office)
    later = NOW + timedelta(hours=2)
    second, reminder = office.tell(lin, "urge", task, at=later), office.tell(lin, "reminder", task, at=later)
    gather(office, later)
    tomorrow = NOW + timedelta(days=1)
    third = office.tell(lin, "urge", task, at=tomorrow)
    gather(office, tomorrow)
    assert [status(office, m) for m in (first, second, reminder, third)] == ["taken", "dropped", "taken", "taken"]


def test_the_same_task_on_another_visit_is_told_again(office: Office) -> None:
    lin = office.hire("林晓岚")
    messages = [office.tell(lin, "task", office.open_task(lin, title="旗舰店")) for _ in range(2)]
    gather(office)
    assert [status(office, m) for m in messages] == ["taken", "taken"]


def test_mails_to_one_person_keep_a_distance_and_late_work_keeps_none(office: Office) -> None:
    lin = office.hire("林晓岚")
    office.tell(lin, "task", office.open_task(lin))
    gather(office)
    soon = NOW + timedelta(minutes=2)
    office.tell(lin, "task", office.open_task(lin), at=soon)
    gather(office, soon)
    assert len(office.mails()) == 1
    with office.database.read() as session:
        assert next_due(session) == NOW + timedelta(minutes=10)
    office.tell(lin, "escalation", office.open_task(None), at=soon)
    gather(office, soon)
    assert len(office.mails()) == 2
    gather(office, NOW + timedelta(minutes=12))
    assert len(office.mails()) == 3


def test_at_night_only_late_work_is_told(office: Office) -> None:
    lin, wang = office.hire("林晓岚"), office.hire("王梓涵")
    night = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)  # 21:30 in Shanghai
    morning = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
    office.tell(lin, "reminder", office.open_task(lin), at=night)
    office.tell(wang, "escalation", office.open_task(lin), at=night)
    gather(office, night)
    assert [m.person_id for m in office.mails()] == [wang]
    with office.database.read() as session:
        assert next_due(session) == morning
    gather(office, morning)
    assert [m.person_id for m in office.mails()] == [wang, lin]
    early = morning + timedelta(hours=21)  # 05:00
    office.tell(lin, "task", office.open_task(lin), at=early)
    gather(office, early)
    with office.database.read() as session:
        assert next_due(session) == morning + timedelta(days=1)
