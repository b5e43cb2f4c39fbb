"""Figures that an appeal found are written down beside those they correct, so that later months rest on them (`_prev`, `_3m`).

The month itself is closed: nobody else changes its figures, and its results stay as they were frozen.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from workflows.appraisal.cards.value import RULING
from workflows.appraisal.figures.store import Key, lock, standing_values
from workflows.appraisal.figures.tables import FigureValue, Level, Source
from workflows.db import new_id

LONGEST_REASON = 300


def keep_found(
    session: Session, subject: uuid.UUID, month: str, value: Mapping[str, Any], reason: str, now: datetime
) -> int:
    """Write the figures of a corrected card that an appeal found, where they stand otherwise; how many.

    Nobody is named as having entered them: who investigated stands in the appeal.
    """
    found = {
        Key(subject, None, month, name): Decimal(figure["value"])
        for name, figure in value.get("figures", {}).items()
        if figure["source"] == RULING
    }
    if not found:
        return 0
    lock(session)
    standing = standing_values(session, list(found))
    rows = [
        {
            "id": new_id(), "month": month, "scope": Level.PERSON, "person_id": subject, "unit_key": None, "name": key.name,
            "value": number, "text": None, "source": Source.FORM, "entered_by": None, "entered_at": now,
            "replaces": standing[key].id if key in standing else None, "reason": reason[:LONGEST_REASON], "batch_id": None,
            "evidence": None,
        }
        for key, number in found.items() if key not in standing or standing[key].value != number
    ]  # fmt: skip
    if rows:
        session.execute(insert(FigureValue), rows)
    return len(rows)
