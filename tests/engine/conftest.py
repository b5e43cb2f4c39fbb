"""A company on each database in turn."""

from __future__ import annotations

import pytest

from engine.office import Office
from workflows.db import Database


@pytest.fixture
def office(database: Database) -> Office:
    """The small company with the definitions of `tests/engine/definitions`."""
    return Office(database).found()
