"""One task: the decision or the form, the short page that asks for a reason, and what happens when it is handed in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from workflows.definition.model import Action
from workflows.engine.requests import Submission, TaskOrder
from workflows.engine.tables import Case, Event
from workflows.engine.views.pages import CasePage
from workflows.errors import Conflict, InvalidInput, NotAllowed, NotFound, Replayed, Stale, WorkflowsError, WrongState
from workflows.http import SIGNED_IN, allow, visit
from workflows.web import case, forms
from workflows.web.case_pages import Typing, action_page, decision_page, form_page
from workflows.web.case_view import asks_first, decides
from workflows.web.casework import (
    ACTION,
    COMMENT,
    DRAWN,
    KEY,
    PART,
    PLACE,
    ROW,
    SEEN,
    STEP,
    THEN,
    drawn_fields,
    engine,
    go_on,
    seen_events,
    submission_key,
    task_place,
)  # fmt: skip
from workflows.web.drafts import load_draft, save_draft
from workflows.web.fields import Typed, unknown_names
from workflows.web.language import _, language
from workflows.web.places import TaskPlace, place_of
from workflows.web.reader import words
from workflows.web.shell import say

OURS: Final = frozenset({"csrf_token", KEY, SEEN, PLACE, DRAWN, ACTION, COMMENT, ROW, STEP, PART, THEN})
KEEP: Final = "keep"

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/tasks/<uuid:task_id>")
@allow(SIGNED_IN)
def show(task_id: uuid.UUID) -> ResponseReturnValue:
    """The task as a decision or as a form. A task that is done or somebody else's leads to its case."""
    page = _page(task_id)
    if page.task is None or page.task.id != task_id:
        return redirect(url_for("case.show", case_id=page.id))
    case.note_read(page)
    return _draw(page, Typing.of_draft(page.task.draft, page.task.draft_at))


