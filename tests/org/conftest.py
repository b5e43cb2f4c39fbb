"""The sample company, for tests about people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from workflows.db import Database
from workflows.org.importing.applying import import_organisation
from workflows.org.loading import load_organisation
from workflows.org.organisation import Organisation

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)
SAMPLE = Path(__file__).parents[2] / "sample" / "company"

Files = list[tuple[str, bytes]]


def sample_files() -> Files:
    return [(path.name, path.read_bytes()) for path in sorted(SAMPLE.glob("*.csv"))]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def files() -> Files:
    return sample_files()


@pytest.fixture
def company(database: Database) -> Database:
    """A database with the sample company."""
    with database.write() as session:
        import_organisation(session, sample_files(), TODAY, NOW)
    return database


@pytest.fixture
def people(company: Database) -> Organisation:
    """The sample company as a value."""
    with company.read() as session:
        return load_organisation(session)
