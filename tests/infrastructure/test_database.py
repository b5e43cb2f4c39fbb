"""Transactions: nothing lost, nothing half done, on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from infrastructure.postgres_server import PostgresServer
from workflows.db import Database
from workflows.db.database import ReadOnly
from workflows.db.sqlite import journal_for, sqlite_engine, wal_is_safe
from workflows.errors import ConfigurationError, Unavailable

THREADS = 10
ROUNDS = 20


@pytest.fixture
def counter(database: Database) -> Database:
    with database.write() as session:
        session.execute(text("CREATE TABLE tally (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO tally VALUES (1, 0)"))
    return database


def value_of(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(text("SELECT value FROM tally")).scalar_one())


def test_no_update_is_lost(counter: Database) -> None:
    """Ten threads read, add one and write, twenty times each, as steps of the engine do: under a lock taken at the read."""
    lock = "" if counter.is_sqlite else " FOR UPDATE"

    def add_one(session: Session) -> None:
        value = session.execute(text(f"SELECT value FROM tally WHERE id = 1{lock}")).scalar_one()
        session.execute(text("UPDATE tally SET value = :value"), {"value": value + 1})

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(counter.transact, add_one) for _ in range(THREADS * ROUNDS)]:
            done.result()
    assert value_of(counter) == THREADS * ROUNDS


def test_raising_rolls_back(counter: Database) -> None:
    with pytest.raises(LookupError), counter.write() as session:
        session.execute(text("UPDATE tally SET value = 5"))
        raise LookupError
    assert value_of(counter) == 0


def test_together_steps_share_a_transaction_and_fail_alone(counter: Database) -> None:
    """A rehearsal's steps: each sees what was done before, one that raises takes back its own, outside nothing shows before the end."""
    with counter.together():
        with counter.write() as session:
            session.execute(text("UPDATE tally SET value = 5"))
        with pytest.raises(LookupError), counter.write() as session:
            session.execute(text("UPDATE tally SET value = 6"))
            raise LookupError
        assert value_of(counter) == 5
        assert counter.transact(lambda session: session.execute(text("UPDATE tally SET value = 7")).rowcount) == 1
    assert value_of(counter) == 7
    with pytest.raises(LookupError), counter.together():
        counter.transact(lambda session: session.execute(text("UPDATE tally SET value = 8")))
        raise LookupError
    assert value_of(counter) == 7


def test_reading_cannot_write(counter: Database) -> None:
    with pytest.raises((DBAPIError, ReadOnly)), counter.read() as session:
        session.execute(text("UPDATE tally SET value = 5"))
    assert value_of(counter) == 0
    with counter.write() as session:
        session.execute(text("UPDATE tally SET value = 6"))
    assert value_of(counter) == 6


def test_one_look_sees_one_moment(counter: Database) -> None:
    """A page made of several queries shows no mixture of before and after."""
    if counter.journal == "delete":
        return  # the rollback journal makes the writer wait for the reader instead
    with counter.read() as reader:
        before = reader.execute(text("SELECT value FROM tally")).scalar_one()
        with counter.write() as writer:
            writer.execute(text("UPDATE tally SET value = value + 1"))
        assert reader.execute(text("SELECT value FROM tally")).scalar_one() == before
    assert value_of(counter) == before + 1


def test_a_deadlock_is_tried_again(postgres_url: str) -> None:
    """Two transactions that take two rows crosswise: PostgreSQL ends one of them, and its work is done anew."""
    database = Database(postgres_url)
    with database.write() as session:
        session.execute(text("CREATE TABLE tally (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO tally VALUES (1, 0), (2, 0)"))
    both_hold_one = threading.Barrier(2)
    calls: list[int] = []

    def cross(first: int, second: int) -> None:
        def work(session: Session) -> None:
            calls.append(first)
            session.execute(text("UPDATE tally SET value = value + 1 WHERE id = :id"), {"id": first})
            if len(calls) <= 2:
                both_hold_one.wait(timeout=10)
            session.execute(text("UPDATE tally SET value = value + 1 WHERE id = :id"), {"id": second})

        database.transact(work)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(cross, 1, 2), pool.submit(cross, 2, 1)]:
            done.result()
    with database.read() as session:
        assert session.execute(text("SELECT sum(value) FROM tally")).scalar_one() == 4
    assert len(calls) == 3
    database.dispose()


