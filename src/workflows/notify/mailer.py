"""SMTP, and nothing else: one letter to one address, with an honest answer to "did it arrive?".

Until the server has the letter a failure is safely tried again. From then on silence is a doubt, not a failure (RFC 1047):
`deliver` says which of the two it was. Timeouts follow RFC 5321 §4.5.3.2.6.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from workflows.errors import ConfigurationError, Unavailable

_ACCEPTED = 250
_GO_AHEAD = 354
_SERVICE_CLOSING = 421


class Outcome(StrEnum):
    """What became of one letter."""

    SENT = "sent"
    """The server took it over."""
    AGAIN = "again"
    """It did not, and did not get the letter: try again later."""
    DOUBT = "doubt"
    """It got the letter and did not answer."""
    REFUSED = "refused"
    """It refused this recipient or this letter for good."""
    OVERTAKEN = "overtaken"
    """Nothing was sent: the claim had passed to another mailer."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An outcome with its code (`smtp_550`, `no_answer`, …); the code of what was sent is empty."""

    outcome: Outcome
    code: str = ""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `tls`: "always" (smtps), "required", "offered"."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """Read `smtp://user:password@host:587?starttls=1` or `smtps://host`.

        Without `starttls` STARTTLS is used where it is offered, and demanded as soon as there is a password or `starttls=1`;
        `starttls=0` never uses it and is refused together with a password. Raises `ConfigurationError`.
        """
        parts = urlsplit(url)
        wish = parse_qs(parts.query).get("starttls", [""])[-1]
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or wish not in {"", "0", "1"}:
            raise _wrong_url()
        if wish == "0" and parts.password:
            raise ConfigurationError(
                "SMTP_URL 中带有密码时不能写 starttls=0：密码会以明文传输。",
                "SMTP_URL has a password, so it cannot say starttls=0: the password would travel in the clear.",
            )
        secure = parts.scheme == "smtps"
        tls = "always" if secure else "never" if wish == "0" else "required" if wish or parts.password else "offered"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, parts.port or (465 if secure else 587 if password else 25), tls, user, password)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for each answer before the letter is handed over, and for the answer to the letter itself."""

    answer: float = 10.0
    letter: float = 600.0


class ServerUnreachable(Unavailable):
    """The mail server does not answer, or refuses us: no mail's fault."""


