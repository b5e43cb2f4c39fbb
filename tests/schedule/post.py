"""Mails of an office and the postman who brings them to a server."""

from __future__ import annotations

import ssl
import uuid
from datetime import timedelta

from sqlalchemy import select

from infrastructure.clock import NOW, Clock
from infrastructure.smtp_server import SmtpServer
from notify.office import Office, settings
from workflows.engine.tables import Incident
from workflows.notify import outbox
from workflows.notify.mailer import Mailer, MailServer, Patience
from workflows.notify.outbox import Claim
from workflows.notify.tables import Mail
from workflows.schedule.mails import Postman

PATIENCE = Patience(answer=5, letter=5)


def postman(
    office: Office, server: SmtpServer | str, patience: Patience = PATIENCE, trust: ssl.SSLContext | None = None
) -> Postman:
    """Brings the office's mails to a server."""
    url = server if isinstance(server, str) else server.url
    return Postman(office.database, office, settings(smtp_url=url), Mailer(MailServer.from_url(url), patience, trust))


def told(office: Office, name: str = "林晓岚") -> uuid.UUID:
    """Somebody new with a task, and a message about it."""
    person = office.hire(name)
    office.tell(person, "task", office.open_task(person))
    return person


def only_mail(office: Office) -> Mail:
    """The one mail there is."""
    (mail,) = office.mails()
    return mail


def incidents(office: Office) -> list[Incident]:
    """What needs an administrator."""
    with office.database.read() as session:
        return list(session.scalars(select(Incident)))


def gather(office: Office, clock: Clock) -> None:
    """Make mails of the messages, and send none."""
    man = Postman(office.database, office, settings())
    with office.database.write() as session:
        man._gather(session, clock.now)


def let_leases_end(office: Office, clock: Clock) -> None:
    """As if whoever had a mail in hand had been silent for long."""
    clock.forward(minutes=20)
    with office.database.write() as session:
        for mail in session.scalars(select(Mail)):
            mail.lease_until = NOW - timedelta(days=400)


def sending(office: Office, clock: Clock) -> Claim:
    """A mailer has the next mail in hand and its letter is on the way; nobody hears of it again."""
    with office.database.write() as session:
        claim = outbox.claim(session, clock.now)
    assert claim is not None
    with office.database.write() as session:
        assert outbox.about_to_send(session, claim, clock.now)
    return claim
