"""What goes into the store comes out unchanged, or is refused."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from workflows.db import Database, ExactDecimal, Id, JSONValue, UTCDateTime, canonical_json, new_id
from workflows.engine.tables import Task, TaskStatus

THINGS = Table(
    "thing",
    MetaData(),
    Column("id", Id, primary_key=True),
    Column("at", UTCDateTime),
    Column("amount", ExactDecimal),
    Column("value", JSONValue),
)


@pytest.fixture
def store(database: Database) -> Database:
    with database.write() as session:
        THINGS.create(session.connection())
    return database


def round_trip(store: Database, **values: Any) -> Any:
    key = new_id()
    with store.write() as session:
        session.execute(insert(THINGS).values(id=key, **values))
    with store.read() as session:
        return session.execute(select(THINGS).where(THINGS.c.id == key)).one()


def test_an_instant_comes_back_in_utc(store: Database) -> None:
    nine_in_shanghai = datetime(2026, 10, 8, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    row = round_trip(store, at=nine_in_shanghai)
    assert row.at == nine_in_shanghai
    assert row.at.tzinfo is UTC
    assert row.at.hour == 1


def test_a_naive_time_is_refused(store: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        round_trip(store, at=datetime(2026, 10, 8, 9, 0))  # noqa: DTZ001


def test_instants_sort_as_time_does(store: Database) -> None:
    base = datetime(2026, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)
    times = [base + timedelta(microseconds=step) for step in (0, 1, 1_000_000)] + [
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(2026, 2, 1, 0, 30, tzinfo=timezone(timedelta(hours=8))),
    ]
    with store.write() as session:
        session.execute(insert(THINGS), [{"id": new_id(), "at": at} for at in times])
    with store.read() as session:
        assert list(session.scalars(select(THINGS.c.at).order_by(THINGS.c.at))) == sorted(times)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(amount=st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.decimals("-1e20", "1e20"))
def test_decimals_come_back_digit_by_digit(store: Database, amount: Decimal) -> None:
    back = round_trip(store, amount=amount).amount
    assert back == amount
    assert isinstance(back, Decimal)


def test_trailing_zeros_stay(store: Database) -> None:
    assert str(round_trip(store, amount=Decimal("79.950")).amount) == "79.950"
    assert round_trip(store, amount=12).amount == 12


@pytest.mark.parametrize("wrong", [79.95, True, "79.95", Decimal("NaN"), Decimal("Infinity")])
def test_what_is_not_exact_is_refused(store: Database, wrong: Any) -> None:
    with pytest.raises(StatementError):
        round_trip(store, amount=wrong)


def test_json_keeps_its_shape(store: Database) -> None:
    value = {"店铺": "旗舰店", "rows": [{"b": 1, "a": None}], "big": 2**63, "yes": True, "empty": {}}
    assert round_trip(store, value=value).value == value
    assert round_trip(store, value=None).value is None


@pytest.mark.parametrize("wrong", [1.5, {"a": Decimal(1)}, {1: "a"}, b"x", {"a": {1, 2}}])
def test_json_refuses_what_has_no_exact_text(store: Database, wrong: Any) -> None:
    with pytest.raises((StatementError, TypeError)):  # psycopg hands the serialiser's own error through
        round_trip(store, value=wrong)


def test_canonical_json_is_one_text_per_value() -> None:
    assert canonical_json({"b": [1, (2, 3)], "a": "e\u0301"}) == '{"a":"é","b":[1,[2,3]]}'
    assert canonical_json({"é": 1, "e": 2}) == canonical_json({"e": 2, "é": 1})
    with pytest.raises(ValueError, match="same text"):
        canonical_json({"é": 1, "e\u0301": 2})
    with pytest.raises(ValueError, match="surrogates"):
        canonical_json("\ud800")


def test_ids_grow_and_are_version_7(store: Database) -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    row = round_trip(store)
    assert isinstance(row.id, uuid.UUID)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_a_status_stands_in_the_statement_so_that_indexes_of_open_rows_hold(dialect: Any) -> None:
    chosen = select(Task.id).where(
        Task.status == TaskStatus.OPEN, Task.status.in_([TaskStatus.OPEN, TaskStatus.DONE]), Task.status != "x"
    )
    said = str(chosen.compile(dialect=dialect))
    assert "task.status = 'open' AND task.status IN ('open', 'done')" in said
    assert "'x'" not in said
