"""Consistent copies of the database, and back again.

Copying the file of a SQLite database in use gave a bad copy 25 times of 25; VACUUM INTO none. PostgreSQL has `pg_dump`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, inspect, make_url

from workflows.db import Database
from workflows.db.sqlite import driver
from workflows.errors import ConfigurationError, InvalidInput, NotFound
from workflows.settings import driver_named


def back_up(url: str, file: Path) -> None:
    """Write a copy of the database at `url` to the new file `file`; the service may go on working.

    Raises `InvalidInput` when `file` exists or its folder does not, `Unavailable` or `ConfigurationError` when the database or
    pg_dump is not there.
    """
    _refuse_unwritable(file)
    address = make_url(driver_named(url))
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        if address.get_backend_name() == "sqlite":
            _vacuum_into(url, address, partial)
        else:
            _run_postgres_tool("pg_dump", address, "--format=custom", f"--file={partial}")
        partial.rename(file)  # a file of this name is always a whole one
    finally:
        partial.unlink(missing_ok=True)


def restore_from(url: str, file: Path) -> None:
    """Fill the empty database at `url` from `file`, which `back_up` wrote on the same kind of database.

    Raises `NotFound` when there is no such file, `InvalidInput` when it is no backup or the database is not empty.
    """
    if not file.is_file():
        raise NotFound(f"找不到备份文件：{file}", f"There is no backup file {file}")
    address = make_url(driver_named(url))
    if address.get_backend_name() == "sqlite":
        _copy_sqlite(address, file)
    else:
        _refuse_filled(url)
        _run_postgres_tool(
            "pg_restore", address, "--exit-on-error", "--single-transaction", "--no-owner", "--dbname", str(file)
        )


def _vacuum_into(url: str, address: URL, target: Path) -> None:
    source = Path(str(address.database))
    if not source.is_file():
        raise NotFound(f"找不到数据库文件：{source}", f"There is no database file {source}")
    database = Database(url)
    try:
        # VACUUM runs outside a transaction, and SQLAlchemy's engine begins one: the driver's own connection does it.
        with database.read():
            raw = database.engine.raw_connection()
        raw.cursor().execute("VACUUM INTO ?", (str(target),))
        raw.close()
    finally:
        database.dispose()


def _copy_sqlite(address: URL, file: Path) -> None:
    target = Path(str(address.database))
    if target.exists():
        raise InvalidInput(
            f"数据库文件 {target} 已存在，恢复不会覆盖任何数据。请先把它移走，或用 DATABASE_URL 指向新文件。",
            f"The database file {target} exists, and restoring overwrites nothing. Move it away, or name a new file in DATABASE_URL.",
        )
    module = driver()
    try:
        with module.connect(f"file:{file}?mode=ro", uri=True) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except module.DatabaseError:
        sound = False
    if not sound:
        raise InvalidInput(f"{file} 不是完好的 SQLite 备份。", f"{file} is not a sound SQLite backup.")
    partial = target.with_name(f"{target.name}.partial")
    shutil.copyfile(file, partial)
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.rename(target)


def _refuse_unwritable(file: Path) -> None:
    if file.exists():
        raise InvalidInput(f"{file} 已存在，备份不会覆盖它。", f"{file} exists; a backup does not overwrite it.")
    if not file.absolute().parent.is_dir():
        raise InvalidInput(
            f"文件夹 {file.absolute().parent} 不存在。", f"The folder {file.absolute().parent} does not exist."
        )


def _refuse_filled(url: str) -> None:
    database = Database(url)
    with database.read() as session:
        tables = inspect(session.connection()).get_table_names()
    database.dispose()
    if tables:
        raise InvalidInput(
            "目标数据库不是空的，恢复不会覆盖任何数据。请新建一个空数据库。",
            "The database is not empty, and restoring overwrites nothing. Create an empty one.",
        )


def _run_postgres_tool(tool: str, address: URL, *arguments: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise ConfigurationError(
            f"缺少程序 {tool}，请先安装：apt-get install postgresql-client",
            f"The program {tool} is missing. Install it: apt-get install postgresql-client",
        )
    # The password travels in the environment: arguments are shown to everybody on the machine.
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(address.password)} if address.password else {})
    if arguments[-2:-1] == ("--dbname",):
        command = [program, *arguments[:-1], plain, arguments[-1]]
    else:
        command = [program, *arguments, plain]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        detail = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else str(done.returncode)
        raise InvalidInput(f"{tool} 失败：{detail}", f"{tool} failed: {detail}")
