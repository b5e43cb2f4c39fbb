"""The mailer's loop: gather, then claim, commit, send, finish, commit for each mail (`notify/outbox.py` has the pieces)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.errors import MessageError

import structlog
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from workflows.db import Database
from workflows.errors import Unavailable
from workflows.notify import outbox
from workflows.notify.gather import Gatherer
from workflows.notify.letters import Knowledge, Letter, LetterWriter, as_bytes
from workflows.notify.mailer import Delivery, Line, Mailer, MailServer, Outcome, ServerUnreachable
from workflows.notify.outbox import Claim
from workflows.notify.retry import FIRST_PAUSE
from workflows.notify.tables import Mail, MailStatus
from workflows.schedule.jobs import transact
from workflows.settings import Settings

log = structlog.get_logger("workflows.schedule")
Clock = Callable[[], datetime]
SERVER_PAUSE = 10 * FIRST_PAUSE
"""A server that cannot be reached is asked again after half a minute, later after five: asking costs little."""
COMPOSED_IN_VAIN = 8


class Postman:
    """Brings out the mails of one database. `mailer` None: they are kept and shown instead (demo, or no server is set)."""

    def __init__(
        self, database: Database, knowledge: Knowledge, settings: Settings, mailer: Mailer | None = None
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._sender = settings.mail_from
        self._gatherer = Gatherer.from_settings(settings)
        self._writer = LetterWriter(settings, knowledge)
        server = None if self._gatherer.keeps else MailServer.from_url(settings.smtp_url)
        self._mailer = mailer or (Mailer(server) if server is not None else None)
        self._unreachable = 0
        self._asks_again: datetime | None = None

    def round(self, clock: Clock) -> int:
        """Make mails of messages and send what is due; how much was done. Raises `Unavailable` for the database only."""
        gathered = transact(self._database, lambda session: self._gather(session, clock()))
        if self._mailer is None:
            return gathered + self._keep_all(clock)
        recovered = transact(self._database, lambda session: outbox.recover(session, clock()))
        return gathered + recovered + self._send_all(self._mailer, clock)

    def hang_up(self) -> None:
        """Stop waiting for a server; what it did not answer is in doubt."""
        if self._mailer is not None:
            self._mailer.hang_up()

    def _gather(self, session: Session, now: datetime) -> int:
        people, calendar = self._knowledge.organisation(session), self._knowledge.calendar(session)
        return self._gatherer.gather(session, people, calendar, now)

    # -- sending ------------------------------------------------------------------------------------------------

    def _send_all(self, mailer: Mailer, clock: Clock) -> int:
        if not self._is_due(clock()):
            return 0
        try:
            with mailer.connected() as line:
                self._reached()
                return self._work_off(line, clock)
        except ServerUnreachable as error:
            self._not_reached(error, clock())
            return 0

    def _is_due(self, now: datetime) -> bool:
        if self._asks_again is not None and now < self._asks_again:
            return False
        with self._database.read() as session:
            first = outbox.next_due(session)
        return first is not None and first <= now

    def _work_off(self, line: Line, clock: Clock) -> int:
        done = 0
        while line.alive:
            claim = transact(self._database, lambda session: outbox.claim(session, clock()))
            if claim is None:
                break
            self._send(line, claim, clock)
            done += 1
        return done

    def _send(self, line: Line, claim: Claim, clock: Clock) -> None:
        with self._database.read() as session:
            letter = self._letter(session, claim, clock())
        if letter is None:
            transact(self._database, lambda session: outbox.drop(session, claim))
            return
        delivery = letter if isinstance(letter, Delivery) else self._hand_over(line, claim, letter, clock)
        status = transact(self._database, lambda session: outbox.finish(session, claim, delivery, clock()))
        if status is not MailStatus.SENT:
            log.warning("mail not sent", mail=str(claim.mail), status=status, code=delivery.code, attempt=claim.attempt)

    def _hand_over(self, line: Line, claim: Claim, letter: Letter, clock: Clock) -> Delivery:
        try:
            content = as_bytes(letter, self._sender, claim.message_id, clock())
            letter.address.encode("ascii")
        except (ValueError, MessageError, IndexError):
            return Delivery(Outcome.REFUSED, "bad_address")

        def before_data() -> bool:
            return transact(self._database, lambda session: outbox.about_to_send(session, claim, clock()))

        return line.deliver(self._sender, letter.address, content, before_data)

    def _letter(self, session: Session, claim: Claim, now: datetime) -> Letter | Delivery | None:
        """The letter, None if it has nothing to say, or why it could not be composed: a broken template stops only its mails."""
        try:
            return self._writer.write(session, claim.mail, claim.person, now)
        except (Unavailable, DBAPIError):
            raise
        except Exception:
            log.exception("mail cannot be composed", mail=str(claim.mail))
            hopeless = claim.attempt >= COMPOSED_IN_VAIN
            return Delivery(Outcome.REFUSED if hopeless else Outcome.AGAIN, "not_composed")

    def _reached(self) -> None:
        if self._unreachable:
            log.info("mail server works again", tries=self._unreachable)
        self._unreachable, self._asks_again = 0, None

    def _not_reached(self, error: ServerUnreachable, now: datetime) -> None:
        self._asks_again = now + (FIRST_PAUSE if self._unreachable == 0 else SERVER_PAUSE)
        self._unreachable += 1
        log.warning(str(error))
        transact(self._database, lambda session: outbox.note_unreachable(session, now))

    # -- keeping ------------------------------------------------------------------------------------------------

    def _keep_all(self, clock: Clock) -> int:
        done = 0
        while transact(self._database, lambda session: self._keep(session, clock())):
            done += 1
        return done

    def _keep(self, session: Session, now: datetime) -> bool:
        """Compose and keep one mail, in one transaction: nothing leaves."""
        claim = outbox.claim(session, now)
        if claim is None:
            return False
        letter = self._letter(session, claim, now)
        if letter is None:
            outbox.drop(session, claim)
            return True
        if isinstance(letter, Delivery):
            outbox.finish(session, claim, letter, now)
            return True
        kept = {"subject": letter.subject, "text": letter.text, "sent_at": now, "next_at": None, "lease_until": None}
        session.execute(update(Mail).where(Mail.id == claim.mail).values(status=MailStatus.KEPT, **kept))
        return True
