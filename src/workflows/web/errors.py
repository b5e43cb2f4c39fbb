"""Errors as pages: what happened, in the reader's language, and what to do now (screens.md §6).

A page of its own transaction, because the one that failed is gone; without a database the barest page is shown. What was typed
into a form that failed stands on the page. The text of an unforeseen error is never shown: a reference leads to the log.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from workflows.db.database import is_busy, is_lost, is_unreadable, unavailable
from workflows.engine.tables import Event
from workflows.errors import InvalidInput, RejectedImport, Replayed, Stale, Text, WorkflowsError, WrongState
from workflows.http import NotSignedIn, PasswordDue, in_transaction, visit
from workflows.web.drafts import is_of_page
from workflows.web.language import language
from workflows.web.signin import page_for_lost_session

SHORTEST_WORDS: Final = 2
_TITLES: Final = {
    400: Text("这一下没有办成", "That did not work"),
    401: Text("请先登录", "Please sign in"),
    403: Text("你不能看这里", "This is not open to you"),
    404: Text("没有找到", "Not found"),
    405: Text("这个地址不能这样用", "This address cannot be used like that"),
    409: Text("有人先办了", "Somebody was faster"),
    413: Text("文件太大", "The file is too large"),
    415: Text("这一下没有办成", "That did not work"),
    422: Text("有的地方要改", "Something has to be put right"),
    429: Text("请等一会儿", "Please wait a little"),
    503: Text("暂时用不了", "Not available just now"),
}
_KINDS: Final[Mapping[type[Exception] | type[None], Text]] = {
    WrongState: Text("现在不能这样做", "That cannot be done now"),
    Stale: Text("内容已经变了", "This has changed meanwhile"),
    Replayed: Text("已经提交过了", "This was handed in before"),
}
"""Titles of conflicts in which nobody was faster."""
_OURS: Final = Text("出了差错", "Something went wrong")
_FOREIGN: Final = Text("这个地址不是本系统的。", "This is not an address of the service.")
_SENTENCES: Final = {
    400: Text(
        "浏览器发来的内容看不懂。请回到上一页再试。", "What the browser sent is not understood. Go back and try again."
    ),
    404: Text("没有这个地址，或者你不能看。", "There is no such address, or you may not see it."),
    405: Text("请从页面上的按钮进来。", "Please come here by the buttons of a page."),
    413: Text(
        "一次最多上传 40 MB，每个文件不超过 10 MB。请压缩，或分几次传。",
        "At most 40 MB at a time, and 10 MB a file. Compress them, or upload in parts.",
    ),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What an error page says. `typed`: words that a person wrote; `rows`: what is wrong in a file, by row and column."""

    status: int
    title: str
    sentence: str
    typed: tuple[str, ...] = ()
    number: str = ""
    reference: str = ""
    rows: tuple[tuple[int, str, str], ...] = ()


def install(app: Flask) -> None:
    """Show these pages for every kind of error."""
    app.register_error_handler(WorkflowsError, _of_ours)
    app.register_error_handler(CSRFError, _of_csrf)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(DBAPIError, _of_database)
    app.register_error_handler(Exception, _unforeseen)


# ---- kinds -------------------------------------------------------------------------------------------------------


def _of_ours(error: WorkflowsError) -> ResponseReturnValue:
    if isinstance(error, NotSignedIn):
        return in_transaction(page_for_lost_session, safe=True)
    if isinstance(error, PasswordDue) and not wants_json():
        return redirect(url_for("me.password"))
    return show(error.status, error.message, error)


def _of_csrf(error: CSRFError) -> ResponseReturnValue:
    """The page was open so long that its token is gone. Without a sign-in that is a lost session; else the form is offered again."""
    current_app.logger.info("csrf refused: %s %s", request.path, error.description)
    return in_transaction(_form_again, safe=True)