class Mailer:
    """Hands letters to one server. `trust`: certificates to believe; the system's by default."""

    def __init__(
        self, server: MailServer, patience: Patience = Patience(), trust: ssl.SSLContext | None = None
    ) -> None:
        self.server = server
        self.patience = patience
        self._trust = trust
        self._line: smtplib.SMTP | None = None

    @contextmanager
    def connected(self) -> Iterator[Line]:
        """A connection, signed in where there is a password. Raises `ServerUnreachable`."""
        smtp = self._reach()
        self._line = smtp
        try:
            yield Line(smtp, self.patience)
        finally:
            self._line = None
            with suppress(OSError):  # whatever it says to our farewell changes nothing
                smtp.quit()
            smtp.close()

    def hang_up(self) -> None:
        """Break off a connection that another thread waits on: it hears at once that no answer comes."""
        line = self._line
        sock = line.sock if line is not None else None
        if sock is not None:
            with suppress(OSError):  # closed in the meantime
                sock.shutdown(socket.SHUT_RDWR)

    def _reach(self) -> smtplib.SMTP:
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._connect()
            self._secure(smtp)
            if self.server.user:
                smtp.login(self.server.user, self.server.password)
        except OSError as error:  # smtplib's own errors are OSErrors too
            if smtp is not None:
                smtp.close()
            raise self._unreachable(error) from error
        return smtp

    def _connect(self) -> smtplib.SMTP:
        host, port, wait = self.server.host, self.server.port, self.patience.answer
        if self.server.tls == "always":
            return smtplib.SMTP_SSL(host, port, timeout=wait, context=self._verifying())
        return smtplib.SMTP(host, port, timeout=wait)

    def _secure(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self.server.tls == "required":
            smtp.starttls(context=self._verifying())
        elif self.server.tls == "offered" and smtp.has_extn("starttls"):
            smtp.starttls(context=_believing())

    def _verifying(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()

    def _unreachable(self, error: OSError) -> ServerUnreachable:
        where = f"{self.server.host}:{self.server.port}"
        # The server's words may repeat the user's name or password: only the kind of failure is told.
        why = f"SMTP {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else _kind(error)
        return ServerUnreachable(
            f"邮件服务器 {where} 无法使用（{why}）。邮件会保留并自动重发；请检查 SMTP_URL 和网络。",
            f"The mail server {where} does not work ({why}). Mails are kept and tried again; check SMTP_URL and the network.",
        )


class Line:
    """An open connection. `alive` turns false when no further letter can go over it."""

    def __init__(self, smtp: smtplib.SMTP, patience: Patience) -> None:
        self._smtp = smtp
        self._patience = patience
        self.alive = True

    def deliver(self, sender: str, recipient: str, letter: bytes, before_data: Callable[[], bool]) -> Delivery:
        """Hand over one letter.

        `before_data` is called when everything but the letter has been agreed; it writes down that the letter is about to
        leave, and answers whether that is still ours to do.
        """
        try:
            early = self._agree(sender, recipient)
            if early is None and not before_data():
                early = Delivery(Outcome.OVERTAKEN, "overtaken")
            if early is None:
                early = self._announce()
            if early is not None:
                self._forget()
                return early
        except OSError:
            self.alive = False
            return Delivery(Outcome.AGAIN, "connection_lost")
        return self._hand_over(letter)

    def _agree(self, sender: str, recipient: str) -> Delivery | None:
        code, _ = self._smtp.mail(sender)
        if code != _ACCEPTED:
            # A refused sender is our configuration, not this person's address: mend it within three days and all mails leave.
            return self._no(code, Outcome.AGAIN)
        code, _ = self._smtp.rcpt(recipient)
        return None if code in {_ACCEPTED, 251} else self._no(code, Outcome.REFUSED)

    def _announce(self) -> Delivery | None:
        code, _ = self._smtp.docmd("DATA")
        return None if code == _GO_AHEAD else self._no(code, Outcome.REFUSED)

    def _hand_over(self, letter: bytes) -> Delivery:
        try:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._patience.letter)
            self._smtp.send(as_data(letter))
            code, _ = self._smtp.getreply()
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._patience.answer)
        except OSError:
            self.alive = False
            return Delivery(Outcome.DOUBT, "no_answer")
        if 200 <= code < 300:
            return Delivery(Outcome.SENT)
        if 400 <= code < 600:
            return self._no(code, Outcome.REFUSED)
        self.alive = False
        return Delivery(Outcome.DOUBT, "unreadable_answer")

    def _no(self, code: int, permanent: Outcome) -> Delivery:
        if code == _SERVICE_CLOSING or not 400 <= code < 600:
            self.alive = False
        return Delivery(
            permanent if 500 <= code < 600 else Outcome.AGAIN, f"smtp_{code}" if code > 0 else "unreadable_answer"
        )

    def _forget(self) -> None:
        if not self.alive:
            return
        code, _ = self._smtp.rset()
        self.alive = code == _ACCEPTED


def as_data(letter: bytes) -> bytes:
    """The letter as the DATA command carries it: lines end in CRLF, leading dots are doubled, a lone dot ends it."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", letter)
    doubled = re.sub(rb"(?m)^\.", b"..", lines)
    return doubled + (b"" if doubled.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _believing() -> ssl.SSLContext:
    # Where plain text would be allowed, an unknown certificate (a relay's own) is still better than none.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _kind(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, socket.gaierror):
        return "unknown host"
    return type(error).__name__


def _wrong_url() -> ConfigurationError:
    return ConfigurationError(
        "SMTP_URL 无法识别。正确的写法例如：smtp://user:password@host:587?starttls=1",
        "SMTP_URL is not understood. It looks like this: smtp://user:password@host:587?starttls=1",
    )