@blueprint.get("/tasks/<uuid:task_id>/actions/<action>")
@allow(SIGNED_IN)
def ask(task_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """The short page of one action: its reason, its own fields, the parts to choose."""
    page = _page(task_id)
    if page.task is None or page.task.id != task_id:
        return redirect(url_for("case.show", case_id=page.id))
    view = next((view for view in page.task.actions if view.action.name == action), None)
    if view is None:
        raise NotFound("这一步没有这个操作。", "This step has no such action.")
    return action_page(page, view, Typing.of_draft(page.task.draft, page.task.draft_at))


@blueprint.post("/tasks/<uuid:task_id>")
@allow(SIGNED_IN, keep=True)
def act(task_id: uuid.UUID) -> ResponseReturnValue:
    """Hand in, decide, or keep a draft. What is wrong comes back filled, with everything typed and uploaded.

    Kept even where it answers with an error: uploads made before a mistake stay, the step itself has been taken back.
    """
    place = place_of(visit().session, task_id)
    handed = _handed_in(place)
    if ROW in request.form:
        return _keep(place, handed, request.form[ROW])
    action = place.actions.get(request.form.get(ACTION, ""))
    if action is None:
        _page(task_id)  # a stranger is not told even that
        raise WrongState("这一步没有这个操作。", "This step has no such action.")
    if asks_first(action) and request.form.get(STEP) != "confirm":
        return _lead_on(place, handed, action)
    return _fire(place, handed, action)


@blueprint.post("/tasks/<uuid:task_id>/claim")
@allow(SIGNED_IN)
def claim(task_id: uuid.UUID) -> ResponseReturnValue:
    """Take a task out of the group; it is mine from then on. Where somebody was faster, the others of the group are next."""
    here = visit()
    try:
        outcome = engine().claim(here.session, TaskOrder(submission_key(), here.me.id, task_id), here.now)
    except Conflict as error:
        here.undo()
        return _claimed_before(task_id, error)
    say(_("已领取：%(title)s", title=outcome.title))
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.post("/tasks/<uuid:task_id>/release")
@allow(SIGNED_IN)
def release(task_id: uuid.UUID) -> ResponseReturnValue:
    """Give a task back to its group."""
    here = visit()
    outcome = engine().release(here.session, TaskOrder(submission_key(), here.me.id, task_id), here.now)
    say(_("已放回组里：%(title)s", title=outcome.title))
    return redirect(url_for("work.index"), 303)


# ---- what came in ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What the form carried: typed values, the words beside them, and new files."""

    typed: Typed
    comment: str
    files: tuple[forms.Upload, ...]

    def stored(self) -> Typed:
        """The typed values with the new files stored and named by their ids. Raises `InvalidInput` for files that cannot be."""
        return forms.with_files(self.typed, forms.store(self.files))

    def saved(self) -> Typed:
        """The same with those files that can be stored, to show the form again or to keep it as a draft."""
        return forms.with_files(self.typed, forms.store_good(self.files)[0])


def _handed_in(place: TaskPlace) -> HandedIn:
    fields = place.fields
    strange = unknown_names(fields, request.form, OURS)
    if strange:
        raise InvalidInput(
            f"表单里有这一步没有的内容：{'、'.join(strange[:5])}。",
            f"The form carries what this step does not have: {', '.join(strange[:5])}.",
        )
    drawn = drawn_fields()
    return HandedIn(
        forms.typed_form([field for field in fields if field.name in drawn]),
        request.form.get(COMMENT, "").replace("\r\n", "\n").strip(),
        forms.uploads(forms.file_names(fields)),
    )


# ---- what is done with it ----------------------------------------------------------------------------------------


def _keep(place: TaskPlace, handed: HandedIn, command: str) -> ResponseReturnValue:
    """Keep a draft, with a row more or less where a button said so, and come back to where the button stood."""
    here = visit()
    ids, refused = forms.store_good(handed.files)
    _save(place, forms.turned(forms.with_files(handed.typed, ids), command), handed.comment)
    for text in (text for texts in refused.values() for text in texts):
        say(text.text(language()), tone="late")
    if command == KEEP:
        say(_("%(time)s 已存草稿", time=words().clock(here.now)), tone="")
    action = request.form.get(ACTION, "")
    asked = action if request.form.get(STEP) == "confirm" and action in place.actions else ""
    anchor = forms.anchor_of(command) or None
    if asked:
        return redirect(url_for("tasks.ask", task_id=place.task, action=asked, _anchor=anchor), 303)
    return redirect(url_for("tasks.show", task_id=place.task, _anchor=anchor), 303)


def _lead_on(place: TaskPlace, handed: HandedIn, action: Action) -> ResponseReturnValue:
    _save(place, handed.saved(), handed.comment)
    return redirect(url_for("tasks.ask", task_id=place.task, action=action.name), 303)


def _save(place: TaskPlace, typed: Typed, comment: str) -> None:
    here = visit()
    kept = load_draft(here.session, here.me.id, task_place(place.task))
    before = dict(kept.typed) if kept else {}
    save_draft(here.session, here.me.id, task_place(place.task), {**before, **typed, COMMENT: comment}, here.now)


def _fire(place: TaskPlace, handed: HandedIn, action: Action) -> ResponseReturnValue:
    here = visit()
    try:
        typed = _whole(place, handed.stored(), action)
        outcome = engine().fire(
            here.session,
            Submission(
                key=submission_key(),
                actor=here.me.id,
                action=action.name,
                task=place.task,
                seen=seen_events(),
                values=forms.handed_in(place.fields, typed),
                reason=handed.comment,
                parts=tuple(request.form.getlist(PART)),
            ),
            here.now,
        )
    except (InvalidInput, Stale) as error:
        return _again(place, handed, action, error)
    except (Conflict, WrongState, Replayed, NotAllowed) as error:
        done = _done_before(handed, action)
        return done if done is not None else _too_late(place, handed, error)
    waits_for_another = action.people > 1 and outcome.state == place.state.key
    said = consent_words(action, outcome.title) if waits_for_another else done_words(action, outcome.title)
    if action.stay:
        say(said)
        return redirect(url_for("tasks.show", task_id=place.task), 303)
    return go_on(outcome, said)


def _whole(place: TaskPlace, typed: Typed, action: Action) -> Typed:
    """On the short page only the action's own fields stand; the task's come from the draft that led there."""
    if request.form.get(STEP) != "confirm":
        return typed
    here = visit()
    kept = load_draft(here.session, here.me.id, task_place(place.task))
    asked = {field.name for field in place.edited} | set(action.form)
    before = {name: value for name, value in (kept.typed if kept else {}).items() if name in asked}
    return {**before, **typed}


def _again(place: TaskPlace, handed: HandedIn, action: Action, error: InvalidInput | Stale) -> ResponseReturnValue:
    """The form once more, with everything typed; the step has been taken back, the uploads are stored anew.

    What is wrong with the task's own fields is shown where they are: on its form, not on the short page that came after it.
    """
    here = visit()
    here.undo()
    typed = _whole(place, handed.saved(), action)
    page = _page(place.task)
    if page.task is None or page.task.id != place.task:
        return _too_late(place, handed, error)
    errors = error.fields if isinstance(error, InvalidInput) else {}
    typing = Typing(typed, handed.comment, errors, error.text(language()), chosen=tuple(request.form.getlist(PART)))
    elsewhere = {field.name for field in place.edited} - set(action.form)
    if request.form.get(STEP) == "confirm" and elsewhere.isdisjoint(name.partition(".")[0] for name in errors):
        view = next(view for view in page.task.actions if view.action.name == action.name)
        return action_page(page, view, typing), error.status
    return _draw(page, typing), error.status


def _done_before(handed: HandedIn, action: Action) -> ResponseReturnValue | None:
    """A form with files pressed twice: the second press uploads them again, so its content differs though nothing else does."""
    here = visit()
    if not handed.files:
        return None
    mine = (Event.submission == submission_key(), Event.actor_id == here.me.id, Event.action == action.name)
    found = here.session.execute(
        select(Case.id, Case.title).join(Event, Event.case_id == Case.id).where(*mine)
    ).one_or_none()
    if found is None:
        return None
    here.undo()
    say(done_words(action, found.title), href=url_for("case.show", case_id=found.id), link=_("看这件"))
    return redirect(url_for("work.first"), 303)


def _too_late(place: TaskPlace, handed: HandedIn, error: WorkflowsError) -> ResponseReturnValue:
    """Somebody was faster, or it may not be done: the case as it stands, with the words kept to send as a comment."""
    here = visit()
    here.undo()
    _save(place, handed.saved(), handed.comment)
    kept = forms.shown_typed(place.fields, handed.typed)
    return case.after_refusal(place.case, error, handed.comment, kept)


def _claimed_before(task_id: uuid.UUID, error: Conflict) -> ResponseReturnValue:
    """Who has it now: on its case for those who may see that, else above what else lies in the group."""
    try:
        return case.after_refusal(engine().case_of_task(visit().session, task_id), error, "")
    except Conflict:
        say(error.text(language()), tone="soon")
        return redirect(url_for("work.index", tab="offered"), 303)


def done_words(action: Action, title: str) -> str:
    """已通过：冬季床品 12 月直通车投放."""
    said = action.title.text(language())
    if language() == "zh" and said.startswith("已"):
        return f"{said}：{title}"
    return _("已%(action)s：%(title)s", action=said, title=title)


def consent_words(action: Action, title: str) -> str:
    """Of several people who release something, the first has agreed: nothing has happened yet."""
    return _(
        "已记下你的同意：%(title)s。再有一位不同的人%(action)s才生效。",
        action=action.title.text(language()),
        title=title,
    )


# ---- pieces ------------------------------------------------------------------------------------------------------


def _page(task_id: uuid.UUID) -> CasePage:
    here = visit()
    case_id = engine().case_of_task(here.session, task_id)
    return engine().case_page(here.session, here.me.id, case_id, here.now, task=task_id)


def _draw(page: CasePage, typing: Typing) -> str:
    return form_page(page, typing) if page.task is not None and not decides(page.task) else decision_page(page, typing)
