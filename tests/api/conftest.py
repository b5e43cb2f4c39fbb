"""A service that programs call, on each database in turn, with the small company and everything the scorecards know."""

from __future__ import annotations

import pytest

from api.program import Service
from workflows.db import Database


@pytest.fixture
def service(database: Database) -> Service:
    return Service(database)
