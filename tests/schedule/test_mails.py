"""Mails over a real mail server that misbehaves: nothing is lost, nothing doubled."""

from __future__ import annotations

import threading

import pytest

from infrastructure.clock import NOW, Clock
from infrastructure.postgres_server import free_port
from infrastructure.smtp_server import Mood, SmtpServer
from notify.office import Office, settings
from schedule.post import gather, incidents, only_mail, postman, told
from workflows.db import Database
from workflows.engine.tables import Task, TaskStatus
from workflows.notify import outbox
from workflows.notify.tables import MailStatus
from workflows.org.tables import Person
from workflows.schedule.mails import Postman


def test_a_mail_arrives_with_its_message_id_and_a_link_that_only_opens(
    office: Office, smtp_server: SmtpServer, clock: Clock
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
    office: Office, smtp_server: SmtpServer, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(20):
        told(office, f"员工{number}")
    down = f"smtp://127.0.0.1:{free_port()}"
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
    office: Office, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    told(office)
    man = postman(office, f"smtp://127.0.0.1:{free_port()}")
    for _ in range(120):
        man.round(clock)
        clock.forward(seconds=5)
    assert capsys.readouterr().out.count("does not work") == 3


def test_three_days_without_a_server_end_in_an_incident_that_can_be_tried_again(
    office: Office, smtp_server: SmtpServer, clock: Clock
) -> None:
    told(office)
    man = postman(office, f"smtp://127.0.0.1:{free_port()}")
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
def test_a_busy_server_gets_the_mail_later(office: Office, smtp_server: SmtpServer, clock: Clock, mood: Mood) -> None:
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
    office: Office, smtp_server: SmtpServer, clock: Clock, mood: Mood, code: str
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


def test_a_server_busy_for_three_days_is_given_up(office: Office, smtp_server: SmtpServer, clock: Clock) -> None:
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


def test_two_mailers_share_the_mails_and_double_none(postgres_url: str, smtp_server: SmtpServer, clock: Clock) -> None:
    database = Database(postgres_url)
    office = Office(database)
    for number in range(30):
        told(office, f"员工{number}")
    gather(office, clock)
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
    office: Office, smtp_server: SmtpServer, clock: Clock
) -> None:
    person = office.hire("林晓岚")
    task = office.open_task(person)
    office.tell(person, "reminder", task)
    gather(office, clock)
    office.change(Task, task.id, status=TaskStatus.DONE)
    postman(office, smtp_server).round(clock)
    assert only_mail(office).status == MailStatus.DROPPED
    assert smtp_server.received == []


def test_an_address_that_cannot_be_one_stops_nobody_else(office: Office, smtp_server: SmtpServer, clock: Clock) -> None:
    first = told(office)
    office.change(Person, first, email="坏地址")
    told(office, "王梓涵")
    postman(office, smtp_server).round(clock)
    assert sorted((m.status, m.last_error) for m in office.mails()) == [("failed", "bad_address"), ("sent", None)]


def test_in_demo_mode_mails_are_kept_and_can_be_read(office: Office, clock: Clock) -> None:
    person = office.hire("林晓岚", email=None)
    office.tell(person, "task", office.open_task(person))
    man = Postman(office.database, office, settings(demo=True))
    assert man.round(clock) > 0
    mail = only_mail(office)
    assert (mail.status, mail.subject) == (MailStatus.KEPT, "审核 旗舰店")
    assert mail.text is not None
    assert "/tasks/" in mail.text
    assert man.round(clock) == 0
