"""A letter of which nobody knows whether it arrived: the doubt is kept, and one more copy sent at most."""

from __future__ import annotations

import threading
from datetime import timedelta

from infrastructure.clock import NOW, Clock
from infrastructure.smtp_server import Mood, SmtpServer
from notify.office import Office
from schedule.post import gather, incidents, let_leases_end, only_mail, postman, sending, told
from schedule.running import wait_until
from workflows.engine.tables import Task, TaskStatus
from workflows.notify import outbox
from workflows.notify.mailer import Delivery, Outcome, Patience
from workflows.notify.tables import MailStatus


def test_silence_after_the_letter_is_a_doubt_and_one_more_copy_at_most(
    office: Office, smtp_server: SmtpServer, clock: Clock
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


def test_a_doubt_whose_task_is_done_meanwhile_stays_a_doubt_and_is_not_sent_again(
    office: Office, smtp_server: SmtpServer, clock: Clock
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


def test_a_doubt_that_is_answered_the_second_time_is_sent(
    office: Office, smtp_server: SmtpServer, clock: Clock
) -> None:
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
    office: Office, smtp_server: SmtpServer, clock: Clock
) -> None:
    told(office)
    smtp_server.mood = Mood.TAKE_AND_HANG
    man = postman(office, smtp_server, Patience(answer=5, letter=600))
    worker = threading.Thread(target=man.round, args=(clock,))
    worker.start()
    wait_until(lambda: bool(smtp_server.received), "the letter arrives")
    man.hang_up()
    worker.join(10)
    assert not worker.is_alive()
    assert only_mail(office).status == MailStatus.DOUBT


def test_a_mailer_killed_before_the_letter_left_leaves_no_doubt(
    office: Office, smtp_server: SmtpServer, clock: Clock
) -> None:
    told(office)
    gather(office, clock)
    with office.database.write() as session:
        assert outbox.claim(session, clock.now) is not None
    let_leases_end(office, clock)
    man = postman(office, smtp_server)
    man.round(clock)
    assert (only_mail(office).status, only_mail(office).doubts) == (MailStatus.SENT, 0)
    assert len(smtp_server.received) == 1


def test_a_mailer_killed_with_the_letter_out_leaves_a_doubt(
    office: Office, smtp_server: SmtpServer, clock: Clock
) -> None:
    told(office)
    gather(office, clock)
    sending(office, clock)
    let_leases_end(office, clock)
    man = postman(office, smtp_server)
    man.round(clock)
    assert (only_mail(office).status, only_mail(office).last_error) == (MailStatus.DOUBT, "mailer_lost")
    clock.forward(minutes=15)
    man.round(clock)
    assert only_mail(office).status == MailStatus.SENT


def test_who_comes_late_is_still_heard_but_counts_no_second_doubt(office: Office, clock: Clock) -> None:
    told(office)
    gather(office, clock)
    claim = sending(office, clock)
    let_leases_end(office, clock)
    with office.database.write() as session:
        outbox.recover(session, clock.now)
    with office.database.write() as session:
        assert outbox.finish(session, claim, Delivery(Outcome.DOUBT, "no_answer"), clock.now) is MailStatus.DOUBT
    assert only_mail(office).doubts == 1
    with office.database.write() as session:
        assert outbox.finish(session, claim, Delivery(Outcome.SENT), clock.now) is MailStatus.SENT
    assert (only_mail(office).status, only_mail(office).next_at) == (MailStatus.SENT, None)


def test_a_mailer_that_slept_through_its_lease_sends_nothing(office: Office, clock: Clock) -> None:
    told(office)
    gather(office, clock)
    with office.database.write() as session:
        asleep = outbox.claim(session, clock.now)
    assert asleep is not None
    let_leases_end(office, clock)
    with office.database.write() as session:
        assert outbox.recover(session, clock.now) == 1
        other = outbox.claim(session, clock.now)
    assert other is not None
    with office.database.write() as session:
        assert not outbox.about_to_send(session, asleep, clock.now)
        assert outbox.about_to_send(session, other, clock.now)
