"""A report as a file: the finished cases as CSV; months, steps, ways and cases as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from workflows.errors import NotFound
from workflows.http import SIGNED_IN, allow, visit
from workflows.reports.detail import Line, finished_cases
from workflows.reports.hours import WorkingHours, in_hours
from workflows.reports.process import ProcessReport, process_report
from workflows.reports.seen import finished_in, of_processes, seen_by
from workflows.reports.sums import MonthSum
from workflows.reports.times import CaseTimes
from workflows.sheets.writing import Cell, csv_lines, workbook
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import asked_first, note
from workflows.web.report_parts import READ
from workflows.web.report_range import Range, chosen_range
from workflows.web.report_steps import speaker_of, way_rows

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("report_file", __name__, url_prefix="/reports")

Row = Sequence[Cell]


@blueprint.get("/<process>.csv")
@allow(SIGNED_IN)
def csv(process: str) -> ResponseReturnValue:
    """Every finished case of the time with its times."""
    if (why := asked_first()) is not None:
        return why
    time = chosen_range()
    _refuse_unknown(process)
    body = "".join(csv_lines(_cases(process, time)))
    return _file(body.encode(), "text/csv; charset=utf-8", process, time, "csv")


@blueprint.get("/<process>.xlsx")
@allow(SIGNED_IN)
def xlsx(process: str) -> ResponseReturnValue:
    """What the page shows, as sheets, with the cases."""
    if (why := asked_first()) is not None:
        return why
    here, time = visit(), chosen_range()
    seen = seen_by(here.session, here.scene, here.me.id)
    report = process_report(here.session, here.scene, process, time.span, seen)
    sheets = [
        (_("月份"), _months(report)),
        (_("步骤"), _steps(report)),
        (_("走法"), _ways(report)),
        (_("事项"), _cases(process, time)),
    ]
    return _file(workbook(sheets), XLSX, process, time, "xlsx")


def _file(content: bytes, kind: str, process: str, time: Range, ending: str) -> Response:
    answer = Response(content, content_type=kind)
    name = f"{process}-{time.span.months[0]}-{time.until}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    note(READ)
    return answer


def _refuse_unknown(process: str) -> None:
    if process not in visit().scene.newest:
        raise NotFound("没有这个流程。", "There is no such process.")


# ---- sheets ------------------------------------------------------------------------------------------------------


def _months(report: ProcessReport) -> Iterator[Row]:
    yield (_("月"), _("办完"), _("按时"), _("按时率，%"))
    for month in report.span.months:
        one = report.sum.months.get(month, MonthSum())
        yield (month, one.finished, one.on_time, one.share)


def _steps(report: ProcessReport) -> Iterator[Row]:
    """Without means where there are too few cases."""
    yield (_("步骤"), _("件"), _("次数"), _("超期，次"), _("每件等，工时"), _("每件办，工时"), _("不经人手，平均"))
    for step in report.steps:
        stay = words().length(step.stay.mean) if step.stay is not None else ""
        cases = step.stay.cases if step.stay is not None else step.sum.cases
        yield (
            step.title.text(language()), cases, step.visits, step.sum.late, step.sum.mean_waiting, step.sum.mean_working, stay,
        )  # fmt: skip


def _ways(report: ProcessReport) -> Iterator[Row]:
    yield (_("从 → 到"), _("次"), _("说明"))
    for way in way_rows(report, speaker_of(report.process)):
        yield (way.title, way.times, way.note)


def _cases(process: str, time: Range) -> Iterator[Row]:
    here = visit()
    which = (of_processes([process]), finished_in(time.span), *seen_by(here.session, here.scene, here.me.id))
    yield (
        _("编号"), _("事项"), _("发起"), _("办完"), _("结果"), _("按时"), _("等，工时"), _("办，工时"), _("超期的步骤"),
    )  # fmt: skip
    for line, times in finished_cases(here.session, WorkingHours(here.calendar), *which):
        yield _case(line, times)


def _case(line: Line, times: CaseTimes) -> Row:
    here, said = visit(), words()
    states = here.scene.store.get(here.session, line.definition_id).machine.states
    late = [states[step].title.text(language()) for step, one in times.steps.items() if one.late and step in states]
    return (
        line.number or "",
        line.title,
        said.local(line.started_at).replace(tzinfo=None),
        said.local(times.ended_at).replace(tzinfo=None),
        states[line.state].title.text(language()),
        _("否") if times.late else _("是"),
        in_hours(times.waiting),
        in_hours(times.working),
        _("、").join(late),
    )
