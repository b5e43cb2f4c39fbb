"""Schedulers as processes: started, stopped, killed, doubled; each timer rings exactly once whatever happens."""

from __future__ import annotations

import random
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from infrastructure.postgres_server import PostgresServer
from infrastructure.smtp_server import Mood, SmtpServer
from schedule.company import WAITING, WRITING, Company
from schedule.running import QuickScheduler, RunningScheduler, wait_until
from workflows.db import Database, new_id
from workflows.engine.requests import StartRequest
from workflows.engine.tables import Heartbeat, Message, Timer, TimerStatus
from workflows.notify.tables import Mail, MailStatus

LONG_AGO = datetime.now(UTC) - timedelta(hours=3)
"""Timers of an hour started then are due."""


def company_on(url: str) -> Company:
    company = Company(Database(url))
    company.hire()
    company.publish(WAITING, WRITING, at=LONG_AGO)
    return company


def start_timers(company: Company, number: int) -> None:
    for batch in range(0, number, 100):
        with company.database.write() as session:
            for index in range(batch, min(batch + 100, number)):
                request = StartRequest(new_id(), company.people["starter"], "waiting", {"what": str(index)})
                company.engine.start(session, request, LONG_AGO)


def left(company: Company) -> int:
    with company.database.read() as session:
        due = select(func.count()).select_from(Timer).where(Timer.status == TimerStatus.DUE)
        return session.scalar(due) or 0


def test_a_scheduler_starts_works_beats_and_stops(database_url: str, tmp_path: Path) -> None:
    company = company_on(database_url)
    start_timers(company, 3)
    with RunningScheduler(database_url, tmp_path / "log") as scheduler:
        wait_until(lambda: scheduler.is_beating(company.database), "a heartbeat")
        wait_until(lambda: left(company) == 0, "ringing")
        assert scheduler.stop() == 0
    assert company.count(Heartbeat) == 0
    assert '"scheduler stopped"' in scheduler.said
    assert "Traceback" not in scheduler.said
    company.database.dispose()


def test_a_second_scheduler_on_sqlite_is_refused_with_a_sentence(sqlite_url: str, tmp_path: Path) -> None:
    company = company_on(sqlite_url)
    with RunningScheduler(sqlite_url, tmp_path / "first") as first:
        wait_until(lambda: first.is_beating(company.database), "a heartbeat")
        with RunningScheduler(sqlite_url, tmp_path / "second") as second:
            assert second.process.wait(60) == 2
        assert "已有一个调度器在运行" in second.said
        assert "Traceback" not in second.said
        assert first.process.poll() is None
    company.database.dispose()


def test_a_database_without_tables_is_refused_with_a_sentence(empty_database_url: str, tmp_path: Path) -> None:
    with RunningScheduler(empty_database_url, tmp_path / "log") as scheduler:
        assert scheduler.process.wait(60) == 2
    assert "workflows db upgrade" in scheduler.said
    assert "Traceback" not in scheduler.said


def test_an_unreachable_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    from infrastructure.postgres_server import free_port

    url = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    with RunningScheduler(url, tmp_path / "log") as scheduler:
        assert scheduler.process.wait(60) == 2
    assert "The database does not answer" in scheduler.said
    assert "Traceback" not in scheduler.said


def mailing(server: SmtpServer) -> dict[str, str]:
    """Settings of a scheduler that really sends."""
    return {
        "WORKFLOWS_DEMO": "0",
        "WORKFLOWS_SECRET_KEY": "kR3v9-Zq7LwX2pT8sYb5NcM1dGh6JfQ4aE0u",
        "WORKFLOWS_BASE_URL": "https://office.example",
        "SMTP_URL": server.url,
    }


def tell_writer(company: Company) -> None:
    """One message to the writer that is told at any hour: tests run at night too."""
    company.start("writing", datetime.now(UTC), what="稿子")
    with company.database.write() as session:
        session.execute(update(Message).values(kind="escalation"))


def test_a_scheduler_sends_mails(sqlite_url: str, smtp_server: SmtpServer, tmp_path: Path) -> None:
    company = company_on(sqlite_url)
    tell_writer(company)
    with RunningScheduler(sqlite_url, tmp_path / "log", **mailing(smtp_server)) as scheduler:
        wait_until(lambda: company.count(Mail, Mail.status == MailStatus.SENT) == 1, "a mail")
        assert scheduler.stop() == 0
    assert [letter["To"] for letter in smtp_server.received] == ["writer <writer@office.example>"]
    company.database.dispose()


