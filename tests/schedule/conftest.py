"""An office with a clock that a test moves."""

from __future__ import annotations

import pytest

from infrastructure.clock import Clock
from notify.office import Office
from workflows.db import Database


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def clock() -> Clock:
    return Clock()
