"""Backup and restore, verify, doctor: on both databases."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from infrastructure.postgres_server import PostgresServer
from infrastructure.smtp_server import SmtpServer
from workflows.db import Database
from workflows.errors import ConfigurationError, InvalidInput, NotFound
from workflows.operation.backup import back_up, restore_from
from workflows.operation.doctor import examine
from workflows.operation.verify import faults
from workflows.settings import Settings


@pytest.fixture(autouse=True)
def fitting_tools(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump refuses a server newer than itself: the server's own comes first."""
    monkeypatch.setenv("PATH", str(postgres_server.binaries()), prepend=os.pathsep)


def count(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(text("SELECT count(*) FROM ledger")).scalar_one())


def test_a_backup_under_load_is_whole(
    database: Database, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """While somebody writes pairs of rows, every copy holds whole pairs and everything committed before it began."""
    with database.write() as session:
        session.execute(text("CREATE TABLE ledger (id INTEGER)"))
    stop, failed = threading.Event(), []

    def write_pairs() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.write() as session:
                for _ in range(2):
                    session.execute(text("INSERT INTO ledger VALUES (:number)"), {"number": number})

    writer = threading.Thread(target=write_pairs)
    writer.start()
    try:
        for attempt in range(3):
            before = count(database)
            back_up(database_url, tmp_path / f"copy-{attempt}")
            if database.is_sqlite:
                target = f"sqlite:///{tmp_path / f'restored-{attempt}.db'}"
            else:
                server: PostgresServer = request.getfixturevalue("postgres_server")
                target = server.create(f"{make_url(database_url).database}_{attempt}")
            restore_from(target, tmp_path / f"copy-{attempt}")
            restored = Database(target)
            found = count(restored)
            failed += [found] if found % 2 or found < before else []
            with restored.read() as session:
                odd = session.execute(text("SELECT id FROM ledger GROUP BY id HAVING count(*) <> 2")).all()
            assert not odd
            restored.dispose()
            if not database.is_sqlite:
                server.drop(str(make_url(target).database))
    finally:
        stop.set()
        writer.join()
    assert not failed


def test_nothing_is_overwritten(database_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    back_up(database_url, copy)
    with pytest.raises(InvalidInput):
        back_up(database_url, copy)
    with pytest.raises(InvalidInput, match="restoring overwrites nothing"):
        restore_from(database_url, copy)
    with pytest.raises(NotFound):
        restore_from(database_url, tmp_path / "absent")
    with pytest.raises(InvalidInput):
        back_up(database_url, tmp_path / "no" / "folder")
    assert [path.name for path in tmp_path.glob("*.partial")] == []


def test_what_is_no_backup_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter"
    letter.write_text("Dear Sir or Madam,\n" * 100)
    with pytest.raises(InvalidInput):
        restore_from(empty_database_url, letter)


def test_a_missing_tool_is_named(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="postgresql-client"):
        back_up(postgres_url, tmp_path / "copy")


def test_verify_finds_a_dangling_reference(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))"))
    raw = database.engine.raw_connection()
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    raw.cursor().execute("INSERT INTO child VALUES (9)")
    raw.close()
    assert any("child" in fault.zh and "parent" in fault.en for fault in faults(database))
    database.dispose()


def test_verify_finds_a_damaged_file(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as session:
        session.execute(text("CREATE TABLE filler (id INTEGER PRIMARY KEY, word TEXT)"))
        session.execute(text("CREATE INDEX by_word ON filler (word)"))
        for number in range(500):
            session.execute(
                text("INSERT INTO filler VALUES (:number, :word)"), {"number": number, "word": f"w{number}" * 10}
            )
    raw = database.engine.raw_connection()
    raw.cursor().execute("PRAGMA writable_schema=ON")
    raw.cursor().execute("DELETE FROM sqlite_schema WHERE name = 'by_word'")
    raw.close()
    database.dispose()
    assert any(fault.en.startswith("The file is damaged") for fault in faults(database))
    database.dispose()


def test_doctor_reports_good_and_bad(database_url: str, smtp_server: SmtpServer) -> None:
    settings = Settings.from_environment(
        {"WORKFLOWS_DEMO": "1", "DATABASE_URL": database_url, "SMTP_URL": smtp_server.url}
    )
    assert [finding.text.zh for finding in examine(settings) if not finding.good] == []
    smtp_server.stop()
    wrong = [
        finding.text.en
        for finding in examine(replace(settings, demo=False, secret_key="", database_url="sqlite:////no/x.db"))
        if not finding.good
    ]
    assert len(wrong) == 3, "settings, database and mail server, each in its own sentence"
    smtp_server.start()


def test_doctor_sees_an_old_schema(empty_database_url: str) -> None:
    settings = Settings.from_environment({"WORKFLOWS_DEMO": "1", "DATABASE_URL": empty_database_url})
    wrong = [finding.text.en for finding in examine(settings) if not finding.good]
    assert wrong
    assert all("schema" in sentence for sentence in wrong)


def test_verify_finds_a_guard_of_the_history_gone(database: Database) -> None:
    with database.write() as session:
        session.execute(text("DROP TRIGGER event_is_final" + ("" if database.is_sqlite else " ON event")))
    assert any("event_is_final" in fault.zh and "event_is_final" in fault.en for fault in faults(database))
