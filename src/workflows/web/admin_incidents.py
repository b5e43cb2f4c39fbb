"""Jobs that failed for good, and tasks nobody could be found for: somebody has to look."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, tuple_, update

from workflows.engine.tables import Case, Incident, Signal, SignalStatus, Timer, TimerStatus
from workflows.errors import NotFound
from workflows.http import ADMINISTRATOR, allow, visit
from workflows.notify.outbox import try_again
from workflows.web.admin_running import after_key, cut, paging_after
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
    """Incidents, open ones or solved ones, the newest first."""
    solved = request.args.get("state") == "solved"
    found = select(Incident, Case.title).join(Case, Case.id == Incident.case_id, isouter=True)
    found = found.where(Incident.solved_at.is_not(None) if solved else Incident.solved_at.is_(None))
    after = after_key(Incident.at, Incident.id)
    if after is not None:
        found = found.where(tuple_(Incident.at, Incident.id) < after)
    rows = visit().session.execute(found.order_by(Incident.at.desc(), Incident.id.desc()).limit(PAGE + 1)).all()
    shown, following = cut(rows, PAGE, lambda row: (row.Incident.at, row.Incident.id))
    paging = paging_after(following, "admin_incidents.index", {"state": "solved" if solved else ""})
    tabs = (
        Tab(_("要处理的"), url_for("admin_incidents.index"), current=not solved),
        Tab(_("处理过的"), url_for("admin_incidents.index", state="solved"), current=solved),
    )
    return render_template("admin/incidents.html", tabs=tabs, rows=[_row(row) for row in shown], paging=paging, solved=solved)


@blueprint.post("/<uuid:incident_id>/again")
@allow(ADMINISTRATOR)
def again(incident_id: uuid.UUID) -> ResponseReturnValue:
    """Have the job tried once more, now; if it fails again, a new incident says so."""
    incident = _open(incident_id)
    if incident.kind == "timer":
        retry = update(Timer).where(Timer.id == incident.job_id, Timer.status == TimerStatus.INCIDENT)
        visit().session.execute(retry.values(status=TimerStatus.DUE, next_at=visit().now, attempt=0))
    elif incident.kind == "signal":
        resend = update(Signal).where(Signal.id == incident.job_id, Signal.status == SignalStatus.INCIDENT)
        visit().session.execute(resend.values(status=SignalStatus.WAITING, next_at=visit().now, attempt=0))
    elif incident.kind == "mail" and incident.job_id:
        try_again(visit().session, incident.job_id, visit().now)
    _solve(incident)
    say(_("会再试一次。又失败的话，这里会有新的一条。"))
    return redirect(url_for("admin_incidents.index"))


@blueprint.post("/<uuid:incident_id>/solve")
@allow(ADMINISTRATOR)
def solve(incident_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody has looked after it."""
    _solve(_open(incident_id))
    say(_("已记为处理过。"))
    return redirect(url_for("admin_incidents.index"))


def _open(incident_id: uuid.UUID) -> Incident:
    incident = visit().session.get(Incident, incident_id, with_for_update=True)
    if incident is None or incident.solved_at is not None:
        raise NotFound("没有这一条，或者已经处理过。", "There is no such incident, or it was looked after.")
    return incident


def _solve(incident: Incident) -> None:
    incident.solved_at, incident.solved_by = visit().now, visit().me.id
    visit().session.flush()


def _row(row: Any) -> IncidentRow:
    said, incident = words(), row.Incident
    who = visit().organisation.name_of(incident.solved_by)
    return IncidentRow(
        id=incident.id,
        kind=_(KINDS.get(incident.kind, incident.kind)),
        at=said.moment(incident.at),
        case=row.title or "",
        href=url_for("case.show", case_id=incident.case_id) if incident.case_id else "",
        code=incident.code,
        detail=incident.detail,
        solved=f"{who} {said.moment(incident.solved_at)}" if incident.solved_at else "",
        again=incident.kind in RETRIED and incident.job_id is not None,
    )
