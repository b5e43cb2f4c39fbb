"""The line to a mail server: addresses, what is sent over it, encryption and passwords."""

from __future__ import annotations

import ssl

import pytest

from infrastructure.clock import Clock
from infrastructure.postgres_server import free_port
from infrastructure.smtp_server import SmtpServer
from notify.office import Office
from schedule.post import only_mail, postman, told
from workflows.errors import ConfigurationError, Unavailable
from workflows.notify.mailer import Mailer, MailServer, Outcome
from workflows.notify.tables import MailStatus


def test_a_claim_that_was_overtaken_leaves_the_line_usable(smtp_server: SmtpServer) -> None:
    with Mailer(MailServer.from_url(smtp_server.url)).connected() as line:
        overtaken = line.deliver("a@office.example", "b@office.example", b"Subject: 1\r\n\r\n1", lambda: False)
        sent = line.deliver("a@office.example", "b@office.example", b"Subject: 2\r\n\r\n2", lambda: True)
    assert (overtaken.outcome, sent.outcome) == (Outcome.OVERTAKEN, Outcome.SENT)
    assert [letter["Subject"] for letter in smtp_server.received] == ["2"]


def test_a_line_that_begins_with_a_dot_arrives_whole(smtp_server: SmtpServer) -> None:
    body = b"Subject: dots\n\n.\n..two\n.one\nend"
    with Mailer(MailServer.from_url(smtp_server.url)).connected() as line:
        line.deliver("a@office.example", "b@office.example", body, lambda: True)
    (letter,) = smtp_server.received
    assert letter.get_content().splitlines() == [".", "..two", ".one", "end"]


def test_starttls_and_login(office: Office, secure_smtp_server: SmtpServer, clock: Clock) -> None:
    told(office)
    trust = ssl.create_default_context(cafile=str(secure_smtp_server.certificate))
    postman(office, secure_smtp_server, trust=trust).round(clock)
    assert only_mail(office).status == MailStatus.SENT


def test_a_certificate_nobody_vouches_for_gets_no_password(
    office: Office, secure_smtp_server: SmtpServer, clock: Clock
) -> None:
    told(office)
    postman(office, secure_smtp_server).round(clock)
    assert only_mail(office).status == MailStatus.WAITING
    assert secure_smtp_server.received == []


def test_a_wrong_password_is_the_servers_refusal_not_the_mails(
    office: Office, secure_smtp_server: SmtpServer, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    told(office)
    trust = ssl.create_default_context(cafile=str(secure_smtp_server.certificate))
    wrong = secure_smtp_server.url.replace("correct horse", "sesame")
    postman(office, wrong, trust=trust).round(clock)
    assert (only_mail(office).status, only_mail(office).attempt) == (MailStatus.WAITING, 0)
    assert "sesame" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example", 25, "offered"),
        ("smtp://mail.example?starttls=1", 25, "required"),
        ("smtp://mail.example?starttls=0", 25, "never"),
        ("smtp://u:p%40ss@mail.example", 587, "required"),
        ("smtp://u:p%40ss@mail.example:2525?starttls=1", 2525, "required"),
        ("smtps://u:p%40ss@mail.example", 465, "always"),
    ],
)
def test_addresses_of_servers(url: str, port: int, tls: str) -> None:
    server = MailServer.from_url(url)
    assert (server.host, server.port, server.tls) == ("mail.example", port, tls)
    assert server.password == ("p@ss" if "@" in url else "")
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize(
    "url", ["http://mail.example", "smtp://", "smtp://h?starttls=maybe", "smtp://u:p@h?starttls=0"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ConfigurationError, match="SMTP_URL"):
        MailServer.from_url(url)


def test_unavailable_is_what_an_unreachable_server_is_called() -> None:
    with pytest.raises(Unavailable), Mailer(MailServer.from_url(f"smtp://127.0.0.1:{free_port()}")).connected():
        pass
