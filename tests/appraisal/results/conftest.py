"""Results on each database in turn: put there by hand, or come about by appraisals."""

from __future__ import annotations

import pytest

from appraisal.cards.desk import Desk
from appraisal.results.archive import Archive
from workflows.db import Database


@pytest.fixture
def archive(database: Database) -> Archive:
    """A company without any results yet."""
    return Archive(database)


@pytest.fixture
def desk(database: Database) -> Desk:
    """The company with its cards published, nothing appraised."""
    return Desk(database).opened()
