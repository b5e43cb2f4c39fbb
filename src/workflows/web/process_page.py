"""One process for everybody who works by it: its picture, who does what until when, what its forms ask, and what is proved of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from workflows.definition.diagram import draw, outline
from workflows.definition.diagram_words import Speaker
from workflows.definition.map import Entry
from workflows.definition.model import TODAY, Field, People, Process, State, Task
from workflows.definition.proofs.absence import SinglePoint
from workflows.engine.people import Situation, meets
from workflows.errors import NotFound
from workflows.http import ADMINISTRATOR, AUDITOR, HR, MANAGER, SIGNED_IN, allow, services, visit
from workflows.rehearsal.staffing import OrganisationStaff
from workflows.web.admin_definitions import checks_of, names
from workflows.web.admin_parameters import value_said
from workflows.web.appraised import appraisal
from workflows.web.catalogue import family_title
from workflows.web.components import Diagram
from workflows.web.language import _, language, mark
from workflows.web.process_map import company_map, entry_view, sign_of
from workflows.web.process_proof import proved

WHO_PLANS: Final = frozenset({ADMINISTRATOR, AUDITOR, HR, MANAGER})
"""Who sees for which tasks there is only one person."""

_TYPES: Final[Mapping[str, str]] = {
    "text": mark("一行字"), "long_text": mark("文字"), "integer": mark("整数"), "decimal": mark("数字"), "money": mark("金额"),
    "percent": mark("百分数"), "week": mark("周"), "month": mark("月份"), "quarter": mark("季度"), "year": mark("年份"),
    "date": mark("日期"), "datetime": mark("日期和时间"), "boolean": mark("是或否"), "choice": mark("单选"),
    "choices": mark("多选"), "person": mark("一个人"), "people": mark("几个人"), "position": mark("一个岗位"), "files": mark("文件"),
    "url": mark("网址"), "table": mark("表格"), "rating": mark("打分"), "scorecard": mark("评分表"), "lines": mark("评分表的各项"),
}  # fmt: skip

blueprint = Blueprint("process", __name__, url_prefix="/processes")


@dataclass(frozen=True, slots=True)
class StepView:
    """A task of a state: who does it, until when, when it is reminded of, and to whom it goes when late."""

    state: str
    task: str
    who: str
    due: str
    remind: str
    escalate: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as its form asks it. `detail`: choices, columns, unit, bounds; `seen`: by whom alone, "" for everybody of the case."""

    title: str
    type: str
    required: bool
    detail: str
    help: str
    seen: str


@dataclass(frozen=True, slots=True)
class PointView:
    """Somebody who is the only one for a task, how a case comes there, and who takes over once it is late ("" for nobody)."""

    who: str
    task: str
    way: str
    when: str
    relief: str


@blueprint.get("/<key>")
@allow(SIGNED_IN)
def show(key: str) -> ResponseReturnValue:
    """A published process in its newest version."""
    here = visit()
    process = services().engine.processes(here.session).get(key)
    if process is None:
        raise NotFound("没有这个流程。", "There is no such process.")
    found = company_map()
    entry = found.entries[key]
    speaker = Speaker(process, language(), names())
    return render_template(
        "process/show.html",
        process=process,
        title=process.title.text(language()),
        purpose=process.purpose.text(language()) if process.purpose else "",
        family=family_title(process.family),
        view=entry_view(found, entry),
        starters=speaker.people(process.start.by) if process.start.by else "",
        children=_related(found.entries, [start.child for start in entry.children]),
        parents=_related(found.entries, [start.parent for start in entry.parents]),
        signs=tuple(sign_of(way) for way in entry.ways),
        may_start=meets(process.start.by, here.me.id, Situation(here.organisation)),
        diagram=Diagram(
            Markup(draw(process, language=language(), look=None, names=names())),  # noqa: S704 - drawn by our own code, every text in it escaped
            (_("虚线为退回"),),
            "#outline",
        ),
        outline=outline(process, language=language(), names=names()),
        steps=tuple(_steps(speaker)),
        fields=tuple(_field(field, speaker) for field in process.fields.values() if not field.filled),
        parameters=_parameters(process),
        figures=_figures(process),
        checks=checks_of(process),
        points=tuple(_point(one) for one in proved().points.get(key, ())) if here.me.roles & WHO_PLANS else None,
        admin=here.me.roles & {ADMINISTRATOR, AUDITOR},
    )


