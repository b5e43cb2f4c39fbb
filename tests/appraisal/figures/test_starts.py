"""A figure that is recorded starts a case at once: once for a person and month, whatever is corrected or handed in again."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from appraisal.figures.desk import Desk
from workflows.appraisal.figures.tables import Source
from workflows.db import Database
from workflows.definition.load import load_text
from workflows.engine.tables import Case, Incident
from workflows.schedule.rounds import Rounds

THIS, LAST, EARLIER = "2026-11", "2026-10", "2026-09"
ANOMALY = """
process: anomaly
title: {zh: 指标异常, en: Anomaly}
source: test
name: "{metric} {month}"
start:
  by: [everyone, figure]
  form: [metric, month]
  when:
    - {when: uv < least, set: {metric: '"访客数"', month: month, owner: each, observed: uv, unit: unit, day: this_day}}
    - {when: paid_orders / uv < 0.02, set: {metric: '"转化率"', month: month, owner: each, observed: paid_orders / uv}}
parameters: {least: {type: integer, value: 1000, zh: 访客数下限, en: Least visitors}}
fields:
  metric: {type: text, required: true, zh: 指标, en: Metric}
  month: {type: month, required: true, zh: 月份, en: Month}
  owner: {type: person, zh: 负责人, en: Owner}
  observed: {type: text, zh: 观测值, en: Observed}
  unit: {type: text, zh: 部门, en: Unit}
  day: {type: date, zh: 发现日期, en: Seen on}
states:
  explaining: {title: {zh: 查明原因, en: Explaining}, task: {for: starter}, actions: {submit: done}}
  done: {title: {zh: 已查明, en: Explained}, end: completed}
