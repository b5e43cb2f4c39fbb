"""The addresses that programs call: a token opens them, every call is noted, refusals say where they belong."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from flask import Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound, UnsupportedMediaType

from workflows.api.bodies import UnreadableBody, read_figures
from workflows.api.calls import Call, Caller, Unauthorized, admit, earlier_answer, note_answer, note_call
from workflows.api.figures import Item, take
from workflows.appraisal.figures.intake.standards import standards_of
from workflows.errors import NotAllowed
from workflows.http import HR_UNIT, in_transaction, now, services, visit
from workflows.org.organisation import Organisation, PersonId

LARGEST_BODY: Final = 2 * 1024 * 1024
LONGEST_KEY: Final = 100
KEY: Final = "Idempotency-Key"


def post_figures() -> ResponseReturnValue:
    """Send figures of people, units or the company: all are written, or none.

    Values are texts, so that they arrive exactly. A figure that is as it was stays untouched; another value replaces it, and the
    earlier one is kept. Sent again with the same `Idempotency-Key`, the first answer comes back.
    """
    caller = admitted()
    body = _body()
    items = read_figures(body)
    call = Call(caller, now(), len(items), _key(), hashlib.sha256(body).hexdigest())
    return in_transaction(lambda: _taken(call, items))


def _taken(call: Call, items: list[Item]) -> Response:
    session, scene = visit().session, visit().scene
    _refuse_without_right(scene.organisation, call.caller.owner, scene.today)
    if (before := earlier_answer(session, call)) is not None:
        answer = jsonify(before)
        answer.headers["Idempotency-Replayed"] = "true"
        return answer
    store = services().rooms["appraisal"].store
    # As whoever answers for the token: nobody sends figures of their own, not with a program either.
    taken = take(session, call, items, standards_of(session, scene, store, call.caller.owner))
    note_answer(session, call, taken)
    return jsonify(taken)


# ---- who -------------------------------------------------------------------------------------------------------------


def admitted() -> Caller:
    """Who calls, in a transaction of its own: a refused call counts as well. Raises `Unauthorized`, `TooManyCalls`."""
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not sent.token:
        raise Unauthorized(
            "请在请求头中提供令牌：Authorization: Bearer …", "Send a token in the header: Authorization: Bearer …"
        )
    token, address = sent.token, request.remote_addr or ""
    caller: Caller = services().database.transact(lambda session: admit(session, token, address, now()))
    g.api_caller = caller
    return caller


def _refuse_without_right(organisation: Organisation, owner: PersonId, today: date) -> None:
    """A token can do no more than who answers for it may do at this moment: human resources enter figures."""
    member = organisation.people.get(owner)
    left = member is None or (member.left_on is not None and member.left_on <= today)
    if left or owner not in organisation.members_of(HR_UNIT):
        raise NotAllowed(
            "令牌的负责人已离职，或不再属于人力资源部；请管理员换一个令牌。",
            "Whoever answers for this token has left or is no longer in human resources: ask an administrator for another.",
        )


# ---- what was sent ---------------------------------------------------------------------------------------------------


def _body() -> bytes:
    """The bytes of the body, read before any transaction: a slow sender keeps nobody waiting."""
    request.max_content_length = LARGEST_BODY
    if request.mimetype != "application/json" or request.content_encoding:
        raise UnsupportedMediaType
    return request.get_data(cache=False)


def _key() -> str | None:
    key = request.headers.get(KEY)
    if key is None or (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        return key
    raise UnreadableBody(
        f"{KEY} 为 1 到 {LONGEST_KEY} 个可见的 ASCII 字符。", f"{KEY} has 1 to {LONGEST_KEY} visible ASCII characters."
    )


# ---- what came of it -------------------------------------------------------------------------------------------------


def note(response: Response) -> Response:
    """After each request: a call that wrote nothing is noted as well, unless it is our own fault."""
    caller: Caller | None = g.get("api_caller")
    if caller is not None and 400 <= response.status_code < 500:
        status = response.status_code
        services().database.transact(lambda session: note_call(session, caller, status, now()))
    return response


def unknown(address: str) -> ResponseReturnValue:  # noqa: ARG001 — the address is the whole path
    """Any other address below: refused as these doors refuse, not with a page for people."""
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.rule == request.path]
    if rules:
        raise MethodNotAllowed(
            sorted({method for rule in rules for method in rule.methods or ()} - {"HEAD", "OPTIONS"})
        )
    raise NotFound
