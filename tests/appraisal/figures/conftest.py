"""A company whose figures are kept, on each database in turn."""

from __future__ import annotations

import pytest

from appraisal.figures.desk import Desk
from workflows.db import Database


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)
