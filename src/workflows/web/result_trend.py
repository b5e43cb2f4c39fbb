"""A person's results over twelve months: the picture, its sentence, and where each month's page is."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from workflows.appraisal.results.views.months import Trend
from workflows.appraisal.results.views.page import ResultPage
from workflows.http import visit
from workflows.org.organisation import PersonId
from workflows.scoring.grades import Grades
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.scores_numbers import difference, points
from workflows.web.scores_trend import DESK, PHONE, Mark, Point, TrendView, draw


def trend_view(trend: Trend, page: ResultPage, grades: Grades | None) -> TrendView:
    """The months up to the page's own. `grades`: whose thresholds are drawn."""
    points_ = tuple(
        Point(
            _axis(mark.period, number == 0),
            words().period("month", mark.period),
            mark.total,
            address_of(page.subject, mark.period) if mark.total is not None else "",
            mark.period == page.period,
        )
        for number, mark in enumerate(trend.months)
    )
    marks = tuple(
        Mark(g.least, g.title.text(language())) for g in (grades.grades if grades else ()) if g.least is not None
    )
    return TrendView(
        _("近 %(n)s 个月", n=len(points_)),
        _trend_note(trend),
        _trend_said(points_),
        points_,
        draw(points_, marks, DESK),
        draw(points_, marks, PHONE),
    )


def _axis(period: str, first: bool) -> str:
    """25年11月 for the first month and for Januaries, else 3月."""
    year, month = period.split("-")
    named = first or month == "01"
    if language() == "zh":
        return f"{year[2:]}年{int(month)}月" if named else f"{int(month)}月"
    return f"{int(month)}/{year[2:]}" if named else f"{int(month)}"


def _trend_note(trend: Trend) -> str:
    pieces = [_("平均 %(n)s", n=points(trend.mean))] if trend.mean is not None else []
    if trend.difference is not None:
        said = difference(trend.difference)
        pieces.append(
            _("与上月持平") if not said
            else _("本月比上月高 %(n)s", n=said[1:]) if said[0] == "+"
            else _("本月比上月低 %(n)s", n=said[1:])
        )  # fmt: skip
    return _("，").join(pieces)


def _trend_said(months: Sequence[Point]) -> str:
    """The picture as a sentence, for those who hear it."""
    scored = [(point.name, point.total) for point in months if point.total is not None]
    if not scored:
        return _("还没有得分。")
    low, high = (choose(scored, key=lambda one: one[1]) for choose in (min, max))
    return _(
        "得分从%(first)s %(start)s 到%(last)s %(end)s；最低%(low)s %(least)s，最高%(high)s %(most)s。",
        first=scored[0][0], start=points(scored[0][1]), last=scored[-1][0], end=points(scored[-1][1]),
        low=low[0], least=points(low[1]), high=high[0], most=points(high[1]),
    )  # fmt: skip


def address_of(subject: PersonId, period: str) -> str:
    """Where a person's result of a month or a year is."""
    if subject == visit().me.id:
        return url_for("result.mine", period=period)
    return url_for("result.of_person", period=period, person_id=subject)
