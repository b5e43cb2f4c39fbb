"""How the databases of the tests get their tables: as an installation does."""

from __future__ import annotations

from workflows.db import Database
from workflows.migrations import upgrade


def create_tables(url: str) -> None:
    """Bring an empty database to the newest schema."""
    database = Database(url)
    try:
        upgrade(database)
    finally:
        database.dispose()
