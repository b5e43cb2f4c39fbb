"""From message to mail to finished mail: the pieces. Each call belongs into one transaction of the caller, who commits.

    gather → (commit) → claim → (commit) → about_to_send → (commit) → the server has it → finish → (commit)

A mailer that dies before `about_to_send` leaves a mail that is safely tried again; one that dies after it leaves a doubt. A mailer
that slept through its lease finds its claim overtaken and sends nothing. Leases are by the database's clock, the rest by `now`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Update, func, select, update
from sqlalchemy.orm import Session

from workflows.db import new_id
from workflows.engine.tables import Incident
from workflows.errors import NotFound
from workflows.notify.mailer import Delivery, Outcome
from workflows.notify.retry import DOUBT_PAUSE, MAIL_PATIENCE, pause_after
from workflows.notify.tables import Mail, MailStatus

LEASE = timedelta(minutes=2)
"""For everything before the letter: nine answers of ten seconds at most."""
LETTER_LEASE = timedelta(minutes=12)
"""From handing the letter over: ten minutes for the answer, and some air."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that is ours to send. `attempt` fences: whoever holds an older one can no longer write."""

    mail: uuid.UUID
    person: uuid.UUID
    message_id: str
    attempt: int


def claim(session: Session, now: datetime) -> Claim | None:
    """Take the next mail that is due; None when there is none. Commit before sending."""
    due = Mail.status.in_((MailStatus.WAITING, MailStatus.DOUBT)) & (Mail.next_at <= now)
    columns = (Mail.id, Mail.person_id, Mail.message_id, Mail.attempt)
    # Several mailers share the work on PostgreSQL; SQLite knows no row locks and lets one writer in at a time.
    first = select(*columns).where(due).order_by(Mail.next_at, Mail.id).limit(1).with_for_update(skip_locked=True)
    row = session.execute(first).first()
    if row is None:
        return None
    session.execute(
        update(Mail)
        .where(Mail.id == row.id)
        .values(
            status=MailStatus.SENDING,
            attempt=row.attempt + 1,
            sending_since=now,
            lease_until=database_time(session, now) + LEASE,
            data_since=None,
        )
    )
    return Claim(row.id, row.person_id, row.message_id, row.attempt + 1)


def about_to_send(session: Session, claim: Claim, now: datetime) -> bool:
    """Write down that the letter is about to leave, and hold the mail until the server must have answered.

    False: the lease had passed to another mailer, nothing may be sent. Commit before sending.
    """
    lease = database_time(session, now) + LETTER_LEASE
    return _changed(session, _ours(claim, MailStatus.SENDING).values(data_since=now, lease_until=lease))


