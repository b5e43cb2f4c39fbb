"""The recorder `result`: what a case says when it is published, as the next version of the person's result."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.cards.value import is_frozen, read
from workflows.appraisal.results.found import keep_found
from workflows.appraisal.results.writing import NewResult, publish
from workflows.engine.scene import RecordRequest
from workflows.errors import WrongState

CORRECTION = "correction"
"""The field that says why a published result is corrected."""

SCORE = "score"
"""The field that is a year's total."""


def record_result(around: Surroundings, session: Session, request: RecordRequest) -> None:
    """Publish the result of a month (the case's newest frozen scorecard) or of a year (its field `score`, composed of `months`).

    A further version takes its reason from `correction`, else from the step; the figures found are written down. Raises `WrongState` where there is no total.
    """
    if request.fields["period"].type == "year":
        publish(session, _year(around, session, request), request.now)
        return
    result = _month(around, session, request)
    if publish(session, result, request.now) > 1:
        keep_found(session, result.subject, result.period, result.detail["value"], result.reason or "", request.now)


def card_at_work(data: Mapping[str, Any], fields: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The scorecard that holds in a case: of its scorecard fields the last one that is frozen (a correction stands after the first)."""
    cards = [data.get(name) for name, field in fields.items() if field.type == "scorecard"]
    return next((card for card in reversed(cards) if card is not None and is_frozen(card)), None)


def _month(around: Surroundings, session: Session, request: RecordRequest) -> NewResult:
    value = card_at_work(request.data, request.fields)
    if value is None or request.subject is None:
        raise _no_total()
    filled = read(value)
    score = filled.score(around.store.get(session, filled.key, filled.version).card)
    if score.total is None or str(score.total) != value["total"]:
        raise _no_total()
    period = str(request.data["period"])
    grade = around.store.grades(session, period).grade_of(score.total).key
    detail = {"total": str(score.total), "grade": grade, "value": dict(value), "score": score.as_json()}
    return NewResult(
        "month", request.subject, period, request.case, (filled.key, filled.version), score.total, grade, detail, request.until,
        _reason(request),
    )  # fmt: skip


def _year(around: Surroundings, session: Session, request: RecordRequest) -> NewResult:
    written = request.data.get(SCORE)
    if written is None or request.subject is None:
        raise _no_total()
    period, total = str(request.data["period"]), Decimal(written)
    grade = around.store.grades(session, f"{period}-01").grade_of(total).key
    detail = {"total": str(total), "grade": grade, "months": list(request.data.get("months") or [])}
    return NewResult("year", request.subject, period, request.case, None, total, grade, detail, None, _reason(request))


def _reason(request: RecordRequest) -> str | None:
    return str(request.data.get(CORRECTION) or "") or request.reason


def _no_total() -> WrongState:
    return WrongState("还没有总分，不能公示。", "There is no total yet: nothing can be published.")
