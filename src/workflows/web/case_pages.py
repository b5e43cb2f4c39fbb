"""The pages of a case, drawn: decision, form, the short page of one action, and the case itself for everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from flask import render_template, request, url_for

from workflows.db import new_id
from workflows.engine.views.pages import ActionView, AnytimeView, CasePage, FormField, Shown, TaskView
from workflows.http import EMPLOYEE, visit
from workflows.web import case_view, forms, story
from workflows.web.casework import ACTION, DRAWN, KEY, PLACE, SEEN, STEP, engine, task_place
from workflows.web.components import Problem
from workflows.web.cycle_release import release_of
from workflows.web.diagrams import drawing
from workflows.web.drafts import COMMENT
from workflows.web.fields import FieldView, Typed, problems
from workflows.web.forms import Errors
from workflows.web.language import _
from workflows.web.lines import template_of, with_lines
from workflows.web.reader import words
from workflows.web.shown import Shower

REASON: Final = "reason"
"""The engine's name for the words beside an action, in its errors."""


@dataclass(frozen=True, slots=True)
class Typing:
    """What stands in a form: typed values, the words beside them, what is wrong with them, when a draft of it was kept.

    `typed` None: what is stored. `said`: a sentence about the whole. `chosen`: parts that were ticked.
    """

    typed: Typed | None = None
    comment: str = ""
    errors: Errors = field(default_factory=dict)
    said: str = ""
    chosen: tuple[str, ...] = ()
    saved_at: datetime | None = None

    @classmethod
    def of_draft(cls, draft: Mapping[str, Any] | None, saved_at: datetime | None) -> Typing:
        """What was kept as a draft, or nothing."""
        if not draft:
            return cls()
        values = {name: value for name, value in draft.items() if not name.startswith("_")}
        comment = draft.get(COMMENT, "")
        return cls(values or None, comment if isinstance(comment, str) else "", saved_at=saved_at)

    def over(self, fields: tuple[FormField, ...]) -> Typed:
        """Stored values with what was typed above them."""
        stored = forms.typed_of(fields, words())
        names = {f.field.name for f in fields}
        return {**stored, **{name: value for name, value in (self.typed or {}).items() if name in names}}


def decision_page(page: CasePage, typing: Typing) -> str:
    """A task that only asks: may this go on?"""
    task = _task(page)
    main = case_view.main_action(task)
    back = case_view.send_back_action(task)
    shower = _shower(page)
    return render_template(
        "case/show.html",
        **context(page, shower),
        task=task,
        deciding=any(view.action.kind in case_view.DECIDING for view in task.actions),
        buttons=case_view.buttons(task, shower.words.language),
        reason_errors=_reason_errors(typing),
        hint=_hint(task, shower.words.language),
        hidden=_hidden(page, task),
        typing=typing,
        main=main,
        main_then=case_view.then(main, shower),
        back_then=case_view.then(back, shower),
        quote=case_view.last_words(page),
        facts=case_view.facts(page.facts, shower),
        checks=case_view.checks(page.checks, shower),
        shown=case_view.givens(_shown(task, page.facts), page, shower),
    )


def form_page(page: CasePage, typing: Typing) -> str:
    """A task to fill in."""
    task = _task(page)
    shower = _shower(page)
    typed = typing.over(task.edit)
    views = forms.views(task.edit, typed, shower.words, typing.errors, page.id)
    views = with_lines(views, task.edit, typed, typing.errors, page)
    main = case_view.main_action(task)
    return render_template(
        template_of(views, "task/form.html"),
        **context(page, shower),
        task=task,
        views=views,
        files=forms.files_of(views, typed),
        drawn=_drawn(views),
        buttons=case_view.buttons(task, shower.words.language, page.state.checks if page.state else ()),
        hidden=_hidden(page, task),
        draft_place=task_place(task.id),
        typing=typing,
        problems=_problems(views, typing, _("给下一步的话")),
        reason_errors=_reason_errors(typing),
        main=main,
        main_then=case_view.then(main, shower),
        quote=case_view.last_words(page),
        checks=case_view.checks(page.checks, shower),
        shown=case_view.givens(_shown(task), page, shower),
        asks_from=_asked_by(page),
    )