def finish(session: Session, claim: Claim, delivery: Delivery, now: datetime) -> MailStatus | None:
    """Record what became of a claimed mail. None: the claim had been overtaken, nothing is recorded."""
    # A lease that ran out may have made a doubt of it already; who comes late with the truth is still heard.
    mail = session.scalars(
        select(Mail)
        .where(Mail.id == claim.mail, Mail.attempt == claim.attempt, Mail.status.in_(("sending", "doubt")))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if mail is None or delivery.outcome is Outcome.OVERTAKEN:
        return None
    if mail.status == MailStatus.DOUBT and delivery.outcome is Outcome.DOUBT:
        return MailStatus.DOUBT
    mail.last_error = delivery.code or None
    if delivery.outcome is Outcome.SENT:
        _settle(mail, MailStatus.SENT)
        mail.sent_at = now
    elif delivery.outcome is Outcome.DOUBT:
        _doubt(session, mail, now)
    elif delivery.outcome is Outcome.REFUSED or now - mail.patience_from >= MAIL_PATIENCE:
        _fail(session, mail, now)
    else:
        _postpone(mail, now + pause_after(mail.attempt, mail.id))
    return MailStatus(mail.status)


def drop(session: Session, claim: Claim) -> bool:
    """Nothing of a claimed mail is worth sending any more. A doubt stays a doubt: one copy may have left."""
    left = MailStatus.DOUBT if _doubts(session, claim.mail) else MailStatus.DROPPED
    return _changed(session, _ours(claim, MailStatus.SENDING).values(status=left, next_at=None, lease_until=None))


def recover(session: Session, now: datetime) -> int:
    """Free the mails of mailers that died: back into the queue, or in doubt where the letter may have left."""
    lost = select(Mail).where(Mail.status == MailStatus.SENDING, Mail.lease_until < database_time(session, now))
    mails = session.scalars(lost.with_for_update(skip_locked=True).execution_options(populate_existing=True)).all()
    for mail in mails:
        mail.last_error = "mailer_lost"
        if mail.data_since is None:
            _postpone(mail, now)
        else:
            _doubt(session, mail, now)
    return len(mails)


def note_unreachable(session: Session, now: datetime) -> int:
    """The server cannot be reached: every due mail says so, and those that waited for three days are given up. Their number."""
    due = Mail.status.in_((MailStatus.WAITING, MailStatus.DOUBT)) & (Mail.next_at <= now)
    session.execute(
        update(Mail).where(due, Mail.last_error.is_distinct_from("unreachable")).values(last_error="unreachable")
    )
    old = select(Mail).where(due, Mail.patience_from <= now - MAIL_PATIENCE).with_for_update(skip_locked=True)
    mails = session.scalars(old.execution_options(populate_existing=True)).all()
    for mail in mails:
        _fail(session, mail, now)
    return len(mails)


def try_again(session: Session, mail_id: uuid.UUID, now: datetime) -> None:
    """An operator wants a failed or doubtful mail to be sent once more, under its Message-ID. Raises `NotFound`."""
    sleeping = (MailStatus.FAILED, MailStatus.DOUBT)
    again = {"status": MailStatus.WAITING, "next_at": now, "patience_from": now, "doubts": 0, "last_error": None}
    if not _changed(session, update(Mail).where(Mail.id == mail_id, Mail.status.in_(sleeping)).values(again)):
        raise NotFound("没有这样一封等待处理的邮件。", "There is no such mail waiting to be looked after.")


def next_due(session: Session) -> datetime | None:
    """When the next mail is to be tried; None when none is."""
    open_ones = Mail.status.in_((MailStatus.WAITING, MailStatus.DOUBT))
    return session.scalar(
        select(Mail.next_at).where(open_ones, Mail.next_at.is_not(None)).order_by(Mail.next_at).limit(1)
    )


def database_time(session: Session, now: datetime) -> datetime:
    """The clock that all mailers of one database share; on SQLite they are on this machine and `now` will do."""
    if session.get_bind().dialect.name != "postgresql":
        return now
    shared: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return shared


def _ours(claim: Claim, status: MailStatus) -> Update:
    held: ColumnElement[bool] = (Mail.id == claim.mail) & (Mail.attempt == claim.attempt) & (Mail.status == status)
    return update(Mail).where(held)


def _changed(session: Session, statement: Update) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount == 1


def _doubts(session: Session, mail_id: uuid.UUID) -> int:
    return session.scalar(select(Mail.doubts).where(Mail.id == mail_id)) or 0


def _settle(mail: Mail, status: MailStatus) -> None:
    mail.status, mail.next_at, mail.lease_until = status, None, None


def _postpone(mail: Mail, until: datetime) -> None:
    # What was in doubt before this try still is: this try did not send.
    mail.status = MailStatus.DOUBT if mail.doubts else MailStatus.WAITING
    mail.next_at, mail.lease_until = until, None


def _doubt(session: Session, mail: Mail, now: datetime) -> None:
    mail.doubts += 1
    _settle(mail, MailStatus.DOUBT)
    if mail.doubts == 1:
        mail.next_at = now + DOUBT_PAUSE
    else:
        _incident(session, mail, now)


def _fail(session: Session, mail: Mail, now: datetime) -> None:
    _settle(mail, MailStatus.FAILED)
    _incident(session, mail, now)


def _incident(session: Session, mail: Mail, now: datetime) -> None:
    facts: dict[str, Any] = {"person": mail.person_id.hex, "message_id": mail.message_id, "tries": mail.attempt}
    detail = ", ".join(f"{name}={value}" for name, value in facts.items())
    session.add(
        Incident(id=new_id(), at=now, kind="mail", job_id=mail.id, code=mail.last_error or "given_up", detail=detail)
    )
