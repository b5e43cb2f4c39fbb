"""The months of a report: the trend with its remark, in two sizes and in words, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows.reports.process import ProcessReport
from workflows.reports.sums import MonthSum
from workflows.web.language import _, language
from workflows.web.report_range import Range
from workflows.web.report_trend import DESK, PHONE, TARGET, Labels, Point, draw, extremes
from workflows.web.report_view import link
from workflows.web.trend import Picture


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
