"""A real SMTP server on a loopback port that can misbehave in each of the ways mail servers do."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Mood(StrEnum):
    """How the server treats the next mails."""

    ACCEPT = "accept"
    REFUSE = "refuse"  # 550 for the recipient, for good
    BUSY = "busy"  # 451 after the message, for now
    REJECT = "reject"  # 554 after the message, for good
    DROP = "drop"  # closes the connection at DATA: nothing was taken
    TAKE_AND_DROP = "take_and_drop"  # takes the message and closes without an answer: in doubt
    TAKE_AND_HANG = "take_and_hang"  # takes the message and answers only when `release()` is called: in doubt


@dataclass
class SmtpServer:
    """`port` to connect to, `mood` to set, `received` to look at, in order of arrival."""

    certificate: Path | None = None
    key: Path | None = None
    login: str | None = None
    password: str | None = None
    mood: Mood = Mood.ACCEPT
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    connections: int = 0

    def start(self) -> None:
        """Listen on a free port of the loopback interface."""
        options: dict[str, Any] = {}
        if self.certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.certificate, self.key)
            options |= {"tls_context": context, "require_starttls": True}
        if self.login is not None:
            options |= {"authenticator": self._authenticate, "auth_required": True}
        self._released = asyncio.Event()
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=_free_port(), **options)
        self._controller.start()

    def stop(self) -> None:
        """Close; connections are refused from now on."""
        self.release()
        self._controller.stop(no_assert=True)

    def release(self) -> None:
        """Let everything that hangs answer."""
        self._controller.loop.call_soon_threadsafe(self._released.set)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """As `SMTP_URL` would say it."""
        account = f"{self.login}:{self.password}@" if self.login else ""
        host = "localhost" if self.certificate else "127.0.0.1"
        return f"smtp://{account}{host}:{self.port}"

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
        expected = LoginPassword((self.login or "").encode(), (self.password or "").encode())
        return AuthResult(success=data == expected, handled=data == expected)

    def _take(self, envelope: Envelope) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.received.append(message_from_bytes(content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))


class _Handler:
    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    async def handle_EHLO(
        self, _smtp: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.server.connections += 1
        return responses

    async def handle_RCPT(
        self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.server.mood is Mood.REFUSE:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, smtp: SMTP, _session: Session, envelope: Envelope) -> str:
        mood = self.server.mood
        if mood is Mood.BUSY:
            return "451 4.3.0 try again later"
        if mood is Mood.REJECT:
            return "554 5.6.0 rejected"
        if mood is Mood.DROP:
            return _close(smtp)
        self.server._take(envelope)
        if mood is Mood.TAKE_AND_DROP:
            return _close(smtp)
        if mood is Mood.TAKE_AND_HANG:
            await self.server._released.wait()
        return "250 OK"


def _close(smtp: SMTP) -> str:
    assert smtp.transport is not None
    smtp.transport.abort()
    return "421 4.3.2 closing"


def _free_port() -> int:
    from infrastructure.postgres_server import free_port

    return free_port()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key, as PEM files; a client trusts the first file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC) - timedelta(minutes=5)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
