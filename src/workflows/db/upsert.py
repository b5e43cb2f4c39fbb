"""Writing a row that may be there already."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflows.db.types import Base


def upsert(session: Session, table: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what happens where such a row is there already (`on_conflict_do_nothing`, `on_conflict_do_update`)."""
    return upsert_for(session.get_bind().dialect.name, table)


def upsert_for(dialect: str, table: type[Base] | Table) -> sqlite.Insert | postgresql.Insert:
    """The same by the dialect's name: for statements that are made once and kept."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
