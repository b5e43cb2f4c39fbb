"""The way of an appraisal as its page shows it: steps with who and when, the appeal, what is under way before there is a result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from workflows.appraisal.results.views.appealing import Appeal
from workflows.appraisal.results.views.page import ResultPage
from workflows.engine.views.pages import TrackStep
from workflows.http import visit
from workflows.scoring.model import Scorecard
from workflows.web.components import Crumb, Who
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.scores_given import SaidView, said_views


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: `status` done, now or ahead; who and when in words."""

    title: str
    status: str
    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did a step: 评分 林晓岚 11月5日."""

    what: str
    who: Who
    when: str


@dataclass(frozen=True, slots=True)
class AppealView:
    """What can be done about a result, or has been.

    `href`: where to appeal, "" where the reader cannot; `until`: the last moment in words; `closed`: the window is over; `filed`: there
    is an appeal: where it stands, its case, until when it is decided; `ruled`: what became of each line.
    """

    href: str = ""
    until: str = ""
    left: str = ""
    closed: bool = False
    filed: str = ""
    state: str = ""
    due: str = ""
    case_href: str = ""
    ask_href: str = ""
    ask: str = ""
    open: bool = False
    ruled: tuple[SaidView, ...] = ()


@dataclass(frozen=True, slots=True)
class RunningView:
    """An appraisal that is under way: its month, the step it stands at, its page; `waived`: it ended without a result."""

    month: str
    step: str
    href: str
    waived: bool = False


@dataclass(frozen=True, slots=True)
class WaitingView:
    """An appraisal before publication: nothing but its steps. `waived`: who waived it and when, "" where nobody did; `reason`: why."""

    heading: str
    crumbs: tuple[Crumb, ...]
    steps: tuple[StepView, ...]
    step: str
    case_href: str
    waived: str = ""
    reason: str = ""


def month_said(period: str) -> str:
    """2026年10月, October 2026: with its year, as titles of what is kept are."""
    said = words().period("month", period)
    year, month = period.split("-")
    if language() == "zh":
        return f"{year}年{int(month)}月"
    return said if year in said else f"{said} {year}"


def moment_said(at: datetime) -> str:
    """11月24日 周二 18:00: a last moment, with day and hour."""
    said = words()
    return f"{said.day_and_weekday(said.local(at).date())} {said.clock(at)}"


def steps_of(page: ResultPage) -> tuple[StepView, ...]:
    """The steps, each with who did it and when, or by when it is due."""
    return tuple(_step(step) for step in page.steps)


def doers_of(page: ResultPage) -> tuple[Doer, ...]:
    """Those who did the steps before publication, without the person themselves."""
    done = (step for step in page.steps if step.status == "done" and step.people and step.at)
    return tuple(
        Doer(step.title.text(language()), Who(name), _day(step))
        for step in done
        for name in step.people
        if name != page.name and (page.newest is None or step.at is None or step.at <= page.newest.summary.published_at)
    )


def running_view(page: ResultPage) -> RunningView:
    """What is under way besides the newest result."""
    return RunningView(
        month_said(page.period),
        page.state_title.text(language()),
        url_for("result.mine", period=page.period),
        page.waiver is not None,
    )


def waiting_view(page: ResultPage) -> WaitingView:
    """An appraisal before publication."""
    heading = _("%(month)s考核", month=month_said(page.period))
    waiver = page.waiver
    return WaitingView(
        heading if page.subject == visit().me.id else f"{page.name} · {heading}",
        (Crumb(_("我的考核"), url_for("result.index")), Crumb(month_said(page.period))),
        steps_of(page),
        page.state_title.text(language()),
        url_for("case.show", case_id=page.case),
        f"{waiver.by} {words().moment(waiver.at)}" if waiver is not None else "",
        waiver.reason if waiver is not None else "",
    )


def appeal_view(page: ResultPage, card: Scorecard, doers: Iterable[Doer]) -> AppealView:
    """What can be done about the result, or has been."""
    mine = page.subject == visit().me.id
    scorer = next((one.who.name for one in doers), "")
    ask = url_for("case.show", case_id=page.case, _anchor="comment-box") if mine and scorer else ""
    if page.appeal is not None:
        return _filed(page.appeal, card, ask, scorer)
    if page.window is None:
        return AppealView(ask_href=ask, ask=scorer)
    until = moment_said(page.window.until) if page.window.until else ""
    left = words().left(page.window.until) if page.window.until else ""
    if page.window.open:
        href = url_for("case.offer", case_id=page.case, action=page.window.action) if mine else ""
        return AppealView(href, until, left, ask_href=ask, ask=scorer, open=True)
    return AppealView(until=until, closed=True, ask_href=ask, ask=scorer)


def _filed(appeal: Appeal, card: Scorecard, ask: str, scorer: str) -> AppealView:
    said = words()
    return AppealView(
        filed=said.moment(appeal.filed_at),
        state=appeal.state_title.text(language()),
        due=said.due_or_late(appeal.due_at) if appeal.due_at and appeal.ended_at is None else "",
        case_href=url_for("case.show", case_id=appeal.case),
        ask_href=ask,
        ask=scorer,
        open=appeal.ended_at is None,
        ruled=_ruled(appeal.ruling, card),
    )


def _ruled(ruling: Any, card: Scorecard) -> tuple[SaidView, ...]:
    return said_views(ruling, card, {}) if ruling is not None else ()


def _step(step: TrackStep) -> StepView:
    status = "done" if step.status == "done" else "ahead" if step.status == "ahead" else "now"
    when = (
        _day(step)
        if status == "done"
        else words().due_or_late(step.at)
        if status == "now" and step.people and step.at
        else ""
    )
    return StepView(step.title.text(language()), status, _("、").join(step.people), when)


def _day(step: TrackStep) -> str:
    return words().day(words().local(step.at).date()) if step.at else ""
