"""What the database itself refuses: no result and no published scorecard is ever changed or deleted."""

from __future__ import annotations

from workflows.appraisal.figures.guards import refusing, yielding

_TABLES = ("scorecard_version", "result")


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that put the guards up, in order; `dialect` is "sqlite" or "postgresql"."""
    return tuple(statement for table in _TABLES for statement in refusing(table, dialect))


def removal(dialect: str) -> tuple[str, ...]:
    """The statements that take them down, for a migration's way back."""
    return tuple(statement for table in reversed(_TABLES) for statement in yielding(table, dialect))
