"""The month's bonus list as finance opens it: downloaded by human resources, read cell by cell, before and after a correction."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from web_pages.appealing import MONTH, OPERATOR, REVIEWER, Appealing
from web_pages.conftest import NOW
from web_pages.reader import ReadAs
from workflows.db import Database
from workflows.definition.load import load_text

CYCLE = """
process: months
title: {zh: 一轮考核, en: Round}
family: appraisal
source: tests
number: LC
name: "{period}"
key: [period]
see: [{unit: human_resources}, auditors]
start: {by: {unit: human_resources}, form: [period]}
fields:
  period: {type: month, required: true, zh: 月份, en: Month}
states:
  prepared:
    title: {zh: 准备, en: Prepared}
    task: {for: {unit: human_resources}}
    actions: {submit: opened}
  opened:
    title: {zh: 考核, en: Opened}
    spawn: {process: month, each: employees, set: {subject: each, period: period}, wait: end, then: closed}
  closed: {title: {zh: 关闭, en: Closed}, end: completed}
"""
OTHER = "caoyifan"
CLAIM = {"sales_attainment": {"figures": {"sales": "4318600"}, "reason": "平台补贴没有计入"}}
RULED = {"sales_attainment": {"verdict": "correct", "figures": {"sales": "4315400"}, "reason": "漏了 ¥83,600"}}


@pytest.fixture
def month(store: Database) -> Appealing:
    """October with a cycle: one result nobody doubts, with half the base, and one that its owner may appeal against."""
    found = Appealing(store, NOW).opened()
    with store.write() as session:
        found.engine.publish(session, load_text(CYCLE, "months.yaml"), None, NOW)
    found.start(REVIEWER, "months", period=MONTH)
    found.published(login=OTHER, figures={**OPERATOR, "base_bonus": "1500"})
    return found


def listed(read_as: ReadAs) -> dict[str, dict[str, Any]]:
    """The downloaded workbook: its rows by the second column (a name; how many people, in the sum's), their cells by heading."""
    answer = read_as(REVIEWER).client.get(f"/cycle/{MONTH}/bonus.xlsx")
    assert answer.status_code == 200
    headings, *rows = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
    return {row[1]: {heading: value for heading, value in zip(headings, row, strict=True) if value} for row in rows}


def test_a_corrected_person_is_paid_by_the_correction(read_as: ReadAs, month: Appealing) -> None:
    month.ruled(month.appealed(month.published(), CLAIM), RULED)
    found = listed(read_as)
    person = found["赵子墨"]
    was, holds = {"初次得分": 89.12, "初次奖金（元）": 2673.6}, {"更正后得分": 89.72, "应发奖金（元）": 2691.6}
    assert {heading: person[heading] for heading in (*was, *holds)} == was | holds
    assert person["更正差额（元）"] == 18
    assert person["更正日期"].date() == NOW.date()
    assert person["更正理由"] == "平台补贴应计入"
    assert person["说明"] == "已更正，按第 2 版发"
    other = found["曹亦凡"]
    assert other["应发奖金（元）"] == other["初次奖金（元）"] == 1336.8
    assert not other.keys() & {"更正后得分", "更正差额（元）", "更正日期", "更正理由", "说明"}
    assert found["2 人，发 2 人"]["应发奖金（元）"] == pytest.approx(2691.6 + 1336.8)


def test_nothing_is_paid_while_an_appeal_is_open(read_as: ReadAs, month: Appealing) -> None:
    month.appealed(month.published(), CLAIM)
    found = listed(read_as)
    assert found["赵子墨"]["初次得分"] == 89.12
    assert "应发奖金（元）" not in found["赵子墨"]
    assert found["赵子墨"]["说明"] == "申诉中，裁定后再发"
    assert found["2 人，发 1 人"]["应发奖金（元）"] == 1336.8


def test_a_correction_downwards_is_a_minus(read_as: ReadAs, month: Appealing) -> None:
    less = {"sales_attainment": {"verdict": "correct", "figures": {"sales": "4100000"}, "reason": "退款没有扣"}}
    month.ruled(month.appealed(month.published(), CLAIM), less, finding="退款没有扣")
    person = listed(read_as)["赵子墨"]
    assert person["更正差额（元）"] < 0
    assert person["应发奖金（元）"] == pytest.approx(person["初次奖金（元）"] + person["更正差额（元）"])
    assert person["更正理由"] == "退款没有扣"
