"""Everything in a database, to prove that nothing changed."""

from __future__ import annotations

from sqlalchemy import inspect, text

from workflows.db import Database


def contents(store: Database, *without: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but some."""
    with store.read() as session:
        names = set(inspect(session.connection()).get_table_names()) - set(without)
        return {
            name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))] for name in sorted(names)
        }
