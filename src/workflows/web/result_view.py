"""A published result of a month in the reader's words: what `result/show.html` draws."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask import url_for

from workflows.appraisal.figures.counted_cases import CountedCase
from workflows.appraisal.results.chain import check_code
from workflows.appraisal.results.reading import Summary
from workflows.appraisal.results.views.months import Trend
from workflows.appraisal.results.views.page import PageVersion, ResultPage
from workflows.http import visit
from workflows.scoring.differences import changed_lines
from workflows.scoring.hints import to_next_grade
from workflows.web.components import Crumb
from workflows.web.language import _, language
from workflows.web.numbers import money
from workflows.web.reader import words
from workflows.web.result_steps import AppealView, Doer, StepView, appeal_view, doers_of, month_said, steps_of
from workflows.web.result_trend import address_of, trend_view
from workflows.web.scores import CardView, SumView, Telling, card_view, judged_of, sums
from workflows.web.scores_numbers import points
from workflows.web.scores_sources import Link
from workflows.web.scores_trend import TrendView

MOST_HINTS: Final = 3
MOST_LINKS: Final = 5


@dataclass(frozen=True, slots=True)
class BonusView:
    """The month's bonus: how it is computed, what it is, what it was before a correction, and what is to be known of it."""

    how: str
    amount: str
    old: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """Why there is a further version, when it came, and what makes the difference."""

    when: str
    reason: str
    sums: tuple[SumView, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """Everything the page of a result shows. `old_total`, `old_grade`: before a correction, "" where nothing was corrected."""

    heading: str
    month: str
    name: str
    mine: bool
    back: str
    crumbs: tuple[Crumb, ...]
    card_title: str
    doers: tuple[Doer, ...]
    total: str
    grade: str
    distance: str
    old_total: str
    old_grade: str
    trend: TrendView
    card: CardView
    lost_title: str
    lost_rest: str
    hints_title: str
    hints: tuple[str, ...]
    correction: CorrectionView | None
    comment: str
    commented_by: str
    bonus: BonusView | None
    steps: tuple[StepView, ...]
    appeal: AppealView
    readers: str
    last_reading: str
    code: str
    version: int
    previous: str
    following: str
    years: tuple[tuple[str, str], ...]


def result_view(
    page: ResultPage,
    trend: Trend,
    months: Sequence[Summary],
    years: Sequence[Summary],
    counted: Mapping[str, tuple[CountedCase, ...]],
) -> ResultView:
    """The page of a published month. `months`, `years`: all there are, newest first; `counted`: cases behind figures."""
    version = page.versions[-1]
    before = page.versions[-2] if len(page.versions) > 1 else None
    doers = doers_of(page)
    telling = _telling(page, doers, counted)
    mine = page.subject == visit().me.id
    heading = _("%(month)s考核结果", month=month_said(page.period))
    card = card_view(version.score, telling)
    grade = version.grade.title.text(language())
    old_grade = before.grade.title.text(language()) if before else ""
    return ResultView(
        heading=heading if mine else f"{page.name} · {heading}",
        month=month_said(page.period),
        name=page.name,
        mine=mine,
        back=url_for("result.index"),
        crumbs=(Crumb(_("我的考核") if mine else _("考核"), url_for("result.index")), Crumb(month_said(page.period))),
        card_title=_("%(title)s第 %(n)s 版", title=version.card.title.text(language()), n=version.summary.card_version),
        doers=doers,
        total=points(version.summary.total),
        grade=grade,
        distance=_distance(version),
        old_total=points(before.summary.total) if before and before.summary.total != version.summary.total else "",
        old_grade=old_grade if old_grade != grade else "",
        trend=trend_view(trend, page, version.score.grades),
        card=card,
        lost_title=_("%(n)s 分丢在哪里", n=card.balance.lost_total),
        lost_rest=_("其余 %(n)s 项没有丢分", n=card.unhurt) if card.unhurt else "",
        hints_title=_hints_title(version),
        hints=_hints(version),
        correction=_correction(version, before, telling, page) if before else None,
        comment=page.comment or "",
        commented_by=doers[0].who.name if doers else "",
        bonus=_bonus(page, version, before),
        steps=steps_of(page),
        appeal=appeal_view(page, version.card, doers),
        readers=_("、").join(page.readers),
        last_reading=_last_reading(page),
        code=check_code(version.summary.digest),
        version=version.summary.version,
        previous=_neighbour(page, months, -1),
        following=_neighbour(page, months, 1),
        years=tuple((one.period, address_of(page.subject, one.period)) for one in years),
    )


# ---- the card ----------------------------------------------------------------------------------------------------


def _telling(page: ResultPage, doers: Sequence[Doer], counted: Mapping[str, tuple[CountedCase, ...]]) -> Telling:
    organisation, version = visit().organisation, page.versions[-1]
    before = page.versions[-2] if len(page.versions) > 1 else None
    judged = (
        _("%(who)s %(when)s评定", who=doers[0].who.name, when=doers[0].when)
        if doers and judged_of(version.score)
        else ""
    )
    return Telling(
        words(),
        version.value.get("figures") or {},
        lambda person: organisation.name_of(uuid.UUID(person)),
        judged,
        {name: tuple(_link(case, cases) for case in cases) for name, cases in counted.items()},
        before.score if before else None,
        before.value.get("figures") or {} if before else {},
        {key: _ruled(line) for key, line in _rulings(page).items() if line.get("verdict")},
    )


def _rulings(page: ResultPage) -> Mapping[str, Mapping[str, Any]]:
    """What an appeal said of each line it was about; nothing while it is open."""
    ruled = page.appeal.ruling if page.appeal is not None else None
    return (ruled or {}).get("lines") or {}


def _ruled(line: Mapping[str, Any]) -> str:
    """裁定更正：漏了 ¥83,600."""
    why = str(line.get("reason") or "")
    return _("裁定维持：%(why)s", why=why) if line["verdict"] == "keep" else _("裁定更正：%(why)s", why=why)


def _link(case: CountedCase, among: Sequence[CountedCase]) -> Link:
    """A counted case by its title; with its number where another is called the same."""
    alike = sum(1 for other in among if other.title == case.title) > 1
    title = f"{case.title} {case.number}" if alike and case.number else case.title
    return Link(title, url_for("case.show", case_id=case.id))


def _distance(version: PageVersion) -> str:
    """离优秀差 0.88 分; "" at the top."""
    above = version.score.grades.next_above(version.summary.total) if version.score.grades else None
    if above is None or above.least is None:
        return ""
    missing = points(above.least - version.summary.total)
    return _("离%(grade)s差 %(n)s 分", grade=above.title.text(language()), n=missing)


def _hints_title(version: PageVersion) -> str:
    above = version.score.grades.next_above(version.summary.total) if version.score.grades else None
    return "" if above is None else _("别的不变，单这一项就够%(grade)s", grade=above.title.text(language()))


def _hints(version: PageVersion) -> tuple[str, ...]:
    return tuple(hint.text.text(language()) for hint in to_next_grade(version.score)[:MOST_HINTS])


def _correction(version: PageVersion, before: PageVersion, telling: Telling, page: ResultPage) -> CorrectionView:
    corrected = [key for key, line in _rulings(page).items() if line.get("verdict") == "correct"]
    changes = changed_lines(before.score, version.score, corrected or list(version.score.lines))
    notes = {
        one.key: _("更正") if one.counted else _("更正，按规则还是同样的分") for one in changes if one.key in corrected
    }
    when = words().moment(version.summary.published_at)
    return CorrectionView(
        when, version.summary.reason or "", sums(changes, notes, telling, (before.score, version.score))
    )


# ---- beside it ---------------------------------------------------------------------------------------------------


def _bonus(page: ResultPage, version: PageVersion, before: PageVersion | None) -> BonusView | None:
    if page.base is None or version.bonus is None or version.score.grades is None:
        return None
    rule = version.score.grades.bonus_rule
    total = version.summary.total
    how = _("基数 %(base)s × %(total)s ÷ 100", base=money(page.base), total=points(total))
    notes = []
    if total < rule.least:
        notes.append(_("低于 %(n)s 分，没有奖金", n=f"{rule.least:f}"))
    elif total > rule.most * 100:
        notes.append(_("最多是基数的 %(n)s 倍", n=f"{rule.most:f}"))
    if page.appeal is not None and page.appeal.ended_at is None:
        notes.append(_("申诉未决，裁定后再发"))
    old = before.bonus if before else None
    return BonusView(
        how,
        _fen(version.bonus),
        _fen(old) if old is not None and old != version.bonus else "",
        _("；").join(notes),
    )


def _fen(amount: Decimal) -> str:
    return money(amount)


def _last_reading(page: ResultPage) -> str:
    """沈怡 11月12日; "" where nobody else has looked."""
    newest = next(iter(page.last_readings), None)
    return "" if newest is None else f"{newest.name} {words().moment(newest.at)}"


def _neighbour(page: ResultPage, months: Iterable[Summary], step: int) -> str:
    """The address of the published month before or after this one."""
    periods = sorted(one.period for one in months)
    wanted = [period for period in periods if (period > page.period if step > 0 else period < page.period)]
    if not wanted:
        return ""
    return address_of(page.subject, wanted[0] if step > 0 else wanted[-1])
