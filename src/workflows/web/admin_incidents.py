"""Jobs that failed for good, and tasks nobody could be found for: somebody has to look."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.engine.tables import Incident
from workflows.engine.views.pages import IncidentRow as Listed
from workflows.engine.views.pages import PageKey
from workflows.http import ADMINISTRATOR, allow, services, visit
from workflows.notify.outbox import try_again
from workflows.web.admin_running import paging_after
from workflows.web.components import Tab
from workflows.web.language import _, mark
from workflows.web.reader import words
from workflows.web.shell import say

PAGE: Final = 50
KINDS: Final = {
    "timer": mark("计时"), "signal": mark("流程之间的通知"), "schedule": mark("定期发起"), "mail": mark("邮件"),
    "nobody": mark("没有人可办"),
}  # fmt: skip
RETRIED: Final = frozenset({"timer", "signal", "mail"})

blueprint = Blueprint("admin_incidents", __name__, url_prefix="/admin/incidents")


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident of the list. `again`: whether the job behind it can be tried once more."""

    id: uuid.UUID
    kind: str
    at: str
    case: str
    href: str
    code: str
    detail: str
    solved: str
    again: bool


@blueprint.get("")
@allow(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Incidents, the open ones or all, the newest first."""
    everything = request.args.get("state") == "all"
    after = PageKey.parse(request.args.get("after", ""))
    page = services().engine.incidents(visit().session, after, PAGE, open_only=not everything)
    rows = [_row(incident) for incident in page.rows]
    tabs = (
        Tab(_("要处理的"), url_for("admin_incidents.index"), current=not everything),
        Tab(_("全部"), url_for("admin_incidents.index", state="all"), current=everything),
    )
    paging = paging_after(page.next, "admin_incidents.index", {"state": "all" if everything else ""})
    return render_template("admin/incidents.html", tabs=tabs, rows=rows, paging=paging, everything=everything)


@blueprint.post("/<uuid:incident_id>/again")
@allow(ADMINISTRATOR)
def again(incident_id: uuid.UUID) -> ResponseReturnValue:
    """Have the job tried once more, now; if it fails again, a new incident says so."""
    found = visit().session.get(Incident, incident_id)
    if found is not None and found.kind == "mail" and found.job_id is not None:
        try_again(visit().session, found.job_id, visit().now)
    services().engine.solve_incident(visit().session, incident_id, visit().me.id, visit().now, retry=True)
    say(_("会再试一次。又失败的话，这里会有新的一条。"))
    return redirect(url_for("admin_incidents.index"))


@blueprint.post("/<uuid:incident_id>/solve")
@allow(ADMINISTRATOR)
def solve(incident_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody has looked after it."""
    services().engine.solve_incident(visit().session, incident_id, visit().me.id, visit().now, retry=False)
    say(_("已记为处理过。"))
    return redirect(url_for("admin_incidents.index"))


def _row(incident: Listed) -> IncidentRow:
    said = words()
    return IncidentRow(
        id=incident.id,
        kind=_(KINDS.get(incident.kind, incident.kind)),
        at=said.moment(incident.at),
        case=incident.title,
        href=url_for("case.show", case_id=incident.case) if incident.case else "",
        code=incident.code,
        detail=incident.detail,
        solved=f"{incident.solved_by_name} {said.moment(incident.solved_at)}" if incident.solved_at else "",
        again=incident.kind in RETRIED and incident.job is not None,
    )
