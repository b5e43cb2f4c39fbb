"""A company with scorecards on each database in turn."""

from __future__ import annotations

import pytest

from appraisal.cards.desk import Desk
from workflows.db import Database


@pytest.fixture
def desk(database: Database) -> Desk:
    """The company on a Monday, its cards published, nothing appraised."""
    return Desk(database).opened()
