"""Conditions beside the arrows are words of employees; what has none is left out, never shown as code."""

from __future__ import annotations

import re

import pytest

from definition.shipped import shipped
from workflows.definition.diagram import draw, outline
from workflows.definition.diagram_conditions import condition_said
from workflows.definition.load import load_text
from workflows.expression import Expression

PROCESSES = shipped()
(PURCHASE,) = load_text(
    """
process: purchase
title: {zh: 采购, en: Purchase}
source: ours
name: "{what}"
start: {by: everyone, form: [what, amount, kind, urgent, lines, note]}
parameters:
  limit: {type: money, value: 1000, zh: 限额, en: Limit}
fields:
  what:   {type: text, required: true, zh: 用途, en: What}
  amount: {type: money, required: true, zh: 金额, en: Amount}
  kind:   {type: choice, required: true, zh: 种类, en: Kind, choices: {goods: {zh: 货品, en: Goods}, work: {zh: 服务, en: Work}}}
  urgent: {type: boolean, default: false, zh: 加急, en: Urgent}
  note:   {type: text, zh: 说明, en: Note}
  lines:  {type: table, zh: 明细, en: Lines, columns: {what: {type: text, zh: 品名, en: Article}}}
states:
  doing:
    title: {zh: 审批, en: Approval}
    task: {for: {position: operations_manager}, show: [amount]}
    actions:
      approve: [{to: done, when: amount * 3 - 1 > limit / 7}, {to: refused, else: true}]
  done: {title: {zh: 完成, en: Done}, end: completed}
  refused: {title: {zh: 驳回, en: Refused}, end: rejected}
""",
    "purchase.yaml",
)


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        ("is_set(note)", "填了“说明”", "“Note” is filled in"),
        ("not is_set(note)", "没填“说明”", "“Note” is not filled in"),
        ("urgent", "加急", "Urgent"),
        ("not urgent", "不是“加急”", "not “Urgent”"),
        ("if_empty(urgent, false)", "加急", "Urgent"),
        ("amount > limit", "金额 > 限额", "Amount > Limit"),
        ("not (amount > 1000.50)", "金额 ≤ 1000.5", "Amount ≤ 1000.5"),
        ("if_empty(amount, 0) == 0", "金额 = 0", "Amount = 0"),
        ('kind == "goods"', "种类 = 货品", "Kind = Goods"),
        ("count(lines) >= 3", "“明细”的行数 ≥ 3", "rows of “Lines” ≥ 3"),
        ("is_set(note) and amount > 100", "填了“说明” 且 金额 > 100", "“Note” is filled in and Amount > 100"),
        ("not (urgent or is_set(note))", "不是“加急” 且 没填“说明”", "not “Urgent” and “Note” is not filled in"),
    ],
)
def test_what_people_can_read_is_said_in_their_words(source: str, zh: str, en: str) -> None:
    said = condition_said(PURCHASE, Expression(source))
    assert said is not None
    assert (said.zh, said.en) == (zh, en)


@pytest.mark.parametrize(
    "source",
    ["amount * 3 > limit", 'kind == "goods_of_old"', "is_set(stranger)", "urgent == true", "100 < amount < limit",
     "urgent and (is_set(note) or amount > 5)", "amount > 5 if urgent else amount > 6"],
)  # fmt: skip
def test_what_has_no_plain_reading_is_not_said(source: str) -> None:
    assert condition_said(PURCHASE, Expression(source)) is None


def test_an_arrow_without_words_for_its_condition_keeps_its_action() -> None:
    told = [way for step in outline(PURCHASE) for way in step.ways]
    assert any(way.startswith("通过 →") for way in told), told
    assert "* 3" not in draw(PURCHASE)


def test_the_way_after_an_appeal_reads_as_words() -> None:
    told = [way for step in outline(PROCESSES["monthly_appraisal"]) for way in step.ways]
    assert any("填了“更正的理由”" in way for way in told), told


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("key", PROCESSES)
def test_no_diagram_of_ours_shows_code(key: str, language: str) -> None:
    told = [draw(PROCESSES[key], language=language)]
    told += [way for step in outline(PROCESSES[key], language=language) for way in step.ways]
    for text in told:
        shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.DOTALL)
        assert not re.search(r"\b(is_set|if_empty|count|sum|true|false)\b\s*\(?", shown), shown
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", shown), shown
