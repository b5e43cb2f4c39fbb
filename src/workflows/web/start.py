"""发起: find the right process in five seconds, fill in its form, or copy a case of before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.db import new_id
from workflows.engine.requests import StartRequest
from workflows.engine.views.pages import StartForm
from workflows.errors import Conflict, InvalidInput, Replayed, WrongState
from workflows.http import SIGNED_IN, allow, visit
from workflows.web import case_view, catalogue, forms
from workflows.web.case_pages import Typing
from workflows.web.casework import (
    COMMENT,
    DRAWN,
    KEY,
    PLACE,
    ROW,
    drawn_fields,
    engine,
    go_on,
    newest_process,
    start_place,
    submission_key,
)  # fmt: skip
from workflows.web.components import Problem
from workflows.web.drafts import drop_draft, save_draft
from workflows.web.fields import problems, unknown_names
from workflows.web.language import _, language
from workflows.web.places import asked
from workflows.web.reader import words
from workflows.web.shell import say
from workflows.web.shown import Shower

OURS = frozenset({"csrf_token", KEY, PLACE, DRAWN, ROW, COMMENT, "_copy"})

blueprint = Blueprint("start", __name__)


@blueprint.get("/start")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """The catalogue, or what of it answers to the everyday words that were typed."""
    here = visit()
    page = engine().start_page(here.session, here.me.id, here.now)
    sought = request.args.get("q", "").strip()[:60]
    found = catalogue.find(page.entries, sought) if sought else page.entries
    return render_template(
        "start/index.html",
        sought=sought,
        total=len(page.entries),
        found=len(found),
        often=() if sought else catalogue.often(page.entries, words()),
        families=catalogue.families(found, () if sought else page.by_itself, words()),
        nearest=catalogue.nearest(page.entries, sought) if sought and not found else (),
        automatic=catalogue.automatic(page.by_itself, sought) if sought else (),
        ask=catalogue.whom_to_ask(),
    )


@blueprint.get("/start/<process>")
@allow(SIGNED_IN)
def show(process: str) -> ResponseReturnValue:
    """The form that starts a case; `?copy=` fills it with what a case of before said."""
    here = visit()
    form = engine().start_form(here.session, here.me.id, process, here.now)
    typing = Typing.of_draft(form.draft, form.draft_at)
    copied = request.args.get("copy", type=uuid.UUID)
    if copied is not None:
        typing = Typing(_copied(form, copied))
    return _draw(form, typing, copied is not None)


@blueprint.post("/start/<process>")
@allow(SIGNED_IN, keep=True)
def begin(process: str) -> ResponseReturnValue:
    """Start the case. What is wrong comes back filled, with everything typed and uploaded."""
    here = visit()
    definition = newest_process(process)
    fields = asked(definition, definition.start.form)
    strange = unknown_names(fields, request.form, OURS)
    if strange:
        raise InvalidInput(
            f"表单里有这里没有的内容：{'、'.join(strange[:5])}。",
            f"The form carries what it does not have: {', '.join(strange[:5])}.",
        )
    drawn = drawn_fields()
    typed = forms.typed_form([field for field in fields if field.name in drawn])
    brought = forms.uploads(field.name for field in fields if field.type == "files")
    if ROW in request.form:
        ids, refused = forms.store_good(brought)
        for text in (text for texts in refused.values() for text in texts):
            say(text.text(language()), tone="late")
        return _keep(process, forms.turned(forms.with_files(typed, ids), request.form[ROW]))
    try:
        values = forms.with_files(typed, forms.store(brought))
        outcome = engine().start(here.session, StartRequest(submission_key(), here.me.id, process, values), here.now)
    except (InvalidInput, Conflict, WrongState, Replayed) as error:
        here.undo()
        values = forms.with_files(typed, forms.store_good(brought)[0])
        wrong = error.fields if isinstance(error, InvalidInput) else {}
        form = engine().start_form(here.session, here.me.id, process, here.now)
        return _draw(form, Typing(values, errors=wrong, said=error.text(language()))), error.status
    drop_draft(here.session, here.me.id, start_place(process))
    said = _("已发起：%(title)s", title=outcome.title)
    if outcome.next_task is not None:
        return go_on(outcome, said)
    say(said)
    return redirect(url_for("case.show", case_id=outcome.case), 303)


# ---- pieces ------------------------------------------------------------------------------------------------------


def _keep(process: str, typed: Mapping[str, Any]) -> ResponseReturnValue:
    here = visit()
    save_draft(here.session, here.me.id, start_place(process), typed, here.now)
    if request.form[ROW] == "keep":
        say(_("%(time)s 已存草稿", time=words().clock(here.now)), tone="")
    anchor = forms.anchor_of(request.form[ROW]) or None
    return redirect(url_for("start.show", process=process, _anchor=anchor), 303)


def _copied(form: StartForm, case_id: uuid.UUID) -> dict[str, Any]:
    """What a case of before says in the fields of this form, as far as the reader may see it; files belong to their case."""
    here = visit()
    page = engine().case_page(here.session, here.me.id, case_id, here.now)
    wanted = {f.field.name for f in form.fields if f.editable and f.field.type != "files"}
    return {f.field.name: forms.as_typed(f.field, f.value, words()) for f in page.data if f.field.name in wanted}


def _draw(form: StartForm, typing: Typing, copied: bool = False) -> str:
    shower = Shower(words(), visit().organisation)
    typed = typing.over(form.fields)
    views = forms.views(form.fields, typed, shower.words, typing.errors)
    key = form.process.key
    return render_template(
        "start/form.html",
        process=form.process,
        views=views,
        files=forms.files_of(views, typed),
        drawn=(DRAWN, " ".join(view.name for view in views if not view.read_only)),
        hidden={KEY: str(new_id()), PLACE: start_place(key)},
        draft_place=start_place(key),
        typing=typing,
        copied=copied,
        problems=_problems(typing, tuple(problems(views))),
        next_steps=case_view.next_steps(form.then, shower),
        before=("", "") if copied or typing.typed else _before(key),
    )


def _before(process: str) -> tuple[str, str]:
    """When the reader started one of these last, and the address that copies it; empty where there is none."""
    newest = catalogue.newest_of_mine().get(process)
    if newest is None:
        return "", ""
    said = words()
    return said.day(said.local(newest[1]).date()), url_for("start.show", process=process, copy=newest[0])


def _problems(typing: Typing, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    others = tuple(Problem("", text.text(language())) for text in typing.errors.get("", ()))
    if typing.said and not found and not others:
        return (Problem("", typing.said),)
    return (*found, *others)
