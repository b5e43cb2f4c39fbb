"""A case: everything about it, for everybody who may see it; comments, attachments, and actions that belong to no task."""

from __future__ import annotations

import uuid
from typing import Final

from flask import Blueprint, Response, after_this_request, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from workflows.db import new_id
from workflows.engine.requests import Cancellation, Remark, Submission
from workflows.engine.views.pages import AnytimeView, CasePage
from workflows.errors import Conflict, InvalidInput, NotAllowed, NotFound, Replayed, Stale, WorkflowsError, WrongState
from workflows.http import EMPLOYEE, SIGNED_IN, allow, services, visit
from workflows.web import case_view, forms, story
from workflows.web.case_pages import CommentBox, Typing, anytime_page, anytime_place, case_page
from workflows.web.casework import (
    COMMENT,
    KEY,
    ROW,
    drawn_fields,
    engine,
    go_on,
    outcome_title,
    page_key,
    seen_events,
    submission_key,
)
from workflows.web.components import Paging
from workflows.web.drafts import drop_draft, load_draft, save_draft
from workflows.web.fields import Typed
from workflows.web.language import _, language
from workflows.web.places import action_fields
from workflows.web.reader import words
from workflows.web.reasons import is_auditor, note, reason_given
from workflows.web.shell import say
from workflows.web.shown import Shower

PAGE: Final = 50
FILES: Final = "files"

blueprint = Blueprint("case", __name__)


@blueprint.get("/cases/<uuid:case_id>")
@allow(SIGNED_IN)
def show(case_id: uuid.UUID) -> ResponseReturnValue:
    """The case, with the reader's own task one press away."""
    page = _page(case_id)
    if must_say_why(page):
        return _why(case_id)
    note_read(page)
    return case_page(page)


@blueprint.get("/cases/<uuid:case_id>/children")
@allow(SIGNED_IN)
def children(case_id: uuid.UUID) -> ResponseReturnValue:
    """The cases this one opened, paged by key."""
    here = visit()
    page = _page(case_id)
    if must_say_why(page):
        return _why(case_id)
    found = engine().children(here.session, here.me.id, case_id, here.now, after=page_key(), limit=PAGE)
    following = url_for("case.children", case_id=case_id, after=str(found.next)) if found.next else ""
    return render_template(
        "case/children.html",
        page=page,
        rows=found.rows,
        ended=outcome_title,
        paging=Paging(
            next_href=following,
            next_text=_("后面 %(n)s 件", n=PAGE),
            first_href=url_for("case.children", case_id=case_id) if request.args.get("after") else "",
        ),
    )


@blueprint.get("/cases/<uuid:case_id>/history/<int:seq>")
@allow(SIGNED_IN)
def event(case_id: uuid.UUID, seq: int) -> ResponseReturnValue:
    """One event of 经过 with all its changes."""
    here = visit()
    page = engine().case_page(here.session, here.me.id, case_id, here.now, events_before=seq + 1)
    found = next((one for one in page.events if one.seq == seq), None)
    if found is None:
        raise NotFound("没有这条记录。", "There is no such record.")
    if must_say_why(page):
        return _why(case_id)
    _note_look(page)
    shower = case_view.shower_of(page, Shower(words(), here.organisation))
    return render_template("case/event.html", page=page, event=found, changes=story.changes(found.changes, shower))


@blueprint.get("/cases/<uuid:case_id>/history")
@allow(SIGNED_IN)
def history(case_id: uuid.UUID) -> ResponseReturnValue:
    """The older part of 经过."""
    here = visit()
    before = request.args.get("before", type=int)
    page = engine().case_page(here.session, here.me.id, case_id, here.now, events_before=before)
    if must_say_why(page):
        return _why(case_id)
    _note_look(page)
    shower = case_view.shower_of(page, Shower(words(), here.organisation))
    return render_template("case/history.html", page=page, entries=story.story(page, shower))


@blueprint.post("/cases/<uuid:case_id>/comments")
@allow(EMPLOYEE, keep=True)
def comment(case_id: uuid.UUID) -> ResponseReturnValue:
    """Write a comment, attach files, or both. Who only audits changes nothing, by comments neither."""
    here = visit()
    brought = forms.uploads((FILES,))
    before = forms.ids_of(FILES)
    text = request.form.get(COMMENT, "").replace("\r\n", "\n").strip()
    try:
        files = (*before, *forms.store(brought).get(FILES, ()))
        engine().comment(here.session, Remark(submission_key(), here.me.id, case_id, text, files), here.now)
    except InvalidInput as error:
        here.undo()
        files = (*before, *forms.store_good(brought)[0].get(FILES, ()))
        wrong = CommentBox(text, error.fields, error.text(language()), forms.attachments_of(files))
        return case_page(_page(case_id), box=wrong), error.status
    except (WrongState, Replayed, NotAllowed) as error:
        here.undo()
        return after_refusal(case_id, error, text)
    drop_draft(here.session, here.me.id, f"case:{case_id.hex}")
    say(_("评论已写进经过。") if text else _("附件已加进事项。"))
    return redirect(url_for("case.show", case_id=case_id, _anchor="story"), 303)


@blueprint.get("/cases/<uuid:case_id>/cancel")
@allow(SIGNED_IN)
def cancelling(case_id: uuid.UUID) -> ResponseReturnValue:
    """Ask why before a case is ended for good."""
    page = _page(case_id)
    if not page.may_cancel:
        raise NotAllowed("这件事项不能由你作废。", "You may not cancel this case.")
    return _cancel_page(page, "", ())


