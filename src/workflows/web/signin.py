"""Coming in and going out: sign-in, sign-out, a forgotten password, the first administrator.

The cookie carries a ticket to a session in the database and nothing else; signing in makes a new one and forgets all the page
remembered (reliability.md S10, S11). A form that was handed in after the sign-in ran out travels through the sign-in page and
becomes a draft of whoever signs in: nothing typed is lost.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from workflows.errors import InvalidInput, Text
from workflows.http import ANYONE, SIGNED_IN, allow, services, session_token, visit
from workflows.org import accounts, first_administrator
from workflows.org.organisation import PersonId
from workflows.org.samples import sample_accounts
from workflows.org.sessions import sign_out
from workflows.web.drafts import LONGEST_PLACE, save_draft, typed_of_form
from workflows.web.language import COOKIE, LANGUAGES, _, language
from workflows.web.reader import own_path
from workflows.web.shell import say

KEPT_LONGEST: Final = 1_000_000
A_YEAR: Final = timedelta(days=365)
DIFFERENT: Final = Text("两次输入的密码不一样。", "The two passwords are not the same.")

blueprint = Blueprint("signin", __name__)


@blueprint.get("/sign-in")
@allow(ANYONE)
def show() -> ResponseReturnValue:
    """The sign-in page; `next` is where it leads."""
    if visit().actor is not None:
        return redirect(own_path(request.args.get("next")) or url_for("shell.home"))
    return sign_in_page(next=own_path(request.args.get("next")) or "")


@blueprint.post("/sign-in")
@allow(ANYONE, keep=True)
def enter() -> ResponseReturnValue:
    """Try to sign in. A failure is counted, so it is committed as well."""
    here = visit()
    own_device = "keep" in request.form
    answer = accounts.sign_in(
        here.session,
        request.form.get("login", ""),
        request.form.get("password", ""),
        here.now,
        request.remote_addr or "",
        request.user_agent.string,
        keep=own_device,
        rules=here.services.account_rules,
    )
    if answer.token is None or answer.person_id is None:
        return _refused(answer)
    session.clear()
    back = _restore(answer.person_id) or own_path(request.form.get("next")) or url_for("shell.home")
    response = redirect(back)
    set_ticket(response, answer.token, services().account_rules.kept if own_device else None)
    return response


@blueprint.post("/sign-out")
@allow(SIGNED_IN, always=True)
def leave() -> ResponseReturnValue:
    """End the session for good; the old cookie opens nothing any more."""
    sign_out(visit().session, session_token(), visit().now)
    session.clear()
    response = redirect(url_for("signin.show"))
    response.delete_cookie(current_app.config["WORKFLOWS_TICKET"], **_cookie_manners())
    return response


@blueprint.get("/language/<chosen>")
@allow(ANYONE)
def choose_language(chosen: str) -> ResponseReturnValue:
    """The language of somebody who has not signed in yet."""
    response = redirect(own_path(request.args.get("next")) or url_for("signin.show"))
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, **_cookie_manners())
    return response


# ---- passwords ---------------------------------------------------------------------------------------------------


@blueprint.get("/forgotten")
@allow(ANYONE)
def forgotten() -> ResponseReturnValue:
    """Who helps with a forgotten password."""
    organisation = visit().organisation
    helpers = [organisation.people[person] for person in organisation.administrators()]
    return render_template("door/forgotten.html", helpers=helpers)


@blueprint.get("/reset/<token>")
@allow(ANYONE)
def reset(token: str) -> ResponseReturnValue:
    """The page of a reset link; opening it changes nothing."""
    return _reset_page(token)


@blueprint.post("/reset/<token>")
@allow(ANYONE)
def set_by_link(token: str) -> ResponseReturnValue:
    """Set the new password of a reset link."""
    here = visit()
    try:
        same_twice()
        accounts.reset_password(
            here.session, token, request.form.get("password", ""), here.now, here.services.account_rules
        )
    except InvalidInput as error:
        here.undo()
        return _reset_page(token, error), error.status
    session.clear()
    say(_("密码已改。"), "done")
    return redirect(url_for("signin.show"))


@blueprint.get("/first-administrator")
@allow(ANYONE)
def first() -> ResponseReturnValue:
    """Where the one-time token of the first start makes an administrator."""
    if not first_administrator.administrator_missing(visit().session):
        return redirect(url_for("signin.show"))
    return render_template("door/first.html", typed={}, errors={})


@blueprint.post("/first-administrator")
@allow(ANYONE)
def make_first() -> ResponseReturnValue:
    """Make the first administrator."""
    here, form = visit(), request.form
    try:
        same_twice()
        first_administrator.create_first_administrator(
            here.session, form.get("token", "").strip(), form.get("login", ""), form.get("name", "").strip(),
            form.get("password", ""), here.now, here.services.account_rules,
        )  # fmt: skip
    except InvalidInput as error:
        here.undo()
        return render_template("door/first.html", typed=form, errors=sentences(error), problem=error), error.status
    session.clear()
    say(_("管理员已设好，可以登录了。"), "done")
    return redirect(url_for("signin.show"))


# ---- pieces ------------------------------------------------------------------------------------------------------


def sign_in_page(next: str = "", kept: str = "", kept_place: str = "", **more: Any) -> str:  # noqa: A002
    """The sign-in page. `kept` is what a form carried when its sign-in had run out."""
    settings = services().settings
    samples = sample_accounts(visit().organisation) if settings.demo else ()
    return render_template(
        "door/signin.html",
        next=next,
        kept=kept,
        kept_place=kept_place,
        samples=samples,
        sample=request.args.get("sample", "") if settings.demo else "",
        sample_password=services().rooms.get("demo_password", ""),
        setup=first_administrator.administrator_missing(visit().session),
        **more,
    )


def page_for_lost_session() -> ResponseReturnValue:
    """Where a request without a sign-in leads: GET to the sign-in page, a form through it, typed values and all."""
    if request.accept_mimetypes.best == "application/json":
        return {"said": _("登录已过期。")}, 401
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("signin.show", next=request.full_path.rstrip("?")))
    back = own_path(urlsplit(request.referrer or "").path) or own_path(request.path) or ""
    typed = typed_of_form(request.form)
    kept = json.dumps(typed, ensure_ascii=False) if typed else ""
    place = request.form.get("_place") or back
    page = sign_in_page(
        next=back,
        kept=kept if len(kept) <= KEPT_LONGEST else "",
        kept_place=place[:LONGEST_PLACE],
        expired=True,
        files_lost=any(upload.filename for upload in request.files.values()),
    )
    return page, 401


def set_ticket(response: Response | Any, token: str, lasting: timedelta | None) -> None:
    """Hand out the sign-in ticket; without `lasting` it ends with the browser."""
    response.set_cookie(current_app.config["WORKFLOWS_TICKET"], token, max_age=lasting, **_cookie_manners())


def _cookie_manners() -> dict[str, Any]:
    return {"path": "/", "secure": current_app.config["SESSION_COOKIE_SECURE"], "httponly": True, "samesite": "Lax"}


def _refused(answer: accounts.SignInAnswer) -> ResponseReturnValue:
    page = sign_in_page(
        next=own_path(request.form.get("next")) or "",
        kept=request.form.get("kept", ""),
        kept_place=request.form.get("kept_place", ""),
        login=request.form.get("login", ""),
        refusal=answer.refusal.text(language()) if answer.refusal else "",
    )
    response = current_app.make_response((page, 429 if answer.retry_at else 401))
    if answer.retry_at:
        response.headers["Retry-After"] = str(max(1, int((answer.retry_at - visit().now).total_seconds())))
    return response


def _restore(person: PersonId) -> str | None:
    """Keep what a form carried through the sign-in as a draft; where it is to be found."""
    kept, place = request.form.get("kept", ""), request.form.get("kept_place", "")
    back = own_path(request.form.get("next"))
    if not kept or not place or back is None:
        return None
    try:
        typed = json.loads(kept)
    except ValueError:
        return back
    if isinstance(typed, dict):
        save_draft(visit().session, person, place[:LONGEST_PLACE], typed, visit().now)
        say(_("你已重新登录，刚才填的都还在。还没有提交，请再看一遍。"), "act")
    return back


def _reset_page(token: str, error: InvalidInput | None = None) -> str:
    owner = accounts.reset_owner(visit().session, token, visit().now)
    return render_template(
        "door/reset.html", owner=owner, token=token, errors=sentences(error) if error else {}, problem=error
    )


def same_twice() -> None:
    """Refuse a form whose two passwords differ. Raises `InvalidInput`."""
    if request.form.get("password", "") != request.form.get("again", ""):
        raise InvalidInput(fields={"again": [DIFFERENT]})


def sentences(error: InvalidInput) -> dict[str, list[str]]:
    """What is wrong by field, in the reader's language."""
    return {name: [text.text(language()) for text in texts] for name, texts in error.fields.items()}