def action_page(page: CasePage, view: ActionView, typing: Typing) -> str:
    """The short page of one action of a task: why, what it asks for, which parts reopen."""
    task = _task(page)
    return _short_page(
        page,
        view,
        typing,
        url=url_for("tasks.act", task_id=task.id),
        back=url_for("tasks.show", task_id=task.id),
        hidden={**_hidden(page, task), ACTION: view.action.name, STEP: "confirm"},
        draft=task_place(task.id),
    )


def anytime_page(page: CasePage, anytime: AnytimeView, typing: Typing) -> str:
    """The short page of an action of no task."""
    action = anytime.action.action.name
    url = url_for("case.take", case_id=page.id, action=action)
    return _short_page(
        page,
        anytime.action,
        typing,
        url=url,
        back=url_for("case.show", case_id=page.id),
        hidden={KEY: str(new_id()), SEEN: str(page.event_count), PLACE: anytime_place(page, action)},
        draft=anytime_place(page, action),
        until=anytime.until,
    )


def anytime_place(page: CasePage, action: str) -> str:
    """The name of the draft of an action of no task."""
    return f"case:{page.id.hex}:{action}"[:120]


@dataclass(frozen=True, slots=True)
class CommentBox:
    """What stands in the form for comments: words, what is wrong (by `text` and `files`), files uploaded (id and name)."""

    text: str = ""
    errors: Errors = field(default_factory=dict)
    said: str = ""
    files: tuple[tuple[str, str], ...] = ()

    def problems(self) -> tuple[Problem, ...]:
        """The error summary."""
        language = words().language
        places = (("text", _("写评论"), "say"), ("files", _("附件"), "say-files"))
        found = [
            Problem(label, text.text(language), anchor)
            for name, label, anchor in places
            for text in self.errors.get(name, ())
        ]
        return tuple(found) or ((Problem("", self.said),) if self.said else ())

    def wrong(self, name: str) -> tuple[str, ...]:
        """What is wrong with one input."""
        return tuple(text.text(words().language) for text in self.errors.get(name, ()))


def case_page(
    page: CasePage, box: CommentBox = CommentBox(), said: str = "", kept: tuple[tuple[str, str], ...] = ()
) -> str:
    """The case for everybody who may see it. `box`: what to offer as a comment; `said`: why something was refused;
    `kept`: what was typed and could not be handed in."""
    shower = _shower(page)
    return render_template(
        "case/show.html",
        **context(page, shower),
        task=None,
        mine=page.task,
        box=box,
        said=said,
        kept=kept,
        facts=case_view.facts(page.facts, shower),
        checks=(),
        shown=(),
    )


def context(page: CasePage, shower: Shower) -> dict[str, Any]:
    """What head, steps, changes, story and side of every page of a case are drawn from."""
    language = shower.words.language
    me = visit().me.id
    changes = story.changes(case_view.changed(page, me), shower)
    children, unfinished = _children(page)
    return {
        "page": page,
        "heading": case_view.heading(page, language),
        "chip": case_view.head_chip(page, shower),
        "track": case_view.track(page, shower),
        "question": case_view.question(page, language),
        "changes": changes,
        "change_title": case_view.change_title(page, me, len(changes)),
        "everything": case_view.givens(page.data, page, shower),
        "waits": case_view.waiting_for(page, shower),
        "entries": story.story(page, shower),
        "children_by_state": children,
        "children_open": unfinished,
        "attached": story.attachments(page.files),
        "diagram": drawing(page),
        "comment_key": str(new_id()),
        "may_comment": page.may_comment and EMPLOYEE in visit().me.roles,
        "number": request.args.get("n", type=int),
    }


# ---- pieces ------------------------------------------------------------------------------------------------------


