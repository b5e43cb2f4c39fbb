"""报表 by position: how much each has to do, week by week. Managers see their own people, human resources and auditors everybody.

That somebody handed tasks on is their manager's business; what these were about only where the reader may see the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from workflows.definition.periods import parse
from workflows.errors import InvalidInput, NotFound
from workflows.http import AUDITOR, HR, MANAGER, allow, visit
from workflows.org.organisation import PersonId
from workflows.reports.handed import holders
from workflows.reports.listing import cases_handled
from workflows.reports.load import FULL, PositionLoad, position_loads, step_loads
from workflows.reports.seen import seen_by
from workflows.reports.span import Span, span_of_days
from workflows.web.casework import engine, page_key
from workflows.web.components import Crumb
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import asked_first, note
from workflows.web.report_load_drawn import scale_of
from workflows.web.report_load_view import (
    facts,
    finding,
    load_rows,
    step_rows,
    steps_said,
    title_of,
    week_rows,
    weeks_drawn,
)
from workflows.web.report_parts import PAGE, READ, asked, cases_page, report_tabs
from workflows.web.report_range import Range, chosen_range, selects

COUNTS: Final = (6, 3, 1)
USUAL: Final = 3
"""Months to choose from, and how many where the address says nothing: more weeks than half a year has are no longer read."""
LONGEST: Final = 12
"""So many steps are named."""

blueprint = Blueprint("report_load", __name__, url_prefix="/load")


@blueprint.get("")
@allow(MANAGER, HR, AUDITOR)
def index() -> ResponseReturnValue:
    """Every position with its weeks, the fullest first."""
    if (why := asked_first()) is not None:
        return why
    here, time = visit(), chosen_range(COUNTS, USUAL)
    found = position_loads(here.session, here.scene, time.span, _whose())
    note(READ)
    return render_template(
        "report/load.html",
        time=time,
        tabs=report_tabs("report_load.index"),
        selects=selects(time, COUNTS),
        finding=finding(found, time),
        rows=load_rows(found, time),
        scale=f"{scale_of(found):f}",
        full=f"{FULL:f}",
        own=_whose() is not None,
    )


@blueprint.get("/<position>")
@allow(MANAGER, HR, AUDITOR)
def show(position: str) -> ResponseReturnValue:
    """One position: four facts, its weeks, and what its work consisted of."""
    people = _people(position)
    if (why := asked_first()) is not None:
        return why
    here, time = visit(), chosen_range(COUNTS, USUAL)
    load, seen = _load(position, time, people), seen_by(here.session, here.scene, here.me.id)
    steps = step_loads(here.session, here.scene, time.span, people, seen)
    note(READ)
    return render_template(
        "report/position.html",
        title=title_of(position),
        crumbs=_crumbs(time),
        time=time,
        address=url_for("report_load.show", position=position),
        selects=selects(time, COUNTS),
        finding=finding((load,), time),
        facts=facts(load),
        drawn=weeks_drawn(load) if load.tasks else None,
        weeks=week_rows(load, time),
        steps=step_rows(steps[:LONGEST], engine().processes(here.session), position, time),
        rest=steps_said(steps[LONGEST:]),
    )


@blueprint.get("/<position>/cases")
@allow(MANAGER, HR, AUDITOR)
def cases(position: str) -> ResponseReturnValue:
    """The cases behind a number: `week`, `process` and `step` in the address say which."""
    people = _people(position)
    if (why := asked_first()) is not None:
        return why
    here, time = visit(), chosen_range(COUNTS, USUAL)
    what, seen = asked(), seen_by(here.session, here.scene, here.me.id)
    found = cases_handled(
        here.session, people, _span(time), seen, page_key(), PAGE, process=what.get("process"), step=what.get("step")
    )
    note(READ)
    crumbs = (*_crumbs(time), Crumb(title_of(position), url_for("report_load.show", position=position, **time.asked)))
    title = _("%(position)s：交出过任务的事项", position=title_of(position))
    return cases_page(found, title, _cases_said(what, time), crumbs, {"position": position})


# ---- pieces ------------------------------------------------------------------------------------------------------


def _whose() -> frozenset[PersonId] | None:
    """Whose work the reader sees: None for everybody's."""
    here = visit()
    return None if here.me.roles & {HR, AUDITOR} else frozenset(here.organisation.team_of(here.me.id))


def _people(position: str) -> tuple[PersonId, ...]:
    """Who holds a position, as far as the reader sees their work. Raises `NotFound` where nobody does."""
    found = holders(visit().organisation, _whose()).get(position)
    if found is None:
        raise NotFound(
            "没有这个岗位，或岗位上没有你的人。", "There is no such position, or none of your people holds it."
        )
    return found


def _load(position: str, time: Range, people: tuple[PersonId, ...]) -> PositionLoad:
    here = visit()
    found = position_loads(here.session, here.scene, time.span, people)
    return next(one for one in found if one.position == position)


def _crumbs(time: Range) -> tuple[Crumb, ...]:
    return Crumb(_("报表"), url_for("report.index")), Crumb(_("岗位"), url_for("report_load.index", **time.asked))


def _span(time: Range) -> Span:
    """The week that the address asks for, as far as it lies in the time; all of it without one. Raises `InvalidInput`."""
    if (written := asked().get("week")) is None:
        return time.span
    week = parse(written, "week")
    first, last = max(week.first_day, time.span.first_day), min(week.last_day, time.span.last_day)
    if first > last:
        raise InvalidInput(
            "没有这样的清单，请从报表上的数字点进来。", "There is no such list: follow a number of the report."
        )
    return span_of_days(first, last, visit().calendar)


def _cases_said(what: Mapping[str, str], time: Range) -> str:
    """In which week, at which step."""
    when = words().period("week", what["week"]) if "week" in what else time.said
    process = engine().processes(visit().session).get(what.get("process", ""))
    state = process.states.get(what.get("step", "")) if process is not None else None
    if process is None or state is None:
        return _("%(time)s交出的，发起晚的在前。只含你能看的事项。", time=when)
    step = f"{process.title.text(language())} · {state.title.text(language())}"
    return _("%(time)s在“%(step)s”交出的，发起晚的在前。只含你能看的事项。", time=when, step=step)