def _related(entries: Mapping[str, Entry], keys: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((entries[key].process.title.text(language()), url_for("process.show", key=key)) for key in keys)


# ---- who does what until when ------------------------------------------------------------------------------------


def _steps(speaker: Speaker) -> Iterator[StepView]:
    for state in speaker.process.states.values():
        for task in state.tasks:
            yield _step(state, task, speaker)


def _step(state: State, task: Task, speaker: Speaker) -> StepView:
    who = speaker.people(task.who or task.each)
    if task.each and not who.startswith(_("每位")):
        who = _("每位%(who)s", who=who)
    if task.exclude:
        who = _("%(who)s（不能是%(but)s）", who=who, but=speaker.people(task.exclude))
    return StepView(
        state=speaker.say(state.title),
        task=speaker.say(task.title) if task.title else "",
        who=who,
        due=speaker.moment(task.due) if task.due else "",
        remind=_("、").join(speaker.moment(one.when) for one in task.remind),
        escalate=_("；").join(
            _("%(when)s 转报%(who)s", when=speaker.moment(one.when), who=speaker.people(one.to))
            for one in task.escalate
        ),
    )


# ---- what is asked -----------------------------------------------------------------------------------------------


def _field(field: Field, speaker: Speaker) -> FieldView:
    return FieldView(
        title=speaker.say(field.title),
        type=_("自动算出") if field.formula is not None else _(_TYPES[field.type]),
        required=field.required and field.formula is None,
        detail=_detail(field, speaker),
        help=speaker.say(field.help) if field.help else "",
        seen=_seen(field.see, speaker),
    )


def _detail(field: Field, speaker: Speaker) -> str:
    if field.choices:
        return _("、").join(speaker.say(choice.title) for choice in field.choices)
    if field.columns:
        return _("、").join(speaker.say(column.title) for column in field.columns)
    parts = [speaker.say(field.unit)] if field.unit else []
    if field.max == TODAY:
        parts.append(_("不晚于填写当天"))
    elif field.min == TODAY:
        parts.append(_("不早于填写当天"))
    elif field.min is not None and field.max is not None:
        parts.append(_("%(least)s 到 %(most)s", least=field.min, most=field.max))
    if field.people is not None:
        parts.append(speaker.people(field.people))
    return _("，").join(parts)


def _seen(see: People | None, speaker: Speaker) -> str:
    return speaker.people(see) if see is not None else ""


def _parameters(process: Process) -> tuple[tuple[str, str], ...]:
    """Title and value as the company has it."""
    held = services().engine.parameters(visit().session, process.key)
    return tuple((one.parameter.title.text(language()), value_said(one.parameter.type, one.value)) for one in held)


def _figures(process: Process) -> tuple[str, ...]:
    """What scorecards take from its cases, by the names of the catalogue."""
    catalogue = appraisal().store.catalogue(visit().session)
    known = dict.fromkeys(figure.name for figure in process.figures)
    return tuple(catalogue[name].title.text(language()) for name in known if name in catalogue)


def _point(point: SinglePoint) -> PointView:
    here = visit()
    staff = OrganisationStaff(here.organisation, here.calendar.day_of(here.now))
    when = point.when.text(language())
    return PointView(
        who=staff.name_of(point.person),
        task=point.title.text(language()),
        way=point.way_said.text(language()),
        when=_("%(example)s，共 %(n)s 种情形", example=when, n=point.cases) if point.cases > 1 else when,
        relief=_("、").join(staff.name_of(person) for person in point.relief),
    )
