"""What stands in a form beforehand: whoever starts the case, unless they name somebody else."""

from __future__ import annotations

import pytest

from engine.office import Office
from workflows.db import Database
from workflows.errors import InvalidInput

ASKING = """
process: asking
title: {zh: 咨询, en: Question}
source: ours
name: "{what}"
start: {by: everyone, form: [what, agent, asked_on, asked_at]}
fields:
  what:  {type: text, required: true, zh: 问题, en: What}
  agent: {type: person, required: true, default: starter, zh: 接待人, en: Agent}
  asked_on: {type: date, default: today, zh: 哪天, en: Asked on}
  asked_at: {type: datetime, default: now, zh: 几时, en: Asked at}
  told_on: {type: date, required: true, default: today, zh: 答复日期, en: Told on}
states:
  answering: {title: {zh: 答复, en: Answer}, task: {for: {field: agent}, edit: [told_on]}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_the_starter_stands_in_a_person_field(database: Database) -> None:
    office = Office(database).found(ASKING)
    with database.read() as session:
        form = office.engine.start_form(session, office.people["wang"], "asking", office.now)
    assert [field.value for field in form.fields] == [
        None, str(office.people["wang"]), "2026-11-16", "2026-11-16T01:00:00+00:00",
    ]  # fmt: skip
    own = office.start("wang", "asking", what="尺码").case
    other = office.start("wang", "asking", what="颜色", agent=str(office.people["sun"])).case
    assert [task.holder_id for case in (own, other) for task in office.tasks(case)] == [
        office.people["wang"],
        office.people["sun"],
    ]


def test_the_moment_stands_in_the_form_that_is_shown(database: Database) -> None:
    office = Office(database).found(ASKING)
    case = office.start("wang", "asking", what="尺码").case
    assert office.case(case).data["asked_on"] == "2026-11-16"
    assert "told_on" not in office.case(case).data
    office.later(days=1)
    with database.read() as session:
        page = office.engine.case_page(session, office.people["wang"], case, office.now)
    assert [field.value for field in page.task.edit] == ["2026-11-17"]


RULED = """
process: ruled
title: {zh: 补货, en: Ruled}
source: ours
name: "{what}"
start: {by: everyone, form: [what, amount]}
fields:
  what:   {type: text, required: true, zh: 商品, en: What}
  amount: {type: integer, required: true, zh: 数量, en: Amount}
  room:   {type: integer, zh: 仓位, en: Room}
  left:   {type: integer, formula: room - amount, zh: 余下, en: Left}
rules:
  - {must: left >= 0, zh: 放不下, en: There is no room}
states:
  storing:
    title: {zh: 入库, en: Storing}
    task: {for: {position: operations_manager}, edit: [room]}
    actions: {submit: done, send_back: planning}
  planning: {title: {zh: 改计划, en: Planning}, task: {for: starter, edit: [what]}, actions: {submit: storing}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def test_a_rule_is_asked_of_a_form_that_can_mend_it(database: Database) -> None:
    office = Office(database).found(RULED)
    case = office.start("wang", "ruled", what="灯", amount=5).case
    with pytest.raises(InvalidInput):  # through the formula, too
        office.act("manager", office.task(case), "submit", {"room": 3})
    office.act("manager", office.task(case), "send_back", {"room": 3}, reason="放不下")
    office.act("wang", office.task(case), "submit", {"what": "小灯"})
    assert office.case(case).state == "storing"


DATED = """
process: dated
title: {zh: 到货, en: Dated}
source: ours
name: "{what}"
start: {by: everyone, form: [what, came_on, wanted_on, parcels]}
fields:
  what:      {type: text, required: true, zh: 什么, en: What}
  came_on:   {type: date, max: today, zh: 到货日期, en: Came on}
  wanted_on: {type: date, min: today, zh: 要用日期, en: Wanted on}
  parcels:
    type: table
    zh: 包裹
    en: Parcels
    columns: {came_on: {type: date, max: today, zh: 到货日期, en: Came on}}
states:
  open: {title: {zh: 处理, en: Open}, task: {for: starter}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"came_on": "2026-11-17"}, {"came_on": "不能晚于今天。"}),
        ({"wanted_on": "2026-11-15"}, {"wanted_on": "不能早于今天。"}),
        ({"parcels": [{"came_on": "2026-11-16"}, {"came_on": "2026-11-17"}]}, {"parcels.1.came_on": "不能晚于今天。"}),
    ],
)
def test_what_has_happened_does_not_lie_in_the_future(
    database: Database, given: dict[str, object], wrong: dict[str, str]
) -> None:
    office = Office(database).found(DATED)
    assert office.start("wang", "dated", what="箱", came_on="2026-11-16", wanted_on="2026-11-16").case
    with pytest.raises(InvalidInput) as refused:
        office.start("wang", "dated", what="箱", **given)
    assert {name: "".join(t.zh for t in said) for name, said in refused.value.fields.items()} == wrong


def test_today_begins_where_the_company_is(database: Database) -> None:
    office = Office(database).found(DATED)
    office.later(hours=15)  # 00:00 in Shanghai, 16:00 in UTC
    assert office.start("wang", "dated", what="箱", came_on="2026-11-17").case
