"""Anonymous answers end to end: who answered what cannot be found out, from any page, event or row; enough are shown together."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text

from engine.office import Office, counted
from workflows.db import Database, new_id
from workflows.engine import anonymous
from workflows.engine.exporting import export_case
from workflows.engine.requests import Cancellation, Submission
from workflows.engine.tables import Answer, Draft, EventValue, Message, Task
from workflows.engine.verify import verify
from workflows.engine.views.pages import CasePage
from workflows.errors import Conflict, InvalidInput, WrongState

SURVEY = """
process: survey
title: {zh: 匿名调查, en: Survey}
family: training
source: ours
name: "{topic}"
start: {by: {unit: human_resources}, form: [topic, asked]}
fields:
  topic:   {type: text, required: true, zh: 主题, en: Topic}
  asked:   {type: people, required: true, zh: 问谁, en: Asked}
  answers:
    type: table
    zh: 答复
    en: Answers
    columns:
      score: {type: rating, required: true, zh: 评分, en: Score}
      words: {type: text, zh: 想说的, en: Words}
  sum:     {type: integer, formula: 'total(answers, "score")', zh: 总分, en: Sum}
  replies: {type: integer, zh: 份数, en: Number}
states:
  asking:
    title: {zh: 填写, en: Answer}
    task: {each: {field: asked}, into: answers, edit: [score, words], anonymous: true, at_least: 3}
    actions:
      submit:
        to: [{to: pleased, when: 'is_set(answers) and total(answers, "score") >= 12'}, {to: reading, else: true}]
        when: all
        set: {replies: 'count(answers)'}
    after: {30d: reading}
  reading:
    title: {zh: 查看, en: Read}
    task: {for: {position: hr_lead}, show: [answers]}
    actions: {submit: done}
  pleased: {title: {zh: 满意, en: Pleased}, task: {for: {position: hr_lead}}, actions: {submit: done}}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""
WORDS = {"wang": "太吵了甲", "zhang": "椅子硬乙", "sun": "都很好丙", "gu": "饭太咸丁"}
SCORES = {"wang": "5", "zhang": "2", "sun": "4", "gu": "3"}


@pytest.fixture
def asking(database: Database) -> Office:
    return Office(database).found(SURVEY)


def survey(office: Office, *logins: str) -> uuid.UUID:
    asked = [str(office.people[login]) for login in logins or WORDS]
    return office.start("hr", "survey", topic="办公室", asked=asked).case


def task_of(office: Office, case: uuid.UUID, login: str) -> uuid.UUID:
    return next(task.id for task in office.tasks(case) if task.holder_id == office.people[login])


def answer(office: Office, case: uuid.UUID, login: str, **more: Any) -> None:
    office.later(minutes=7)
    office.act(login, task_of(office, case, login), "submit", {"score": SCORES[login], "words": WORDS[login]}, **more)


def page(office: Office, login: str, case: uuid.UUID) -> CasePage:
    with office.database.read() as session:
        return office.engine.case_page(session, office.people[login], case, office.now)


def kept(office: Office) -> list[Answer]:
    with office.database.read() as session:
        return list(session.scalars(select(Answer)))


def everything_said(office: Office, case: uuid.UUID) -> str:
    """All events, values, messages and tasks as one text."""
    with office.database.read() as session:
        found: list[Any] = [export_case(session, case)["events"]]  # type: ignore[index]
        for table in (EventValue, Message, Task, Draft):
            found += [dict(row) for row in session.execute(select(table.__table__)).mappings()]
    return json.dumps(found, ensure_ascii=False, default=str)


def test_enough_answers_become_rows_without_names_and_no_event_says_them(asking: Office) -> None:
    case = survey(asking)
    for login in WORDS:
        answer(asking, case, login)
    row = asking.case(case)
    assert row.state == "pleased", "the way out rests on the answers"
    assert sorted(one["words"] for one in row.data["answers"]) == sorted(WORDS.values())
    assert all(set(one) == {"score", "words"} for one in row.data["answers"])
    assert (row.data["sum"], row.data["replies"]) == (14, 4)
    assert kept(asking) == []
    told = everything_said(asking, case)
    assert not any(words in told for words in WORDS.values())
    answered = [(one, said) for one, said in asking.events(case) if one.kind == "acted"]
    assert [(one.actor_id, one.on_behalf_of, one.task_id) for one, _ in answered] == [(None, None, None)] * 4
    assert [said for _, said in answered[:3]] == [{}] * 3
    assert set(answered[3][1]["changes"]) == {"sum", "replies"}
    with asking.database.read() as session:
        assert verify(session).faults == []
    assert [shown.field.name for shown in page(asking, "audit", case).data] == [
        "topic",
        "asked",
        "answers",
        "sum",
        "replies",
    ]


def test_before_the_step_closes_nobody_sees_any(asking: Office) -> None:
    case = survey(asking)
    for login in ("wang", "zhang", "sun"):
        answer(asking, case, login)
    for reader in ("audit", "hr", "director", "gu", "wang"):
        seen = page(asking, reader, case)
        assert [shown.field.name for shown in seen.data] == ["topic", "asked"]
        assert not any(words in repr(seen) for words in WORDS.values())
        assert [event.actor for event in seen.events] == [None, None, None, asking.people["hr"]]
        assert all(event.changes == () and event.note == "" and event.extra == {} for event in seen.events[:3])
        assert not any("王梓涵" in step.people for step in seen.track)
    waiting = page(asking, "gu", case).task
    assert waiting is not None
    assert [step.state for step in waiting.actions[0].then] != ["pleased"], "what comes next would tell the sum"
    with asking.database.read() as session:
        for login in WORDS:
            for tab in ("mine", "done"):
                rows = asking.engine.work_list(session, asking.people[login], asking.now, tab).rows  # type: ignore[arg-type]
                assert not any(words in repr(rows) for words in WORDS.values())


