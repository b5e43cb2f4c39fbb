"""Tokens of programs: made and revoked by administrators, shown once, limited to some figures, and never longer than two years."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflows.api.tables import ApiToken
from workflows.db import new_id
from workflows.document.problems import nearest
from workflows.errors import InvalidInput, NotFound, Text
from workflows.org.organisation import PersonId
from workflows.org.sessions import hash_token, new_token
from workflows.org.tables import Person

PREFIX: Final = "workflows_"
"""How every token begins, so that scanners for lost secrets know one when they see it."""
LONGEST_NAME: Final = 80
LONGEST: Final = timedelta(days=731)
"""How long a token can hold."""


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token as lists show it. `figures` None: all. `state`: valid, expired or revoked."""

    name: str
    owner: str
    figures: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


def create_token(
    session: Session,
    name: str,
    owner: str,
    figures: Collection[str] | None,
    lasts: timedelta,
    now: datetime,
    known: Collection[str],
    by: PersonId | None = None,
) -> str:
    """A new token, which is stored nowhere.

    `owner`: login of whoever answers for it; `figures` None: all that there are; `known`: the names of the catalogue; `by`: which
    administrator, None on the command line. Raises
    `InvalidInput` (fields `name`, `owner`, `figures`, `days`).
    """
    faults = {
        "name": _name_faults(session, name.strip()),
        "figures": _figure_faults(figures, known),
        "days": [] if timedelta() < lasts <= LONGEST else [_TOO_LONG],
    }
    person = session.scalar(select(Person).where(Person.login == owner.strip().lower(), Person.active))
    if person is None:
        faults["owner"] = [Text(f"没有在职的账号 {owner}。", f"Nobody at work has the account {owner}.")]
    if person is None or any(faults.values()):
        raise InvalidInput(fields={field: found for field, found in faults.items() if found})
    token = PREFIX + new_token()
    session.add(
        ApiToken(
            id=new_id(),
            name=name.strip(),
            token_hash=hash_token(token),
            owner_id=person.id,
            figures=None if figures is None else sorted(set(figures)),
            created_at=now,
            created_by=by,
            expires_at=now + lasts,
            calls=0,
        )
    )
    session.flush()
    return token


def revoke_token(session: Session, name: str, now: datetime, by: PersonId | None = None) -> None:
    """End a token at once. Raises `NotFound` where there is none of this name that holds."""
    held = ApiToken.name == name.strip(), ApiToken.revoked_at.is_(None)
    ended = session.execute(
        update(ApiToken).where(*held).values(revoked_at=now, revoked_by=by).returning(ApiToken.id)
    ).all()
    if not ended:
        raise NotFound(f"没有名为“{name}”的有效令牌。", f'There is no valid token called "{name}".')


def tokens(session: Session, now: datetime) -> Sequence[TokenInfo]:
    """All tokens there ever were, by name."""
    rows = session.execute(
        select(ApiToken, Person.login).join(Person, Person.id == ApiToken.owner_id).order_by(ApiToken.name)
    )
    return [
        TokenInfo(
            row.name,
            login,
            None if row.figures is None else tuple(row.figures),
            row.created_at,
            row.expires_at,
            row.last_used_at,
            "revoked" if row.revoked_at else "valid" if row.expires_at > now else "expired",
        )
        for row, login in rows
    ]


_TOO_LONG = Text(f"有效期为 1 到 {LONGEST.days} 天。", f"A token holds for 1 to {LONGEST.days} days.")


def _name_faults(session: Session, name: str) -> list[Text]:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return [Text(f"名称为 1 到 {LONGEST_NAME} 个字。", f"A name has 1 to {LONGEST_NAME} characters.")]
    taken: uuid.UUID | None = session.scalar(select(ApiToken.id).where(ApiToken.name == name))
    if taken is not None:
        return [
            Text(
                f"名称“{name}”已经用过，请换一个，让记录里分得清。",
                f'The name "{name}" was used before: choose another, so that records can be told apart.',
            )
        ]
    return []


def _figure_faults(figures: Collection[str] | None, known: Collection[str]) -> list[Text]:
    if figures is not None and not figures:
        return [Text("请写出至少一个数据名。", "Name one figure at least.")]
    return [_unknown(name, known) for name in figures or () if name not in known]


def _unknown(name: str, known: Collection[str]) -> Text:
    near = nearest(name, known)
    return Text(
        f"没有“{name}”这项数据。" + (f"是否指 {near}？" if near else ""),
        f"There is no figure `{name}`." + (f" Did you mean `{near}`?" if near else ""),
    )
