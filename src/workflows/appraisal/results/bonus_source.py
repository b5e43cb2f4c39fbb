"""The source `bonus`: how many people get a month's bonus, and what it comes to."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from workflows.appraisal.cards.surroundings import Surroundings
from workflows.appraisal.results.views.bonus import BonusList, bonuses
from workflows.engine.scene import FillRequest
from workflows.errors import InvalidInput, Text

NAMED = 5
"""So many people are named in a refusal; how many more there are is said."""


def fill_bonus(around: Surroundings, session: Session, request: FillRequest) -> dict[str, Any]:
    """`people`, `total` and `unpaid` of the month `period`.

    Of a submission raises `InvalidInput` for `total` where a base is missing or an appeal open: money is never summed around a hole.
    """
    if not request.data.get("period"):
        return {}
    found = bonuses(session, around, str(request.data["period"]))
    if request.handed_in is not None:
        _require_whole(found)
    return {"people": found.paid, "total": str(found.total), "unpaid": found.unpaid}


def _require_whole(found: BonusList) -> None:
    baseless = [row.name for row in found.rows if row.base is None]
    waiting = [row.name for row in found.rows if row.disputed]
    wrong = [
        *([_named(baseless, "缺奖金基数", "have no base of the bonus")] if baseless else []),
        *([_named(waiting, "申诉还没有裁定", "have an appeal that is not decided")] if waiting else []),
    ]
    if wrong:
        raise InvalidInput(fields={"total": wrong})


def _named(people: list[str], zh: str, en: str) -> Text:
    more = len(people) - NAMED
    zh_more, en_more = (f"等 {len(people)} 人", f" and {more} more") if more > 0 else ("", "")
    shown = people[:NAMED]
    return Text(f"{'、'.join(shown)}{zh_more}{zh}。", f"{', '.join(shown)}{en_more} {en}.")
