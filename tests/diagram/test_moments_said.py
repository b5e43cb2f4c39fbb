"""Moments in words: beside arrows, in boxes, and on the ways that proofs tell."""

from __future__ import annotations

import pytest

from workflows.definition.diagram_words import Speaker
from workflows.definition.load import load_text
from workflows.definition.moment_text import parse_duration, parse_moment
from workflows.definition.proofs.graph import graph_of, way_text

(PROCESS,) = load_text(
    """
process: sale
title: {zh: 活动, en: Sale}
source: ours
name: "{shop}"
start: {by: everyone, form: [shop, begins, month, size]}
parameters:
  within: {type: duration, by: size, values: {small: 4h, big: 5wd}, zh: 时限, en: Time limit}
fields:
  shop:   {type: text, required: true, zh: 店铺, en: Shop}
  begins: {type: date, required: true, zh: 开始, en: Begins on}
  month:  {type: month, required: true, zh: 月份, en: Month}
  size:   {type: choice, required: true, zh: 大小, en: Size, choices: {small: {zh: 小, en: Small}, big: {zh: 大, en: Big}}}
states:
  doing:
    title: {zh: 办理, en: Doing}
    task: {for: starter, due: within}
    actions: {submit: waiting}
  waiting: {title: {zh: 等待, en: Waiting}, after: {"workday(1, next(month))": open}}
  open:    {title: {zh: 上线, en: Open}, after: {begins - 2wd: done}}
  done:    {title: {zh: 完成, en: Done}, end: completed}
""",
    "sale.yaml",
)


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("begins", "到开始", "on “Begins on”"),
        ("begins - 2wd", "到开始前 2 个工作日", "2 wd before “Begins on”"),
        ("end_of(begins)", "过了开始", "after “Begins on”"),
        ("entered(doing) + 7d", "办理满 7 天", "7 d after “Doing”"),
        ("entered + 24h", "满 24 小时", "after 24 h"),
        ("due", "到期", "when due"),
        ("due + 1wd", "逾期 1 个工作日", "1 wd late"),
        ("workday(1, next(month))", "次月第 1 个工作日", "workday 1 of the next month"),
    ],
)
def test_a_timer_is_said_in_words(written: str, zh: str, en: str) -> None:
    moment = parse_moment(written)
    assert (Speaker(PROCESS, "zh").clock(moment), Speaker(PROCESS, "en").clock(moment)) == (zh, en)


def test_a_duration_by_choice_says_from_what_to_what_and_by_what() -> None:
    due = PROCESS.states["doing"].tasks[0].due
    assert due is not None
    assert Speaker(PROCESS, "zh").moment(due) == "4 小时到 5 个工作日（按大小）"
    assert Speaker(PROCESS, "en").moment(due) == "4 h to 5 wd by size"
    assert due.offsets[0].chosen("big") == parse_duration("5wd")


def test_a_way_says_no_code() -> None:
    said = way_text(PROCESS, graph_of(PROCESS).way_to("done"))
    assert said.zh == "发起 —提交→ 办理 —提交→ 等待 —次月第 1 个工作日→ 上线 —到开始前 2 个工作日→ 完成"
    assert said.en == (
        "Start —Submit→ Doing —Submit→ Waiting —workday 1 of the next month→ Open —2 wd before “Begins on”→ Done"
    )
