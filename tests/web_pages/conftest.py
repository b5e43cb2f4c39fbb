"""The service with the sample company, at Friday 20 November 2026, 10:24: in the process, and in a browser.

`store` is this test's own copy of the company, on SQLite unless a test asks for both (`both_databases`).
"""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select, update
from werkzeug.serving import make_server

from definition.shipped import shipped
from infrastructure.clock import NOW, Clock
from infrastructure.postgres_server import PostgresServer, quick_folder
from web_pages.looking import Look
from web_pages.reader import ReadAs, Reader
from web_pages.things import Work
from workflows.app import create_app
from workflows.db import Database
from workflows.definition.load import load_text
from workflows.engine.engine import Engine
from workflows.http import services
from workflows.org.importing.applying import import_organisation
from workflows.org.passwords import hash_password
from workflows.org.sessions import open_session
from workflows.org.tables import Person
from workflows.settings import Settings

PASSWORD = "dry-lamp-forty-bridges"
ROOM = Path(__file__).parent
SAMPLE = ROOM.parents[1] / "sample" / "company"


def settings_for(url: str) -> Settings:
    return Settings(database_url=url, secret_key="a secret of the tests, long enough", demo=True)


def fill(database: Database) -> dict[str, str]:
    """People, definitions (the company's and one with every kind of field), and an open sign-in of everybody by login."""
    files = [(path.name, path.read_bytes()) for path in sorted(SAMPLE.glob("*.csv"))]
    processes = [*shipped().values()]
    everything = ROOM / "every_field.yaml"
    processes += load_text(everything.read_text(encoding="utf-8"), everything.name)
    engine = Engine(settings_for("sqlite://"))
    with database.write() as session:
        import_organisation(session, files, NOW.date(), NOW)
        kept = {"password_hash": hash_password(PASSWORD), "password_changed_at": NOW, "must_change_password": False}
        session.execute(update(Person).values(kept))
        engine.publish(session, processes, None, NOW - timedelta(days=30))
        people = session.execute(select(Person.login, Person.id)).all()
        return {login: open_session(session, person, NOW, "127.0.0.1", "tests") for login, person in people}


@dataclass(frozen=True)
class Company:
    """A filled database to copy: `place` is a file or the name of a template; `tickets` are sign-ins by login."""

    place: str
    tickets: dict[str, str]


@pytest.fixture(scope="session")
def sqlite_company(sqlite_template: Path) -> Company:
    file = shutil.copy(sqlite_template, quick_folder() / "company.db")
    database = Database(f"sqlite:///{file}")
    tickets = fill(database)
    database.dispose()
    return Company(str(file), tickets)


@pytest.fixture(scope="session")
def postgres_company(postgres_server: PostgresServer, postgres_template: str) -> Iterator[Company]:
    name = f"company_{uuid.uuid4().hex}"
    database = Database(postgres_server.create(name, postgres_template))
    tickets = fill(database)
    database.dispose()
    yield Company(name, tickets)
    postgres_server.drop(name)


@dataclass(frozen=True)
class House:
    """One application for all tests of a process on one kind of database: making it compiles every template, definition and
    statement. What it keeps in memory is checked against the database's counters, so each test may bring its own copy."""

    app: Flask
    store: Database


def open_house(url: str, clock: Clock) -> Iterator[House]:
    """The service, in demo mode: plain cookies over http."""
    store = Database(url)
    yield House(create_app(settings_for("sqlite://"), store, clock), store)
    store.dispose()


@pytest.fixture(scope="session")
def wall_clock() -> Clock:
    """The clock of every house."""
    return Clock()


@pytest.fixture(scope="session")
def sqlite_house(sqlite_company: Company, wall_clock: Clock) -> Iterator[House]:
    yield from open_house(f"sqlite:///{Path(sqlite_company.place).with_name('own.db')}", wall_clock)


@pytest.fixture(scope="session")
def postgres_house(postgres_server: PostgresServer, wall_clock: Clock) -> Iterator[House]:
    yield from open_house(postgres_server.url(f"own_{uuid.uuid4().hex}"), wall_clock)


@pytest.fixture
def clock(wall_clock: Clock) -> Clock:
    wall_clock.now = NOW
    return wall_clock


@pytest.fixture
def company(request: pytest.FixtureRequest) -> Company:
    kind = getattr(request, "param", "sqlite")
    found: Company = request.getfixturevalue(f"{kind}_company")
    return found


@pytest.fixture
def house(company: Company, request: pytest.FixtureRequest) -> House:
    found: House = request.getfixturevalue("sqlite_house" if company.place.endswith(".db") else "postgres_house")
    return found


@pytest.fixture
def store(house: House, company: Company, request: pytest.FixtureRequest) -> Iterator[Database]:
    """This test's own copy of the company."""
    name = str(house.store.engine.url.database)
    if house.store.is_sqlite:
        for left in Path(name).parent.glob(f"{Path(name).name}*"):
            left.unlink()
        shutil.copy(company.place, name)
        yield house.store
        house.store.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    server.create(name, company.place)
    yield house.store
    house.store.dispose()
    server.drop(name)


@pytest.fixture
def site(house: House, store: Database, clock: Clock) -> Flask:
    """The service on this test's copy, at its first moment."""
    return house.app


@pytest.fixture
def read_as(site: Flask, company: Company) -> ReadAs:
    """Somebody signed in, at a browser that only understands forms."""

    def reader(login: str) -> Reader:
        client = site.test_client()
        client.set_cookie(site.config["WORKFLOWS_TICKET"], company.tickets[login])
        return Reader(client, login)

    return reader


@pytest.fixture
def address(site: Flask) -> Iterator[str]:
    """The service behind a real socket, for a browser."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def look(chromium: Browser, address: str, site: Flask, company: Company) -> Iterator[Look]:
    """A browser; axe measures what stands still."""
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce")
    yield Look(context, address, site.config["WORKFLOWS_TICKET"], company.tickets)
    context.close()


@pytest.fixture
def work(site: Flask, store: Database) -> Work:
    """People who act."""
    return Work(store, services(site).engine, NOW)
