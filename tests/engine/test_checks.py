"""Checks with a condition: asked only where it holds, shown and blocking there, and nowhere else."""

from __future__ import annotations

import uuid

import pytest

from engine.office import Office
from workflows.db import Database
from workflows.errors import InvalidInput

HEARING = """
process: hearing
title: {zh: 听证, en: Hearing}
source: ours
name: "{what}"
start: {by: everyone, form: [what, in_person]}
fields:
  what:      {type: text, required: true, zh: 事由, en: What}
  in_person: {type: boolean, zh: 想当面说, en: Wishes to be heard}
  met_on:    {type: date, zh: 听取日期, en: Heard on}
states:
  deciding:
    title: {zh: 裁定, en: Ruling}
    checks: [{if: in_person, that: is_set(met_on), zh: 已经听过, en: Was heard, else: block}]
    task: {for: {position: operations_manager}, edit: [met_on]}
    actions: {approve: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


@pytest.fixture
def hearing(database: Database) -> Office:
    return Office(database).found(HEARING)


def shown(office: Office, case: uuid.UUID) -> list[tuple[str, bool | None]]:
    with office.database.read() as session:
        page = office.engine.case_page(session, office.people["manager"], case, office.now)
    assert page.task is not None
    assert [bool(action.blocked) for action in page.task.actions] == [any(not check.passed for check in page.checks)]
    return [(check.check.title.zh, check.passed) for check in page.checks]


@pytest.mark.parametrize("given", [{}, {"in_person": "false"}])
def test_a_check_that_does_not_apply_is_neither_shown_nor_in_the_way(hearing: Office, given: dict[str, str]) -> None:
    case = hearing.start("wang", "hearing", what="打分", **given).case
    assert shown(hearing, case) == []
    hearing.act("manager", hearing.task(case), "approve")
    assert hearing.case(case).state == "done"


def test_a_check_that_applies_is_shown_and_stops_what_it_should(hearing: Office) -> None:
    case = hearing.start("wang", "hearing", what="打分", in_person="true").case
    assert shown(hearing, case) == [("已经听过", False)]
    with pytest.raises(InvalidInput, match="Was heard"):
        hearing.act("manager", hearing.task(case), "approve")
    hearing.act("manager", hearing.task(case), "approve", {"met_on": "2026-11-13"})
    assert hearing.case(case).state == "done"
