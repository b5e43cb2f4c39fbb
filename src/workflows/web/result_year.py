"""A published result of a year in the reader's words: the months that it is composed of, its versions, its check code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for

from workflows.appraisal.results.chain import check_code
from workflows.appraisal.results.reading import Version
from workflows.http import visit
from workflows.org.organisation import PersonId
from workflows.web.appraised import appraisal
from workflows.web.components import Crumb
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.result_steps import month_said
from workflows.web.result_trend import address_of
from workflows.web.scores_numbers import points


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of a year: its name, total and grade, where its page is."""

    name: str
    total: str
    grade: str
    href: str


@dataclass(frozen=True, slots=True)
class YearView:
    """A year. `how`: how it was composed; `old_total`, `old_grade`, `reason`: of a correction, "" where there was none."""

    heading: str
    name: str
    mine: bool
    back: str
    crumbs: tuple[Crumb, ...]
    total: str
    grade: str
    old_total: str
    old_grade: str
    reason: str
    how: str
    months: tuple[MonthRow, ...]
    published: str
    case_href: str
    code: str
    version: int


def year_view(subject: PersonId, versions: Sequence[Version]) -> YearView:
    """The page of a published year. `versions`: oldest first, at least one."""
    newest = versions[-1].summary
    before = versions[-2].summary if len(versions) > 1 else None
    titles = _grades(newest.period)
    months = tuple(_month(subject, row, titles) for row in versions[-1].detail.get("months") or ())
    mine = subject == visit().me.id
    heading = _("%(year)s 年度考核结果", year=newest.period)
    name = visit().organisation.name_of(subject)
    grade = titles.get(newest.grade, newest.grade)
    old_grade = titles.get(before.grade, before.grade) if before else ""
    return YearView(
        heading=heading if mine else f"{name} · {heading}",
        name=name,
        mine=mine,
        back=url_for("result.index"),
        crumbs=(Crumb(_("我的考核") if mine else _("考核"), url_for("result.index")), Crumb(newest.period)),
        total=points(newest.total),
        grade=grade,
        old_total=points(before.total) if before and before.total != newest.total else "",
        old_grade=old_grade if old_grade != grade else "",
        reason=newest.reason or "",
        how=_("%(n)s 个月得分的平均", n=len(months)) if months else "",
        months=months,
        published=words().moment(newest.published_at),
        case_href=url_for("case.show", case_id=newest.case),
        code=check_code(newest.digest),
        version=newest.version,
    )


def _month(subject: PersonId, row: Mapping[str, Any], titles: Mapping[str, str]) -> MonthRow:
    period = str(row.get("month") or "")
    score = row.get("score")
    grade = str(row.get("grade") or "")
    return MonthRow(
        month_said(period),
        points(Decimal(str(score)) if score is not None else None),
        titles.get(grade, grade),
        address_of(subject, period),
    )


def _grades(year: str) -> dict[str, str]:
    grades = appraisal().store.grades(visit().session, f"{year}-01")
    return {grade.key: grade.title.text(language()) for grade in grades.grades}