"""


class Watch:
    """The desk, the process above and the rounds of the scheduler."""

    def __init__(self, database: Database) -> None:
        self.desk = Desk(database)
        self.office = self.desk.office
        self.rounds = Rounds(database, self.office.engine, patient=False)
        self.office.later(minutes=1)
        self.publish(ANOMALY)
        self.office.later(minutes=1)

    def publish(self, text: str) -> None:
        with self.office.database.write() as session:
            self.office.engine.publish(session, load_text(text, "test.yaml"), None, self.office.now)

    def ring(self) -> int:
        return self.rounds.figure_starts(self.office.now)

    def cases(self) -> list[Case]:
        with self.office.database.read() as session:
            return list(session.scalars(select(Case).where(Case.process == "anomaly").order_by(Case.id)))

    def id(self, login: str) -> uuid.UUID:
        return self.office.people[login]


@pytest.fixture
def watch(database: Database) -> Watch:
    return Watch(database)


@pytest.mark.parametrize("source", list(Source))
def test_a_figure_starts_a_case_wherever_it_comes_from(watch: Watch, source: Source) -> None:
    watch.desk.enter("wang", "uv", "1280", THIS, source=source)
    watch.desk.enter("zhang", "uv", "999", THIS, source=source)
    assert watch.ring() == 1
    (case,) = watch.cases()
    assert (case.title, case.starter_id, case.state) == ("访客数 2026-11", watch.id("zhang"), "explaining")
    assert case.data == {
        "metric": "访客数", "month": THIS, "owner": str(watch.id("zhang")), "observed": "999 人", "day": "2026-11-16",
    }  # fmt: skip
    (started, said), *_ = watch.office.events(case.id)
    assert (started.kind, said["why"]) == ("started", "figure")


def test_each_line_starts_one_of_its_own(watch: Watch) -> None:
    watch.desk.enter("wang", "uv", "900", THIS)
    watch.desk.enter("wang", "paid_orders", "9", THIS)
    assert watch.ring() == 2
    assert [case.data["metric"] for case in watch.cases()] == ["访客数", "转化率"]
    assert watch.cases()[1].data["observed"] == "0.01"


def test_neither_a_correction_nor_the_same_again_starts_a_second_one(watch: Watch) -> None:
    watch.desk.enter("wang", "uv", "900", THIS)
    assert watch.ring() == 1
    watch.desk.enter("wang", "uv", "900", THIS)
    watch.desk.enter("wang", "uv", "800", THIS, reason="少报了")
    assert watch.ring() == 0
    watch.desk.enter("wang", "uv", "700", LAST)
    assert watch.ring() == 1
    assert [case.data["month"] for case in watch.cases()] == [THIS, LAST]


def test_a_correction_starts_what_the_first_value_did_not(watch: Watch) -> None:
    watch.desk.enter("wang", "uv", "1000", THIS)
    assert watch.ring() == 0
    watch.desk.enter("wang", "uv", "900", THIS, reason="多报了")
    assert watch.ring() == 1


def test_while_a_figure_is_missing_or_taken_back_nothing_starts(watch: Watch) -> None:
    watch.desk.enter("wang", "paid_orders", "9", THIS)
    assert watch.ring() == 0
    watch.desk.enter("wang", "uv", "0", THIS)
    watch.desk.enter("wang", "uv", None, THIS, reason="弄错了")
    assert watch.ring() == 0


def test_what_cannot_be_reckoned_does_not_hold(watch: Watch) -> None:
    watch.desk.enter("wang", "uv", "0", THIS)
    watch.desk.enter("wang", "paid_orders", "0", THIS)
    assert watch.ring() == 1
    assert [case.data["metric"] for case in watch.cases()] == ["访客数"]


def test_a_unit_s_figure_is_its_lead_s_and_the_company_s_that_of_the_topmost(watch: Watch) -> None:
    unit = watch.desk.organisation.people[watch.id("wang")].unit
    watch.desk.enter(f"unit:{unit}", "uv", "1", THIS)
    watch.desk.enter("company", "uv", "2", THIS)
    assert watch.ring() == 2
    organisation = watch.desk.organisation
    of_unit, of_company = watch.cases()
    assert of_unit.data["unit"] == organisation.units[unit].zh
    assert "unit" not in of_company.data
    assert {of_unit.starter_id, of_company.starter_id} == {organisation.lead_of(unit)}


def test_what_was_entered_before_the_process_was_there_starts_nothing(database: Database) -> None:
    desk = Desk(database)
    desk.enter("wang", "uv", "1", THIS)
    watch = Watch.__new__(Watch)
    watch.desk, watch.office = desk, desk.office
    watch.rounds = Rounds(database, desk.office.engine, patient=False)
    watch.office.later(minutes=1)
    watch.publish(ANOMALY)
    watch.office.later(minutes=1)
    assert watch.ring() == 0
    watch.desk.enter("zhang", "uv", "1", THIS)
    watch.office.later(days=1)
    watch.publish(ANOMALY.replace("查明原因", "找原因"))  # a later version watches on: what came in between is not lost
    assert watch.ring() == 1
    assert [case.starter_id for case in watch.cases()] == [watch.id("zhang")]


def test_figures_of_long_ago_start_nothing(watch: Watch) -> None:
    watch.desk.enter("wang", "uv", "1", EARLIER)
    assert watch.ring() == 0


def test_the_limit_is_the_company_s(watch: Watch) -> None:
    with watch.office.database.write() as session:
        watch.office.engine.set_parameter(session, "anomaly", "least", "10", watch.id("admin"), watch.office.now)
    watch.desk.enter("wang", "uv", "900", THIS)
    assert watch.ring() == 0
    watch.desk.enter("zhang", "uv", "9", THIS)
    assert watch.ring() == 1


def test_a_restarted_scheduler_starts_nothing_twice(watch: Watch) -> None:
    watch.desk.enter("wang", "uv", "900", THIS)
    assert watch.ring() == 1
    assert Rounds(watch.office.database, watch.office.engine, patient=False).figure_starts(watch.office.now) == 0


def test_what_fails_is_told_and_tried_again_and_holds_up_no_other(watch: Watch) -> None:
    watch.rounds = Rounds(watch.office.database, watch.office.engine)
    watch.publish(
        ANOMALY.replace("metric: {type: text,", "metric: {type: text, max_length: 2,").replace('"转化率"', '"转化"')
    )
    watch.desk.enter("wang", "uv", "900", THIS)
    watch.desk.enter("wang", "paid_orders", "9", THIS)
    for _ in range(12):
        watch.ring()
        watch.office.now += timedelta(hours=7)
    assert [case.data["metric"] for case in watch.cases()] == ["转化"]
    with watch.office.database.read() as session:
        assert session.scalar(select(Incident.code)) == "UnreadableValue"
    watch.publish(ANOMALY)
    assert watch.ring() == 1
