"""What a report says of cases that people really worked off: late, waiting, worked on, sent back, and whose they are."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.office import counted
from reports.complaints import Complaints
from workflows.db import Database, new_id
from workflows.engine.requests import Cancellation, TaskOrder
from workflows.engine.tables import TaskOpening
from workflows.reports.overview import overview
from workflows.reports.process import ProcessReport, process_report
from workflows.reports.seen import EVERYTHING, seen_by
from workflows.reports.span import span_of_months


class Bench(Complaints):
    """Complaints and what reports say of them in November 2026."""

    def clock(self, day: int, hour: float) -> None:
        """A wall clock time of November 2026."""
        self.office.until(datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 8))

    def open(self, case: uuid.UUID, login: str) -> None:
        """Somebody looks at the open task of a case."""
        person = self.office.people[login]
        with self.office.database.read() as session:
            page = self.office.engine.case_page(session, person, case, self.office.now)
        with self.office.database.write() as session:
            self.office.engine.mark_read(session, person, page, self.office.now)

    def report(self, reader: str | None = None, months: int = 1, last: str = "2026-11", **how: Any) -> ProcessReport:
        with self.office.database.read() as session:
            scene = self.office.engine.scene(session, self.office.now)
            seen = seen_by(session, scene, self.office.people[reader]) if reader else EVERYTHING
            span = span_of_months(last, months, scene.calendar)
            return process_report(session, scene, "complaint", span, seen, **how)


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


def steps(report: ProcessReport) -> dict[str, tuple[Decimal, Decimal, int, int]]:
    """Step → hours waited and worked in all, visits, late."""
    return {
        step.key: (Decimal(step.sum.waiting) / 3600, Decimal(step.sum.working) / 3600, step.sum.visits, step.sum.late)
        for step in report.steps
    }


def test_waiting_ends_when_the_task_is_opened(bench: Bench) -> None:
    case = bench.file()  # Monday 09:00
    bench.clock(16, 11)
    bench.open(case, "wang")
    bench.clock(16, 14)
    bench.open(case, "wang")  # looking again changes nothing
    bench.clock(16, 15)
    bench.office.act("wang", bench.office.task(case), "submit", {})
    bench.clock(17, 10)
    bench.resolve(case)  # handed on without having been opened: all of it was waiting
    found = steps(bench.report())
    assert found == {"handling": (Decimal(2), Decimal(3), 1, 0), "checking": (Decimal(4), Decimal(0), 1, 0)}


def test_taking_a_task_out_of_the_group_opens_it(bench: Bench) -> None:
    case = bench.file()
    bench.clock(16, 10)
    with bench.office.database.write() as session:
        order = TaskOrder(new_id(), bench.office.people["zhang"], bench.office.task(case))
        bench.office.engine.claim(session, order, bench.office.now)
    bench.clock(16, 11.5)
    bench.office.act("zhang", bench.office.task(case), "submit", {})
    bench.resolve(case)
    assert steps(bench.report())["handling"] == (Decimal(1), Decimal("1.5"), 1, 0)


def test_somebody_else_s_look_does_not_end_the_waiting(bench: Bench) -> None:
    case = bench.file()
    bench.clock(16, 10)
    bench.open(case, "zhang")
    bench.clock(16, 11)
    bench.office.act("wang", bench.office.task(case), "submit", {})
    bench.resolve(case)
    assert steps(bench.report())["handling"] == (Decimal(2), Decimal(0), 1, 0)


def test_returns_are_put_together_and_late_is_counted(bench: Bench) -> None:
    case = bench.file()
    bench.clock(18, 9)  # due after 24 hours
    bench.office.act("wang", bench.office.task(case), "submit", {})
    bench.resolve(case, action="send_back", reason="再问问客户")
    bench.handle(case, hours=1)
    bench.resolve(case)
    report = bench.report()
    assert steps(report)["handling"] == (Decimal(17), Decimal(0), 2, 1)
    assert (report.sum.finished, report.sum.late, report.sent_back) == (1, 1, 1)
    gone = {(way.source, way.target): (way.times, way.cases) for way in report.ways}
    assert gone == {
        ("start", "handling"): (1, 1), ("handling", "checking"): (2, 1), ("checking", "handling"): (1, 1),
        ("checking", "resolved"): (1, 1),
    }  # fmt: skip


def test_of_few_cases_there_is_no_mean(bench: Bench) -> None:
    for _ in range(4):
        bench.complete()
    few = bench.report().sum
    assert (few.finished, few.share_on_time, few.share_waiting, few.slowest, few.mean_in_hands) == (4, *[None] * 4)
    bench.complete()
    enough = bench.report().sum
    assert (enough.share_on_time, enough.share_waiting, enough.slowest) == (100, 100, ("handling", Decimal("0.8")))


def test_what_was_called_off_or_is_open_counts_apart(bench: Bench) -> None:
    bench.complete()
    bench.file()
    gone = bench.file()
    with bench.office.database.write() as session:
        wish = Cancellation(new_id(), bench.office.people["supervisor"], gone, "写错了")
        bench.office.engine.cancel(session, wish, bench.office.now)
    total = bench.report().sum
    assert (total.finished, total.open, total.cancelled) == (1, 1, 1)


def test_months_are_the_company_s_and_the_time_before_is_as_long(bench: Bench) -> None:
    for month, day in ((11, 30), (12, 1), (12, 31)):
        bench.office.until(datetime(2026, month, day, 14, 30, tzinfo=UTC))
        bench.complete()  # 23:30 of the last day, or of the first one of the next
    bench.office.until(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    bench.complete()  # 01:00 of the first of January
    both = bench.report(months=2, last="2026-12")
    assert {month: one.finished for month, one in both.sum.months.items()} == {"2026-11": 1, "2026-12": 2}
    january = bench.report(last="2027-01", compared=True)
    assert january.before is not None
    assert (january.sum.finished, january.before.finished) == (1, 2)


def test_nothing_is_compared_with_a_time_before_there_was_the_process(bench: Bench) -> None:
    bench.complete()
    assert bench.report(last="2026-10", compared=True).before is None
    assert bench.report(compared=True).before is None  # there from the first week of October on
    assert bench.report(last="2026-12", compared=True).before is not None


def test_everybody_counts_what_they_may_see(bench: Bench) -> None:
    bench.complete(starter="sun", login="zhang")
    bench.complete(starter="wang", login="wang")
    seen = {who: bench.report(who).sum.finished for who in ("sun", "zhang", "wang", "supervisor", "gu", "audit")}
    assert seen == {"sun": 1, "zhang": 1, "wang": 1, "supervisor": 2, "gu": 0, "audit": 2}
    assert bench.report().sum.finished == 2


def test_the_same_few_statements_however_many_cases(bench: Bench) -> None:
    def sent() -> int:
        with bench.office.database.read() as session:
            scene = bench.office.engine.scene(session, bench.office.now)
            span = span_of_months("2026-11", 12, scene.calendar)
            seen = seen_by(session, scene, bench.office.people["supervisor"])
            with counted(bench.office.database) as statements:
                process_report(session, scene, "complaint", span, seen, compared=True)
                overview(session, scene, span, seen=seen)
        return len(statements)

    bench.complete()
    first = sent()
    for _ in range(5):
        bench.complete()
    assert sent() == first <= 6


SURVEY = """
process: survey
title: {zh: 问卷, en: Survey}
source: A三(四)3
name: "{what}"
start: {by: everyone, form: [what]}
fields:
  what: {type: text, required: true, zh: 事由, en: What}
  answers: {type: table, zh: 答复, en: Answers, columns: {mark: {type: rating, required: true, zh: 分, en: Mark}}}
states:
  asking:
    title: {zh: 答复, en: Answering}
    task: {each: {unit: operations}, into: answers, anonymous: true}
    actions: {submit: {to: done, when: all}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_of_anonymous_tasks_no_opening_is_kept(database: Database) -> None:
    bench = Bench(database, SURVEY)
    case = bench.office.start("supervisor", "survey", what="问").case
    bench.open(case, "wang")
    with bench.office.database.write() as session:
        for task in bench.office.tasks(case):
            bench.office.engine.mark_opened(session, bench.office.people["wang"], task.id, bench.office.now)
    with bench.office.database.read() as session:
        assert session.query(TaskOpening).count() == 0
