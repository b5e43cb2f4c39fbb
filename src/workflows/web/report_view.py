"""What the page of one process says on top: the finding and four facts, with the lists of cases behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask import url_for

from workflows.reports.hours import in_hours
from workflows.reports.process import ProcessReport
from workflows.reports.sums import ProcessSum
from workflows.web.language import _, language
from workflows.web.numbers import number, percent
from workflows.web.reader import words
from workflows.web.report_range import Range
from workflows.web.report_trend import TARGET

WORKDAY: Final = 8
"""Hours of a working day, for saying hours as days."""


@dataclass(frozen=True, slots=True)
class FactView:
    """One of the four facts; `href` leads to the cases it counts."""

    label: str
    value: str
    unit: str
    note: str
    href: str = ""


def link(process: str, time: Range, **what: str | None) -> str:
    """The list of cases behind a number."""
    options: dict[str, Any] = {**time.asked, **{name: value for name, value in what.items() if value is not None}}
    return url_for("report.cases", process=process, **options)


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
    values = {"share": _share(total), "waiting": whole(total.share_waiting)}
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
    notes = [whole(report.sum.share_waiting)]
    now, before = report.sum.mean_waiting, report.before.mean_waiting if report.before is not None else None
    if now is not None and before is not None and now != before:
        more, less = _("比%(before)s多 %(n)s"), _("比%(before)s少 %(n)s")
        notes.append((more if now > before else less) % {"before": time.before, "n": f"{abs(now - before)}"})
    return _("；").join(notes)


def _share(total: ProcessSum) -> str:
    return percent(total.share_on_time) if total.share_on_time is not None else ""


def whole(share: Decimal | None) -> str:
    """A share without places; "" of none."""
    return f"{share:.0f}%" if share is not None else ""
