"""What a way asks for before it is taken is there once it is taken."""

from __future__ import annotations

from workflows.definition.load import load_text
from workflows.definition.prove import errors_of, prove

REVIEW = """
process: review
title: {zh: 复盘, en: Review}
source: ours
name: "{what}"
start: {by: everyone, form: [what, plan]}
fields:
  what: {type: text, required: true, zh: 什么, en: What}
  plan: {type: person, zh: 谁来改进, en: Who improves}
states:
  reading:
    title: {zh: 看复盘, en: Reading}
    task: {for: {position: specialist}}
    actions:
      submit: [{to: improving, when: WHEN}, {to: done, else: true}]
  improving: {title: {zh: 改进, en: Improving}, task: {for: {field: plan}}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def found(when: str) -> str:
    return str(errors_of(prove(load_text(REVIEW.replace("WHEN", when), "review.yaml"))))


def test_a_way_that_asks_for_a_field_has_it() -> None:
    assert found("is_set(plan)") == "None"
    assert found('is_set(plan) and what == "x"') == "None"


def test_a_way_that_does_not_ask_may_lack_it() -> None:
    assert "`plan`" in found('what == "x"')
    assert "`plan`" in found('is_set(plan) or what == "x"')
