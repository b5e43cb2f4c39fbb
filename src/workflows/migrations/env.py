"""What Alembic runs around each command. The connection comes from `workflows.migrations`; nothing is read from a file."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection

from workflows.db import ExactDecimal, UTCDateTime
from workflows.migrations import all_tables, is_ours

LOCK = 0x776F726B
"""Any number: two upgrades of one PostgreSQL wait for each other on it. SQLite has its write lock."""


def render_item(kind: str, item: Any, autogenerate: Any) -> str | Literal[False]:
    """Name our own types in a new revision."""
    if kind != "type":
        return False
    for ours in (UTCDateTime, ExactDecimal):
        if isinstance(item, ours):
            autogenerate.imports.add(f"from workflows.db import {ours.__name__}")
            return f"{ours.__name__}()"
    if isinstance(item, JSON):
        autogenerate.imports.add("from workflows.db import JSONValue")
        return "JSONValue"
    return False


def run(connection: Connection) -> None:
    """Run the command on a connection whose transaction its owner commits."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        include_name=is_ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
