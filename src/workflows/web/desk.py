"""我要评的: whom the reader scores, what is missing first, who is late, what is done; the next scoring opens itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.appraisal.results.views.appraisals import Appraisal
from workflows.appraisal.results.views.asking import Asked, tasks_owing
from workflows.appraisal.results.views.desk import Desk
from workflows.db import new_id
from workflows.engine.urging import urge, urged_today
from workflows.http import EMPLOYEE, allow, visit
from workflows.web.appraised import appraisal, tabs
from workflows.web.casework import engine, who
from workflows.web.components import Chip, Who
from workflows.web.cycle_words import by_whom, figures_of, grade_said, soft_chip, urged_words
from workflows.web.language import _, language
from workflows.web.numbers import number
from workflows.web.reader import words
from workflows.web.shell import say

MOST_ROWS: Final = 300
"""Rows drawn of one group; a desk with more lists those that come first."""

blueprint = Blueprint("desk", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody to score, or scored. `lines`: what is missing, and whom it waits for; `urgeable`: somebody has in hand what is missing; `urged`: they have been asked today."""

    who: Who
    position: str
    month: str
    href: str
    case: str
    lines: tuple[tuple[str, str], ...]
    self_review: str
    due: Chip | None
    total: str = ""
    grade: str = ""
    urgeable: bool = False
    urged: bool = False
    figures_href: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; `column` and `last` name what stands in the third and the last column."""

    title: str
    column: str
    last: str
    rows: tuple[Row, ...]
    late: bool = False
    note: str = ""


@blueprint.get("/desk")
@allow(EMPLOYEE)
def index() -> ResponseReturnValue:
    """Everybody whose scoring is the reader's: missing figures first, then who is late, then the others, then what is done."""
    found = _desk()
    return render_template(
        "desk/index.html",
        groups=_groups(found),
        counts=_counts(found),
        ready=next((row for row in found.waiting if not row.lacks), None),
        key=str(new_id()),
        tabs=tabs("desk.index"),
    )


@blueprint.get("/desk/first")
@allow(EMPLOYEE)
def first() -> ResponseReturnValue:
    """The next scoring in the order of the desk that can be done; the desk, when none is left."""
    ready = next((row for row in _desk().waiting if not row.lacks and row.task is not None), None)
    return redirect(url_for("tasks.show", task_id=ready.task) if ready else url_for("desk.index"))


@blueprint.post("/desk/urge")
@allow(EMPLOYEE)
def ask() -> ResponseReturnValue:
    """Ask whoever has in hand what somebody's score lacks: about one of the reader's own scorings only."""
    here = visit()
    found = _desk()
    row = next((row for row in found.waiting if str(row.case) == request.form.get("case")), None)
    if row is not None:
        owing = _owing({row.case: found.periods[row.case]}, (row,))
        tasks = {task for ids in owing.values() for task in ids}
        say(urged_words(urge(here.session, here.scene, here.me.id, tasks, unseen=True)))
    return redirect(url_for("desk.index"), 303)


# ---- what lies on it ---------------------------------------------------------------------------------------------


def _desk() -> Desk:
    here = visit()
    return appraisal().desk(here.session, here.me.id, here.now)


def _counts(found: Desk) -> Mapping[str, int]:
    """What the sentence on top says."""
    return {
        "all": len(found.waiting) + len(found.done),
        "lacking": sum(1 for row in found.waiting if row.lacks),
        "late": sum(1 for row in found.waiting if row.late),
        "done": len(found.done),
    }


def _groups(found: Desk) -> tuple[Group, ...]:
    lacking = [row for row in found.waiting if row.lacks]
    late = [row for row in found.waiting if not row.lacks and row.late]
    coming = [row for row in found.waiting if not row.lacks and not row.late]
    missing, due, done = _("缺什么，等谁"), _("期限"), _("得分")
    groups = (
        Group(_("缺数据"), missing, due, _asked(found, lacking), note=_("缺的数不当作 0；补上，或写明理由判分、免计")),
        Group(_("超期"), _("步骤"), due, _rows(found, late), late=True),
        Group(_("还没评"), _("步骤"), due, _rows(found, coming)),
        Group(_("评完的"), _("步骤"), done, _rows(found, found.done), note=_("这个月评的")),
    )
    return tuple(group for group in groups if group.rows)


def _asked(found: Desk, lacking: list[Appraisal]) -> tuple[Row, ...]:
    """Rows that wait for figures, with whether somebody can be asked, and has been today."""
    owing = _owing(found.periods, lacking)
    asked = urged_today(visit().session, visit().scene, {task for tasks in owing.values() for task in tasks})
    rows = []
    for row, drawn in zip(lacking, _rows(found, lacking), strict=False):
        tasks = [task for lack in row.lacks for task in owing.get((row.subject, lack.name), ())]
        rows.append(
            replace(
                drawn,
                urgeable=bool(tasks),
                urged=bool(tasks) and all(task in asked for task in tasks),
                figures_href=figures_of(row.subject, found.periods[row.case]),
            )
        )
    return tuple(rows)


def _owing(
    periods: Mapping[uuid.UUID, str], rows: tuple[Appraisal, ...] | list[Appraisal]
) -> dict[Asked, tuple[uuid.UUID, ...]]:
    """Open tasks that would give what these rows lack: one statement a month."""
    processes = engine().processes(visit().session)
    found: dict[Asked, tuple[uuid.UUID, ...]] = {}
    for period in sorted({periods[row.case] for row in rows}):
        asked = {(row.subject, lack.name) for row in rows if periods[row.case] == period for lack in row.lacks}
        found.update(tasks_owing(visit().session, processes, period, asked))
    return found


def _rows(found: Desk, rows: tuple[Appraisal, ...] | list[Appraisal]) -> tuple[Row, ...]:
    return tuple(_row(row, found.periods[row.case], row in found.done) for row in rows[:MOST_ROWS])


def _row(row: Appraisal, period: str, done: bool) -> Row:
    task = row.task if not done else None
    return Row(
        who(row.subject, row.name),
        row.position.text(language()),
        words().period("month", period),
        url_for("tasks.show", task_id=task) if task else url_for("case.show", case_id=row.case),
        str(row.case),
        by_whom(row.lacks) or ((row.state_title.text(language()), ""),),
        _self_review(row),
        None if done else soft_chip(row.due_at),
        number(row.total, 2) if row.total is not None else "",
        grade_said(row.grade),
    )


def _self_review(row: Appraisal) -> str:
    if row.self_review is None:
        return ""
    return _("已交") if row.self_review else _("没交，照评")
