"""考核周期: what holds up publication of a month, by whom everybody waits, and what will be seen by whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.appraisal.results.views.asking import Asked, tasks_owing
from workflows.appraisal.results.views.cycle import Board
from workflows.db import new_id
from workflows.engine.tables import Task, TaskStatus
from workflows.engine.urging import urge as urge_tasks
from workflows.engine.urging import urged_today
from workflows.http import AUDITOR, HR, allow, visit
from workflows.web.appraised import appraisal
from workflows.web.casework import engine
from workflows.web.components import Chip, Crumb
from workflows.web.cycle_board import BoardView, board_view
from workflows.web.cycle_release import Releasing, releasing
from workflows.web.cycle_waive import waivable
from workflows.web.cycle_words import urged_words
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import asked_first, note
from workflows.web.shell import say

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("cycle", __name__)


@blueprint.get("/cycle")
@allow(HR, AUDITOR)
def index() -> ResponseReturnValue:
    """The newest cycle that runs; the list of all where none does."""
    here = visit()
    running = [one for one in appraisal().cycles(here.session, here.me.id, here.now) if one.ended_at is None]
    if running:
        return redirect(url_for("cycle.show", period=running[0].period))
    return _months()


@blueprint.get("/cycle/months")
@allow(HR, AUDITOR)
def months() -> ResponseReturnValue:
    """Every cycle there is, newest first."""
    return _months()


@blueprint.get("/cycle/<period>")
@allow(HR, AUDITOR)
def show(period: str) -> ResponseReturnValue:
    """One month's board. Everybody's totals stand on it: that it was read is noted, auditors say why first."""
    board = _board(period)
    if (why := asked_first()) is not None:
        return why
    note("cycle", board.cycle.case)
    view = _view(board)
    return render_template(
        "cycle/show.html",
        board=view,
        crumbs=(Crumb(_("考核周期"), url_for("cycle.months")), Crumb(view.month)),
        release=releasing(board, _my_task(board)),
        key=str(new_id()),
        may_act=HR in visit().me.roles,
        may_waive=waivable(board),
    )


@blueprint.post("/cycle/<period>/urge")
@allow(HR)
def urge(period: str) -> ResponseReturnValue:
    """Urge one person, everybody who owes a scoring (`who`), or whoever has in hand what a score lacks (`case`)."""
    here = visit()
    board = _board(period)
    if "case" in request.form:
        tasks = _owing_of(board, request.form["case"])
        done = urge_tasks(here.session, here.scene, here.me.id, tasks, unseen=True)
    else:
        done = urge_tasks(here.session, here.scene, here.me.id, _scorings_of(board, request.form.get("who", "")))
    say(urged_words(done))
    return redirect(url_for("cycle.show", period=period), 303)


@blueprint.get("/cycle/<period>/publish")
@allow(HR, AUDITOR)
def preview(period: str) -> ResponseReturnValue:
    """What will be seen by whom, before the first of two people releases it."""
    board = _board(period)
    if (why := asked_first()) is not None:
        return why
    note("cycle", board.cycle.case)
    return render_template(
        "cycle/publish.html",
        board=_view(board),
        release=_releasing(board),
        month=words().period("month", period),
        crumbs=(
            Crumb(_("考核周期"), url_for("cycle.months")),
            Crumb(words().period("month", period), url_for("cycle.show", period=period)),
            Crumb(_("公示前看一遍")),
        ),
    )


@blueprint.get("/cycle/<period>/bonus.xlsx")
@allow(HR, AUDITOR)
def bonus(period: str) -> ResponseReturnValue:
    """The month's bonuses for finance. Everybody's pay stands in it: that it was taken is noted, auditors say why first."""
    here = visit()
    board = _board(period)
    if (why := asked_first()) is not None:
        return why
    note("bonus", board.cycle.case)
    content = appraisal().bonus_workbook(here.session, here.me.id, period, language())
    headers = {"Content-Disposition": f'attachment; filename="bonus-{period}.xlsx"'}
    return Response(content, mimetype=XLSX, headers=headers)


# ---- pieces ------------------------------------------------------------------------------------------------------


def _months() -> str:
    here = visit()
    found = appraisal().cycles(here.session, here.me.id, here.now)
    rows = [
        (
            words().period("month", one.period),
            url_for("cycle.show", period=one.period),
            Chip(one.state_title.text(language()), "done" if one.ended_at else "act"),
            words().moment(one.ended_at or one.since),
        )
        for one in found
    ]
    return render_template("cycle/months.html", rows=rows)


def _board(period: str) -> Board:
    here = visit()
    return appraisal().cycle_board(here.session, here.me.id, period, here.now)


def _view(board: Board) -> BoardView:
    here = visit()
    owing = tasks_owing(here.session, engine().processes(here.session), board.cycle.period, _lacks(board))
    scorings = {row.task for one in board.waiting for row in one.rows if row.task is not None}
    tasks = {task for found in owing.values() for task in found} | scorings
    return board_view(board, owing, urged_today(here.session, here.scene, tasks))


def _lacks(board: Board) -> frozenset[Asked]:
    return frozenset((row.subject, lack.name) for row in board.lacking for lack in row.lacks)


def _owing_of(board: Board, case: str) -> Collection[uuid.UUID]:
    asked = {(row.subject, lack.name) for row in board.lacking if row.case.hex == case for lack in row.lacks}
    session = visit().session
    found = tasks_owing(session, engine().processes(session), board.cycle.period, asked)
    return {task for tasks in found.values() for task in tasks}


def _scorings_of(board: Board, whom: str) -> Collection[uuid.UUID]:
    return {
        row.task for one in board.waiting if whom in ("all", one.person.hex) for row in one.rows if row.task is not None
    }


def _my_task(board: Board) -> uuid.UUID | None:
    """The cycle's own open task, where there is one: who may do it is asked when it is opened."""
    chosen = select(Task.id).where(Task.case_id == board.cycle.case, Task.status == TaskStatus.OPEN)
    return visit().session.scalars(chosen.limit(1)).first()


def _releasing(board: Board) -> Releasing:
    return releasing(board, _my_task(board))
