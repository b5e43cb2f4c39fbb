"""What stands in a form beforehand: whoever starts the case, unless they name somebody else."""

from __future__ import annotations

from engine.office import Office
from workflows.db import Database

ASKING = """
process: asking
title: {zh: 咨询, en: Question}
source: ours
name: "{what}"
start: {by: everyone, form: [what, agent]}
fields:
  what:  {type: text, required: true, zh: 问题, en: What}
  agent: {type: person, required: true, default: starter, zh: 接待人, en: Agent}
states:
  answering: {title: {zh: 答复, en: Answer}, task: {for: {field: agent}}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_the_starter_stands_in_a_person_field(database: Database) -> None:
    office = Office(database).found(ASKING)
    with database.read() as session:
        form = office.engine.start_form(session, office.people["wang"], "asking", office.now)
    assert [field.value for field in form.fields] == [None, str(office.people["wang"])]
    own = office.start("wang", "asking", what="尺码").case
    other = office.start("wang", "asking", what="颜色", agent=str(office.people["sun"])).case
    assert [task.holder_id for case in (own, other) for task in office.tasks(case)] == [
        office.people["wang"],
        office.people["sun"],
    ]
