"""Refusals as `application/problem+json` (RFC 9457), each sentence in both languages."""

from __future__ import annotations

import uuid
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from workflows.api.calls import TooManyCalls, Unauthorized
from workflows.api.figures import RefusedFigures
from workflows.db.database import is_busy, is_lost, is_unreadable, unavailable
from workflows.errors import InvalidInput, Text, WorkflowsError

PROBLEM: Final = "application/problem+json"
_OURS: Final = Text("系统出了差错，已经记下。", "The system made a mistake; it has been noted.")
_SENTENCES: Final = {
    404: Text("没有这个地址。", "There is no such address."),
    405: Text("这个地址不能这样调用。", "This address cannot be called like that."),
    413: Text("请求太大，请分几次提交。", "The request is too large: send the figures in several."),
    415: Text("请以 application/json 提交，不压缩。", "Send application/json, not compressed."),
}


def install(blueprint: Blueprint) -> None:
    """Answer every refusal of these addresses so."""
    blueprint.register_error_handler(WorkflowsError, of_ours)
    blueprint.register_error_handler(HTTPException, of_http)
    blueprint.register_error_handler(Exception, of_the_unforeseen)


def of_ours(error: WorkflowsError) -> Response:
    """The problem that a refusal is."""
    more: dict[str, Any] = {}
    if isinstance(error, RefusedFigures):
        more["errors"] = [
            {"index": fault.index, "field": fault.field, "zh": fault.text.zh, "en": fault.text.en}
            for fault in error.faults
        ]
    elif isinstance(error, InvalidInput):
        faults = [(field, text) for field, texts in error.fields.items() for text in texts]
        more["errors"] = [{"index": None, "field": field, "zh": text.zh, "en": text.en} for field, text in faults]
    answer = _problem(error.status, error.code, error.message, **more)
    if isinstance(error, Unauthorized):
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyCalls):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def of_http(error: HTTPException) -> Response:
    """The problem that Flask or Werkzeug sees."""
    status = error.code or 500
    sentence = _SENTENCES.get(status, Text(f"请求有误（{status}）。", f"The request is wrong ({status})."))
    answer = _problem(status, error.name.lower().replace(" ", "_"), sentence)
    if status == 405 and getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    if status == 413:
        answer.headers["Connection"] = "close"  # the body has not been read
    return answer


def of_the_unforeseen(error: Exception) -> Response:
    """What nobody thought of; its text is never shown, a reference leads to the log."""
    if isinstance(error, DBAPIError) and any((is_lost(error), is_busy(error), is_unreadable(error))):
        return of_ours(unavailable(error))
    reference = uuid.uuid4().hex[:10]
    current_app.logger.exception(
        "unforeseen error %s at %s %s", reference, request.method, request.path, exc_info=error
    )
    return _problem(500, "error", _OURS, reference=reference)


def _problem(status: int, code: str, sentence: Text, **more: Any) -> Response:
    language = "en" if request.accept_languages.best_match(["zh", "en"], "zh") == "en" else "zh"
    body = {
        "status": status,
        "code": code,
        "title": sentence.text(language),
        "zh": sentence.zh,
        "en": sentence.en,
        **more,
    }
    answer = jsonify(body)
    answer.status_code, answer.mimetype = status, PROBLEM
    return answer
