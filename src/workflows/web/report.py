"""报表: where the time goes. One process at a time with its family beside it; every number leads to the cases it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from workflows.definition.model import START, Process
from workflows.definition.titles import FAMILIES
from workflows.engine.views.lists import line
from workflows.errors import InvalidInput, NotFound
from workflows.http import SIGNED_IN, allow, visit
from workflows.reports.listing import Wanted, Which, cases_of
from workflows.reports.overview import Counts, counts, overview
from workflows.reports.process import ProcessReport, process_report
from workflows.reports.seen import Seen, seen_by
from workflows.reports.span import span_of_months
from workflows.reports.standing import longest_open
from workflows.reports.sums import FEWEST, ProcessSum
from workflows.web.casework import engine, page_key
from workflows.web.catalogue import family_title
from workflows.web.components import Crumb, Tab
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.reasons import asked_first, note
from workflows.web.report_lists import FamilyRow, family_rows, open_rows
from workflows.web.report_months import months
from workflows.web.report_parts import PAGE, READ, asked, cases_page, report_tabs
from workflows.web.report_range import Range, chosen_range, selects
from workflows.web.report_steps import heat_drawing, speaker_of, step_rows, way_rows
from workflows.web.report_view import facts, finding, link
from workflows.web.search import Found, row_in_words

WHICH: Final[tuple[Which, ...]] = get_args(Which)

blueprint = Blueprint("report", __name__, url_prefix="/reports")


@blueprint.get("")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """Every process of which the reader sees cases, by family: how many ended, how many on time, how many are open."""
    if (why := asked_first()) is not None:
        return why
    here, time = visit(), chosen_range()
    processes = _processes()
    found = counts(here.session, time.span, processes, _seen())
    note(READ)
    return render_template(
        "report/index.html",
        time=time,
        tabs=report_tabs("report.index"),
        selects=selects(time),
        families=tuple(
            (family, title, tuple(_line(processes[key], found[key], time) for key in keys if key in found))
            for family, title, keys in _families(processes)
            if any(key in found for key in keys)
        ),
        silent=tuple(process.title.text(language()) for key, process in processes.items() if key not in found),
    )


@blueprint.get("/<process>")
@allow(SIGNED_IN)
def show(process: str) -> ResponseReturnValue:
    """One process: the finding, four facts, months, steps, heat, ways, the longest open, its family."""
    definition = _process(process)
    if (why := asked_first()) is not None:
        return why
    here, time, seen = visit(), chosen_range(), _seen()
    report = process_report(here.session, here.scene, process, time.span, seen, compared=True)
    speaker = speaker_of(definition)
    rows = _family(definition, report, time, seen)
    note(READ)
    slowest = report.sum.slowest
    return render_template(
        "report/show.html",
        process=process,
        title=definition.title.text(language()),
        crumbs=(Crumb(_("报表"), url_for("report.index", **time.asked)), Crumb(family_title(definition.family))),
        time=time,
        tabs=_tabs(rows),
        selects=selects(time),
        finding=_bold(*finding(report, time, speaker.state(slowest[0]) if slowest else "")),
        facts=facts(report, time),
        enough=report.sum.enough,
        months=months(report, time) if report.sum.enough else None,
        steps=step_rows(report, speaker) if report.sum.enough else (),
        heat=heat_drawing(report, speaker) if report.sum.enough else None,
        ways=way_rows(report, speaker),
        few=_few(process, time, seen) if report.sum.finished and not report.sum.enough else (),
        longest=open_rows(longest_open(here.session, process, seen)),
        open=report.sum.open,
        family=rows,
        family_title=family_title(definition.family),
        hours=_hours(),
        link=lambda **what: link(process, time, **what),
    )


@blueprint.get("/<process>/cases")
@allow(SIGNED_IN)
def cases(process: str) -> ResponseReturnValue:
    """The cases behind a number: `which`, `month`, `step`, `source` and `target` in the address say which."""
    definition = _process(process)
    if (why := asked_first()) is not None:
        return why
    here, time = visit(), chosen_range()
    wanted, month = _wanted(definition, time), asked().get("month")
    found = cases_of(here.session, wanted, _seen(), page_key(), PAGE)
    note(READ)
    crumbs = (
        Crumb(_("报表"), url_for("report.index", **time.asked)),
        Crumb(definition.title.text(language()), url_for("report.show", process=process, **time.asked)),
    )
    said = _cases_said(wanted, words().period("month", month) if month is not None else time.said)
    return cases_page(found, _cases_title(definition, wanted), said, crumbs, {"process": process})


# ---- pieces ------------------------------------------------------------------------------------------------------


def _seen() -> Seen:
    here = visit()
    return seen_by(here.session, here.scene, here.me.id)


def _processes() -> dict[str, Process]:
    return dict(engine().processes(visit().session))


def _process(key: str) -> Process:
    found = _processes().get(key)
    if found is None:
        raise NotFound("没有这个流程。", "There is no such process.")
    return found


def _families(processes: dict[str, Process]) -> list[tuple[str, str, list[str]]]:
    named: dict[str, list[str]] = {family: [] for family in (*FAMILIES, "")}
    for key, process in processes.items():
        named[process.family if process.family in FAMILIES else ""].append(key)
    return [(family or "other", family_title(family), keys) for family, keys in named.items() if keys]


def _line(process: Process, found: Counts, time: Range) -> FamilyRow:
    """A process on the list of all: what the database counts, no times."""
    one = ProcessSum(process.key, found.finished, found.late, open=found.open)
    return family_rows((one,), {process.key: process}, "", time)[0]


def _family(process: Process, report: ProcessReport, time: Range, seen: Seen) -> tuple[FamilyRow, ...]:
    """The processes of the same family; the page's own sum is not counted twice."""
    here = visit()
    processes = {key: one for key, one in _processes().items() if one.family == process.family}
    others = overview(here.session, here.scene, time.span, [key for key in processes if key != process.key], seen)
    sums = {one.key: one for one in (*others, report.sum)}
    return family_rows((sums[key] for key in processes), processes, process.key, time)


