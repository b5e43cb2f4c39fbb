"""Real parts for all tests: both databases, a browser, a mail server.

`database` runs a test once over SQLite and once over PostgreSQL, each time on a fresh, migrated database; `database_url` is its
address, for tests that start processes. The contents are new for every test, the addresses and the `Database` at each stay the
same in one process: statements are compiled once, not once per test. `empty_database_url` has no tables yet. `chromium`,
`smtp_server`, `secure_smtp_server`. Every test logs short lines to standard output (`plain_log`).
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from playwright.sync_api import Browser, sync_playwright

from infrastructure.browser import launch
from infrastructure.postgres_server import (
    PostgresServer,
    locked,
    make_folder,
    quick_folder,
    remove_folder,
    shared_folder,
)
from infrastructure.smtp_server import SmtpServer, make_certificate
from infrastructure.tables import create_tables
from workflows.db import Database

TEMPLATE = "workflows_template"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long-kill", action="store_true", help="kill tests at full length (make test-kill)")
    parser.addoption("--bench", action="store_true", help="run the measurements (make bench)")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[FOLDER] = make_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    if FOLDER in config.stash:
        remove_folder(config.stash[FOLDER])


FOLDER = pytest.StashKey[Path]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measurements take minutes and prove nothing on a busy machine: they run when asked for."""
    if config.getoption("--bench"):
        return
    measured = [item for item in items if item.get_closest_marker("bench")]
    config.hook.pytest_deselected(items=measured)
    items[:] = [item for item in items if item not in measured]


@pytest.fixture(autouse=True)
def plain_log() -> Iterator[None]:
    """A log of short lines, whatever another test has set up before. The library's own default draws every traceback with
    the variables of its frames: seconds for each failing job."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The PostgreSQL of this run."""
    server = PostgresServer(shared_folder())
    server.ensure()
    return server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a database with all tables, made once per run."""
    done = shared_folder() / "postgres-template"
    with locked(shared_folder() / "postgres-template.lock"):
        if not done.exists():
            create_tables(postgres_server.create(TEMPLATE))
            done.touch()
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A SQLite file with all tables, made once per run."""
    file = shared_folder() / "template.db"
    done = shared_folder() / "sqlite-template"
    with locked(shared_folder() / "sqlite-template.lock"):
        if not done.exists():
            create_tables(f"sqlite:///{file}")
            done.touch()
    return file


@pytest.fixture(scope="session")
def sqlite_folder() -> Path:
    """Where this process keeps the SQLite file of the running test, and what stands beside it."""
    return quick_folder()


@pytest.fixture
def sqlite_url(sqlite_folder: Path, sqlite_template: Path) -> str:
    """A fresh SQLite database with all tables."""
    shutil.rmtree(sqlite_folder)
    sqlite_folder.mkdir()
    return f"sqlite:///{shutil.copy(sqlite_template, sqlite_folder / 'workflows.db')}"


@pytest.fixture(scope="session")
def postgres_name() -> str:
    """How this process calls the PostgreSQL database of the running test."""
    return f"test_{uuid.uuid4().hex}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str, postgres_name: str) -> Iterator[str]:
    """A fresh PostgreSQL database with all tables."""
    yield postgres_server.create(postgres_name, postgres_template)
    postgres_server.drop(postgres_name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each database in turn, fresh, with all tables."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def databases() -> dict[str, Database]:
    """The databases of this process by address: opened once, empty of connections between two tests."""
    return {}


@pytest.fixture
def database(database_url: str, databases: dict[str, Database]) -> Iterator[Database]:
    """Each database in turn, fresh, with all tables, open."""
    if database_url not in databases:
        databases[database_url] = Database(database_url)
    yield databases[database_url]
    databases[database_url].dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Each database in turn, without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{uuid.uuid4().hex}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium; a test opens a context of its own in it."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A mail server without encryption and login."""
    yield from _running(SmtpServer())


@pytest.fixture
def secure_smtp_server(tmp_path: Path) -> Iterator[SmtpServer]:
    """A mail server that insists on STARTTLS and on a login; `certificate` is the file a client has to trust."""
    certificate, key = make_certificate(tmp_path)
    yield from _running(SmtpServer(certificate=certificate, key=key, login="workflows", password="correct horse"))


def _running(server: SmtpServer) -> Iterator[SmtpServer]:
    server.start()
    yield server
    server.stop()
