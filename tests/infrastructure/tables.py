"""How the databases of the tests get their tables: as an installation does."""

from __future__ import annotations

import workflows.engine.guards  # noqa: F401 - create_all makes the guards with their tables
from workflows.db import Database
from workflows.migrations import all_tables, head, upgrade


def create_tables(url: str) -> None:
    """Bring an empty database to the newest schema."""
    database = Database(url)
    if head() is None:
        all_tables().create_all(database.engine)
    else:
        upgrade(database)
    database.dispose()
