"""Why an auditor looks: said once per sign-in, kept with every look."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, after_this_request, render_template, request, session
from sqlalchemy import insert

from workflows.db import new_id
from workflows.engine.tables import AccessLog
from workflows.http import AUDITOR, services, visit

LONGEST_REASON: Final = 300
_KEPT: Final = "audit_reason"


def reason_given() -> str:
    """Why the reader looks, if they said it since this sign-in; "" otherwise."""
    kept = session.get(_KEPT) or ["", ""]
    return str(kept[1]) if kept[0] == str(visit().me.signed_in.session_id) else ""


def keep_reason(reason: str) -> None:
    """Keep it for this sign-in."""
    session[_KEPT] = [str(visit().me.signed_in.session_id), reason[:LONGEST_REASON]]


def asked_first() -> str | None:
    """The page that asks an auditor why, before this one is shown; None for everybody else, and once it was said."""
    if not is_auditor() or reason_given():
        return None
    return render_template("audit/reason.html", next=request.full_path.rstrip("?"), error="", typed="")


def is_auditor() -> bool:
    """Whether the reader's looks are noted whatever they look at."""
    return AUDITOR in visit().me.roles


def entry(what: str, case_id: Any = None, about: str = "") -> dict[str, Any]:
    """A row of the access log for what the reader does now; `about` stands before the reason they gave."""
    here = visit()
    reason = " · ".join(part for part in (about, reason_given()) if part)[:LONGEST_REASON] or None
    return {"id": new_id(), "person_id": here.me.id, "at": here.now, "what": what, "case_id": case_id, "reason": reason}


def note(what: str, case_id: Any = None, about: str = "") -> None:
    """Write down a look once the page is made, in a transaction of its own."""
    row = entry(what, case_id, about)

    @after_this_request
    def write(response: Response) -> Response:
        if response.status_code < 400:
            services().database.transact(lambda session: session.execute(insert(AccessLog), row))
        return response
