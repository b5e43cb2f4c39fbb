"""What the database itself refuses and keeps: history and parameters' values cannot be changed, titles can be found by two
characters.

The statements are the same for `create_all` (listeners below) and for the migrations, which run `statements(dialect)`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, event

from workflows.db import Base

_POSTGRES = (
    """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the history is only ever added to: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER event_is_final BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    "CREATE TRIGGER event_stays BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    """
    CREATE TRIGGER event_value_is_final BEFORE UPDATE ON event_value
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """CREATE INDEX ix_case_search ON "case" USING gin (to_tsvector('simple', search))""",
)

_SQLITE = (
    """
    CREATE TRIGGER event_is_final BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the history is only ever added to: UPDATE on event refused'); END
    """,
    """
    CREATE TRIGGER event_stays BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the history is only ever added to: DELETE on event refused'); END
    """,
    """
    CREATE TRIGGER event_value_is_final BEFORE UPDATE ON event_value
    BEGIN SELECT RAISE(ABORT, 'the history is only ever added to: UPDATE on event_value refused'); END
    """,
    # The words are kept in the case alone; the index refers to it by rowid. A case is never deleted.
    "CREATE VIRTUAL TABLE case_search USING fts5(search, content='case', content_rowid='rowid', tokenize='unicode61')",
    """
    CREATE TRIGGER case_search_new AFTER INSERT ON "case"
    BEGIN INSERT INTO case_search(rowid, search) VALUES (new.rowid, new.search); END
    """,
    """
    CREATE TRIGGER case_search_changed AFTER UPDATE OF search ON "case" WHEN old.search <> new.search
    BEGIN
      INSERT INTO case_search(case_search, rowid, search) VALUES ('delete', old.rowid, old.search);
      INSERT INTO case_search(rowid, search) VALUES (new.rowid, new.search);
    END
    """,
)

_POSTGRES_GONE = (
    "DROP INDEX ix_case_search",
    "DROP TRIGGER event_is_final ON event",
    "DROP TRIGGER event_stays ON event",
    "DROP TRIGGER event_value_is_final ON event_value",
    "DROP FUNCTION refuse_change()",
)
_SQLITE_GONE = (
    "DROP TRIGGER case_search_changed",
    "DROP TRIGGER case_search_new",
    "DROP TABLE case_search",
    "DROP TRIGGER event_value_is_final",
    "DROP TRIGGER event_stays",
    "DROP TRIGGER event_is_final",
)


_PARAMETERS_POSTGRES = (
    """
    CREATE TRIGGER parameter_value_is_final BEFORE UPDATE OR DELETE ON parameter_value
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER parameter_value_stays BEFORE TRUNCATE ON parameter_value
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)
_PARAMETERS_SQLITE = (
    """
    CREATE TRIGGER parameter_value_is_final BEFORE UPDATE ON parameter_value
    BEGIN SELECT RAISE(ABORT, 'the history is only ever added to: UPDATE on parameter_value refused'); END
    """,
    """
    CREATE TRIGGER parameter_value_stays BEFORE DELETE ON parameter_value
    BEGIN SELECT RAISE(ABORT, 'the history is only ever added to: DELETE on parameter_value refused'); END
    """,
)
_PARAMETERS_POSTGRES_GONE = (
    "DROP TRIGGER parameter_value_stays ON parameter_value",
    "DROP TRIGGER parameter_value_is_final ON parameter_value",
)
_PARAMETERS_SQLITE_GONE = ("DROP TRIGGER parameter_value_stays", "DROP TRIGGER parameter_value_is_final")


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that put all guards up, in order; `dialect` is "sqlite" or "postgresql"."""
    return (*of_history(dialect), *of_parameters(dialect))


def removal(dialect: str) -> tuple[str, ...]:
    """The statements that take them all down again."""
    return (*parameters_removal(dialect), *history_removal(dialect))


def of_history(dialect: str) -> tuple[str, ...]:
    """The guards of events and their values, and the index of titles (migration 0002)."""
    return _SQLITE if dialect == "sqlite" else _POSTGRES


def history_removal(dialect: str) -> tuple[str, ...]:
    """The same, taken down."""
    return _SQLITE_GONE if dialect == "sqlite" else _POSTGRES_GONE


def of_parameters(dialect: str) -> tuple[str, ...]:
    """The guards of what the company has set (migration 0010)."""
    return _PARAMETERS_SQLITE if dialect == "sqlite" else _PARAMETERS_POSTGRES


def parameters_removal(dialect: str) -> tuple[str, ...]:
    """The same, taken down."""
    return _PARAMETERS_SQLITE_GONE if dialect == "sqlite" else _PARAMETERS_POSTGRES_GONE


@event.listens_for(Base.metadata, "after_create")
def _put_up(_metadata: MetaData, connection: Connection, tables: Any, **_: Any) -> None:
    """`create_all` makes the guards with the table they stand on."""
    if any(table.name == "event_value" for table in tables):
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(
                statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement
            )
