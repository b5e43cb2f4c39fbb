"""A position's duties as a case changes them (D三): what they say now beside the draft, and the new version once it holds.

Both speak of fields by name: `position` (its key), `new_duties` (the text), `holds_from` (a date), `current_duties` (filled in).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from workflows.engine.scene import FillRequest, RecordRequest
from workflows.errors import InvalidInput, Text
from workflows.org.calendar import CalendarCache
from workflows.org.people import duties_at, set_duties
from workflows.org.tables import Position


class Duties:
    """The source and the recorder `duties`. `calendars`: what tells the company's day. Safe to share between threads."""

    def __init__(self, calendars: CalendarCache) -> None:
        self._calendars = calendars

    def fill(self, session: Session, request: FillRequest) -> dict[str, Any]:
        """`current_duties` of the position as they hold today; nothing where it has none yet.

        Of a submission raises `InvalidInput` for a date that is over: nobody works by a text before it was there.
        """
        today = self._calendars.get(session).day_of(request.now)
        if request.handed_in is not None:
            _refuse_the_past(request.handed_in, today)
        there = duties_at(session, str(request.data.get("position") or ""), today)
        return {"current_duties": there.text if there else None}

    def record(self, session: Session, request: RecordRequest) -> None:
        """The new text holds from the day agreed on, at the earliest today; earlier versions stay readable.

        Raises `InvalidInput` where the position is not there any more; the step is taken back then.
        """
        position, text = str(request.data["position"]), str(request.data["new_duties"])
        if session.get(Position, position) is None:
            raise InvalidInput(
                f"岗位“{position}”已经不在了，请先导入岗位。",
                f"The position `{position}` is gone: import it first.",
            )
        today = self._calendars.get(session).day_of(request.now)
        holds_from = max(date.fromisoformat(str(request.data["holds_from"])), today)
        set_duties(session, position, holds_from, text, request.now)


def _refuse_the_past(handed_in: Mapping[str, Any], today: date) -> None:
    given = handed_in.get("holds_from")
    if given and date.fromisoformat(str(given)) < today:
        sentence = Text(
            "职责不能从过去的日子起生效，最早今天。",
            "Duties cannot hold from a day that is over: today at the earliest.",
        )
        raise InvalidInput(fields={"holds_from": [sentence]})
