"""Whom and what forms name: people who may be named, positions of the company, in fields and in cells of tables."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from engine.office import Office
from engine.test_standing_in import away
from workflows.db import Database
from workflows.errors import InvalidInput, Text
from workflows.org.tables import Person
from workflows.org.versions import bump

NAMING = """
process: naming
title: {zh: 排班, en: Shifts}
source: ours
name: "{position}"
start: {by: everyone, form: [position, shifts]}
fields:
  position: {type: position, required: true, zh: 岗位, en: Position}
  shifts:
    type: table
    zh: 班次
    en: Shifts
    columns:
      who:    {type: person, people: {position: operations_specialist}, zh: 谁, en: Who}
      duties: {type: position, required: true, zh: 顶哪个岗位, en: Whose work}
states:
  planning:
    title: {zh: 排班, en: Plan}
    task: {for: starter, edit: [shifts]}
    actions:
      add:    {stay: true, title: {zh: 加一班, en: Add}, form: [who, duties], append: shifts}
      submit: {to: [{to: managed, when: position == "operations_manager"}, {to: done, else: true}]}
  managed: {title: {zh: 经理的, en: Manager's}, end: managed}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database).found(NAMING)


def refused(office: Office, **values: Any) -> dict[str, list[Text]]:
    with pytest.raises(InvalidInput) as wrong:
        office.start("wang", "naming", **values)
    return {name: list(sentences) for name, sentences in wrong.value.fields.items()}


def test_a_position_is_kept_by_its_key_and_leads_on_by_it(office: Office) -> None:
    case = office.start("wang", "naming", position="operations_manager").case
    assert (office.case(case).data["position"], office.case(case).title) == ("operations_manager",) * 2
    office.act("wang", office.task(case), "submit")
    assert office.case(case).state == "managed"


def test_a_position_that_the_company_does_not_have_is_refused_with_the_nearest(office: Office) -> None:
    assert refused(office, position="operation_manager") == {
        "position": [
            Text(
                "公司没有岗位“operation_manager”。是否指 operations_manager？",
                "The company has no position `operation_manager`. Did you mean `operations_manager`?",
            )
        ]
    }
    (far,) = refused(office, position="cook")["position"]
    assert far.zh == "公司没有岗位“cook”。请从岗位里选一个。"


def test_cells_of_a_table_name_whom_their_column_allows(office: Office) -> None:
    rows = [
        {"who": str(office.people["zhang"]), "duties": "operations_manager"},
        {"who": str(office.people["hr"]), "duties": "cook"},
    ]
    assert refused(office, position="operations_manager", shifts=rows).keys() == {"shifts.1.who", "shifts.1.duties"}


def test_rows_from_before_are_nobodys_to_mend(office: Office) -> None:
    """Whoever stands in a row may have left or moved since; a form that adds a row is asked about its own."""
    before = [{"who": str(office.people["zhang"]), "duties": "operations_specialist"}]
    case = office.start("wang", "naming", position="operations_manager", shifts=before).case
    with office.database.write() as session:
        session.execute(update(Person).where(Person.login == "zhang").values(active=False))
        bump(session, "organisation")
    office.act("wang", office.task(case), "add", {"duties": "operations_specialist"})
    assert len(office.case(case).data["shifts"]) == 2
    with pytest.raises(InvalidInput) as wrong:
        office.act("wang", office.task(case), "add", {"who": str(office.people["hr"]), "duties": "cook"})
    assert wrong.value.fields.keys() == {"who", "duties"}


VOTING = """
process: voting
title: {zh: 投票, en: Vote}
source: ours
name: "{idea}"
start: {by: everyone, form: [idea]}
fields:
  idea:  {type: text, required: true, zh: 提案, en: Idea}
  votes: {type: table, zh: 票, en: Votes, columns: {who: {type: person, filled: true, zh: 谁, en: Who}, yes: {type: boolean, required: true, zh: 同意, en: "Yes"}}}
  notes: {type: table, zh: 记录, en: Notes, columns: {by: {type: person, filled: true, zh: 谁记的, en: By}, said: {type: text, zh: 内容, en: Said}}}
states:
  asking:
    title: {zh: 投票, en: Vote}
    task: {each: {position: operations_specialist}, into: votes, edit: [yes]}
    actions: {submit: {to: done, when: all}}
  done: {title: {zh: 完成, en: Done}, end: completed}
anytime:
  note: {title: {zh: 记一笔, en: Note}, by: participants, stay: true, form: [said], append: notes}
"""


def test_a_row_says_who_gave_it(database: Database) -> None:
    office = Office(database).found(VOTING)
    case = office.start("sun", "voting", idea="早会站着开").case
    away(office, "zhang", "gu")
    mine, theirs = (
        next(task.id for task in office.tasks(case) if task.holder_id == office.people[login])
        for login in ("wang", "zhang")
    )
    with pytest.raises(InvalidInput):
        office.act("wang", mine, "submit", {"yes": True, "who": str(office.people["hr"])})
    office.anytime("sun", case, "note", {"said": "试一周"})
    office.act("wang", mine, "submit", {"yes": True})
    office.act("gu", theirs, "submit", {"yes": False})
    data = office.case(case).data
    assert [(row["who"], row["yes"]) for row in data["votes"]] == [
        (str(office.people["wang"]), True),
        (str(office.people["zhang"]), False),
    ]
    assert data["notes"] == [{"said": "试一周", "by": str(office.people["sun"])}]
