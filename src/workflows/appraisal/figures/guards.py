"""What the database itself refuses: no figure is ever changed or deleted.

The migration that makes the tables runs `statements(dialect)`, and `workflows db verify` notices when a trigger is gone.
"""

from __future__ import annotations

_TABLES = ("figure_batch", "figure_value")


def refusing(table: str, dialect: str) -> tuple[str, ...]:
    """The statements that make `table` a thing only ever added to; `dialect` is "sqlite" or "postgresql".

    On PostgreSQL they use the function `refuse_change` that guards the history of cases.
    """
    if dialect == "postgresql":
        calls = "EXECUTE FUNCTION refuse_change()"
        return (
            f"CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {calls}",
            f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {calls}",
        )
    return tuple(
        f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the history is only ever added to: {verb} on {table} refused'); END"
        for name, verb in (("is_final", "UPDATE"), ("stays", "DELETE"))
    )


def yielding(table: str, dialect: str) -> tuple[str, ...]:
    """The statements that take the guards of `table` down again."""
    suffix = f" ON {table}" if dialect == "postgresql" else ""
    return tuple(f"DROP TRIGGER {table}_{name}{suffix}" for name in ("stays", "is_final"))


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that put the guards of all figures up, in order."""
    return tuple(statement for table in _TABLES for statement in refusing(table, dialect))


def removal(dialect: str) -> tuple[str, ...]:
    """The statements that take them down, for a migration's way back."""
    return tuple(statement for table in reversed(_TABLES) for statement in yielding(table, dialect))
