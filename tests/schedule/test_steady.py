"""The loop that survives everything, jobs that fail alone, the lock of SQLite, and what is thrown away."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from infrastructure.postgres_server import PostgresServer
from notify.office import NOW, Office
from workflows.db import Database, new_id
from workflows.engine.tables import Blob, Draft, File, Heartbeat, Incident
from workflows.errors import ConfigurationError, Unavailable
from workflows.notify.tables import Mail, MailStatus
from workflows.schedule.heartbeat import beat, my_name, stop_beating
from workflows.schedule.housekeeping import clean
from workflows.schedule.jobs import Jobs, transact
from workflows.schedule.lock import lock_file, only_scheduler
from workflows.schedule.setbacks import MOST_ATTEMPTS, Setbacks
from workflows.schedule.steady import Steady


def test_a_round_is_rung_again_while_it_finds_work() -> None:
    left = [3]

    def work() -> int:
        left[0] -= 1
        return left[0]

    Steady("work", work, threading.Event()).ring()
    assert left == [0]


def test_a_round_that_fails_is_told_and_rested_from(capsys: pytest.CaptureFixture[str]) -> None:
    calls = []

    def work() -> int:
        calls.append(1)
        raise ZeroDivisionError("a fault of ours")

    steady = Steady("work", work, threading.Event())
    steady.ring()
    steady.ring()
    assert len(calls) == 1
    assert "a fault of ours" in capsys.readouterr().out


def test_a_database_that_is_away_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise Unavailable("数据库没有应答。", "The database does not answer.")

    Steady("work", work, threading.Event()).ring()
    said = capsys.readouterr().out
    assert "The database does not answer." in said
    assert "Traceback" not in said


def test_rests_double_and_end_at_half_a_minute() -> None:
    steady = Steady("work", lambda: 0, threading.Event())
    rests = []
    for _ in range(8):
        steady._rest()
        rests.append(steady._pause())
    assert rests == [1, 2, 4, 8, 16, 30, 30, 30]


def test_stopping_ends_a_round_between_two_jobs() -> None:
    stopping = threading.Event()
    calls = []

    def work() -> int:
        calls.append(1)
        stopping.set()
        return 1

    Steady("work", work, stopping).ring()
    assert len(calls) == 1


def test_a_job_that_fails_leaves_the_others_alone(database: Database) -> None:
    done: list[str] = []
    failed: list[tuple[str, str]] = []

    def do(session: Session, job: str) -> int:
        session.add(Heartbeat(name=job, at=NOW))
        session.flush()
        if job == "bad":
            raise ValueError("poison")
        done.append(job)
        return 1

    def note(_session: Session, job: str, error: Exception) -> bool:
        failed.append((job, str(error)))
        return False

    assert Jobs("heartbeat", do, note).work_off(database, ["one", "bad", "two"]) == 3
    assert (done, failed) == (["one", "two"], [("bad", "poison")])
    with database.read() as session:
        assert sorted(session.scalars(select(Heartbeat.name))) == ["one", "two"]


def test_a_job_whose_statement_the_database_refuses_is_its_own_fault(database: Database) -> None:
    failed: list[str] = []

    def do(session: Session, _job: str) -> int:
        session.execute(text("SELECT no_such_column FROM heartbeat"))
        return 1

    def note(_session: Session, job: str, _error: Exception) -> bool:
        failed.append(job)
        return True

    assert Jobs("heartbeat", do, note).work_off(database, ["bad"]) == 1
    assert failed == ["bad"]


def test_a_server_that_went_away_is_nobodys_fault(postgres_server: PostgresServer, postgres_url: str) -> None:
    database = Database(postgres_url)
    failed: list[str] = []

    def do(session: Session, _job: str) -> int:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        other = Database(postgres_url)
        with other.write() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        other.dispose()
        session.execute(text("SELECT 1"))
        return 1

    def note(_session: Session, job: str, _error: Exception) -> bool:
        failed.append(job)
        return False

    with pytest.raises(Unavailable):
        Jobs("heartbeat", do, note).work_off(database, ["unlucky"])
    assert failed == []
    database.dispose()


def test_a_run_that_fails_eight_times_is_one_incident_and_tried_on(database: Database) -> None:
    setbacks, now = Setbacks(), NOW
    became = []
    for attempt in range(1, MOST_ATTEMPTS + 3):
        assert setbacks.allow("run", now)
        with database.write() as session:
            became.append(setbacks.note(session, "run", "begin", KeyError("x"), now))
        assert not setbacks.allow("run", now), attempt
        assert setbacks.allow("another run", now)
        now += timedelta(hours=6)
    assert became.index(True) == MOST_ATTEMPTS - 1
    with database.read() as session:
        (incident,) = session.scalars(select(Incident))
    assert (incident.kind, incident.code) == ("schedule", "KeyError")


def test_a_second_scheduler_on_sqlite_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, sqlite_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(ConfigurationError, match="only one"), only_scheduler(sqlite_url):
        pass
    link = tmp_path / "same.db"
    link.symlink_to(sqlite_url.removeprefix("sqlite:///"))
    with pytest.raises(ConfigurationError, match="only one"), only_scheduler(f"sqlite:///{link}"):
        pass
    holder.kill()
    holder.communicate()
    with only_scheduler(sqlite_url):  # a killed scheduler leaves nothing behind
        pass


_HOLD = """
import sys
from workflows.schedule.lock import only_scheduler
with only_scheduler(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_postgres_needs_no_lock(postgres_url: str) -> None:
    assert lock_file(postgres_url) is None
    with only_scheduler(postgres_url), only_scheduler(postgres_url):
        pass


def test_a_heartbeat_is_one_row_that_moves_on(database: Database) -> None:
    for minutes in (0, 1):
        transact(database, lambda session, m=minutes: beat(session, my_name(), NOW + timedelta(minutes=m)))
    with database.read() as session:
        (row,) = session.scalars(select(Heartbeat))
        assert (row.name, row.at) == (my_name(), NOW + timedelta(minutes=1))
    transact(database, lambda session: stop_beating(session, my_name()))
    with database.read() as session:
        assert session.scalars(select(Heartbeat)).all() == []


def test_old_drafts_loose_files_and_mails_go_and_the_rest_stays(database: Database) -> None:
    office = Office(database)
    lin = office.hire("林晓岚")
    old, young = NOW - timedelta(days=400), NOW - timedelta(days=100)
    with database.write() as session:
        for at in (old, young):
            session.add(Draft(id=new_id(), person_id=lin, place=f"start:{at:%j}", typed={}, saved_at=at))
            session.add(_mail(lin, MailStatus.SENT, at))
            session.add(Blob(digest=f"{at:%j}", content=b"x"))
        session.add(_mail(lin, MailStatus.DOUBT, old))
        session.add(Blob(digest="shared", content=b"x"))
        session.flush()
        for at, digest in ((old, f"{old:%j}"), (young, f"{young:%j}"), (old, "shared"), (young, "shared")):
            session.add(
                File(
                    id=new_id(),
                    digest=digest,
                    name="f",
                    media_type="text/plain",
                    size=1,
                    uploaded_by=lin,
                    uploaded_at=at,
                )
            )
    assert transact(database, lambda session: clean(session, NOW)) == 4
    assert transact(database, lambda session: clean(session, NOW)) == 0
    with database.read() as session:
        assert [draft.saved_at for draft in session.scalars(select(Draft))] == [young]
        assert sorted(session.scalars(select(Mail.status))) == [MailStatus.DOUBT, MailStatus.SENT]
        assert sorted(session.scalars(select(Blob.digest))) == sorted([f"{young:%j}", "shared"])
        assert {file.uploaded_at for file in session.scalars(select(File))} == {young}


def _mail(person: uuid.UUID, status: MailStatus, at: datetime) -> Mail:
    return Mail(
        id=new_id(),
        person_id=person,
        message_id=str(new_id()),
        status=status,
        created_at=at.astimezone(UTC),
        patience_from=at,
    )
