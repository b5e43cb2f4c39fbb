"""What the pages of positions show: the finding, rows with their weeks, facts, the weeks drawn, steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask import url_for

from workflows.definition.model import Process
from workflows.http import visit
from workflows.reports.load import FULL, PositionLoad, StepLoad, WeekLoad
from workflows.web.components import Fact
from workflows.web.language import _, language
from workflows.web.numbers import number
from workflows.web.reader import words
from workflows.web.report_load_drawn import DESK, PHONE, Column, columns, draw, scale_of
from workflows.web.report_range import Range
from workflows.web.trend import Picture

WIDE: Final = 160
"""Width of the longest bar."""


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One position. Texts are "" where nothing was handed on; `full`: its fullest week was."""

    title: str
    href: str
    people: int
    tasks: int
    tasks_href: str
    hours: str
    columns: tuple[Column, ...]
    share: str
    busiest: str
    busiest_share: str
    full: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """The weeks in two sizes, and what they show as a sentence."""

    said: str
    desk: Picture
    phone: Picture


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of the table."""

    name: str
    begins: str
    tasks: int
    href: str
    hours: str
    share: str
    full: bool


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step that took a position's time; `bar` is its width of 160."""

    title: str
    process: str
    tasks: int
    href: str
    hours: str
    bar: int


def title_of(position: str) -> str:
    """A position in the reader's language."""
    return visit().organisation.positions[position].title(language())


def finding(found: Sequence[PositionLoad], time: Range) -> str:
    """Who was fullest, and how full at most."""
    known = [(one.share, one) for one in found if one.share is not None and one.tasks]
    if not known:
        return _("%(time)s没有交出过任务。", time=time.said)
    share, fullest = max(known, key=lambda one: one[0])
    week = fullest.busiest
    values = {"position": title_of(fullest.position), "time": time.said, "share": _percent(share)}
    if week is None:
        return _("%(time)s%(position)s手上有任务的时间平均占 %(share)s。", **values)
    return _(
        "%(time)s%(position)s手上有任务的时间平均占 %(share)s，最满的是%(week)s，%(most)s。",
        **values,
        week=words().period("week", week.week),
        most=_percent(week.share),
    )


def load_rows(found: Sequence[PositionLoad], time: Range) -> tuple[LoadRow, ...]:
    """The fullest first; those who handed nothing on stand last."""
    ranked = sorted(found, key=lambda one: (-(one.share or Decimal(0)), -one.tasks))
    scale = scale_of(found)
    return tuple(_row(one, time, scale) for one in ranked)


def _row(one: PositionLoad, time: Range, scale: Decimal) -> LoadRow:
    busiest = one.busiest if one.tasks else None
    return LoadRow(
        title_of(one.position),
        url_for("report_load.show", position=one.position, **time.asked),
        one.people,
        one.tasks,
        url_for("report_load.cases", position=one.position, **time.asked),
        number(one.hours, 1) if one.tasks else "",
        columns(one.weeks, scale),
        _percent(one.share) if one.tasks else "",
        words().period("week", busiest.week) if busiest is not None else "",
        _percent(busiest.share) if busiest is not None else "",
        busiest is not None and _full(busiest),
    )


def facts(load: PositionLoad) -> tuple[Fact, ...]:
    """People, tasks, hours, and how much of the working time that was."""
    full = sum(_full(week) for week in load.weeks)
    said = _("%(n)s 周满了（到 %(full)s%%）", n=full, full=f"{FULL:f}") if full else _("没有满的一周")
    return (
        Fact(_("现在几个人"), number(load.people), unit=_("人")),
        Fact(_("交出"), number(load.tasks), unit=_("件任务")),
        Fact(_("手上有任务"), number(load.hours, 1), unit=_("工时")),
        Fact(_("占工作时间"), _percent(load.share) or "–", note=said),
    )


def weeks_drawn(load: PositionLoad) -> Drawn:
    """How full each week was."""
    names = [axis_of(week) for week in load.weeks]
    shares = [_percent(week.share) or _("无") for week in load.weeks]
    told = _("，").join(f"{name} {share}" for name, share in zip(names, shares, strict=True))
    title = _("手上有任务的时间，占工作时间的百分比")
    return Drawn(
        _("每周手上有任务的时间占工作时间：%(shares)s。", shares=told),
        draw(load.weeks, names, title, DESK),
        draw(load.weeks, names, title, PHONE),
    )


def axis_of(week: WeekLoad) -> str:
    """The week by its first day: 10/5, 5 Oct."""
    day = week.first_day
    return f"{day.month}/{day.day}" if language() == "zh" else f"{day.day} {day:%b}"


def week_rows(load: PositionLoad, time: Range) -> tuple[WeekRow, ...]:
    """The table of the weeks, oldest first."""
    return tuple(_week(load.position, week, time) for week in load.weeks)


def _week(position: str, week: WeekLoad, time: Range) -> WeekRow:
    return WeekRow(
        words().period("week", week.week),
        axis_of(week),
        week.tasks,
        url_for("report_load.cases", position=position, week=week.week, **time.asked),
        number(week.hours, 1),
        _percent(week.share),
        _full(week),
    )


def step_rows(
    found: Sequence[StepLoad], processes: Mapping[str, Process], position: str, time: Range
) -> tuple[StepRow, ...]:
    """Where the hours went; steps of processes that are no longer published under their keys."""
    longest = max((one.hours for one in found), default=Decimal(0)) or Decimal(1)
    return tuple(
        StepRow(
            *_titles(one, processes),
            one.tasks,
            url_for("report_load.cases", position=position, process=one.process, step=one.state, **time.asked),
            number(one.hours, 1),
            int(one.hours * WIDE / longest),
        )
        for one in found
    )


def steps_said(rest: Sequence[StepLoad]) -> str:
    """The steps that are not named, together; "" of none."""
    tasks, hours = sum(one.tasks for one in rest), sum((one.hours for one in rest), Decimal(0))
    return _("另外 %(n)s 步：%(tasks)s 件任务，%(hours)s 工时。", n=len(rest), tasks=tasks, hours=hours) if rest else ""


def _titles(one: StepLoad, processes: Mapping[str, Process]) -> tuple[str, str]:
    process = processes.get(one.process)
    state = process.states.get(one.state) if process is not None else None
    return (
        state.title.text(language()) if state is not None else one.state,
        process.title.text(language()) if process is not None else one.process,
    )


def _full(week: WeekLoad) -> bool:
    return week.share is not None and week.share >= FULL


def _percent(share: Decimal | None) -> str:
    return f"{share:.1f}%" if share is not None else ""
