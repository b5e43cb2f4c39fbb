"""Cases started from the rows of a table: each row once, whatever the database does with the order of columns."""

from __future__ import annotations

from engine.office import Office
from workflows.db import Database

PLAN = """
process: plan
title: {zh: 计划, en: Plan}
source: ours
name: "{title}"
start: {by: everyone, form: [title, rows]}
fields:
  title: {type: text, required: true, zh: 名称, en: Name}
  rows:
    {type: table, required: true, min: 1, zh: 行, en: Rows,
     columns: {topic: {type: text, required: true, zh: 主题, en: Topic}, audience: {type: text, required: true, zh: 对象, en: For}}}
states:
  checking: {title: {zh: 核对, en: Check}, task: {for: starter, edit: [rows]}, actions: {submit: running, send_back: start}}
  running: {title: {zh: 进行, en: Running}, spawn: {process: one, each: rows, set: {topic: each.topic}},
            task: {for: starter}, actions: {send_back: {to: checking, children: keep}, close: {to: done, title: {zh: 关, en: Close}}}}
  done: {title: {zh: 完, en: Done}, end: completed}
---
process: one
title: {zh: 一场, en: One}
source: ours
name: "{topic}"
start: {by: spawn}
fields: {topic: {type: text, required: true, zh: 主题, en: Topic}}
states:
  doing: {title: {zh: 办, en: Do}, task: {for: starter}, actions: {submit: done}}
  done: {title: {zh: 完, en: Done}, end: completed}
"""


def _begun(office: Office, *rows: tuple[str, str]) -> list[str]:
    values = [{"topic": topic, "audience": audience} for topic, audience in rows]
    case = office.start("wang", "plan", title="一年", rows=values).case
    office.act("wang", office.task(case), "submit", {"rows": values})
    office.tick()
    return [child.title for child in office.cases("one")]


def test_rows_that_differ_in_their_first_column_alone_start_a_case_each(database: Database) -> None:
    office = Office(database).found(PLAN)
    assert sorted(_begun(office, ("沟通", "员工"), ("视频", "员工"))) == ["沟通", "视频"]


def test_a_row_that_stands_twice_starts_two_and_coming_back_starts_none_again(database: Database) -> None:
    office = Office(database).found(PLAN)
    assert _begun(office, ("视频", "员工"), ("视频", "用户")) == ["视频", "视频"]
    (plan,) = office.cases("plan")
    office.act("wang", office.task(plan.id), "send_back", reason="再看")
    office.act("wang", office.task(plan.id), "submit", {"rows": plan.data["rows"]})
    office.tick()
    assert len(office.cases("one")) == 2