def test_a_stop_does_not_wait_for_a_hanging_mail_server(
    sqlite_url: str, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    company = company_on(sqlite_url)
    tell_writer(company)
    smtp_server.mood = Mood.TAKE_AND_HANG
    with RunningScheduler(sqlite_url, tmp_path / "log", **mailing(smtp_server)) as scheduler:
        wait_until(lambda: bool(smtp_server.received), "the letter's arrival")
        assert scheduler.stop() == 0
    (mail,) = company.rows(Mail)
    assert (mail.status, mail.last_error) == (MailStatus.DOUBT, "no_answer")
    company.database.dispose()


def test_a_scheduler_killed_while_the_letter_is_out_costs_one_copy_at_most(
    sqlite_url: str, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    company = company_on(sqlite_url)
    tell_writer(company)
    smtp_server.mood = Mood.TAKE_AND_HANG
    with RunningScheduler(sqlite_url, tmp_path / "log", **mailing(smtp_server)) as scheduler:
        wait_until(lambda: bool(smtp_server.received), "the letter's arrival")
        scheduler.kill()
    (mail,) = company.rows(Mail)
    assert (mail.status, mail.data_since is not None) == (MailStatus.SENDING, True)
    smtp_server.release()
    smtp_server.mood = Mood.ACCEPT
    with RunningScheduler(sqlite_url, tmp_path / "log", **mailing(smtp_server)) as scheduler:
        _lapse(company, lease_until=LONG_AGO)
        wait_until(lambda: company.count(Mail, Mail.status == MailStatus.DOUBT) == 1, "the doubt")
        _lapse(company, next_at=LONG_AGO)
        wait_until(lambda: company.count(Mail, Mail.status == MailStatus.SENT) == 1, "the second copy")
        assert scheduler.stop() == 0
    assert [letter["Message-ID"] for letter in smtp_server.received] == [mail.message_id] * 2
    company.database.dispose()


def _lapse(company: Company, **times: datetime) -> None:
    """Let the time pass that a mail waits for."""
    with company.database.write() as session:
        session.execute(update(Mail).values(times))


def test_a_scheduler_outlives_its_database(postgres_server: PostgresServer, postgres_url: str, tmp_path: Path) -> None:
    company = company_on(postgres_url)
    with RunningScheduler(postgres_url, tmp_path / "log") as scheduler:
        wait_until(lambda: scheduler.is_beating(company.database), "a heartbeat")
        with company.database.write() as session:  # every connection but ours is cut, as in a restart of the server
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
        start_timers(company, 2)
        wait_until(lambda: left(company) == 0, "ringing after the cut")
        assert scheduler.stop() == 0
    company.database.dispose()


@pytest.mark.kill
def test_each_timer_rings_once_whoever_is_killed(request: pytest.FixtureRequest, postgres_url: str) -> None:
    long = bool(request.config.getoption("--long-kill"))
    kills, hands = (100, 4) if long else (5, 2)
    _kill_and_check(postgres_url, kills, hands)


@pytest.mark.kill
def test_each_timer_rings_once_on_sqlite_too(request: pytest.FixtureRequest, sqlite_url: str) -> None:
    long = bool(request.config.getoption("--long-kill"))
    _kill_and_check(sqlite_url, 50 if long else 3, 1)


SHARE = 30
"""One kill falls while so many timers are rung."""


def _kill_and_check(url: str, kills: int, hands: int) -> None:
    """Let `hands` schedulers work off timers, and `kill -9` one of them in the midst of each share.

    A kill counts only if it left timers to ring: where they are rung faster than we look, there are more.
    """
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    company = company_on(url)
    timers = SHARE * (kills + 1)
    start_timers(company, timers)
    hits = misses = 0
    with ExitStack() as started:  # whatever fails, none goes on ringing in the next test's database
        running = [started.enter_context(QuickScheduler(url)) for _ in range(hands)]
        while hits < kills:
            if left(company) < SHARE:
                start_timers(company, SHARE)
                timers += SHARE
            goal = max(left(company) - chance.randrange(1, SHARE), 1)
            wait_until(lambda goal=goal: left(company) <= goal, f"seed {seed}: ringing down to {goal}")
            place = chance.randrange(hands)
            running[place].kill()
            if left(company):
                hits += 1
            else:
                misses += 1
                assert misses < 10 * kills, f"seed {seed}: all was done before {misses} of {hits + misses} kills"
            running[place] = started.enter_context(QuickScheduler(url))
        wait_until(lambda: left(company) == 0, f"seed {seed}: ringing the rest")
        for scheduler in running:
            wait_until(lambda one=scheduler: one.is_beating(company.database), "the last to start working")
            scheduler.stop()
            assert scheduler.process.exitcode == 0
    rung = company.events("timer")
    assert len(rung) == timers, f"seed {seed}: lost"
    assert set(rung.values()) == {1}, f"seed {seed}: doubled"
    assert {case.state for case in company.cases("waiting")} == {"over"}
    company.database.dispose()
