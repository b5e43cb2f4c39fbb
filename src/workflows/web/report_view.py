"""What the page of one process shows besides its steps: the finding, four facts, months, the longest open, the family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from flask import url_for

from workflows.definition.model import Process
from workflows.engine.people import Situation, of_queue
from workflows.http import visit
from workflows.reports.hours import in_hours
from workflows.reports.process import ProcessReport
from workflows.reports.standing import Standing
from workflows.reports.sums import MonthSum, ProcessSum
from workflows.web.casework import who
from workflows.web.components import Chip, Who
from workflows.web.cycle_words import soft_chip
from workflows.web.language import _, language
from workflows.web.numbers import number, percent
from workflows.web.reader import words
from workflows.web.report_range import Range
from workflows.web.report_trend import DESK, PHONE, TARGET, Labels, Point, draw, extremes
from workflows.web.trend import Picture

WORKDAY: Final = 8
"""Hours of a working day, for saying hours as days."""
NAMED: Final = 2
"""Of a group that a task is offered to so many are named."""


@dataclass(frozen=True, slots=True)
class FactView:
    """One of the four facts; `href` leads to the cases it counts."""

    label: str
    value: str
    unit: str
    note: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the table. `low`: below the target."""

    name: str
    href: str
    finished: int
    on_time: int
    share: str
    low: bool


@dataclass(frozen=True, slots=True)
class Months:
    """The trend: a remark, the picture in two sizes and in words, and its table."""

    note: str
    said: str
    desk: Picture
    phone: Picture
    rows: tuple[MonthRow, ...]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One of the cases that began first. `people`: whom it waits for; none where it runs by itself."""

    title: str
    href: str
    number: str
    step: str
    people: tuple[Who, ...]
    more: str
    since_start: str
    since_step: str
    due: Chip | None


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One process of the family. Texts are "" where there are too few cases for a mean."""

    title: str
    href: str
    current: bool
    finished: int
    share: str
    low: bool
    waiting: str
    slowest: str
    slowest_hours: str
    open: int
    open_href: str


def link(process: str, time: Range, **what: str | None) -> str:
    """The list of cases behind a number."""
    options: dict[str, Any] = {**time.asked, **{name: value for name, value in what.items() if value is not None}}
    return url_for("report.cases", process=process, **options)


# ---- facts -------------------------------------------------------------------------------------------------------


def facts(report: ProcessReport, time: Range) -> tuple[FactView, ...]:
    """Finished, on time, hours in people's hands, hours of waiting."""
    total, key = report.sum, report.process.key
    counted = FactView(
        _("办完"),
        number(total.finished),
        _("件"),
        _finished_note(report, time),
        link(key, time) if total.finished else "",
    )
    if not total.enough:
        return (counted,)
    return (
        counted,
        FactView(
            _("按时率"), _share(total), "", _late_note(total), link(key, time, which="late") if total.late else ""
        ),
        FactView(_("一件要人手里多久"), f"{total.mean_in_hands}", _("工时"), _long_note(report)),
        FactView(_("其中在等"), f"{total.mean_waiting}", _("工时"), _waiting_note(report, time)),
    )


def finding(report: ProcessReport, time: Range, slowest: str) -> tuple[str, Mapping[str, str]]:
    """The sentence on top, with what is to stand out: the template puts it in bold."""
    total = report.sum
    if not total.finished:
        return _("%(time)s没有你能看的办完的事项。", time=time.said), {}
    if not total.enough:
        return _("%(time)s办完 %(n)s 件，太少，不算平均，下面列出每一件。", time=time.said, n=total.finished), {}
    values = {"share": _share(total), "waiting": _whole(total.share_waiting)}
    said = _(
        "%(time)s办完 %(n)s 件，{share} 按时。人手里的时间有 {waiting} 在等", time=time.said, n=number(total.finished)
    )
    said += _("，等得最久的是%(step)s。", step=slowest) if slowest else _("。")
    return said, values


def _finished_note(report: ProcessReport, time: Range) -> str:
    notes = []
    before = report.before
    if before is not None and before.finished:
        difference = report.sum.finished - before.finished
        more, less = _("比%(before)s多 %(n)s"), _("比%(before)s少 %(n)s")
        said = (more if difference > 0 else less) % {"before": time.before, "n": number(abs(difference))}
        notes.append(said if difference else _("和%(before)s一样多", before=time.before))
    if report.sum.open:
        notes.append(_("在办 %(n)s 件", n=number(report.sum.open)))
    if report.sum.cancelled:
        notes.append(_("另有作废 %(n)s 件", n=number(report.sum.cancelled)))
    return _("；").join(notes)


def _late_note(total: ProcessSum) -> str:
    target = _("目标 ≥ %(n)s%%", n=f"{TARGET:f}")
    late = _("%(n)s 件超期", n=number(total.late)) if total.late else _("没有超期的")
    return _("；").join((target, late))


def _long_note(report: ProcessReport) -> str:
    total = report.sum
    days = in_hours(total.waiting + total.working, total.finished * WORKDAY)
    said = _("约 %(n)s 个工作日", n=f"{days}")
    stays = [(step.title, step.stay) for step in report.steps if step.stay is not None]
    if stays:
        title, longest = max(stays, key=lambda one: one[1].mean * one[1].visits)
        said += _("，另有%(step)s约 %(long)s", step=title.text(language()), long=words().length(longest.mean))
    return said


