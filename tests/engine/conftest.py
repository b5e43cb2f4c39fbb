"""A company on each database in turn."""

from __future__ import annotations

import pytest

from engine.office import Office
from engine.scorecards import DEFINITIONS, Desk, Marks
from workflows.db import Database


@pytest.fixture
def office(database: Database) -> Office:
    """The small company with the definitions of `tests/engine/definitions`."""
    return Office(database).found()


@pytest.fixture
def desk(database: Database) -> Desk:
    """The small company with the small appraisal, whose source and recorder stand in the tests."""
    marks = Marks()
    desk = Desk(database, **marks.handed_in())
    desk.found(DEFINITIONS)
    desk.marks = marks
    return desk