def _form_again() -> ResponseReturnValue:
    if visit().actor is None and is_same_origin():
        return page_for_lost_session()
    again = (
        [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
        if is_same_origin()
        else []
    )
    return render_template("errors/again.html", again=again, typed=_typed_words(), url=request.path), 400


def _of_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error
    if isinstance(error, SecurityError):
        # Asked for by a name that is not ours: no page of ours has an address here.
        return _FOREIGN.text(language()), status, {"Content-Type": "text/plain; charset=utf-8"}
    if isinstance(error, RequestEntityTooLarge):
        # Werkzeug has not read the body: the connection cannot be used again.
        return _bare(_failure(413, _SENTENCES[413]), {"Connection": "close"})
    return show(status, _SENTENCES.get(status, _TITLES.get(status, _OURS)))


def _of_database(error: DBAPIError) -> ResponseReturnValue:
    if error.connection_invalidated or is_lost(error) or is_busy(error) or is_unreadable(error):
        current_app.logger.warning("the database does not answer: %s", type(error.orig).__name__)
        return show(503, unavailable(error).message)
    return _unforeseen(error)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    reference = uuid.uuid4().hex[:10]
    current_app.logger.exception(
        "unforeseen error %s at %s %s", reference, request.method, request.path, exc_info=error
    )
    sentence = Text("系统出了差错，已经记下。", "The system made a mistake; it has been noted.")
    return show(500, sentence, reference=reference)


# ---- pages -------------------------------------------------------------------------------------------------------


def show(status: int, sentence: Text, error: WorkflowsError | None = None, reference: str = "") -> ResponseReturnValue:
    """The page (or for scripts the JSON) of an error."""
    if wants_json():
        return {"code": error.code if error else str(status), "said": sentence.text(language())}, status
    try:
        return in_transaction(lambda: _page(_failure(status, sentence, error, reference)), safe=True)
    except (WorkflowsError, DBAPIError) as second:
        current_app.logger.warning("an error page without a database: %s", type(second).__name__)
        return _bare(_failure(status, sentence, error, reference))


def wants_json() -> bool:
    """Whether a script asks, not a person."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def is_same_origin() -> bool:
    """Whether the browser says that one of our own pages sent this."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _page(failure: Failure) -> ResponseReturnValue:
    template = "errors/page.html" if visit().actor else "errors/door.html"
    done = _was_done() if failure.reference else None
    return render_template(template, failure=failure, done=done), failure.status


def _bare(failure: Failure, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    return render_template("errors/bare.html", failure=failure), failure.status, headers or {"Retry-After": "30"}


def _failure(status: int, sentence: Text, error: WorkflowsError | None = None, reference: str = "") -> Failure:
    reader = language()
    title = _KINDS.get(type(error)) or _TITLES.get(status, _OURS)
    rows = error.rows if isinstance(error, RejectedImport) else []
    said = sentence.text(reader)
    if isinstance(error, InvalidInput) and error.fields:
        said = " ".join([said, *(text.text(reader) for texts in error.fields.values() for text in texts)])
    return Failure(
        status=status,
        title=title.text(reader),
        sentence=said,
        typed=_typed_words() if status != 413 else (),
        number=request.path.rstrip("/").rpartition("/")[2][:60] if status == 404 else "",
        reference=reference,
        rows=tuple((number, column, text.text(reader)) for number, column, text in rows),
    )


def _typed_words() -> tuple[str, ...]:
    """What a person wrote into the form, without what the page put there: it must not be lost with the page."""
    if request.method != "POST":
        return ()
    values = [value.strip() for name, value in request.form.items(multi=True) if not is_of_page(name)]
    return tuple(value for value in values if len(value) >= SHORTEST_WORDS)


def _was_done() -> bool | None:
    """Whether the failed submission had been recorded all the same: its key knows. None where there was none."""
    try:
        key = uuid.UUID(request.form.get("_key", ""))
    except ValueError:
        return None
    return visit().session.scalar(select(Event.id).where(Event.submission == key)) is not None