def _waiting_note(report: ProcessReport, time: Range) -> str:
    notes = [_whole(report.sum.share_waiting)]
    now, before = report.sum.mean_waiting, report.before.mean_waiting if report.before is not None else None
    if now is not None and before is not None and now != before:
        more, less = _("比%(before)s多 %(n)s"), _("比%(before)s少 %(n)s")
        notes.append((more if now > before else less) % {"before": time.before, "n": f"{abs(now - before)}"})
    return _("；").join(notes)


def _share(total: ProcessSum) -> str:
    return percent(total.share_on_time) if total.share_on_time is not None else ""


def _whole(share: Decimal | None) -> str:
    return f"{share:.0f}%" if share is not None else ""


# ---- months ------------------------------------------------------------------------------------------------------


def months(report: ProcessReport, time: Range) -> Months:
    """The trend over the months of the time."""
    found = [(month, report.sum.months.get(month, MonthSum())) for month in time.span.months]
    axis = [_axis(month, n == 0) for n, (month, _sum) in enumerate(found)]
    points = [Point(label, one.finished, one.share) for label, (_month, one) in zip(axis, found, strict=True)]
    target = _("目标 ≥ %(n)s%%", n=f"{TARGET:f}")
    labels = Labels(_("，").join((_("按时率"), target)), _("办完，件"))
    rows = tuple(
        MonthRow(label, link(report.process.key, time, month=month), one.finished, one.on_time, point.said,
                 point.share is not None and point.share < TARGET)
        for label, point, (month, one) in zip(axis, points, found, strict=True)
    )  # fmt: skip
    return Months(_note(points), _said(points), draw(points, labels, DESK), draw(points, labels, PHONE), rows)


def _axis(month: str, first: bool) -> str:
    """25年11月, 12月, 26年1月, 2月: the year where it begins."""
    day = date.fromisoformat(f"{month}-01")
    if language() == "en":
        return f"{day:%b} {day:%y}" if first or day.month == 1 else f"{day:%b}"
    return f"{day:%y}年{day.month}月" if first or day.month == 1 else f"{day.month}月"


def _note(points: Sequence[Point]) -> str:
    ends = extremes(points)
    if ends is None or points[ends[0]].share == points[ends[1]].share:
        return ""
    low, high = points[ends[0]], points[ends[1]]
    return _(
        "按时率 %(low)s最低，%(low_share)s；%(high)s最高，%(high_share)s",
        low=low.axis, low_share=low.said, high=high.axis, high_share=high.said,
    )  # fmt: skip


def _said(points: Sequence[Point]) -> str:
    told = _("，").join(f"{point.axis} {point.said or _('无')}" for point in points)
    counts = _("，").join(f"{point.axis} {point.finished}" for point in points)
    return _("上图按时率：%(shares)s。下图每月办完的件数：%(counts)s。", shares=told, counts=counts)


# ---- the longest open --------------------------------------------------------------------------------------------


def open_rows(found: Iterable[Standing]) -> tuple[OpenRow, ...]:
    """The cases that began first, with whom they wait for."""
    return tuple(_open(one) for one in found)


def _open(one: Standing) -> OpenRow:
    here, case = visit(), one.case
    process = here.scene.store.get(here.session, case.definition_id)
    people, more = _waited_for(one)
    return OpenRow(
        case.title,
        url_for("case.show", case_id=case.id),
        case.number or "",
        process.machine.states[case.state].title.text(language()),
        people,
        more,
        _days(case.started_at),
        _days(case.entered_at),
        soft_chip(one.due_at),
    )


def _waited_for(one: Standing) -> tuple[tuple[Who, ...], str]:
    organisation = visit().organisation
    people = dict.fromkeys(part.holder for part in one.parts if part.holder is not None)
    for part in one.parts:
        if part.holder is None and part.queue is not None:
            people |= dict.fromkeys(of_queue(part.queue, Situation(organisation)))
    named = [who(person, organisation.name_of(person)) for person in list(people)[:NAMED]]
    return tuple(named), _("等 %(n)s 人", n=len(people)) if len(people) > NAMED else ""


def _days(since: datetime) -> str:
    """Working days from then to now; hours on the same day."""
    said, calendar = words(), visit().calendar
    days = calendar.workdays_between(said.local(since).date(), said.today)
    return _("%(n)s 个工作日", n=days) if days else said.length(said.now - since)


# ---- the family --------------------------------------------------------------------------------------------------


def family_rows(
    sums: Iterable[ProcessSum], processes: Mapping[str, Process], current: str, time: Range
) -> tuple[FamilyRow, ...]:
    """The processes of a family of which the reader sees any case, and the one of the page."""
    return tuple(_family(one, processes[one.key], one.key == current, time) for one in sums if _shown(one, current))


def _shown(one: ProcessSum, current: str) -> bool:
    return bool(one.finished or one.open) or one.key == current


def _family(one: ProcessSum, process: Process, current: bool, time: Range) -> FamilyRow:
    slowest = one.slowest
    step = process.states.get(slowest[0]) if slowest is not None else None
    share = one.share_on_time
    return FamilyRow(
        process.title.text(language()),
        url_for("report.show", process=one.key, **time.asked),
        current,
        one.finished,
        percent(share) if share is not None else "",
        share is not None and share < TARGET,
        _whole(one.share_waiting),
        step.title.text(language()) if step is not None else "",
        f"{slowest[1]}" if slowest is not None and step is not None else "",
        one.open,
        link(one.key, time, which="open"),
    )
