"""What the lists about running have in common: their tabs, and paging by key."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request, url_for

from workflows.engine.views.pages import PageKey
from workflows.web.components import Paging, Tab
from workflows.web.language import _


def running_tabs() -> tuple[Tab, ...]:
    """The lists about what the clock does."""
    named = (
        ("admin_schedules.index", _("定期发起")), ("admin_timers.index", _("计时")), ("admin_messages.index", _("邮件")),
        ("admin_calendar.index", _("工作日历")),
    )  # fmt: skip
    here = request.blueprint
    return tuple(Tab(title, url_for(end), current=end.partition(".")[0] == here) for end, title in named)


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