def _tabs(rows: tuple[FamilyRow, ...]) -> tuple[Tab, ...]:
    return tuple(Tab(row.title, row.href, current=row.current) for row in rows)


def _bold(said: str, values: Mapping[str, str]) -> Markup:
    """The finding with its numbers in bold."""
    return escape(said).format(**{name: Markup("<b>{}</b>").format(value) for name, value in values.items()})


def _few(process: str, time: Range, seen: Seen) -> tuple[Found, ...]:
    """Too few for means: each of them."""
    here = visit()
    found, _following = cases_of(here.session, Wanted(process, time.span), seen, limit=FEWEST)
    return tuple(row_in_words(line(here.session, here.scene, row), words(), "case.show") for row in found)


def _hours() -> str:
    calendar = visit().calendar
    return f"{calendar.opening:%H:%M} – {calendar.closing:%H:%M}"


def _wanted(process: Process, time: Range) -> Wanted:
    """What the address asks for. Raises `InvalidInput` for what the process does not have."""
    what = asked()
    which, month = what.get("which", WHICH[0]), what.get("month")
    steps = {START, *(key for one in visit().scene.versions if one.key == process.key for key in one.process.states)}
    named = [what[name] for name in ("step", "source", "target") if name in what]
    if which not in WHICH or not steps.issuperset(named) or (month is not None and month not in time.span.months):
        raise InvalidInput(
            "没有这样的清单，请从报表上的数字点进来。", "There is no such list: follow a number of the report."
        )
    span = time.span if month is None else span_of_months(month, 1, visit().calendar)
    return Wanted(process.key, span, which, what.get("step"), what.get("source"), what.get("target"))


def _cases_said(wanted: Wanted, time: str) -> str:
    if wanted.which == "open":
        return _("现在在办的，发起早的在前。只含你能看的事项。")
    return _("%(time)s办完的，新的在前。只含你能看的事项。", time=time)


def _cases_title(process: Process, wanted: Wanted) -> str:
    """营销活动：在“审批”超期的事项."""
    speaker, title = speaker_of(process), process.title.text(language())
    if wanted.target is not None:
        way = f"{speaker.state(wanted.source or START)} → {speaker.state(wanted.target)}"
        return _("%(process)s：走过“%(way)s”的事项", process=title, way=way)
    step = speaker.state(wanted.step) if wanted.step is not None else ""
    if wanted.which == "late":
        late = _("%(process)s：在“%(step)s”超期的事项", process=title, step=step)
        return late if step else _("%(process)s：有一步超期的事项", process=title)
    if step:
        return _("%(process)s：走过“%(step)s”的事项", process=title, step=step)
    return (_("%(process)s：在办的事项") if wanted.which == "open" else _("%(process)s：办完的事项")) % {
        "process": title
    }
