"""Mails over a real mail server that misbehaves: nothing is lost, nothing doubled, a doubt stays a doubt."""

from __future__ import annotations

import ssl
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from infrastructure.smtp_server import Mood, SmtpServer
from notify.office import NOW, Office, settings
from workflows.db import Database
from workflows.engine.tables import Incident, Task, TaskStatus
from workflows.errors import ConfigurationError, Unavailable
from workflows.notify import outbox
from workflows.notify.mailer import Delivery, Mailer, MailServer, Outcome, Patience
from workflows.notify.tables import Mail, MailStatus
from workflows.org.tables import Person
from workflows.schedule.mails import Postman

PATIENCE = Patience(answer=5, letter=5)


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def clock() -> Hand:
    return Hand()


def postman(office: Office, server: SmtpServer | str, patience: Patience = PATIENCE, trust: object = None) -> Postman:
    url = server if isinstance(server, str) else server.url
    context = trust if isinstance(trust, ssl.SSLContext) else None
    mailer = Mailer(MailServer.from_url(url), patience, context)
    return Postman(office.database, office, settings(smtp_url=url), mailer)


def told(office: Office, name: str = "林晓岚", kind: str = "task") -> uuid.UUID:
    person = office.hire(name)
    office.tell(person, kind, office.open_task(person))
    return person


def only_mail(office: Office) -> Mail:
    (mail,) = office.mails()
    return mail


def incidents(office: Office) -> list[Incident]:
    with office.database.read() as session:
        return list(session.scalars(select(Incident)))