def test_the_server_may_restart_between_two_units_of_work(postgres_server: PostgresServer, postgres_url: str) -> None:
    database = Database(postgres_url)
    assert database.transact(lambda session: session.execute(text("SELECT 1")).scalar_one()) == 1
    with database.write() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert database.transact(lambda session: session.execute(text("SELECT 2")).scalar_one()) == 2
    database.dispose()


def test_a_link_that_breaks_in_the_work_is_tried_again(postgres_url: str) -> None:
    database, killer = Database(postgres_url), Database(postgres_url)
    tries: list[int] = []

    def work(session: Session) -> int:
        tries.append(int(session.execute(text("SELECT pg_backend_pid()")).scalar_one()))
        if len(tries) == 1:
            with killer.write() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": tries[0]})
        return int(session.execute(text("SELECT 7")).scalar_one())

    assert database.transact(work) == 7
    assert len(tries) == 2
    database.dispose()
    killer.dispose()


def test_foreign_keys_are_kept(database: Database) -> None:
    with database.write() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (parent_id INTEGER NOT NULL REFERENCES parent (id))"))
    with pytest.raises(DBAPIError), database.write() as session:
        session.execute(text("INSERT INTO child VALUES (9)"))


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False), ((3, 50, 7), True),
        ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), False), ((3, 53, 4), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_wal_only_where_it_is_safe(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe
    assert journal_for(version) == ("wal" if safe else "delete")


def test_an_old_sqlite_leaves_wal(sqlite_url: str) -> None:
    """A file written in WAL mode by a good SQLite is taken back to the rollback journal by an affected one."""
    import sqlite3
    from types import ModuleType

    from sqlalchemy import make_url

    first = Database(sqlite_url)
    assert first.journal == journal_for(first.engine.dialect.dbapi.sqlite_version_info)  # type: ignore[union-attr]
    first.dispose()
    affected = ModuleType("affected_sqlite")
    affected.__dict__.update(sqlite3.dbapi2.__dict__, sqlite_version_info=(3, 40, 1))
    engine = sqlite_engine(make_url(sqlite_url), affected)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "delete"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    engine.dispose()


def test_the_server_knows_who_asks_and_how_long_to_wait(postgres_url: str) -> None:
    database = Database(postgres_url, role="web")
    with database.read() as session:
        shown = {
            name: session.execute(text(f"SHOW {name}")).scalar_one()
            for name in (
                "application_name",
                "TimeZone",
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            )
        }
    assert shown == {
        "application_name": "workflows web",
        "TimeZone": "UTC",
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "30s",
    }
    assert database.engine.dialect.driver == "psycopg"
    database.dispose()


def test_a_database_that_is_not_there_is_a_sentence(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("store")
    (folder / "letter.db").write_text("Dear Sir or Madam, this is a letter and no database at all.\n" * 20)
    for url in ("postgresql://nobody@127.0.0.1:1/none", f"sqlite:///{folder / 'letter.db'}", f"sqlite:///{folder}"):
        database = Database(url)
        with pytest.raises(Unavailable) as refused, database.read():
            pytest.fail("nothing can be read")
        assert "DATABASE_URL" in refused.value.zh
        assert "DATABASE_URL" in refused.value.en
        database.dispose()


def test_an_address_that_cannot_be_one_is_refused() -> None:
    for url in ("mysql://root@host/x", "postgresql://host:port/x", "workflows.db", "sqlite:////no/such/folder/x.db"):
        with pytest.raises(ConfigurationError):
            Database(url)


def test_a_rehearsal_fits_in_memory() -> None:
    database = Database("sqlite://")
    with database.write() as session:
        session.execute(text("CREATE TABLE tally (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO tally VALUES (1, 3)"))
    assert value_of(database) == 3
    assert database.journal == "memory"
    database.dispose()
