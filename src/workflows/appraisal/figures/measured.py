"""A figure as scorecards, pages and explanations are given it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

PersonId = uuid.UUID

DERIVED: Final = "derived"
"""Source of a figure that follows from earlier months; those keep their own source."""


@dataclass(frozen=True, slots=True)
class MeasuredFigure:
    """One figure that holds for a person in a month.

    `value` in the unit of the catalogue; `source`: upload, form, api, system, or `derived`; `level`: person, unit or company: whose
    figure it was; `month`: for which it was given (earlier than the month asked for where it holds until changed); `entered_by` None
    and `id` None where no person and no single row stands behind it; `parts`: the rows it was derived from.
    """

    name: str
    value: Decimal
    source: str
    entered_by: PersonId | None
    entered_at: datetime
    level: str
    id: uuid.UUID | None
    month: str
    parts: tuple[uuid.UUID, ...] = ()