@blueprint.post("/cases/<uuid:case_id>/cancel")
@allow(SIGNED_IN)
def cancel(case_id: uuid.UUID) -> ResponseReturnValue:
    """End a case for good without reaching one of its ends."""
    here = visit()
    reason = request.form.get(COMMENT, "").replace("\r\n", "\n").strip()
    try:
        outcome = engine().cancel(here.session, Cancellation(submission_key(), here.me.id, case_id, reason), here.now)
    except InvalidInput as error:
        here.undo()
        texts = tuple(text.text(language()) for found in error.fields.values() for text in found)
        return _cancel_page(_page(case_id), reason, texts or (error.text(language()),)), error.status
    say(_("已作废：%(title)s", title=outcome.title))
    return redirect(url_for("case.show", case_id=case_id), 303)


@blueprint.get("/cases/<uuid:case_id>/actions/<action>")
@allow(SIGNED_IN)
def offer(case_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """The short page of an action that belongs to no task."""
    page = _page(case_id)
    view = _anytime(page, action)
    here = visit()
    kept = load_draft(here.session, here.me.id, anytime_place(page, action))
    return anytime_page(page, view, Typing.of_draft(kept.typed if kept else None, kept.saved_at if kept else None))


@blueprint.post("/cases/<uuid:case_id>/actions/<action>")
@allow(SIGNED_IN, keep=True)
def take(case_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Take an action that belongs to no task."""
    here = visit()
    page = _page(case_id)
    fields = action_fields(page.process, page.process.anytime[action].action) if action in page.process.anytime else ()
    drawn = drawn_fields()
    typed = forms.typed_form([field for field in fields if field.name in drawn])
    brought = forms.uploads(forms.file_names(fields))
    words_typed = request.form.get(COMMENT, "").replace("\r\n", "\n").strip()
    place = anytime_place(page, action)
    try:
        view = _anytime(page, action)
    except (WrongState, NotAllowed) as error:
        return after_refusal(case_id, error, words_typed, forms.shown_typed(fields, typed))
    if ROW in request.form:
        kept: Typed = {
            **forms.turned(forms.with_files(typed, forms.store_good(brought)[0]), request.form[ROW]),
            COMMENT: words_typed,
        }
        save_draft(here.session, here.me.id, place, kept, here.now)
        anchor = forms.anchor_of(request.form[ROW]) or None
        return redirect(url_for("case.offer", case_id=case_id, action=action, _anchor=anchor), 303)
    try:
        values = forms.with_files(typed, forms.store(brought))
        outcome = engine().fire(
            here.session,
            Submission(
                key=submission_key(),
                actor=here.me.id,
                action=action,
                case=case_id,
                seen=seen_events(),
                values=forms.handed_in(fields, values),
                reason=words_typed,
            ),
            here.now,
        )
    except (InvalidInput, Stale) as error:
        here.undo()
        values = forms.with_files(typed, forms.store_good(brought)[0])
        found = error.fields if isinstance(error, InvalidInput) else {}
        fresh = _page(case_id)
        return anytime_page(
            fresh, _anytime(fresh, action), Typing(values, words_typed, found, error.text(language()))
        ), error.status
    except (Conflict, WrongState, Replayed, NotAllowed) as error:
        here.undo()
        return after_refusal(case_id, error, words_typed, forms.shown_typed(fields, typed))
    drop_draft(here.session, here.me.id, place)
    title = view.action.action.title.text(language())
    said = _("已%(action)s：%(title)s", action=title, title=outcome.title)
    if view.action.action.stay or outcome.next_task is None:
        say(said)
        return redirect(url_for("case.show", case_id=case_id), 303)
    return go_on(outcome, said)


def must_say_why(page: CasePage) -> bool:
    """Auditors say why before they read a case in which they had no part themselves."""
    return is_auditor() and not page.took_part and not reason_given()


# ---- for other pages ---------------------------------------------------------------------------------------------


def note_read(page: CasePage) -> None:
    """After the page is made: how far the reader has read, and, where they took no part, that they read it.

    In a transaction of its own once this one is over: a read never turns into a write.
    """
    here = visit()
    person, now, reason = here.me.id, here.now, reason_given() or None

    @after_this_request
    def mark(response: Response) -> Response:
        if response.status_code < 400:
            services().database.transact(lambda session: engine().mark_read(session, person, page, now, reason=reason))
        return response


def after_refusal(
    case_id: uuid.UUID, error: WorkflowsError, comment: str, kept: tuple[tuple[str, str], ...] = ()
) -> ResponseReturnValue:
    """The case as it stands, why something was refused, and the words that can still be left as a comment.

    Raises the refusal itself where the case is not the reader's to see (any more): its page keeps what was typed, too.
    """
    try:
        page = _page(case_id)
    except NotFound:
        raise error from None
    return case_page(page, CommentBox(comment), error.text(language()), kept), error.status


# ---- pieces ------------------------------------------------------------------------------------------------------


def _page(case_id: uuid.UUID) -> CasePage:
    here = visit()
    return engine().case_page(here.session, here.me.id, case_id, here.now)


def _why(case_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("audit.case", case_id=case_id))


def _anytime(page: CasePage, action: str) -> AnytimeView:
    found = next((one for one in page.anytime if one.action.action.name == action), None)
    if found is None:
        here = visit()
        engine().ask_anytime(here.session, here.me.id, page.id, action, here.now)
        raise WrongState("现在不能这样做，或者不归你做。", "This cannot be done now, or not by you.")
    return found


def _note_look(page: CasePage) -> None:
    """A part of a case read by somebody who took no part in it is noted like the case itself."""
    if not page.took_part or is_auditor():
        note("case", page.id)


def _cancel_page(page: CasePage, reason: str, errors: tuple[str, ...]) -> str:
    return render_template("case/cancel.html", page=page, reason=reason, errors=errors, hidden={KEY: str(new_id())})
