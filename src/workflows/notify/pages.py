"""What pages show of mails: few statements, nothing written."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from workflows.engine.tables import Message
from workflows.engine.views.pages import PageKey
from workflows.notify.tables import Mail, MailStatus

TROUBLED = (MailStatus.DOUBT, MailStatus.FAILED)
"""What an operator looks for first."""


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail of a list. `subject` and `text` only of kept ones; `error` a code; `messages`: how many it gathers."""

    id: uuid.UUID
    person: uuid.UUID
    status: MailStatus
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None
    tries: int
    error: str | None
    message_id: str
    messages: int
    subject: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class MailList:
    """One page of mails, the newest first; `next` is None on the last page."""

    rows: tuple[MailRow, ...]
    next: PageKey | None


def list_mails(
    session: Session,
    *,
    person: uuid.UUID | None = None,
    statuses: Collection[MailStatus] = (),
    after: PageKey | None = None,
    limit: int = 50,
) -> MailList:
    """Mails, the newest first: of one person or of all, with one of these statuses or any. Two statements."""
    query = select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(limit + 1)
    if person is not None:
        query = query.where(Mail.person_id == person)
    if statuses:
        query = query.where(Mail.status.in_(statuses))
    if after is not None:
        query = query.where(tuple_(Mail.created_at, Mail.id) < tuple_(*_bound(after)))
    mails = session.scalars(query).all()
    counts = _counts(session, [mail.id for mail in mails])
    more = len(mails) > limit
    last = mails[limit - 1] if more else None
    rows = tuple(_row(mail, counts.get(mail.id, 0)) for mail in mails[:limit])
    return MailList(rows, PageKey(last.created_at, last.id) if last is not None else None)


def one_mail(session: Session, mail_id: uuid.UUID) -> MailRow | None:
    """One mail; None where there is none."""
    found = session.get(Mail, mail_id)
    return None if found is None else _row(found, _counts(session, [mail_id]).get(mail_id, 0))


def delivery_of(session: Session, mail_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, MailStatus]:
    """How far these mails got, for the messages of a case's history (`SentMessage.mail_id`). One statement."""
    if not mail_ids:
        return {}
    rows = session.execute(select(Mail.id, Mail.status).where(Mail.id.in_(mail_ids)))
    return {mail_id: MailStatus(status) for mail_id, status in rows}


def troubled(session: Session) -> int:
    """How many mails failed or are in doubt for good: what an operator should look at."""
    for_good = or_(Mail.status == MailStatus.FAILED, (Mail.status == MailStatus.DOUBT) & Mail.next_at.is_(None))
    return session.scalar(select(func.count()).select_from(Mail).where(for_good)) or 0


def _counts(session: Session, mail_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    counted = select(Message.mail_id, func.count()).where(Message.mail_id.in_(mail_ids)).group_by(Message.mail_id)
    return {mail_id: number for mail_id, number in session.execute(counted) if mail_id is not None}


def _bound(key: PageKey) -> tuple[object, object]:
    return literal(key.at, Mail.created_at.type), literal(key.id, Mail.id.type)


def _row(mail: Mail, messages: int) -> MailRow:
    return MailRow(
        id=mail.id,
        person=mail.person_id,
        status=MailStatus(mail.status),
        created_at=mail.created_at,
        sent_at=mail.sent_at,
        next_at=mail.next_at,
        tries=mail.attempt,
        error=mail.last_error,
        message_id=mail.message_id,
        messages=messages,
        subject=mail.subject,
        text=mail.text,
    )
