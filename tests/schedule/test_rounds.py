"""What is due is done, once; what fails is put off and the others go on; what was missed is caught up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from schedule.company import MONTHLY, NOW, WAITING, WEEKLY, WRITING, Company
from workflows.db import Database
from workflows.engine.tables import Case, Incident, Message, ScheduleRun, Task, Timer
from workflows.notify.tables import Mail, MailStatus
from workflows.org.people import mark_left, set_day
from workflows.org.tables import DayKind
from workflows.schedule.drive import Drive, run_until


@pytest.fixture
def company(database: Database) -> Company:
    company = Company(database)
    company.hire()
    return company


def test_a_timer_rings_when_it_is_due_and_only_once(company: Company) -> None:
    company.publish(WAITING)
    case = company.start("waiting", what="茶").case
    assert company.rounds.timers(NOW + timedelta(minutes=59)) == 0
    assert company.rounds.timers(NOW + timedelta(hours=1)) == 1
    assert company.rounds.timers(NOW + timedelta(hours=2)) == 0
    assert company.events("timer") == {case: 1}
    assert [c.state for c in company.cases("waiting")] == ["over"]


def test_after_a_stop_everything_missed_is_done_and_marked_late(company: Company) -> None:
    company.publish(WAITING)
    cases = {company.start("waiting", what=str(number)).case for number in range(120)}
    later = NOW + timedelta(days=9)
    while company.rounds.timers(later):
        pass
    assert company.events("timer") == dict.fromkeys(cases, 1)


def test_a_timer_that_fails_is_put_off_and_the_others_ring(company: Company) -> None:
    company.publish(WAITING)
    bad, good = company.start("waiting", what="坏").case, company.start("waiting", what="好").case
    with company.database.write() as session:
        session.execute(update(Timer).where(Timer.case_id == bad).values(kind="unheard_of"))
    now = NOW + timedelta(hours=1)
    for _ in range(12):
        company.rounds.timers(now)
        now += timedelta(hours=7)
    assert company.events("timer") == {good: 1}
    (timer,) = company.rows(Timer, Timer.case_id == bad)
    assert (timer.status, timer.attempt) == ("incident", 8)
    (incident,) = company.rows(Incident)
    assert (incident.kind, incident.case_id, incident.job_id) == ("timer", bad, timer.id)
    assert company.rounds.timers(now + timedelta(days=30)) == 0


def test_reminders_and_escalations_become_mails(company: Company) -> None:
    company.publish(WRITING)
    company.start("writing", what="稿子")
    company.drive.settle(NOW)
    run_until(company.database, company.engine, NOW, NOW + timedelta(days=14), company.settings)
    told = Counter((message.kind, message.person_id) for message in company.rows(Message))
    writer, director = company.people["writer"], company.people["director"]
    assert told == {("task", writer): 1, ("reminder", writer): 2, ("escalation", director): 1}
    mails = company.rows(Mail)
    assert {mail.status for mail in mails} == {MailStatus.KEPT}
    assert Counter(mail.person_id for mail in mails) == {writer: 3, director: 1}
    assert "转报给你：writer还没有办完，你也可以办" in next(m.text for m in mails if m.person_id == director)


def test_a_task_that_is_done_is_not_reminded_of(company: Company) -> None:
    company.publish(WRITING)
    company.start("writing", what="稿子")
    (task,) = company.open_tasks("writing")
    company.submit("writer", task.id, NOW)
    run_until(company.database, company.engine, NOW, NOW + timedelta(days=14), company.settings)
    assert company.messages("reminder") == []
    assert [mail.status for mail in company.rows(Mail)] == []


def test_every_missed_week_is_caught_up_once(company: Company) -> None:
    company.publish(WEEKLY)
    company.appoint("second")
    back = NOW + timedelta(weeks=5)
    while company.rounds.schedules(back):
        pass
    assert [run.scheduled_for.date().isoformat() for run in company.runs()] == [
        "2026-11-23", "2026-11-30", "2026-12-07", "2026-12-14", "2026-12-21",
    ]  # fmt: skip
    weeks = Counter(str(case.data["week"]) for case in company.cases("weekly"))
    assert weeks == {f"2026-W{number}": 2 for number in range(47, 52)}
    while company.rounds.schedules(back):
        pass
    assert company.count(Case) == 10


def test_two_schedulers_begin_a_period_once(company: Company) -> None:
    company.publish(WEEKLY)
    monday = datetime(2026, 11, 23, 1, tzinfo=UTC)
    other = Company(company.database)
    with company.database.read() as session:
        due = company.engine.due_schedules(session, monday)
    begun = []
    for one in (company, other):
        with company.database.write() as session:
            begun.append(one.engine.begin_run(session, due[0], monday))
    assert begun[0] is not None
    assert begun[1] is None
    for one in (company, other):
        while one.rounds.schedules(monday):
            pass
    assert (company.count(ScheduleRun), company.count(Case)) == (1, 1)


def test_a_big_start_goes_in_batches_and_can_be_stopped_anywhere(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    company.publish(WEEKLY)
    company.hire_writers(450)
    monday = datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert company.rounds.schedules(monday) > 0  # begun, and a batch further
    assert 0 < company.count(Case) <= 200
    restarted = Company(company.database, people=company.people)
    while restarted.rounds.schedules(monday):
        pass
    assert company.count(Case) == 451
    (run,) = company.runs()
    assert (run.done, run.total, run.finished_at) == (451, 451, monday)
    assert "done=400" in capsys.readouterr().out


def test_the_last_working_day_of_each_month(company: Company) -> None:
    company.publish(MONTHLY, at=datetime(2026, 1, 1, tzinfo=UTC))
    run_until(
        company.database, company.engine, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)
    )
    days = [run.scheduled_for.date() for run in company.runs()]
    assert days == [
        date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 29), date(2026, 6, 30),
        date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 30), date(2026, 11, 30), date(2026, 12, 31),
    ]  # fmt: skip
    assert [case.data["month"] for case in company.cases("monthly")] == [
        f"2026-{number:02d}" for number in range(1, 13)
    ]


def test_next_times_in_a_year_without_an_arrangement_are_provisional(company: Company) -> None:
    company.publish(MONTHLY)
    with company.database.read() as session:
        (row,) = company.engine.schedules(session, datetime(2026, 12, 1, tzinfo=UTC), 3)
    assert [(at.date().isoformat(), provisional) for at, provisional in row.next] == [
        ("2026-12-31", False), ("2027-01-29", True), ("2027-02-26", True),
    ]  # fmt: skip


def test_a_changed_calendar_moves_open_timers_once(company: Company) -> None:
    company.publish(WRITING)
    company.start("writing", what="稿子")
    company.rounds.calendar(NOW)
    before = [timer.due_at for timer in company.timers()]
    with company.database.write() as session:
        set_day(session, date(2026, 11, 23), DayKind.HOLIDAY)
    company.rounds.calendar(NOW)
    after = [timer.due_at for timer in company.timers()]
    assert len(after) == len(before)
    assert all(new > old for new, old in zip(after, before, strict=True))
    assert len(company.events("moved")) == 1
    company.rounds.calendar(NOW)
    assert sum(company.events("moved").values()) == 1


def test_a_restart_reckons_nothing_twice(company: Company) -> None:
    company.publish(WRITING)
    company.start("writing", what="稿子")
    company.rounds.calendar(NOW)
    with company.database.write() as session:  # only reckoning anew would put this right
        session.execute(update(Timer).values(due_at=NOW, next_at=NOW))
    restarted = Company(company.database, people=company.people)
    restarted.rounds.calendar(NOW)
    assert {timer.due_at for timer in company.timers()} == {NOW}
    with company.database.write() as session:
        set_day(session, date(2027, 5, 1), DayKind.HOLIDAY)
    restarted.rounds.calendar(NOW)
    assert NOW not in {timer.due_at for timer in company.timers()}


def test_tasks_of_somebody_who_left_open_for_somebody_else_on_their_last_day(company: Company) -> None:
    company.publish(WRITING)
    company.start("writing", what="稿子")
    leaving, today = date(2026, 11, 24), date(2026, 11, 20)
    with company.database.write() as session:
        mark_left(session, company.people["writer"], leaving, today, NOW)
    seen = list(Drive(company.database, company.engine).until(NOW, NOW + timedelta(days=5)))
    assert datetime(2026, 11, 23, 16, tzinfo=UTC) in seen  # midnight in Shanghai
    (task,) = company.rows(Task)
    assert task.holder_id != company.people["writer"]


def test_a_drive_stops_at_every_due_moment_and_repeats_itself(database: Database) -> None:
    company = Company(database)
    company.hire()
    company.publish(WAITING, WRITING, WEEKLY)
    company.start("waiting", what="茶")
    company.start("writing", what="稿子")
    moments = list(company.drive.until(NOW, datetime(2026, 11, 30, 2, tzinfo=UTC)))
    assert moments == sorted(set(moments))
    assert moments[:2] == [NOW, NOW + timedelta(hours=1)]
    assert datetime(2026, 11, 23, 1, tzinfo=UTC) in moments
    assert datetime(2026, 11, 30, 1, tzinfo=UTC) in moments
    assert len(company.cases("weekly")) == 2


def test_people_may_act_between_two_moments_of_a_drive(company: Company) -> None:
    company.publish(WEEKLY)
    for moment in company.drive.until(NOW, NOW + timedelta(weeks=3)):
        for task in company.open_tasks("weekly"):
            company.submit("writer", task.id, moment)
    assert [case.state for case in company.cases("weekly")] == ["done"] * 3


def test_a_month_that_a_new_holiday_moves_is_not_begun_again(company: Company) -> None:
    company.publish(MONTHLY, at=datetime(2026, 11, 1, tzinfo=UTC))
    begun = datetime(2026, 11, 30, 12, tzinfo=UTC)
    run_until(company.database, company.engine, datetime(2026, 11, 1, tzinfo=UTC), begun)
    rang = datetime(2026, 11, 27, 9, tzinfo=UTC)
    with company.database.write() as session:
        # It rang on the 27th, while the 30th was said to be free; then that day off was taken back.
        session.execute(update(ScheduleRun).values(scheduled_for=rang))
    while company.rounds.schedules(begun):
        pass
    assert [run.period for run in company.runs()] == ["2026-11"]
    assert company.count(Case) == 1


def test_a_new_version_does_not_forget_what_the_old_one_missed(company: Company) -> None:
    company.publish(WEEKLY)
    company.publish(WEEKLY.replace("zh: 周报", "zh: 新周报"), at=NOW + timedelta(weeks=2))
    back = NOW + timedelta(weeks=3)
    while company.rounds.schedules(back):
        pass
    assert [run.period for run in company.runs()] == ["2026-W48", "2026-W49", "2026-W50"]