def _short_page(
    page: CasePage,
    view: ActionView,
    typing: Typing,
    url: str,
    back: str,
    hidden: Mapping[str, str],
    draft: str,
    until: datetime | None = None,
) -> str:
    shower = _shower(page)
    typed = typing.over(view.form)
    views = forms.views(view.form, typed, shower.words, typing.errors, page.id)
    views = with_lines(views, view.form, typed, typing.errors, page)
    return render_template(
        template_of(views, "task/action.html"),
        page=page,
        chip=case_view.head_chip(page, shower),
        view=view,
        views=views,
        files=forms.files_of(views, typed),
        drawn=_drawn(views),
        url=url,
        back=back,
        hidden=hidden,
        draft_place=draft,
        typing=typing,
        problems=_problems(views, typing, _("理由") if view.action.reason == "required" else _("要说的话")),
        reason_errors=_reason_errors(typing),
        part_errors=tuple(text.text(shower.words.language) for text in typing.errors.get("parts", ())),
        parts=tuple((key, title.text(shower.words.language)) for key, title in view.parts),
        next_steps=case_view.then(view, shower),
        until=until,
        release=release_of(page, view.action),
    )


def _hint(task: TaskView, language: str) -> str:
    """退回、驳回必填: the buttons that want words; none, no remark."""
    wanting = [view.action for view in task.actions if view.action.reason == "required"]
    said = _("、").join(action.title.text(language) for action in wanting)
    return _("%(actions)s必填", actions=said) if said else ""


def _drawn(views: tuple[FieldView, ...]) -> tuple[str, str]:
    """The hidden input that names the fields of the form."""
    return DRAWN, " ".join(view.name for view in views if not view.read_only)


def _reason_errors(typing: Typing) -> tuple[str, ...]:
    return tuple(text.text(words().language) for text in typing.errors.get(REASON, ()))


def _problems(views: tuple[FieldView, ...], typing: Typing, comment: str) -> tuple[Problem, ...]:
    """The error summary: fields first, then what belongs to none. `comment`: the label of the words beside the action."""
    language = words().language
    found = list(problems(views))
    known = {view.name for view in views}
    for name, texts in typing.errors.items():
        if name.split(".")[0] not in known:
            anchor = {REASON: "comment", "parts": "parts"}.get(name, "")
            label = {REASON: comment, "parts": _("退回哪几部分")}.get(name, "")
            found += [Problem(label, text.text(language), anchor) for text in texts]
    if typing.said and not found:
        found.append(Problem("", typing.said))
    return tuple(found)


def _hidden(page: CasePage, task: TaskView) -> dict[str, str]:
    return {KEY: str(new_id()), SEEN: str(page.event_count), PLACE: task_place(task.id)}


def _shower(page: CasePage) -> Shower:
    return case_view.shower_of(page, Shower(words(), visit().organisation))


def _shown(task: TaskView, but: Iterable[Shown] = ()) -> tuple[FormField, ...]:
    """What the task shows, without the facts that stand above already, and without the card that its lines are drawn from."""
    above: set[str | None] = {f.field.name for f in but if f.field.type not in case_view.LONG}
    lines = [f.field for f in task.edit if f.card is not None]
    above |= {name for field in lines for name in (field.of, field.only)}
    counted = {field.name for field in lines}  # a card that they are applied to is counted beside them
    return tuple(f for f in task.show if f.field.name not in above and f.field.entries not in counted)


def _asked_by(page: CasePage) -> str:
    """Whose request a form answers: the starter's, unless that is the reader or the case was opened about somebody."""
    asked = page.parent is None and page.subject in (None, page.starter) and page.starter != visit().me.id
    return page.starter_name if asked else ""


def _children(page: CasePage) -> tuple[tuple[tuple[str, int], ...], int]:
    """How many of the cases it opened stand where, and how many have not ended: one statement, none where there are none."""
    if not page.children_total:
        return (), 0
    here = visit()
    found = engine().children_standing(here.session, here.me.id, page.id, here.now)
    by_state = tuple((one.state_title.text(words().language), one.number) for one in found)
    return by_state, sum(one.running for one in found)


def _task(page: CasePage) -> TaskView:
    if page.task is None:
        raise LookupError("this page is drawn for a task the reader may act on")
    return page.task
