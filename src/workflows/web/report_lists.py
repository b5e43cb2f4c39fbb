"""What a report lists: the cases that are open longest, and the processes of its family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import url_for

from workflows.definition.model import Process
from workflows.engine.people import Situation, of_queue
from workflows.http import visit
from workflows.reports.standing import Standing
from workflows.reports.sums import ProcessSum
from workflows.web.casework import who
from workflows.web.components import Chip, Who
from workflows.web.cycle_words import soft_chip
from workflows.web.language import _, language
from workflows.web.numbers import percent
from workflows.web.reader import words
from workflows.web.report_range import Range
from workflows.web.report_trend import TARGET
from workflows.web.report_view import link, whole

NAMED: Final = 2
"""Of a group that a task is offered to so many are named."""


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
        whole(one.share_waiting),
        step.title.text(language()) if step is not None else "",
        f"{slowest[1]}" if slowest is not None and step is not None else "",
        one.open,
        link(one.key, time, which="open"),
    )
