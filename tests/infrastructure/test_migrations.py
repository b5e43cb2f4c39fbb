"""The migrations make the tables that the code has, on both databases, and can be stopped anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, text

from workflows import migrations
from workflows.db import Database
from workflows.errors import ConfigurationError
from workflows.org.people import create_person


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    with database.read() as session:
        return set(inspect(session.connection()).get_table_names())


def test_they_make_the_tables_of_the_code(database: Database) -> None:
    assert migrations.differences(database) == []
    assert migrations.current(database) == migrations.head() is not None
    assert set(migrations.all_tables().tables) <= tables(database)


def foreign_keys(database: Database) -> set[tuple[str, tuple[str, ...], str]]:
    with database.read() as session:
        inspector = inspect(session.connection())
        return {
            (table, tuple(key["constrained_columns"]), key["referred_table"])
            for table in migrations.all_tables().tables
            for key in inspector.get_foreign_keys(table)
        }


def test_every_reference_is_there(database: Database) -> None:
    wanted = {
        (table.name, tuple(key.column_keys), key.referred_table.name)
        for table in migrations.all_tables().tables.values()
        for key in table.foreign_key_constraints
    }
    assert foreign_keys(database) == wanted


def test_the_way_back_and_forth(empty: Database) -> None:
    migrations.upgrade(empty)
    assert migrations.missing_guards(empty) == []
    migrations.downgrade(empty, "base")
    assert tables(empty) <= {"alembic_version"}
    migrations.upgrade(empty)
    assert migrations.differences(empty) == []


def test_a_stop_in_the_middle_leaves_what_was(empty: Database) -> None:
    """The last statement fails, and nothing of the ones before it stays."""
    with empty.write() as session:
        session.execute(text("CREATE TABLE event_value (left_over INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        migrations.upgrade(empty)
    assert tables(empty) == {"event_value"}
    with empty.write() as session:
        session.execute(text("DROP TABLE event_value"))
    migrations.upgrade(empty)
    assert migrations.differences(empty) == []


def test_staff_numbers_become_those_of_payroll(database: Database) -> None:
    with database.write() as session:
        create_person(session, "ann", datetime(2026, 11, 16, tzinfo=UTC), name="安")
        session.execute(text("UPDATE person SET staff_number = 'm-0042'"))
    migrations.downgrade(database, "0013")
    migrations.upgrade(database)
    with database.read() as session:
        assert session.scalar(text("SELECT staff_number FROM person")) == "M-0042"


def test_another_schema_is_refused(empty: Database) -> None:
    with pytest.raises(ConfigurationError, match="workflows db upgrade"):
        migrations.refuse_other_schema(empty)
    migrations.upgrade(empty, "0001")
    with pytest.raises(ConfigurationError, match="workflows db upgrade"):
        migrations.refuse_other_schema(empty)
    migrations.upgrade(empty)
    migrations.refuse_other_schema(empty)


def test_a_table_that_is_not_the_code_s_is_refused(database: Database) -> None:
    """A database of an unreleased state bears the newest revision and lacks a column all the same."""
    with database.write() as session:
        session.execute(text("ALTER TABLE heartbeat RENAME COLUMN at TO seen"))
    with pytest.raises(ConfigurationError, match="workflows db verify"):
        migrations.refuse_other_schema(database)
