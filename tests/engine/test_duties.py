"""D三: a case changes what a position is there for, from a day on; what held before stays readable."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.office import MONDAY, Office
from workflows.db import Database
from workflows.errors import InvalidInput
from workflows.org.people import duties_of, set_duties

ADJUSTING = """
process: adjusting
title: {zh: 职责调整, en: Duties}
source: D三
name: "{position}"
start: {by: everyone, form: [position], fill: duties}
fields:
  position: {type: choice, required: true, zh: 岗位, en: Position,
             choices: {content_specialist: {zh: 内容, en: Content}, gone: {zh: 没有, en: Gone}}}
  current_duties: {type: long_text, filled: true, zh: 现行职责, en: Present duties}
  new_duties: {type: long_text, required: true, zh: 新的职责, en: New duties}
  holds_from: {type: date, required: true, zh: 生效日期, en: Holds from}
states:
  drafting:
    title: {zh: 起草, en: Draft}
    task: {for: starter, fill: duties, show: [current_duties], edit: [new_duties, holds_from]}
    actions: {submit: waiting}
  waiting: {title: {zh: 等待, en: Waiting}, after: {holds_from: in_force}}
  in_force: {title: {zh: 生效, en: In force}, end: completed, enter: {record: duties}}
"""


@pytest.fixture
def office(database: Database) -> Office:
    office = Office(database).found(ADJUSTING)
    with database.write() as session:
        set_duties(session, "content_specialist", date(2026, 1, 1), "写文章。", MONDAY)
    return office


def _versions(office: Office, position: str = "content_specialist") -> list[tuple[date, str]]:
    with office.database.read() as session:
        return [(version.valid_from, version.text) for version in duties_of(session, position)]


def test_the_new_text_is_written_when_it_holds_and_the_old_one_stays(office: Office) -> None:
    case = office.start("supervisor", "adjusting", position="content_specialist").case
    assert office.case(case).data["current_duties"] == "写文章。"
    office.act(
        "supervisor", office.task(case), "submit", {"new_duties": "写文章、拍视频。", "holds_from": "2026-12-01"}
    )
    assert len(_versions(office)) == 1
    office.until(datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
    assert office.tick() == 0
    office.until(datetime(2026, 11, 30, 16, 0, tzinfo=UTC))  # midnight in Shanghai
    assert office.tick() == 1
    assert _versions(office) == [(date(2026, 12, 1), "写文章、拍视频。"), (date(2026, 1, 1), "写文章。")]


def test_a_day_that_is_over_is_refused_and_today_is_not(office: Office) -> None:
    case = office.start("supervisor", "adjusting", position="content_specialist").case
    with pytest.raises(InvalidInput) as refused:
        office.act("supervisor", office.task(case), "submit", {"new_duties": "写。", "holds_from": "2026-11-15"})
    assert "最早今天" in refused.value.fields["holds_from"][0].zh
    office.act("supervisor", office.task(case), "submit", {"new_duties": "写。", "holds_from": "2026-11-16"})
    assert _versions(office)[0] == (date(2026, 11, 16), "写。")


def test_what_held_meanwhile_is_shown_when_the_draft_is_handed_in(office: Office) -> None:
    case = office.start("supervisor", "adjusting", position="content_specialist").case
    with office.database.write() as session:
        set_duties(session, "content_specialist", date(2026, 11, 16), "写文章、答评论。", MONDAY)
    office.act("supervisor", office.task(case), "submit", {"new_duties": "写。", "holds_from": "2026-12-01"})
    assert office.case(case).data["current_duties"] == "写文章、答评论。"


def test_a_position_that_nobody_knows_takes_the_step_back_and_says_so(office: Office) -> None:
    case = office.start("supervisor", "adjusting", position="gone").case
    assert office.case(case).data.get("current_duties") is None
    with pytest.raises(InvalidInput, match="gone"):
        office.act("supervisor", office.task(case), "submit", {"new_duties": "写。", "holds_from": "2026-11-16"})
    assert office.case(case).state == "drafting"
