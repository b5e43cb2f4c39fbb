"""Column types that refuse what they could not give back unchanged, and the base of all tables."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData, Numeric, String, TypeDecorator, Uuid, literal_column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

Id = Uuid
"""Ids: native on PostgreSQL, 32 hexadecimal digits on SQLite."""

JSONValue = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON values, written by `canonical_json`: no floats, keys sorted, form NFC. None is SQL's NULL."""


class Base(DeclarativeBase):
    """Base of every table. Constraints are named by rule, so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, aware, UTC, in microseconds. A naive time is refused with `ValueError`: nobody knows which instant it is.

    PostgreSQL keeps a `timestamptz`. SQLAlchemy's own type drops the offset on SQLite without a word (09:00+08:00 comes back as
    09:00), so there it is ISO text of a fixed width, which sorts as time does.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, `timestamptz` elsewhere."""
        return String(32) if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To the database; any aware time becomes UTC."""
        if value is None:
            return None
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError(f"a time without a zone cannot be stored: {value.isoformat()}")
        instant = value if value.tzinfo is UTC else value.astimezone(UTC)
        return instant.isoformat(timespec="microseconds") if dialect.name == "sqlite" else instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database, aware, UTC."""
        if value is None:
            return None
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


class Status(String):
    """What a row can be in: a word of an enumeration. Compared with a member of it, the word stands in the statement itself.

    Indexes of what is open hold nothing else, and a plan made for a parameter cannot count on them: PostgreSQL's prepared plans pass
    them by, and SQLite plans anew at every execution.
    """

    def __init__(self, length: int = 10) -> None:
        super().__init__(length)

    class Comparator(String.Comparator[str]):
        """Writes members of enumerations into the statement."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            """Any comparison; whatever is no member of an enumeration is a parameter as ever."""
            return super().operate(op, *(_written(one) for one in other), **kwargs)

    comparator_factory = Comparator


def _written(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return literal_column(f"'{value}'")
    return [_written(one) for one in value] if isinstance(value, list | tuple | set | frozenset) else value


class ExactDecimal(TypeDecorator[Decimal]):
    """A number that comes back digit by digit, trailing zeros included: money, scores, percents.

    PostgreSQL keeps `numeric`. SQLite would make it a float (79.95 is none), so there it is text; order and sum such a column in
    Python. Floats, infinities and NaN are refused with `TypeError` or `ValueError`.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, `numeric` without bounds elsewhere."""
        return String() if dialect.name == "sqlite" else Numeric(asdecimal=True)

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        """To the database."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise TypeError(f"an exact number is a Decimal or an int, not {type(value).__name__}: {value!r}")
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError(f"not a number that can be stored: {value}")
        return format(number, "f") if dialect.name == "sqlite" else number

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """From the database."""
        return None if value is None else Decimal(value)
