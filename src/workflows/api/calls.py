"""Who calls, how often, and what came of it: every call with a valid token leaves a row."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from workflows.api.tables import ApiCall, ApiToken
from workflows.db import new_id, upsert
from workflows.errors import Replayed, WorkflowsError
from workflows.org.organisation import PersonId
from workflows.org.sessions import hash_token

MOST_A_MINUTE: Final = 60
KEYS_KEPT: Final = timedelta(days=30)
CALLS_KEPT: Final = timedelta(days=366)


class Unauthorized(WorkflowsError):
    """No token, or one that does not hold."""

    status = 401
    code = "unauthorized"


class TooManyCalls(WorkflowsError):
    """The token is used too often. `seconds`: when to try again."""

    status = 429
    code = "too_many_calls"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"每个令牌每分钟最多调用 {MOST_A_MINUTE} 次，请 {seconds} 秒后再试；一次可以提交多条数据。",
            f"A token may call {MOST_A_MINUTE} times a minute: try again in {seconds} seconds. Many figures fit into one call.",
        )
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with a valid token. `owner`: in whose name it writes; `figures`: what it may send, None: everything."""

    token: uuid.UUID
    name: str
    owner: PersonId
    figures: frozenset[str] | None
    address: str


@dataclass(frozen=True, slots=True)
class Call:
    """What a call brought. `key`: its `Idempotency-Key`; `digest`: SHA-256 of its body."""

    caller: Caller
    at: datetime
    items: int
    key: str | None
    digest: str


def admit(session: Session, token: str, address: str, now: datetime) -> Caller:
    """The caller who holds this token, counted against its rate. Raises `Unauthorized`, `TooManyCalls`."""
    found = session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(token)).with_for_update())
    if found is None:
        raise Unauthorized("令牌不存在。", "There is no such token.")
    if found.revoked_at is not None:
        raise Unauthorized(
            "令牌已被吊销，请向管理员申请新的。", "The token was revoked: ask an administrator for another."
        )
    if found.expires_at <= now:
        raise Unauthorized(
            "令牌已过期，请向管理员申请新的。", "The token has expired: ask an administrator for another."
        )
    minute = now.replace(second=0, microsecond=0)
    calls = found.calls + 1 if found.minute == minute else 1
    if calls > MOST_A_MINUTE:
        raise TooManyCalls(60 - now.second)
    session.execute(
        update(ApiToken).where(ApiToken.id == found.id).values(minute=minute, calls=calls, last_used_at=now)
    )
    session.execute(delete(ApiCall).where(ApiCall.token_id == found.id, ApiCall.at < now - CALLS_KEPT))
    figures = None if found.figures is None else frozenset(found.figures)
    return Caller(found.id, found.name, found.owner_id, figures, address[:45])


def earlier_answer(session: Session, call: Call) -> dict[str, Any] | None:
    """The answer that a call with this key was given before; None where the key is new, and taken from now on.

    Two calls with one key at one moment follow each other. Raises `Replayed` where the key came with another body.
    """
    if call.key is None:
        return None
    forget_keys(session, call)
    taken = session.execute(
        upsert(session, ApiCall).values(_row(call, 0)).on_conflict_do_nothing().returning(ApiCall.id)
    ).all()
    if taken:
        return None
    mine = ApiCall.token_id == call.caller.token, ApiCall.key == call.key
    digest, answer = session.execute(select(ApiCall.digest, ApiCall.answer).where(*mine)).one()
    if digest != call.digest:
        raise Replayed(
            "这个 Idempotency-Key 已用于另一份数据，请为新数据换一个。",
            "This Idempotency-Key came with other figures before: use a new one for new figures.",
        )
    return dict(answer)


def note_answer(session: Session, call: Call, answer: dict[str, Any]) -> None:
    """Write down that a call succeeded, in the transaction of what it did."""
    if call.key is None:
        session.execute(insert(ApiCall), _row(call, 200))
        return
    mine = ApiCall.token_id == call.caller.token, ApiCall.key == call.key
    session.execute(update(ApiCall).where(*mine).values(status=200, answer=answer))


def note_call(session: Session, caller: Caller, status: int, now: datetime) -> None:
    """Write down a call that was refused, in a transaction of its own: that of the call is gone, and its key stays free."""
    session.execute(insert(ApiCall), _row(Call(caller, now, 0, None, ""), status))


def forget_keys(session: Session, call: Call) -> None:
    """Let go of the token's keys that are older than 30 days (design.md §7)."""
    old = ApiCall.token_id == call.caller.token, ApiCall.at < call.at - KEYS_KEPT, ApiCall.key.is_not(None)
    session.execute(update(ApiCall).where(*old).values(key=None, digest=None, answer=None))


def _row(call: Call, status: int) -> dict[str, Any]:
    return {
        "id": new_id(), "token_id": call.caller.token, "at": call.at, "address": call.caller.address, "status": status,
        "items": call.items, "key": call.key, "digest": call.digest if call.key else None,
    }  # fmt: skip
