"""Alarms of a card: an actual below its mark in so many consecutive months, this one included."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.cards.store import ScorecardStore
from workflows.appraisal.cards.value import Filled, is_frozen, read
from workflows.definition.periods import parse
from workflows.engine.scene import FillRequest
from workflows.engine.tables import Case
from workflows.scoring.model import Indicator, Scorecard
from workflows.scoring.score import score_indicator

from workflows.appraisal.cards.store import CardVersion  # isort: skip

MOST_CASES = 36
"""Appraisals of one person that are looked through for earlier months."""


def alarms_of(
    session: Session, store: ScorecardStore, request: FillRequest, version: CardVersion, filled: Filled
) -> tuple[str, ...]:
    """Keys of the indicators whose alarm holds. No statement where nothing is below its mark this month."""
    card = version.card
    low = [one for one in card.indicators.values() if one.alarm is not None and _is_low(one, card, filled, one)]
    if not low or request.subject is None:
        return ()
    before = _earlier(session, request.process, request.subject, _card_field(request))
    return tuple(one.key for one in low if _was_low(session, store, one, str(request.data["period"]), before))


def _was_low(
    session: Session, store: ScorecardStore, wanted: Indicator, period: str, before: Mapping[str, Filled]
) -> bool:
    """Whether the indicator was below its mark in each month that the alarm asks for before this one."""
    month = parse(period, "month")
    for _ in range((wanted.alarm.months if wanted.alarm else 1) - 1):
        month = month.previous
        filled = before.get(str(month))
        if filled is None:
            return False
        card = store.get(session, filled.key, filled.version).card
        known = card.indicators.get(wanted.key)
        if known is None or not _is_low(known, card, filled, wanted):
            return False
    return True


def _is_low(indicator: Indicator, card: Scorecard, filled: Filled, wanted: Indicator) -> bool:
    """Whether the actual is below the mark; an actual that is not known, or does not apply, is not."""
    line = score_indicator(card, indicator.key, filled.numbers, filled.parameters)
    return wanted.alarm is not None and line.actual is not None and line.actual < wanted.alarm.below


def _earlier(session: Session, process: str, subject: uuid.UUID, name: str) -> dict[str, Filled]:
    """The person's cards of other months, as they were handed in (a correction after an appeal first), by month."""
    chosen = (
        select(Case.data)
        .where(Case.process == process, Case.subject_id == subject)
        .order_by(Case.started_at.desc())
        .limit(MOST_CASES)
    )
    found: dict[str, Filled] = {}
    for data in session.scalars(chosen):
        value = _at_work(data, name)
        if value is not None:
            found.setdefault(str(data.get("period")), read(value))
    return found


def _at_work(data: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    cards = [value for value in data.values() if isinstance(value, Mapping) and "card" in value and is_frozen(value)]
    own = data.get(name)
    corrected = [value for value in cards if value is not own]
    return next(iter(corrected), own if is_frozen(own) else None)


def _card_field(request: FillRequest) -> str:
    return next(field.name for field in request.fields.values() if field.type == "scorecard" and field.filled)
