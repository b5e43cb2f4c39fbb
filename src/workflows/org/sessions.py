"""Sign-in sessions, kept on the server: what the cookie carries is only a ticket (reliability.md S10-S13).

Flask-Login forgets a session without ending it: its old cookie goes on working. So each request looks the ticket up here, and
ending a session means that its row says so.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.errors import NotFound
from workflows.org.accounts_tables import WorkSession
from workflows.org.organisation import ADMINISTRATOR, AUDITOR, PersonId
from workflows.org.rules import RULES, AccountRules
from workflows.org.tables import Person

# `last_seen_at` is written at most once a minute: a session look-up stays a read.
TOUCH_EVERY: Final = timedelta(minutes=1)
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, with what the screens need of them: one look-up a request.

    `proved_at`: when the password was last given (publishing results asks for a recent one); `touch_due`: the door is to call
    `touch` in a transaction that may write.
    """

    session_id: uuid.UUID
    person_id: PersonId
    login: str
    name: str
    roles: frozenset[str]
    language: str
    theme: str
    density: str
    shortcuts: bool
    must_change_password: bool
    created_at: datetime
    proved_at: datetime
    touch_due: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it in the list of their devices."""

    id: uuid.UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


def hash_token(token: str) -> str:
    """What is stored of a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def open_session(
    session: Session,
    person_id: PersonId,
    now: datetime,
    address: str,
    user_agent: str,
    *,
    keep: bool = False,
    rules: AccountRules = RULES,
) -> str:
    """Begin a session and give its token, which is stored nowhere. `keep`: their own device, longer limits."""
    token = new_token()
    session.add(
        WorkSession(
            id=new_id(),
            token_hash=hash_token(token),
            person_id=person_id,
            created_at=now,
            last_seen_at=now,
            proved_at=now,
            expires_at=now + (rules.kept if keep else rules.limit),
            idle_seconds=int((rules.kept if keep else rules.idle).total_seconds()),
            address=address[:45],
            user_agent=user_agent[:200],
        )
    )
    session.flush()
    return token


def session_of(session: Session, token: str | None, now: datetime, rules: AccountRules = RULES) -> SignedIn | None:
    """Who holds this token, or None where it is unknown, ended, too old, unused too long, or its owner has left. One statement."""
    if not token:
        return None
    found = session.execute(
        select(WorkSession, Person)
        .join(Person, Person.id == WorkSession.person_id)
        .where(WorkSession.token_hash == hash_token(token), *_alive(now), Person.active)
    ).one_or_none()
    if found is None:
        return None
    row, person = found
    gone = person.left_on is not None and person.left_on <= rules.today(now)
    if gone or now - row.last_seen_at >= timedelta(seconds=row.idle_seconds):
        return None
    return _signed_in(row, person, now)


def touch(session: Session, session_id: uuid.UUID, now: datetime) -> None:
    """Remember that the session is in use."""
    session.execute(
        update(WorkSession).where(WorkSession.id == session_id, WorkSession.ended_at.is_(None)).values(last_seen_at=now)
    )


def note_proof(session: Session, session_id: uuid.UUID, now: datetime) -> None:
    """Remember that the password was given again in this session, after `accounts.prove` said yes."""
    session.execute(update(WorkSession).where(WorkSession.id == session_id).values(proved_at=now))


def sign_out(session: Session, token: str | None, now: datetime) -> None:
    """End the session of this token; replaying its cookie opens nothing. A token that is unknown or ended is no error."""
    if token:
        _end(session, now, WorkSession.token_hash == hash_token(token))


def sessions_of(session: Session, person_id: PersonId, now: datetime) -> Sequence[OpenSession]:
    """A person's open sessions, the one used last first."""
    rows = session.scalars(
        select(WorkSession)
        .where(WorkSession.person_id == person_id, *_alive(now))
        .order_by(WorkSession.last_seen_at.desc())
    )
    return [
        OpenSession(r.id, r.created_at, r.last_seen_at, r.expires_at, r.address, r.user_agent)
        for r in rows
        if now - r.last_seen_at < timedelta(seconds=r.idle_seconds)
    ]


def end_session(session: Session, session_id: uuid.UUID, now: datetime, owner: PersonId | None = None) -> None:
    """End one session. `owner`: only if it is this person's; None for administrators, who end any. Raises `NotFound`."""
    mine = WorkSession.person_id == owner if owner else WorkSession.person_id.is_not(None)
    if not _end(session, now, (WorkSession.id == session_id) & mine):
        raise NotFound(zh="没有这个登录，或它已经结束。", en="There is no such sign-in, or it has ended.")


def end_sessions(session: Session, person_id: PersonId, now: datetime, keep: uuid.UUID | None = None) -> int:
    """End all sessions of a person but `keep`; how many there were."""
    others = WorkSession.id != keep if keep else WorkSession.id.is_not(None)
    return _end(session, now, (WorkSession.person_id == person_id) & others)


def forget_sessions(session: Session, before: datetime) -> None:
    """Remove what ended or ran out before this instant; for the daily clean-up."""
    session.execute(delete(WorkSession).where((WorkSession.expires_at < before) | (WorkSession.ended_at < before)))


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return WorkSession.ended_at.is_(None), WorkSession.expires_at > now


def _end(session: Session, now: datetime, which: ColumnElement[bool]) -> int:
    ended = session.execute(
        update(WorkSession).where(which, WorkSession.ended_at.is_(None)).values(ended_at=now).returning(WorkSession.id)
    )
    return len(ended.all())


def _signed_in(row: WorkSession, person: Person, now: datetime) -> SignedIn:
    roles = {AUDITOR: person.auditor, ADMINISTRATOR: person.administrator}
    return SignedIn(
        session_id=row.id,
        person_id=person.id,
        login=person.login,
        name=person.name,
        roles=frozenset(role for role, has in roles.items() if has),
        language=person.language,
        theme=person.theme,
        density=person.density,
        shortcuts=person.shortcuts,
        must_change_password=person.must_change_password,
        created_at=row.created_at,
        proved_at=row.proved_at,
        touch_due=now - row.last_seen_at >= TOUCH_EVERY,
    )
