"""What the clock will do: every open timer, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.engine.tables import TimerStatus
from workflows.engine.views.pages import PageKey
from workflows.engine.views.pages import TimerRow as Listed
from workflows.http import ADMINISTRATOR, allow, services, visit
from workflows.web.admin_running import paging_after, running_tabs
from workflows.web.components import Chip, Option, Select
from workflows.web.language import _, mark
from workflows.web.reader import words

PAGE: Final = 50
KINDS: Final = {
    "after": mark("到时往下走"), "remind": mark("提醒"), "escalate": mark("转报"), "alert": mark("警示"),
}  # fmt: skip
STATES: Final = {TimerStatus.DUE: mark("还没到"), TimerStatus.INCIDENT: mark("失败"), TimerStatus.DONE: mark("已办")}

blueprint = Blueprint("admin_timers", __name__, url_prefix="/admin/timers")


@dataclass(frozen=True, slots=True)
class TimerRow:
    """One timer of the list. `when` says late ones as late."""

    kind: str
    case: str
    href: str
    when: Chip
    planned: str
    attempt: int


@blueprint.get("")
@allow(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Timers in one state, by the time they are tried next."""
    state = request.args.get("state", TimerStatus.DUE)
    state = state if state in STATES else TimerStatus.DUE
    after = PageKey.parse(request.args.get("after", ""))
    page = services().engine.timers(visit().session, after, PAGE, state)
    options = tuple(Option(key, _(title)) for key, title in STATES.items())
    return render_template(
        "admin/timers.html", tabs=running_tabs(), rows=[_row(row) for row in page.rows], paging=paging_after(page.next, "admin_timers.index", {"state": state}), state=state,
        select=Select("state", _("状态"), options, state),
    )  # fmt: skip


def _row(timer: Listed) -> TimerRow:
    said = words()
    late = timer.status == TimerStatus.DUE and timer.next_at < visit().now
    return TimerRow(
        kind=_(KINDS.get(timer.kind, timer.kind)),
        case=timer.title,
        href=url_for("case.show", case_id=timer.case),
        when=Chip(said.moment(timer.next_at), "late-soft" if late else "plain"),
        planned=said.moment(timer.due_at) if timer.due_at != timer.next_at else "",
        attempt=timer.attempt,
    )
