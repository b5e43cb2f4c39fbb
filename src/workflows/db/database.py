"""`Database`: transactions for doors. Returning commits, raising rolls back."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from workflows.db.postgres import postgres_engine
from workflows.db.sqlite import READ_ONLY, rows_changed, sqlite_engine
from workflows.errors import ConfigurationError, Unavailable
from workflows.settings import driver_named

T = TypeVar("T")

TRIES = 5
AGAIN = frozenset({"40001", "40P01", "55P03", "57P01"})
"""SQLSTATEs after which the same work may succeed: serialisation, deadlock, lock not available, server shutting down."""


class ReadOnly(RuntimeError):
    """Somebody wrote where only reading is allowed. A bug of ours; nothing was kept."""


class Database:
    """One store and its connections; one per process, made after forking.

    `url`: `sqlite:///file`, `sqlite://` (in memory, one thread) or `postgresql://…`; `role`: whose patience applies on
    PostgreSQL: "web", "scheduler", "report" or "command". Raises `ConfigurationError` for an address that cannot be one.
    """

    def __init__(self, url: str, role: str = "command") -> None:
        try:
            address = make_url(driver_named(url))
        except (ArgumentError, ValueError) as error:
            raise ConfigurationError(
                "DATABASE_URL 无法识别，请检查其中的端口和特殊字符（密码中的特殊字符需要百分号编码）。",
                "DATABASE_URL is not understood: look at the port and at special characters (percent-encode those of a password).",
            ) from error
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self.engine: Engine = sqlite_engine(address) if self.is_sqlite else postgres_engine(address, role)
        self._reader = self.engine.execution_options(**_reading(self.is_sqlite))
        self._shared: Session | None = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look at the data. Writing in it is an error, on both databases.

        Raises `Unavailable` when the database does not answer.
        """
        if self._shared is not None:
            with _lent(self._shared):
                yield self._shared
            return
        with Session(self._reader, expire_on_commit=False) as session, _answering(reading=True), self._watched(session):
            yield session

    @contextmanager
    def _watched(self, session: Session) -> Iterator[None]:
        """PostgreSQL refuses a write in `read` itself; on SQLite it is seen at the end, when it is taken back."""
        connection = session.connection()
        if not self.is_sqlite:
            yield
            return
        before = rows_changed(connection)
        yield
        if rows_changed(connection) != before:
            raise ReadOnly("Database.read() was written in: use write()")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed on return, rolled back on raise. On SQLite it has the write lock from its first moment.

        Raises `Unavailable` when the database does not answer; when that happens while committing, nobody knows whether it was
        done, and only a submission with its key may be tried again.
        """
        if self._shared is not None:
            with _step_of(self._shared):
                yield self._shared
            return
        with Session(self.engine, expire_on_commit=False) as session, _answering():
            session.connection()
            yield session
            session.commit()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything done in here becomes one transaction: for whoever has the database to themselves and takes thousands of steps,
        as a rehearsal does. Half of what a small step costs is its transaction.

        `read`, `write` and `transact` lend one session meanwhile, emptied after each; a `write` that raises takes back its own
        changes alone. For one thread only. What raises out of here takes everything back.
        """
        with Session(self.engine, expire_on_commit=False) as session, _answering():
            session.connection()
            self._shared = session
            try:
                yield
            finally:
                self._shared = None
            session.commit()

    def transact(self, work: Callable[[Session], T]) -> T:
        """`work` in a transaction of its own, up to five times where the database asks for another try.

        For the outermost unit of work only: `work` is called again from its beginning, with a new session, so it must take
        everything from its arguments and leave nothing behind but what it writes.
        """
        for attempt in range(1, TRIES):
            stage = _Stage()
            try:
                return self._once(work, stage)
            except DBAPIError as error:
                if not stage.may_repeat(error):
                    raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        return self._once(work, _Stage())

    def _once(self, work: Callable[[Session], T], stage: _Stage) -> T:
        if self._shared is not None:
            with _step_of(self._shared):
                return work(self._shared)
        with Session(self.engine, expire_on_commit=False) as session:
            result = work(session)
            stage.committing = True
            session.commit()
            return result

    @property
    def journal(self) -> str:
        """What protects a commit: `wal` or `delete` on SQLite (`memory` in memory), `postgresql` there."""
        if not self.is_sqlite:
            return "postgresql"
        with _answering(), self.engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def _lent(session: Session) -> Iterator[None]:
    """A session of several users: nobody finds objects that another has read before a change."""
    try:
        yield
    finally:
        if len(session.identity_map) > 0:
            session.expunge_all()


