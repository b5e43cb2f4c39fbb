"""What the lists about running have in common: their tabs, and paging by key."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask import request, url_for
from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from workflows.engine.views.pages import PageKey
from workflows.web.components import Paging, Tab
from workflows.web.language import _

Row = TypeVar("Row")
Key = tuple[datetime, uuid.UUID]


def running_tabs() -> tuple[Tab, ...]:
    """The lists about what the clock does."""
    named = (
        ("admin_schedules.index", _("定期发起")), ("admin_timers.index", _("计时")), ("admin_messages.index", _("邮件")),
        ("admin_calendar.index", _("工作日历")),
    )  # fmt: skip
    here = request.blueprint
    return tuple(Tab(title, url_for(end), current=end.partition(".")[0] == here) for end, title in named)


def after_key(at: InstrumentedAttribute[datetime], row: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[Any] | None:
    """The key in the address after which the list goes on, to be compared with `tuple_(at, row)`; None at the start."""
    key = PageKey.parse(request.args.get("after", ""))
    # Typed, because SQLite keeps times as text: a bare value would be compared as it is.
    return tuple_(literal(key.at, at.type), literal(key.id, row.type)) if key else None


def cut(found: Sequence[Row], limit: int, key: Callable[[Row], Key]) -> tuple[Sequence[Row], PageKey | None]:
    """A list read with `limit + 1` rows: those to show, and the key of the last one if more follow."""
    shown = found[:limit]
    return shown, PageKey(*key(shown[-1])) if len(found) > limit else None


def paging_after(following: PageKey | None, endpoint: str, kept: Mapping[str, str]) -> Paging:
    """The links below a list. `following`: the key after its last row, None on the last page; `kept`: filters to carry along."""
    parameters = {name: value for name, value in kept.items() if value}
    return Paging(
        next_href=_address(endpoint, {**parameters, "after": str(following)}) if following else "",
        next_text=_("后面的"),
        first_href=_address(endpoint, parameters) if request.args.get("after") else "",
    )


def _address(endpoint: str, parameters: Mapping[str, str]) -> str:
    return url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **parameters)
