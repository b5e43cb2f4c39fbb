"""What the pages about appraisals share: the room that answers them, and the lists they stand beside."""

from __future__ import annotations

from typing import Final

from flask import current_app, url_for

from workflows.appraisal.wiring import Appraisal
from workflows.http import EMPLOYEE, MANAGER, SIGNED_IN, services, visit
from workflows.web.components import Tab
from workflows.web.language import _, mark

_LISTS: Final = (
    ("desk.index", mark("我要评的"), MANAGER),
    ("result.index", mark("我的考核"), EMPLOYEE),
    ("public.index", mark("公示"), EMPLOYEE),
    ("figures.index", mark("考核数据"), MANAGER),
    ("scorecards.index", mark("评分卡"), SIGNED_IN),
)


def appraisal() -> Appraisal:
    """Figures, cards and results, as this process holds them."""
    found: Appraisal = services().rooms["appraisal"]
    return found


def tabs(current: str) -> tuple[Tab, ...]:
    """The lists of the place 考核 that the reader may open; `current`: the endpoint of the one that is shown."""
    roles = visit().me.roles
    return tuple(
        Tab(_(title), url_for(endpoint), current=endpoint == current)
        for endpoint, title, role in _LISTS
        if role in roles and endpoint in current_app.view_functions
    )