@contextmanager
def _step_of(session: Session) -> Iterator[None]:
    """A part of a transaction that can be taken back alone."""
    connection = session.connection()
    _tell(connection, "SAVEPOINT step")
    with _lent(session):
        try:
            yield
            session.flush()
        except BaseException:
            _tell(connection, "ROLLBACK TO step")
            raise
        finally:
            _tell(connection, "RELEASE step")


def _tell(connection: Connection, statement: str) -> None:
    """To the driver itself: SQLAlchemy's own savepoints take longer than the step between them."""
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)


class _Stage:
    """How far one try has come: a link that breaks while committing leaves the outcome open."""

    def __init__(self) -> None:
        self.committing = False

    def may_repeat(self, error: DBAPIError) -> bool:
        if error.connection_invalidated or is_lost(error):
            return not self.committing
        return state_of(error) in AGAIN or is_busy(error)


def state_of(error: DBAPIError) -> str | None:
    """PostgreSQL's SQLSTATE of a driver's error; None on SQLite."""
    return getattr(error.orig, "sqlstate", None)


def is_busy(error: DBAPIError) -> bool:
    """SQLite: another connection holds the lock longer than we wait."""
    return getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def is_lost(error: DBAPIError) -> bool:
    """The link to the server is gone or was never there (SQLSTATE class 08, 57P0x, or none from psycopg's own failures)."""
    state = state_of(error)
    if state is None:
        return type(error.orig).__module__.startswith("psycopg") and type(error.orig).__name__ in {
            "OperationalError", "ConnectionTimeout", "InterfaceError",
        }  # fmt: skip
    return state.startswith("08") or state in {"57P01", "57P02", "57P03", "53300", "28P01", "28000", "3D000"}


def is_unreadable(error: DBAPIError) -> bool:
    """SQLite: the file cannot be opened, is full, or is no database."""
    return getattr(error.orig, "sqlite_errorname", "").startswith(
        ("SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CORRUPT")
    )


def is_write_protected(error: DBAPIError) -> bool:
    """SQLite: the file, or this connection, may not be written."""
    return getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_READONLY")


@contextmanager
def _answering(reading: bool = False) -> Iterator[None]:
    """Turn "the database does not answer" into `Unavailable`; other database errors are bugs and stay what they are.

    A write inside `read()` is such a bug, the same refusal of a writer means that the file is protected.
    """
    try:
        yield
    except DBAPIError as error:
        protected = is_write_protected(error) and not reading
        if error.connection_invalidated or is_lost(error) or is_busy(error) or is_unreadable(error) or protected:
            raise unavailable(error) from error
        raise


def unavailable(error: DBAPIError) -> Unavailable:
    """The sentence for people; the driver's own words go along for operators, they never hold the password."""
    detail = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    return Unavailable(
        f"数据库暂时无法使用（{detail}）。请确认数据库正在运行、DATABASE_URL 正确、磁盘有空间，然后重试。",
        f"The database does not answer ({detail}). Check that it runs, that DATABASE_URL is right and the disk has room, "
        "then try again.",
    )


def _reading(is_sqlite: bool) -> dict[str, Any]:
    """One snapshot for all queries of a page; psycopg says so in its BEGIN, without a round trip more."""
    if is_sqlite:
        return {READ_ONLY: True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
