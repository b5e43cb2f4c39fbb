"""What starts by itself, and when: every schedule with its next times and its last run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.definition.diagram_words import Speaker
from workflows.definition.model import Moment, Process, Schedule
from workflows.engine.tables import Heartbeat
from workflows.engine.views.pages import ScheduleRow as Listed
from workflows.http import ADMINISTRATOR, allow, services, visit
from workflows.web.admin_definitions import names
from workflows.web.admin_running import running_tabs
from workflows.web.language import _, language, mark
from workflows.web.reader import words

EVERY: Final = {
    "day": mark("每天"), "workday": mark("每个工作日"), "week": mark("每周"), "month": mark("每月"), "quarter": mark("每季度"),
    "year": mark("每年"),
}  # fmt: skip
WEEKDAYS: Final = {
    "mon": mark("周一"), "tue": mark("周二"), "wed": mark("周三"), "thu": mark("周四"), "fri": mark("周五"), "sat": mark("周六"),
    "sun": mark("周日"),
}  # fmt: skip

blueprint = Blueprint("admin_schedules", __name__, url_prefix="/admin/running")


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a schedule and how far it came."""

    at: str
    done: int
    total: int
    finished: bool


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One schedule in words. `each`: whom it starts a case for, "" for a single one."""

    process: str
    href: str
    rule: str
    each: str
    ahead: tuple[str, ...]
    last: Run | None


@dataclass(frozen=True, slots=True)
class Beat:
    """A process of the clock and when it was last heard of."""

    name: str
    at: str
    silent: bool


@blueprint.get("")
@allow(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """Schedules, and whether the clock is alive."""
    processes = services().engine.processes(visit().session)
    rows = [_row(processes[row.process], row) for row in services().engine.schedules(visit().session, visit().now)]
    return render_template("admin/schedules.html", tabs=running_tabs(), rows=rows, beats=_beats())


def rule_in_words(process: Process, schedule: Schedule) -> str:
    """每月 最后一个工作日前 5 个工作日 9:00."""
    day = schedule.day
    if isinstance(day, Moment):
        said = Speaker(process, language(), names()).moment(day)
    elif day in WEEKDAYS:
        said = _(WEEKDAYS[day])
    else:
        said = _("%(n)s 日", n=day) if day else ""
    return " ".join(part for part in (_(EVERY[schedule.every]), said, schedule.at.removeprefix("0")) if part)


def _row(process: Process, row: Listed) -> ScheduleRow:
    said = words()
    schedule = process.schedules[row.index]
    finished = row.last_finished_at is not None
    return ScheduleRow(
        process=process.title.text(language()),
        href=url_for("admin_definitions.show", key=process.key),
        rule=rule_in_words(process, schedule),
        each=Speaker(process, language(), names()).people(schedule.each) if schedule.each else "",
        ahead=tuple(f"{said.day_and_weekday(said.local(at).date())} {said.clock(at)}" for at, _provisional in row.next),
        last=Run(said.moment(row.last_for), row.last_done or 0, row.last_total or 0, finished)
        if row.last_for
        else None,
    )


def _beats() -> list[Beat]:
    said = words()
    rows = visit().session.execute(select(Heartbeat.name, Heartbeat.at).order_by(Heartbeat.at.desc()).limit(20))
    return [Beat(name, said.moment(at), (visit().now - at).total_seconds() > 60) for name, at in rows]