def test_an_answer_lies_without_person_time_or_order(asking: Office) -> None:
    case = survey(asking)
    answer(asking, case, "wang")
    (first,) = kept(asking)
    answer(asking, case, "zhang")
    rows = kept(asking)
    assert set(Answer.__table__.c.keys()) == {"id", "case_id", "state", "visit", "part", "values"}
    assert first.id not in {row.id for row in rows}, "all are written anew"
    assert {row.id.version for row in rows} == {4}
    asked = [task.id.hex for task in asking.tasks(case, open_only=False)]
    people = [person.hex for person in asking.people.values()]
    said = json.dumps([row.values for row in rows])
    assert not any(one in said for one in (*asked, *people))


def test_the_order_of_rows_and_of_answers_is_shuffled(asking: Office) -> None:
    given = [{"score": number} for number in range(40)]
    assert anonymous.shuffled(given) != given
    assert sorted(one["score"] for one in anonymous.shuffled(given)) == list(range(40))
    case = survey(asking)
    with asking.database.write() as session:
        session.execute(insert(Answer), [
            {"id": uuid.uuid4(), "case_id": case, "state": "asking", "visit": 1, "part": "", "values": {"score": 1, "words": str(n)}}
            for n in range(40)
        ])  # fmt: skip
        order = text("rowid") if asking.database.is_sqlite else text("ctid")
    answer(asking, case, "wang")
    with asking.database.read() as session:
        stored = [row["words"] for row in session.scalars(select(Answer.values).order_by(order))]
    assert len(stored) == 41
    assert stored != [*map(str, range(40)), WORDS["wang"]]


def test_fewer_than_at_least_are_never_shown(asking: Office) -> None:
    case = survey(asking)
    answer(asking, case, "wang")
    answer(asking, case, "sun")
    asking.later(days=31)
    asking.tick()
    row = asking.case(case)
    assert row.state == "reading"
    assert "answers" not in row.data
    assert "sum" not in row.data
    assert kept(asking) == []
    last = asking.events(case)[-1]
    assert (last[0].kind, last[1]["withheld"]) == ("timer", {"": 2})
    assert not any(words in everything_said(asking, case) for words in WORDS.values())
    with asking.database.read() as session:
        assert verify(session).faults == []


def test_the_clock_closes_a_step_with_enough(asking: Office) -> None:
    case = survey(asking)
    for login in ("wang", "zhang", "sun"):
        answer(asking, case, login)
    asking.later(days=31)
    asking.tick()
    assert sorted(one["score"] for one in asking.case(case).data["answers"]) == [2, 4, 5]
    assert asking.case(case).data["sum"] == 11
    with pytest.raises(WrongState) as refused:
        asking.act("gu", asking.tasks(case, open_only=False)[3].id, "submit", {"score": "1"})
    assert not isinstance(refused.value, Conflict), "a conflict would name who answered last"


def test_a_cancelled_case_shows_none(asking: Office) -> None:
    case = survey(asking)
    for login in ("wang", "zhang", "sun"):
        answer(asking, case, login)
    with asking.database.write() as session:
        asking.engine.cancel(session, Cancellation(new_id(), asking.people["hr"], case, "重复"), asking.now)
    assert "answers" not in asking.case(case).data
    assert kept(asking) == []


def test_drafts_and_reasons_would_tell_and_do_not(asking: Office) -> None:
    case = survey(asking)
    task = task_of(asking, case, "wang")
    for login in ("wang", "gu"):
        place = f"task:{task_of(asking, case, login).hex}"
        with asking.database.write() as session:
            asking.engine.save_draft(session, asking.people[login], place, {"words": WORDS[login]}, asking.now)
    with pytest.raises(InvalidInput) as refused:
        asking.act("wang", task, "submit", {"score": "5"}, reason="因为我是王梓涵")
    assert list(refused.value.fields) == ["reason"]
    answer(asking, case, "wang")
    assert WORDS["wang"] not in everything_said(asking, case)
    asking.later(days=31)
    asking.tick()
    assert WORDS["gu"] not in everything_said(asking, case)


def test_the_same_submission_twice_is_one_answer_and_says_nothing_of_it(asking: Office) -> None:
    case = survey(asking)
    key, task = new_id(), task_of(asking, case, "wang")
    for score in ("5", "5", "1"):
        outcome = asking.act("wang", task, "submit", {"score": score}, key=key)
    assert outcome.replayed
    assert len(kept(asking)) == 1
    digests = {one.submission_digest for one, _ in asking.events(case) if one.submission == key}
    other = survey(asking)
    with asking.database.write() as session:
        asking.engine.fire(
            session, Submission(new_id(), asking.people["wang"], "submit", task=task_of(asking, other, "wang"), values={"score": "2"}), asking.now
        )  # fmt: skip
    assert len(digests) == 1


def test_an_answer_takes_few_statements(asking: Office) -> None:
    case = survey(asking)
    answer(asking, case, "wang")
    task = task_of(asking, case, "zhang")
    with counted(asking.database) as sent:
        asking.act("zhang", task, "submit", {"score": "2"})
    assert len(sent) <= 12, sent
    with asking.database.write() as session:
        session.execute(delete(Draft))
        assert session.scalar(select(func.count()).select_from(Draft)) == 0
