"""Where a list goes on, and what a field shows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from workflows.definition.model import Field

PersonId = uuid.UUID

Row = TypeVar("Row")
Tab = Literal["mine", "offered", "started", "done"]


@dataclass(frozen=True, slots=True)
class PageKey:
    """The place after a row: its sort time and id. `str(key)` is safe in an address; `PageKey.parse` reads it back."""

    at: datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.at:%Y%m%dT%H%M%S.%f}~{self.id.hex}"

    @classmethod
    def parse(cls, written: str) -> PageKey | None:
        """The key written in an address; None for anything that is not one (the list then starts at its beginning)."""
        at, _, row = written.partition("~")
        try:
            moment = datetime.strptime(at + "+0000", "%Y%m%dT%H%M%S.%f%z")
            return cls(moment, uuid.UUID(hex=row))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with its stored value (see `definition.values`), for lists, facts and forms."""

    field: Field
    value: Any


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """One page of any list."""

    rows: tuple[Row, ...]
    next: PageKey | None
