"""免考核: human resources waive a person's month from the cycle board, with a reason. Who may, and until when, the definition says."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.appraisal.results.views.appraisals import Appraisal
from workflows.appraisal.results.views.cycle import Board
from workflows.db import new_id
from workflows.engine.requests import Submission
from workflows.errors import InvalidInput, NotAllowed, Replayed, Text, WorkflowsError, WrongState
from workflows.http import HR, allow, visit
from workflows.web.appraised import appraisal
from workflows.web.casework import KEY, engine, submission_key
from workflows.web.components import Crumb, Option
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import note
from workflows.web.shell import say

blueprint = Blueprint("cycle_waive", __name__)


@blueprint.get("/cycle/<period>/waive")
@allow(HR)
def ask(period: str) -> ResponseReturnValue:
    """Whom, and why; `case` of the address is chosen already."""
    board = _board(period)
    note("cycle", board.cycle.case)
    return _page(board, request.args.get("case", ""))


@blueprint.post("/cycle/<period>/waive")
@allow(HR)
def take(period: str) -> ResponseReturnValue:
    """Waive one person's month: their appraisal ends without a result, and they are told."""
    here = visit()
    board = _board(period)
    chosen, reason = request.form.get("case", ""), request.form.get("reason", "").replace("\r\n", "\n").strip()
    if any(row.case.hex == chosen for row, _why in board.waived):  # pressed twice, or a colleague was faster
        return redirect(url_for("cycle.show", period=period), 303)
    row = next((row for row in _offered(board) if row.case.hex == chosen), None)
    try:
        submission = _submission(row, reason)
        engine().fire(here.session, submission, here.now)
    except (InvalidInput, WrongState, NotAllowed, Replayed) as error:
        here.undo()
        return _page(_board(period), chosen, reason, error), error.status
    say(_("%(who)s：%(month)s免考核。", who=row.name if row else "", month=words().period("month", period)))
    return redirect(url_for("cycle.show", period=period), 303)


def waivable(board: Board) -> bool:
    """Whether the reader could waive anybody's month now."""
    return HR in visit().me.roles and any(_offered(board))


# ---- pieces ------------------------------------------------------------------------------------------------------


def _board(period: str) -> Board:
    here = visit()
    return appraisal().cycle_board(here.session, here.me.id, period, here.now)


def _offered(board: Board) -> tuple[Appraisal, ...]:
    """Appraisals that have not been handed in, without the reader's own. The engine asks again."""
    return tuple(row for row in board.rows if row.waive and row.subject != visit().me.id)


def _submission(row: Appraisal | None, reason: str) -> Submission:
    """Raises `InvalidInput` where nobody was chosen who can be waived."""
    if row is None:
        sentence = Text(
            "请选一个人。已经评完的、已经免去的不在里面。",
            "Choose somebody. Who is scored or waived already is not there.",
        )
        raise InvalidInput(fields={"case": [sentence]})
    return Submission(submission_key(), visit().me.id, row.waive, case=row.case, reason=reason)


def _page(board: Board, chosen: str, reason: str = "", error: WorkflowsError | None = None) -> str:
    period = board.cycle.period
    month = words().period("month", period)
    offered = _offered(board)
    wrong = error.fields if isinstance(error, InvalidInput) else {}
    return render_template(
        "cycle/waive.html",
        month=month,
        back=url_for("cycle.show", period=period),
        crumbs=(
            Crumb(_("考核周期"), url_for("cycle.months")),
            Crumb(month, url_for("cycle.show", period=period)),
            Crumb(_("免考核")),
        ),
        people=[Option("", _("没选")), *(Option(row.case.hex, _said(row)) for row in offered)] if offered else [],
        chosen=chosen,
        reason=reason,
        wrong={name: [text.text(language()) for text in texts] for name, texts in wrong.items()},
        problem=error.text(language()) if error is not None and not wrong else "",
        hidden={KEY: str(new_id())},
    )


def _said(row: Appraisal) -> str:
    """孙雨桐 · 运营专员 · 自评."""
    return " · ".join((row.name, row.position.text(language()), row.state_title.text(language())))
