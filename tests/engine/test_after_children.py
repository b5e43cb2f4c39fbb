"""What children bring back decides where their parent goes; a case that ends may leave new ones behind."""

from __future__ import annotations

import uuid

import pytest

from engine.office import Office
from workflows.db import Database

QUESTIONS = """
process: question
title: {zh: 询问, en: Question}
family: data
source: ours
name: "{topic}"
start: {by: {position: operations_supervisor}, form: [topic]}
fields:
  topic:  {type: text, required: true, zh: 问题, en: Topic}
  answer: {type: text, zh: 答复, en: Answer}
states:
  asking:
    title: {zh: 等答复, en: Asking}
    spawn: {process: answer, set: {topic: topic}, wait: end, then: [{to: told, when: is_set(answer)}, {to: open, else: true}]}
  told:
    title: {zh: 已答, en: Told}
    spawn: {process: answer, set: {topic: 'if_empty(answer, topic)'}, if: 'if_empty(answer, topic) != "无"'}
    end: told
  open: {title: {zh: 无答复, en: Open}, end: open}
---
process: answer
title: {zh: 作答, en: Answer}
family: data
source: ours
name: "{topic}"
start: {by: spawn}
fields:
  topic: {type: text, required: true, zh: 问题, en: Topic}
  said:  {type: text, required: true, zh: 答复, en: Said}
states:
  answering:
    title: {zh: 作答, en: Answering}
    task: {for: {position: content_specialist}, edit: [said]}
    actions: {submit: done, reject: {to: silent, reason: optional}}
  done: {title: {zh: 完成, en: Done}, end: completed, return: {answer: said}}
  silent: {title: {zh: 不答, en: Silent}, end: silent}
"""


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database).found(QUESTIONS)


def answered(office: Office, said: str) -> uuid.UUID:
    case = office.start("supervisor", "question", topic="进度").case
    office.tick()
    (child,) = office.cases("answer")
    office.act("sun", office.task(child.id), "submit" if said else "reject", {"said": said})
    office.tick()
    return case


@pytest.mark.parametrize(("said", "state"), [("快了", "told"), ("", "open")])
def test_the_way_rests_on_what_the_children_returned(office: Office, said: str, state: str) -> None:
    assert office.case(answered(office, said)).state == state


def test_a_case_that_ends_starts_others_and_waits_for_none(office: Office) -> None:
    case = answered(office, "快了")
    assert office.case(case).ended_at is not None
    second = [child for child in office.cases("answer") if child.title == "快了"]
    assert [(child.parent_id, child.state) for child in second] == [(case, "answering")]
    office.act("sun", office.task(second[0].id), "submit", {"said": "再答"})
    office.tick()
    assert office.case(case).data["answer"] == "快了"  # it has ended: what comes back is dropped


def test_a_condition_holds_at_the_end_too(office: Office) -> None:
    answered(office, "无")
    assert len(office.cases("answer")) == 1
