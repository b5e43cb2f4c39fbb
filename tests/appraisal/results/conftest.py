"""Results on each database in turn."""

from __future__ import annotations

import pytest

from appraisal.results.archive import Archive
from workflows.db import Database


@pytest.fixture
def archive(database: Database) -> Archive:
    """A company without any results yet."""
    return Archive(database)
