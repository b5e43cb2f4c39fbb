"""Parameters of a definition: what holds in the company, who set it and when; administrators set another value."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.definition.diagram_words import span_said
from workflows.definition.moment_text import MomentError, parse_duration
from workflows.engine.parameters import CompanyParameter
from workflows.errors import InvalidInput, NotFound
from workflows.http import ADMINISTRATOR, AUDITOR, allow, services, visit
from workflows.web.components import Option
from workflows.web.language import _, language
from workflows.web.reader import words
from workflows.web.shell import say
from workflows.web.signin import sentences

blueprint = Blueprint("admin_parameters", __name__, url_prefix="/admin/definitions")


@dataclass(frozen=True, slots=True)
class PastValue:
    """One entry of the history, in words."""

    value: str
    when: str
    by: str


@dataclass(frozen=True, slots=True)
class ParameterView:
    """One parameter of the page. `typed`: what stands in the form; `options`: of a yes-or-no parameter."""

    name: str
    title: str
    value: str
    definition_value: str
    own: bool
    typed: str
    options: tuple[Option, ...]
    input_type: str
    history: tuple[PastValue, ...]


@blueprint.get("/<key>/parameters")
@allow(ADMINISTRATOR, AUDITOR)
def index(key: str) -> ResponseReturnValue:
    """The parameters of a process with their history."""
    return _page(key)


@blueprint.post("/<key>/parameters")
@allow(ADMINISTRATOR)
def change(key: str) -> ResponseReturnValue:
    """Set a parameter; with `own` the definition's value holds again."""
    name = request.form.get("parameter", "")
    raw = None if request.form.get("back") else request.form.get(name, "")
    try:
        changed = services().engine.set_parameter(visit().session, key, name, raw, visit().me.id, visit().now)
    except InvalidInput as error:
        visit().undo()
        return _page(key, name, raw or "", error), error.status
    say(_("已设置，从现在起对在办和新的事项都有效。") if changed else _("没有变化。"))
    return redirect(url_for("admin_parameters.index", key=key))


def _page(key: str, name: str = "", typed: str = "", error: InvalidInput | None = None) -> str:
    process = services().engine.processes(visit().session).get(key)
    if process is None:
        raise NotFound("没有这个流程。", "There is no such process.")
    found = services().engine.parameters(visit().session, key)
    return render_template(
        "admin/parameters.html",
        process=process,
        title=process.title.text(language()),
        rows=tuple(_view(one, typed if one.parameter.name == name else one.value) for one in found),
        may_change=ADMINISTRATOR in visit().me.roles,
        errors=sentences(error) if error else {},
    )


def _view(one: CompanyParameter, typed: str) -> ParameterView:
    parameter, said = one.parameter, words()
    yes_no = (Option("true", _("是")), Option("false", _("否"))) if parameter.type == "boolean" else ()
    return ParameterView(
        name=parameter.name,
        title=parameter.title.text(language()),
        value=value_said(parameter.type, one.value),
        definition_value=value_said(parameter.type, parameter.value),
        own=one.own,
        typed=typed,
        options=yes_no,
        input_type="date" if parameter.type == "date" else "text",
        history=tuple(
            PastValue(
                _("恢复为定义的值") if past.value is None else value_said(parameter.type, past.value),
                said.moment(past.since),
                past.by_name,
            )
            for past in one.history
        ),
    )


def value_said(kind: str, value: str) -> str:
    """A parameter's value as people read it."""
    if kind == "boolean":
        return _("是") if value == "true" else _("否")
    if kind == "duration":
        return _span(value)
    return f"{value}%" if kind == "percent" else value


def _span(value: str) -> str:
    """A duration in words; what was set while the parameter was of another type stays as it was written."""
    try:
        return span_said(parse_duration(value)).text(language())
    except MomentError:
        return value
