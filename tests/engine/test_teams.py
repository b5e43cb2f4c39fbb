"""Words for a team, rules about what may be left out, keys with an empty part, and surveys of too few people."""

from __future__ import annotations

import uuid

import pytest

from engine.office import Office
from workflows.db import Database
from workflows.engine.views.pages import SearchQuery
from workflows.errors import Conflict, InvalidInput, NotFound

ROUND = """
process: round
title: {zh: 团队反馈, en: Team round}
family: planning
source: ours
name: "{topic}"
key: [topic, about]
see: [starter, {team_of: starter}]
start: {by: {position: operations_supervisor}, form: [topic, about]}
fields:
  topic: {type: text, required: true, zh: 主题, en: Topic}
  about: {type: person, people: {team_of: starter}, zh: 关于谁, en: About}
  mark:  {type: rating, max: 10, min: 0, required: true, zh: 分, en: Mark}
  why:   {type: text, zh: 为什么, en: Why}
  marks: {type: table, zh: 评分, en: Marks, columns: {mark: {type: rating, max: 10, min: 0, required: true, zh: 分, en: Mark}}}
rules:
  - {must: mark >= 8 or is_set(why), zh: 低于 8 分请写原因, en: Below 8 say why}
states:
  marking:
    title: {zh: 评分, en: Marking}
    checks: [{that: not is_set(why) or len(why) > 1, zh: 原因不止一个字, en: The reason is more than a letter, else: block}]
    task: {for: starter, edit: [mark, why]}
    actions: {submit: asking}
  asking:
    title: {zh: 匿名评分, en: Asking}
    task: {each: {team_of: starter}, into: marks, edit: [mark], anonymous: true, at_least: 3, due: 2wd}
    actions: {submit: {to: done, when: all}}
    after: {due + 1wd: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database).found(ROUND)


def marked(office: Office, process: str = "round") -> uuid.UUID:
    case = office.start("supervisor", process, topic="氛围").case
    office.act("supervisor", office.task(case), "submit", {"mark": "9"})
    return case


def test_a_team_is_whoever_has_this_manager(office: Office) -> None:
    case = marked(office)
    assert {task.holder_id for task in office.tasks(case)} == {
        office.people[login] for login in ("wang", "zhang", "sun")
    }


def test_only_the_team_may_be_named_and_sees_the_case(office: Office) -> None:
    with pytest.raises(InvalidInput) as refused:
        office.start("supervisor", "round", topic="一", about=str(office.people["gu"]))
    assert list(refused.value.fields) == ["about"]
    case = office.start("supervisor", "round", topic="一", about=str(office.people["wang"])).case
    with office.database.read() as session:
        for login, found in (("sun", [case]), ("gu", []), ("manager", [])):
            person = office.people[login]
            assert [row.id for row in office.engine.search(session, person, SearchQuery(), office.now).rows] == found
            if found:
                office.engine.case_page(session, person, case, office.now)
            else:
                with pytest.raises(NotFound):
                    office.engine.case_page(session, person, case, office.now)


def test_a_rule_is_asked_of_what_is_there(office: Office) -> None:
    case = office.start("supervisor", "round", topic="氛围").case
    with pytest.raises(InvalidInput) as refused:
        office.act("supervisor", office.task(case), "submit", {"mark": "7"})
    assert [text.zh for text in refused.value.fields["mark"]] == ["低于 8 分请写原因"]
    with pytest.raises(InvalidInput):  # the check fails where there is something to check
        office.act("supervisor", office.task(case), "submit", {"mark": "7", "why": "吵"})
    office.act("supervisor", office.task(case), "submit", {"mark": "7", "why": "太吵"})


def test_a_key_may_have_an_empty_part(office: Office) -> None:
    wang = str(office.people["wang"])
    office.start("supervisor", "round", topic="一")
    office.start("supervisor", "round", topic="一", about=wang)
    for about in ({}, {"about": wang}):
        with pytest.raises(Conflict):
            office.start("supervisor", "round", topic="一", **about)


@pytest.mark.parametrize("join", ["all", "any", "60%", "4"])
def test_where_too_few_could_answer_nobody_is_asked(database: Database, join: str) -> None:
    text = (
        ROUND.replace("round", "close_round")
        .replace("at_least: 3", "at_least: 4")
        .replace("when: all", f"when: {join}")
    )
    office = Office(database).found(text)
    case = marked(office, "close_round")
    row = office.case(case)
    assert (row.state, "marks" in row.data, office.tasks(case)) == ("done", False, [])
    assert office.events(case)[-1][0].kind == "skipped"
    assert all(login == "supervisor" for _, login in office.told(case))
