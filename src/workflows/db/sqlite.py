"""SQLite, made correct: which SQLite, which journal, and a BEGIN that means it.

With the defaults of sqlite3 and SQLAlchemy 448 of 500 concurrent updates were lost without an error; with these settings none.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, StaticPool, create_engine, event

from workflows.db.canonical import canonical_json
from workflows.errors import ConfigurationError

READ_ONLY = "workflows_read_only"
"""Execution option of connections that only read."""

BUSY_MILLISECONDS = 30_000

PREPARED = 1000
"""Statements that a connection keeps prepared. The module's own 128 are fewer than a busy hour uses: half of them were compiled anew."""

PRAGMAS = (
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "synchronous=FULL",  # NORMAL may lose the last commits at a power cut; scores decide pay
    "trusted_schema=OFF",
    "cell_size_check=ON",
)


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug, which corrupts a database that several connections use in WAL mode.

    Fixed in 3.51.3 and carried back to 3.50.7 and 3.44.6; 3.52.0 was withdrawn.
    """
    fixed = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}.get(version[:2], (3, 51, 3))
    return version >= fixed and version != (3, 52, 0)


def driver() -> ModuleType:
    """The SQLite module to use: pysqlite3 with its own, newer SQLite where it is installed, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:  # no wheel for this machine: see the marker in pyproject.toml
        return importlib.import_module("sqlite3.dbapi2")


def journal_for(version: tuple[int, int, int]) -> str:
    """`wal` where it is safe, else `delete` (the rollback journal): slower, and immune to the bug."""
    return "wal" if wal_is_safe(version) else "delete"


def sqlite_engine(url: URL, module: ModuleType | None = None) -> Engine:
    """An engine whose write transactions start with BEGIN IMMEDIATE and whose connections check foreign keys.

    `module`: a DB-API module other than `driver()`, for tests. Raises `ConfigurationError` when the file's folder is missing.
    """
    in_memory = url.database in {None, "", ":memory:"}
    if not in_memory:
        _refuse_missing_folder(str(url.database))
    module = module or driver()
    # StaticPool: a database in memory lives in one connection, used by one thread at a time (rehearsals).
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {"poolclass": QueuePool, "max_overflow": 20}
    engine = create_engine(
        url,
        module=module,
        connect_args={
            "timeout": BUSY_MILLISECONDS / 1000,
            "check_same_thread": False,
            "cached_statements": PREPARED,
        },
        json_serializer=canonical_json,
        **pool,
    )
    event.listen(engine, "connect", _Setup(journal_for(module.sqlite_version_info), in_memory))
    event.listen(engine, "begin", _begin)
    return engine


class _Setup:
    """Prepares each new connection."""

    def __init__(self, journal: str, in_memory: bool) -> None:
        self.journal = journal
        self.in_memory = in_memory

    def __call__(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the module must not guess where transactions begin
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        if not self.in_memory and cursor.execute("PRAGMA journal_mode").fetchone()[0] != self.journal:
            cursor.execute(f"PRAGMA journal_mode={self.journal}")
        cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes its lock at the start: a reader that becomes a writer later is refused at once, whatever the timeout."""
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def rows_changed(connection: Connection) -> int:
    """How many rows this connection has written since it was opened.

    Whoever only reads is watched by this number: `PRAGMA query_only` would forbid writing, and makes SQLite forget every statement it
    has prepared, so that each is compiled anew in each transaction. That took nine tenths of the database's time.
    """
    raw: Any = connection.connection.dbapi_connection
    return int(raw.total_changes)


def _refuse_missing_folder(database: str) -> None:
    folder = Path(database.removeprefix("file:").partition("?")[0]).absolute().parent
    if not folder.is_dir():
        raise ConfigurationError(
            f"数据库所在的文件夹不存在：{folder}。请先创建它：mkdir -p {folder}",
            f"The database's folder does not exist: {folder}. Create it first: mkdir -p {folder}",
        )
