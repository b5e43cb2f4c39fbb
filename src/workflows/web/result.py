"""我的考核: a person's results, a month or a year at a time, with every point explained; for those who may read them, others' as well.

Who may read what is decided below (`appraisal.results.rights`). Reading another's result is written down, and shown to whom it is
about; auditors say why first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from workflows.appraisal.figures.counted_cases import CountedCase, counted_cases
from workflows.appraisal.figures.lookup import measured
from workflows.appraisal.results.access import RESULT
from workflows.appraisal.results.rights import no_such_result
from workflows.appraisal.results.views.page import ResultPage
from workflows.errors import NotFound
from workflows.http import EMPLOYEE, SIGNED_IN, allow, visit
from workflows.org.organisation import PersonId
from workflows.web.appraised import appraisal, tabs
from workflows.web.reader import words
from workflows.web.reasons import is_auditor, note, reason_given
from workflows.web.result_steps import RunningView, running_view, waiting_view
from workflows.web.result_view import result_view
from workflows.web.result_year import year_view

COUNTED: Final = frozenset({"system", "derived"})
"""Sources of figures behind which there are cases."""

_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_YEAR: Final = re.compile(r"[0-9]{4}")

blueprint = Blueprint("result", __name__, url_prefix="/appraisal")


@blueprint.get("/")
@allow(EMPLOYEE)
def index() -> ResponseReturnValue:
    """My newest result; before the first one the steps of what is under way."""
    here = visit()
    published = appraisal().months_of(here.session, here.me.id, here.me.id)
    newest = published[0].period if published else ""
    running = _running(here.me.id, newest)
    if newest:
        return _draw(_page(here.me.id, newest), running_view(running) if running else None)
    if running is not None:
        return _draw(running, None)
    return render_template("result/none.html", tabs=tabs("result.index"))


@blueprint.get("/<period>")
@allow(EMPLOYEE)
def mine(period: str) -> ResponseReturnValue:
    """My result of a month (`2026-10`) or a year (`2026`)."""
    return _of(visit().me.id, period)


@blueprint.get("/<period>/<uuid:person_id>")
@allow(SIGNED_IN)
def of_person(period: str, person_id: PersonId) -> ResponseReturnValue:
    """The same of somebody else, for their managers, human resources and auditors."""
    if person_id != visit().me.id and is_auditor() and not reason_given():
        return render_template("audit/reason.html", next=request.path, error="", typed="")
    return _of(person_id, period)


# ---- pieces ------------------------------------------------------------------------------------------------------


def _of(person: PersonId, period: str) -> ResponseReturnValue:
    if _MONTH.fullmatch(period):
        return _draw(_page(person, period), None)
    if _YEAR.fullmatch(period):
        return _draw_year(person, period)
    raise no_such_result()


def _page(person: PersonId, period: str) -> ResultPage:
    here = visit()
    return appraisal().result_page(here.session, here.me.id, person, period, here.now)


def _running(person: PersonId, newest: str) -> ResultPage | None:
    """The appraisal of this month or the last one, where it is not published yet: what is under way now."""
    today = words().today
    last = f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"
    for period in (last, f"{today:%Y-%m}"):
        if period > newest:
            try:
                return _page(person, period)
            except NotFound:
                continue
    return None


def _draw(page: ResultPage, running: RunningView | None) -> str:
    _noted(page.subject, page)
    if page.newest is None:
        return render_template("result/waiting.html", view=waiting_view(page), tabs=tabs("result.index"))
    here = visit()
    trend = appraisal().trend(here.session, here.me.id, page.subject, page.period)
    others = appraisal().months_of(here.session, here.me.id, page.subject)
    years = appraisal().years_of(here.session, here.me.id, page.subject)
    view = result_view(page, trend, others, years, _counted(page))
    return render_template("result/show.html", view=view, running=running, tabs=tabs("result.index"))


def _counted(page: ResultPage) -> Mapping[str, tuple[CountedCase, ...]]:
    """The cases behind the figures that this system counted, as far as the reader may see them."""
    figures = page.newest.value["figures"] if page.newest is not None else {}
    names = [name for name, figure in figures.items() if figure.get("source") in COUNTED]
    if not names:
        return {}
    here = visit()
    catalogue = appraisal().store.catalogue(here.session)
    found = measured(here.session, here.organisation, [page.subject], page.period, names, catalogue)[page.subject]
    return counted_cases(here.session, here.scene, here.me.id, found.values())


def _draw_year(person: PersonId, year: str) -> ResponseReturnValue:
    here = visit()
    versions = appraisal().year_versions(here.session, here.me.id, person, year)
    if not versions:
        raise no_such_result()
    if person != here.me.id:
        note(RESULT, versions[-1].summary.case)
    return render_template("result/year.html", view=year_view(person, versions), tabs=tabs("result.index"))


def _noted(subject: PersonId, page: ResultPage) -> None:
    """Somebody else's result is read: written down once the page is made."""
    if subject != visit().me.id:
        note(RESULT, page.case)
