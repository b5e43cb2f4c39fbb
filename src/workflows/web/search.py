"""查找: cases by words, process, people and time, as far as the reader may see them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.engine.views.pages import CaseList, CaseRow, SearchQuery
from workflows.http import SIGNED_IN, allow, visit
from workflows.org.organisation import PersonId
from workflows.web.casework import engine, name, outcome_title, page_key, process_options, process_titles
from workflows.web.components import Chip, Option, Paging
from workflows.web.language import _
from workflows.web.reader import words
from workflows.web.words import Words

PAGE: Final = 50
SHORTEST: Final = 2

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for, as it stands in the address, and what it means. `wrong`: what of it cannot be meant."""

    asked: dict[str, str]
    query: SearchQuery
    wrong: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.asked)


@dataclass(frozen=True, slots=True)
class Found:
    """One case of a list in words."""

    title: str
    href: str
    number: str
    process: str
    who: str
    started: str
    state: Chip
    id: uuid.UUID


@blueprint.get("/search")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """The filters and the newest cases that answer to them."""
    here = visit()
    filters = read_filters()
    found = CaseList((), None)
    if filters.any and not filters.wrong:
        found = engine().search(here.session, here.me.id, filters.query, here.now, after=page_key(), limit=PAGE)
    return render_template(
        "search/index.html",
        asked=filters.asked,
        wrong=filters.wrong,
        any=filters.any,
        rows=tuple(row_in_words(row, words(), "case.show") for row in found.rows),
        paging=paging("search.index", filters, found),
        **choices(),
    )


def read_filters() -> Filters:
    """The filters in the address."""
    names = ("q", "process", "who", "scope", "since", "until")
    asked = {name: text for name in names if (text := request.args.get(name, "").strip())}
    wrong = []
    text = asked.get("q", "")
    if text and len(text) < SHORTEST:
        wrong.append(_("至少写两个字。"))
    person = _person(asked.get("who", ""))
    if asked.get("who") and person is None:
        wrong.append(_("没有叫这个名字的人。"))
    calendar = visit().calendar
    since, until = _day(asked.get("since")), _day(asked.get("until"))
    query = SearchQuery(
        text=text,
        process=asked.get("process"),
        open={"open": True, "ended": False}.get(asked.get("scope", "")),
        starter=person,
        since=calendar.start_of(since) if since else None,
        until=calendar.end_of(until) if until else None,
    )
    return Filters(asked, query, tuple(wrong))


def choices() -> dict[str, Any]:
    """What the filters offer."""
    organisation = visit().organisation
    return {
        "processes": process_options(process_titles()),
        "scopes": (Option("", _("在办和办结")), Option("open", _("在办")), Option("ended", _("办结"))),
        "people": tuple(dict.fromkeys(organisation.people[p].name for p in organisation.active)),
    }


def row_in_words(row: CaseRow, said: Words, endpoint: str) -> Found:
    """One case of a list in the reader's words; `endpoint` opens it."""
    state = row.state_title.text(said.language)
    if row.ended_at is not None:
        state = f"{outcome_title(row.outcome, state)} · {said.moment(row.ended_at)}"
    about = name(row.subject, row.subject_name) if row.subject_name else ""
    starter = name(row.starter, row.starter_name) if row.starter_name else _("自动")
    return Found(
        row.title,
        url_for(endpoint, case_id=row.id),
        row.number or "",
        row.process_title.text(said.language),
        about or starter,
        said.moment(row.started_at),
        Chip(state, "plain" if row.ended_at is None else "hold" if row.outcome == "cancelled" else "done"),
        row.id,
    )


def paging(endpoint: str, filters: Filters, found: CaseList, number: int = PAGE) -> Paging:
    """The way through the pages of a list of cases; filters stay in the address."""
    asked: dict[str, Any] = dict(filters.asked)
    return Paging(
        next_href=url_for(endpoint, **asked, after=str(found.next)) if found.next else "",
        next_text=_("后面 %(n)s 件", n=number),
        first_href=url_for(endpoint, **asked) if request.args.get("after") else "",
    )


def _person(named: str) -> PersonId | None:
    people = visit().organisation.people.values()
    return next((m.id for m in people if named and named in (m.name, m.login)), None)


def _day(written: str | None) -> date | None:
    try:
        return datetime.strptime(written or "", "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the company, no instant
    except ValueError:
        return None
