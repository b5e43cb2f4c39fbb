"""One scheduler per SQLite database: SQLite knows no row locks, so two of them would do the same work."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from workflows.errors import ConfigurationError
from workflows.settings import driver_named


@contextmanager
def only_scheduler(url: str) -> Iterator[None]:
    """Hold the lock file beside an SQLite database; it is free again when this process ends, however it ends.

    PostgreSQL needs none. Raises `ConfigurationError` when another scheduler of this database runs.
    """
    file = lock_file(url)
    if file is None:
        yield
        return
    with file.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigurationError(
                "这个 SQLite 数据库已有一个调度器在运行，不能再启动第二个。请先停止它；需要多个调度器时请改用 PostgreSQL。",
                "A scheduler of this SQLite database is already running, and there can be only one. Stop it first; "
                "for several schedulers use PostgreSQL.",
            ) from None
        yield


def lock_file(url: str) -> Path | None:
    """The file that is locked for this database; None where none is needed (PostgreSQL, a database in memory)."""
    address = make_url(driver_named(url))
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    file = Path(address.database).resolve()  # one database by two names is still one
    return file.with_name(f"{file.name}-scheduler")
