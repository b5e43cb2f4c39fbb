"""What is thrown away, and when. Events never are."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflows.engine.tables import Blob, Draft, File, Heartbeat, Message, MessageStatus
from workflows.notify.tables import Mail, MailStatus
from workflows.org.accounts import forget_resets
from workflows.org.sessions import forget_sessions
from workflows.org.throttle import forget_old

DRAFTS = timedelta(days=180)
"""A form typed and left for half a year."""
LOOSE_FILES = timedelta(days=190)
"""A file that no submitted form took; later than drafts, which may still name it."""
MAILS = timedelta(days=365)
"""Mails with their messages (design.md §7)."""
SESSIONS = timedelta(days=30)
HEARTBEATS = timedelta(days=1)
AT_ONCE = 500


def clean(session: Session, now: datetime) -> int:
    """Throw away a batch of what is old; how many rows. Call again until 0."""
    forget_sessions(session, now - SESSIONS)
    forget_resets(session, now - SESSIONS)
    forget_old(session, now)
    session.execute(delete(Heartbeat).where(Heartbeat.at < now - HEARTBEATS))
    return _drafts(session, now) + _files(session, now) + _mails(session, now) + _messages(session, now)


def _drafts(session: Session, now: datetime) -> int:
    old = list(session.scalars(select(Draft.id).where(Draft.saved_at < now - DRAFTS).limit(AT_ONCE)))
    session.execute(delete(Draft).where(Draft.id.in_(old)))
    return len(old)


def _files(session: Session, now: datetime) -> int:
    loose = File.case_id.is_(None) & (File.uploaded_at < now - LOOSE_FILES)
    old = session.execute(select(File.id, File.digest).where(loose).limit(AT_ONCE)).all()
    session.execute(delete(File).where(File.id.in_([row.id for row in old])))
    unused = Blob.digest.in_([row.digest for row in old]) & ~select(File.id).where(File.digest == Blob.digest).exists()
    session.execute(delete(Blob).where(unused).execution_options(synchronize_session=False))
    return len(old)


def _mails(session: Session, now: datetime) -> int:
    over = (MailStatus.SENT, MailStatus.KEPT, MailStatus.DROPPED, MailStatus.FAILED)
    old_ones = select(Mail.id).where(Mail.created_at < now - MAILS, Mail.status.in_(over))
    old = list(session.scalars(old_ones.limit(AT_ONCE)))
    session.execute(delete(Message).where(Message.mail_id.in_(old)))
    session.execute(delete(Mail).where(Mail.id.in_(old)))
    return len(old)


def _messages(session: Session, now: datetime) -> int:
    dropped = select(Message.id).where(Message.status == MessageStatus.DROPPED, Message.created_at < now - MAILS)
    old = list(session.scalars(dropped.limit(AT_ONCE)))
    session.execute(delete(Message).where(Message.id.in_(old)))
    return len(old)
