"""The real parts of the tests are what they say: the mail server's moods, the browser."""

from __future__ import annotations

import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from infrastructure.browser import violations
from infrastructure.postgres_server import PREFIX, PostgresServer, remove_folder
from infrastructure.smtp_server import Mood, SmtpServer


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "workflows@example.com", "wang@example.com", "待办：店铺搭建"
    mail.set_content("请处理。")
    return mail


def send(server: SmtpServer, timeout: float = 5) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=timeout) as client:
        client.send_message(letter())


def test_it_takes_mail(smtp_server: SmtpServer) -> None:
    send(smtp_server)
    assert smtp_server.received[0]["Subject"] == "待办：店铺搭建"
    assert smtp_server.recipients == [["wang@example.com"]]


@pytest.mark.parametrize(
    ("mood", "error", "taken"),
    [
        (Mood.REFUSE, smtplib.SMTPRecipientsRefused, 0),
        (Mood.BUSY, smtplib.SMTPDataError, 0),
        (Mood.REJECT, smtplib.SMTPDataError, 0),
        (Mood.DROP, (smtplib.SMTPServerDisconnected, OSError), 0),
        (Mood.TAKE_AND_DROP, (smtplib.SMTPServerDisconnected, OSError), 1),
        (Mood.TAKE_AND_HANG, smtplib.SMTPServerDisconnected, 1),
    ],
)
def test_its_moods(smtp_server: SmtpServer, mood: Mood, error: type[Exception], taken: int) -> None:
    smtp_server.mood = mood
    with pytest.raises(error):
        send(smtp_server, timeout=0.5)
    assert len(smtp_server.received) == taken


def test_it_insists_on_encryption_and_a_login(secure_smtp_server: SmtpServer) -> None:
    with pytest.raises(smtplib.SMTPException):
        send(secure_smtp_server)
    context = ssl.create_default_context(cafile=str(secure_smtp_server.certificate))
    with smtplib.SMTP("localhost", secure_smtp_server.port, timeout=5) as client:
        client.starttls(context=context)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("workflows", "wrong")
        client.login("workflows", "correct horse")
        client.send_message(letter())
    assert len(secure_smtp_server.received) == 1


def test_the_browser_runs_and_shows_chinese(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<title>待办</title><p id=a>店铺</p>")
    assert page.title() == "待办"
    assert page.locator("#a").bounding_box() is not None
    page.close()


def test_what_a_page_does_wrong_is_found_as_often_as_one_asks(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<html lang=zh><title>待办</title><main><h1>店铺</h1><img src='data:,'></main></html>")
    for _ in range(2):
        (wrong,) = violations(page)
        assert (wrong["id"], [node["target"] for node in wrong["nodes"]]) == ("image-alt", [["img"]])
    page.evaluate("document.querySelector('img').alt = '首页'")
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("number", [2**22 + 1, os.getpid()], ids=["nobody", "somebody else"])
def test_what_a_dead_server_left_is_removed(tmp_path: Path, number: int) -> None:
    """A machine that was switched off or copied keeps the folder and a process number that means nothing there."""
    folder = tmp_path / "left"
    server = PostgresServer(folder)
    server.data.mkdir(parents=True)
    server.ready.write_text("5432")
    (server.data / "postmaster.pid").write_text(f"{number}\n{server.data}\n")
    remove_folder(folder)
    assert not folder.exists()


def test_a_living_server_is_stopped_before_its_folder_goes() -> None:
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))  # where any user may read, who the server is
    folder.chmod(0o755)
    server = PostgresServer(folder)
    server.ensure()
    assert server.running()
    remove_folder(folder)
    assert not folder.exists()