def test_a_mail_arrives_with_its_message_id_and_a_link_that_only_opens(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    person = told(office)
    assert postman(office, smtp_server).round(clock) > 0
    mail = only_mail(office)
    assert (mail.status, mail.sent_at, mail.last_error) == (MailStatus.SENT, NOW, None)
    assert (mail.subject, mail.text) == (None, None)
    (letter,) = smtp_server.received
    assert letter["Message-ID"] == mail.message_id
    assert smtp_server.recipients == [["p1@office.example"]]
    assert letter["Subject"] == "审核 旗舰店"
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_body(("plain",))
    assert text is not None
    assert "https://office.example/tasks/" in text.get_content()
    assert person == mail.person_id


def test_server_down_then_up_loses_nothing_and_doubles_nothing(
    office: Office, smtp_server: SmtpServer, clock: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(20):
        told(office, f"员工{number}")
    down = f"smtp://127.0.0.1:{_closed_port()}"
    man = postman(office, down)
    man.round(clock)
    for _ in range(12):  # an hour in which the server is asked again and again
        clock.forward(minutes=5, seconds=1)
        man.round(clock)
    assert {m.status for m in office.mails()} == {MailStatus.WAITING}
    assert {(m.attempt, m.last_error) for m in office.mails()} == {(0, "unreachable")}
    said = capsys.readouterr().out
    assert "does not work" in said
    assert "Traceback" not in said
    postman(office, smtp_server).round(clock)
    assert {m.status for m in office.mails()} == {MailStatus.SENT}
    assert sorted(str(letter["Message-ID"]) for letter in smtp_server.received) == sorted(
        m.message_id for m in office.mails()
    )
    assert len(smtp_server.received) == 20


def test_while_the_server_is_away_it_is_not_asked_every_second(
    office: Office, clock: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    told(office)
    man = postman(office, f"smtp://127.0.0.1:{_closed_port()}")
    for _ in range(120):
        man.round(clock)
        clock.forward(seconds=5)
    assert capsys.readouterr().out.count("does not work") == 3


def test_three_days_without_a_server_end_in_an_incident_that_can_be_tried_again(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    told(office)
    man = postman(office, f"smtp://127.0.0.1:{_closed_port()}")
    man.round(clock)
    clock.forward(hours=71)
    man.round(clock)
    assert only_mail(office).status == MailStatus.WAITING
    clock.forward(hours=2)
    man.round(clock)
    assert only_mail(office).status == MailStatus.FAILED
    (incident,) = incidents(office)
    assert (incident.kind, incident.code, incident.job_id) == ("mail", "unreachable", only_mail(office).id)
    with office.database.write() as session:
        outbox.try_again(session, only_mail(office).id, clock.now)
    postman(office, smtp_server).round(clock)
    assert only_mail(office).status == MailStatus.SENT
    assert len(smtp_server.received) == 1


@pytest.mark.parametrize("mood", [Mood.BUSY, Mood.DROP])
def test_a_busy_server_gets_the_mail_later(office: Office, smtp_server: SmtpServer, clock: Hand, mood: Mood) -> None:
    told(office)
    smtp_server.mood = mood
    man = postman(office, smtp_server)
    man.round(clock)
    first = only_mail(office)
    assert (first.status, first.attempt) == ((MailStatus.WAITING, 1) if mood is Mood.BUSY else (MailStatus.DOUBT, 1))
    assert smtp_server.received == []
    assert first.next_at is not None
    smtp_server.mood = Mood.ACCEPT
    man.round(clock)
    assert smtp_server.received == []  # not before its time
    clock.now = first.next_at
    man.round(clock)
    assert only_mail(office).status == MailStatus.SENT
    assert [letter["Message-ID"] for letter in smtp_server.received] == [first.message_id]


@pytest.mark.parametrize(("mood", "code"), [(Mood.REFUSE, "smtp_550"), (Mood.REJECT, "smtp_554")])
def test_a_refusal_for_good_is_an_incident_and_stops_nobody_else(
    office: Office, smtp_server: SmtpServer, clock: Hand, mood: Mood, code: str
) -> None:
    told(office)
    smtp_server.mood = mood
    man = postman(office, smtp_server)
    man.round(clock)
    assert (only_mail(office).status, only_mail(office).last_error) == (MailStatus.FAILED, code)
    assert [(i.kind, i.code) for i in incidents(office)] == [("mail", code)]
    smtp_server.mood = Mood.ACCEPT
    told(office, "王梓涵")
    man.round(clock)
    clock.forward(days=4)
    man.round(clock)
    assert [m.status for m in office.mails()] == [MailStatus.FAILED, MailStatus.SENT]


def test_silence_after_the_letter_is_a_doubt_and_one_more_copy_at_most(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    told(office)
    smtp_server.mood = Mood.TAKE_AND_DROP
    man = postman(office, smtp_server)
    man.round(clock)
    mail = only_mail(office)
    assert (mail.status, mail.doubts, mail.next_at) == (MailStatus.DOUBT, 1, NOW + timedelta(minutes=15))
    clock.forward(minutes=14)
    man.round(clock)
    assert len(smtp_server.received) == 1
    clock.forward(minutes=2)
    man.round(clock)
    mail = only_mail(office)
    assert (mail.status, mail.doubts, mail.next_at) == (MailStatus.DOUBT, 2, None)
    clock.forward(days=10)
    man.round(clock)
    assert [letter["Message-ID"] for letter in smtp_server.received] == [mail.message_id] * 2
    assert [(i.kind, i.code) for i in incidents(office)] == [("mail", "no_answer")]


def test_a_server_busy_for_three_days_is_given_up(office: Office, smtp_server: SmtpServer, clock: Hand) -> None:
    told(office)
    smtp_server.mood = Mood.BUSY
    man = postman(office, smtp_server)
    for _ in range(60):
        man.round(clock)
        clock.forward(hours=2)
    mail = only_mail(office)
    assert (mail.status, mail.last_error) == (MailStatus.FAILED, "smtp_451")
    assert 10 < mail.attempt < 30
    assert [(i.kind, i.code) for i in incidents(office)] == [("mail", "smtp_451")]


def test_a_doubt_whose_task_is_done_meanwhile_stays_a_doubt_and_is_not_sent_again(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    person = office.hire("林晓岚")
    task = office.open_task(person)
    office.tell(person, "task", task)
    smtp_server.mood = Mood.TAKE_AND_DROP
    man = postman(office, smtp_server)
    man.round(clock)
    office.change(Task, task.id, status=TaskStatus.DONE)
    clock.forward(minutes=15)
    man.round(clock)
    assert (only_mail(office).status, only_mail(office).next_at) == (MailStatus.DOUBT, None)
    assert len(smtp_server.received) == 1


def test_a_doubt_that_is_answered_the_second_time_is_sent(office: Office, smtp_server: SmtpServer, clock: Hand) -> None:
    told(office)
    smtp_server.mood = Mood.TAKE_AND_DROP
    man = postman(office, smtp_server)
    man.round(clock)
    smtp_server.mood = Mood.BUSY
    clock.forward(minutes=15)
    man.round(clock)
    assert only_mail(office).status == MailStatus.DOUBT  # this try did not send, the first may have
    smtp_server.mood = Mood.ACCEPT
    clock.forward(minutes=15)
    man.round(clock)
    assert (only_mail(office).status, only_mail(office).doubts) == (MailStatus.SENT, 1)
    assert len({str(letter["Message-ID"]) for letter in smtp_server.received}) == 1
    assert len(smtp_server.received) == 2


def test_a_server_that_hangs_is_left_when_the_scheduler_stops(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    told(office)
    smtp_server.mood = Mood.TAKE_AND_HANG
    man = postman(office, smtp_server, Patience(answer=5, letter=600))
    worker = threading.Thread(target=man.round, args=(clock,))
    worker.start()
    _wait(lambda: bool(smtp_server.received))
    man.hang_up()
    worker.join(10)
    assert not worker.is_alive()
    assert only_mail(office).status == MailStatus.DOUBT


def test_a_mailer_killed_before_the_letter_left_leaves_no_doubt(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    told(office)
    _gather(office, clock)
    with office.database.write() as session:
        assert outbox.claim(session, clock.now) is not None
    _let_leases_end(office, clock)
    man = postman(office, smtp_server)
    man.round(clock)
    assert (only_mail(office).status, only_mail(office).doubts) == (MailStatus.SENT, 0)
    assert len(smtp_server.received) == 1


def test_a_mailer_killed_with_the_letter_out_leaves_a_doubt(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    told(office)
    _gather(office, clock)
    with office.database.write() as session:
        claim = outbox.claim(session, clock.now)
    assert claim is not None
    with office.database.write() as session:
        assert outbox.about_to_send(session, claim, clock.now)
    _let_leases_end(office, clock)
    man = postman(office, smtp_server)
    man.round(clock)
    assert (only_mail(office).status, only_mail(office).last_error) == (MailStatus.DOUBT, "mailer_lost")
    clock.forward(minutes=15)
    man.round(clock)
    assert only_mail(office).status == MailStatus.SENT


def test_who_comes_late_is_still_heard_but_counts_no_second_doubt(office: Office, clock: Hand) -> None:
    told(office)
    _gather(office, clock)
    with office.database.write() as session:
        claim = outbox.claim(session, clock.now)
    assert claim is not None
    with office.database.write() as session:
        assert outbox.about_to_send(session, claim, clock.now)
    _let_leases_end(office, clock)
    with office.database.write() as session:
        outbox.recover(session, clock.now)
    with office.database.write() as session:
        assert outbox.finish(session, claim, Delivery(Outcome.DOUBT, "no_answer"), clock.now) is MailStatus.DOUBT
    assert only_mail(office).doubts == 1
    with office.database.write() as session:
        assert outbox.finish(session, claim, Delivery(Outcome.SENT), clock.now) is MailStatus.SENT
    assert (only_mail(office).status, only_mail(office).next_at) == (MailStatus.SENT, None)


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


def test_a_mailer_that_slept_through_its_lease_sends_nothing(office: Office, clock: Hand) -> None:
    told(office)
    _gather(office, clock)
    with office.database.write() as session:
        asleep = outbox.claim(session, clock.now)
    assert asleep is not None
    _let_leases_end(office, clock)
    with office.database.write() as session:
        assert outbox.recover(session, clock.now) == 1
        other = outbox.claim(session, clock.now)
    assert other is not None
    with office.database.write() as session:
        assert not outbox.about_to_send(session, asleep, clock.now)
        assert outbox.about_to_send(session, other, clock.now)


def test_two_mailers_share_the_mails_and_double_none(postgres_url: str, smtp_server: SmtpServer, clock: Hand) -> None:
    database = Database(postgres_url)
    office = Office(database)
    for number in range(30):
        told(office, f"员工{number}")
    _gather(office, clock)
    men = [postman(office, smtp_server) for _ in range(3)]
    together = threading.Barrier(len(men))

    def work(man: Postman) -> None:
        together.wait()
        man.round(clock)

    workers = [threading.Thread(target=work, args=(man,)) for man in men]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {m.status for m in office.mails()} == {MailStatus.SENT}
    assert {m.attempt for m in office.mails()} == {1}
    assert len(smtp_server.received) == 30
    database.dispose()


def test_a_task_done_while_the_server_was_away_is_not_mailed(
    office: Office, smtp_server: SmtpServer, clock: Hand
) -> None:
    person = office.hire("林晓岚")
    task = office.open_task(person)
    office.tell(person, "reminder", task)
    _gather(office, clock)
    office.change(Task, task.id, status=TaskStatus.DONE)
    postman(office, smtp_server).round(clock)
    assert only_mail(office).status == MailStatus.DROPPED
    assert smtp_server.received == []


def test_an_address_that_cannot_be_one_stops_nobody_else(office: Office, smtp_server: SmtpServer, clock: Hand) -> None:
    first = told(office)
    office.change(Person, first, email="坏地址")
    told(office, "王梓涵")
    postman(office, smtp_server).round(clock)
    assert sorted((m.status, m.last_error) for m in office.mails()) == [("failed", "bad_address"), ("sent", None)]


def test_starttls_and_login(office: Office, secure_smtp_server: SmtpServer, clock: Hand) -> None:
    told(office)
    trust = ssl.create_default_context(cafile=str(secure_smtp_server.certificate))
    postman(office, secure_smtp_server, trust=trust).round(clock)
    assert only_mail(office).status == MailStatus.SENT


def test_a_certificate_nobody_vouches_for_gets_no_password(
    office: Office, secure_smtp_server: SmtpServer, clock: Hand
) -> None:
    told(office)
    postman(office, secure_smtp_server).round(clock)
    assert only_mail(office).status == MailStatus.WAITING
    assert secure_smtp_server.received == []


def test_a_wrong_password_is_the_servers_refusal_not_the_mails(
    office: Office, secure_smtp_server: SmtpServer, clock: Hand, capsys: pytest.CaptureFixture[str]
) -> None:
    told(office)
    trust = ssl.create_default_context(cafile=str(secure_smtp_server.certificate))
    wrong = secure_smtp_server.url.replace("correct horse", "sesame")
    postman(office, wrong, trust=trust).round(clock)
    assert (only_mail(office).status, only_mail(office).attempt) == (MailStatus.WAITING, 0)
    assert "sesame" not in capsys.readouterr().out


def test_in_demo_mode_mails_are_kept_and_can_be_read(office: Office, clock: Hand) -> None:
    person = office.hire("林晓岚", email=None)
    office.tell(person, "task", office.open_task(person))
    man = Postman(office.database, office, settings(demo=True))
    assert man.round(clock) > 0
    mail = only_mail(office)
    assert (mail.status, mail.subject) == (MailStatus.KEPT, "审核 旗舰店")
    assert mail.text is not None
    assert "/tasks/" in mail.text
    assert man.round(clock) == 0


def _gather(office: Office, clock: Hand) -> None:
    man = Postman(office.database, office, settings())
    with office.database.write() as session:
        man._gather(session, clock.now)


def _let_leases_end(office: Office, clock: Hand) -> None:
    clock.forward(minutes=20)
    with office.database.write() as session:
        for mail in session.scalars(select(Mail)):
            mail.lease_until = NOW - timedelta(days=400)


def _closed_port() -> int:
    from infrastructure.postgres_server import free_port

    return free_port()


def _wait(happened: Callable[[], bool]) -> None:
    arrived = threading.Event()
    for _ in range(2000):
        if happened():
            return
        arrived.wait(0.005)
    raise AssertionError("it did not happen within ten seconds")


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
    with pytest.raises(Unavailable), Mailer(MailServer.from_url(f"smtp://127.0.0.1:{_closed_port()}")).connected():
        pass
