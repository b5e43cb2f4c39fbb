"""A service with the sample company and its published processes, on SQLite, at Friday 20 November 2026, 10:24.

Every test gets its own copy of the database. `visit_as(login)` gives a `Visitor`, signed in; `visit_as()` one who is not.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from definition.shipped import shipped
from infrastructure.clock import NOW, Clock
from infrastructure.postgres_server import quick_folder
from web.things import add_things
from web.visitor import Visitor
from workflows.app import create_app
from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.cards.store import scorecards_folder
from workflows.db import Database
from workflows.engine.definitions import publish
from workflows.engine.engine import Engine
from workflows.org.importing.applying import import_organisation
from workflows.org.passwords import hash_password
from workflows.org.sessions import open_session
from workflows.org.tables import Person
from workflows.settings import Settings

PASSWORD = "dry-lamp-forty-bridges"
SAMPLE = Path(__file__).parents[2] / "sample" / "company"


@dataclass(frozen=True)
class Company:
    """A database file with the company in it, an open sign-in of everybody (ticket by login), and one of each thing."""

    file: Path
    tickets: dict[str, str]
    things: dict[str, str]


def settings_for(url: str, **more: object) -> Settings:
    values: dict[str, object] = {"database_url": url, "secret_key": "a secret of the tests, long enough", "demo": True}
    return Settings(**{**values, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def company(sqlite_template: Path) -> Company:
    """Made once: people, definitions, one password for all, one open sign-in each."""
    file = Path(shutil.copy(sqlite_template, quick_folder() / "company.db"))
    database = Database(f"sqlite:///{file}")
    files = [(path.name, path.read_bytes()) for path in sorted(SAMPLE.glob("*.csv"))]
    with database.write() as session:
        import_organisation(session, files, NOW.date(), NOW)
        session.execute(
            update(Person).values(
                password_hash=hash_password(PASSWORD), password_changed_at=NOW, must_change_password=False
            )
        )
        publish(session, shipped().values(), None, NOW - timedelta(days=30))
        publish_cards(session, texts_of(sorted(scorecards_folder().glob("*.yaml"))), "scorecards", NOW.date(), NOW)
        people = session.execute(select(Person.login, Person.id)).all()
        tickets = {login: open_session(session, person, NOW, "127.0.0.1", "tests") for login, person in people}
        things = add_things(session, Engine(settings_for(str(database.engine.url))), NOW)
    database.dispose()
    return Company(file, tickets, things)


@pytest.fixture
def things(company: Company) -> dict[str, str]:
    """Ids of one of each thing, by the name addresses use."""
    return company.things


@dataclass(frozen=True)
class House:
    """One application for all tests of a run: making it compiles every template and definition. What it keeps in memory is
    checked against the database's counters, so each test may bring its own copy."""

    app: Flask
    store: Database
    clock: Clock


@pytest.fixture(scope="session")
def house(company: Company) -> Iterator[House]:
    url = f"sqlite:///{company.file.with_name('own.db')}"
    store, clock = Database(url), Clock()
    yield House(create_app(settings_for(url), store, clock), store, clock)
    store.dispose()


@pytest.fixture
def store(house: House, company: Company) -> Database:
    """This test's own copy of the company."""
    house.store.dispose()
    shutil.copy(company.file, company.file.with_name("own.db"))
    return house.store


@pytest.fixture
def fresh_store(house: House, company: Company) -> Callable[[], None]:
    """Brings the company back as it was, in the middle of a test."""

    def anew() -> None:
        house.store.dispose()
        shutil.copy(company.file, company.file.with_name("own.db"))

    return anew


@pytest.fixture
def clock(house: House) -> Clock:
    house.clock.now = NOW
    return house.clock


@pytest.fixture
def site(house: House, store: Database, clock: Clock) -> Flask:
    """The service, in demo mode: plain cookies over http."""
    return house.app


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def visit_as(site: Flask, company: Company) -> Callable[..., Visitor]:
    """Somebody at a browser of their own; signed in where a login is given."""

    def visitor(login: str = "") -> Visitor:
        client = site.test_client()
        if login:
            client.set_cookie(site.config["WORKFLOWS_TICKET"], company.tickets[login])
        return Visitor(client)

    return visitor
