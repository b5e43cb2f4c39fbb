"""A review of indicators publishes scorecards: bad files are refused where they are handed in, good ones hold from the next month."""

from __future__ import annotations

import uuid

import pytest

from appraisal.cards.desk import CARDS, Desk
from workflows.definition.load import load_text
from workflows.errors import InvalidInput

REVIEW = """
process: review
title: {zh: 指标复盘, en: Review}
family: appraisal
source: ours
name: "{note}"
start: {by: {unit: human_resources}, form: [note]}
fields:
  note:            {type: text, required: true, zh: 说明, en: Note}
  scorecard_files: {type: files, required: true, zh: 新版评分表, en: Changed scorecards}
  holds_from:      {type: month, required: true, zh: 从哪个月生效, en: Holds from}
states:
  drafting:
    title: {zh: 拟订, en: Draft}
    task: {for: starter, edit: [scorecard_files, holds_from]}
    actions: {submit: {to: deciding, fill: scorecards}}
  deciding:
    title: {zh: 审批, en: Decide}
    task: {for: {position: operations_director}, show: [scorecard_files]}
    actions: {approve: published}
  published: {title: {zh: 已发布, en: Published}, enter: {record: scorecards}, end: completed}
"""
CARD = "operations_specialist.yaml"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    with desk.database.write() as session:
        desk.engine.publish(session, load_text(REVIEW, "review.yaml"), None, desk.now)
    return desk


def drafted(desk: Desk, files: dict[str, str], holds_from: str = "2026-12") -> uuid.UUID:
    case = desk.start("gu", "review", note="四季度").case
    with desk.database.write() as session:
        ids = [
            str(desk.engine.upload(session, desk.people["gu"], name, "text/yaml", text.encode(), desk.now))
            for name, text in files.items()
        ]
    desk.act("gu", desk.task(case), "submit", {"scorecard_files": ids, "holds_from": holds_from})
    return case


def changed(old: str = "target: 95", new: str = "target: 90") -> str:
    return CARDS[CARD].replace(old, new, 1)


@pytest.mark.parametrize(("holds_from", "first"), [("2026-12", "2026-12"), ("2027-01", "2027-01")])
def test_an_approved_card_holds_from_its_month(desk: Desk, holds_from: str, first: str) -> None:
    case = drafted(desk, {CARD: changed()}, holds_from)
    with desk.database.read() as session:
        assert len(desk.appraisal.store.history(session, "operations_specialist")) == 1
    desk.act("director", desk.task(case), "approve")
    with desk.database.read() as session:
        newest = desk.appraisal.store.history(session, "operations_specialist")[-1]
    assert (newest.version, newest.valid_from, newest.case) == (2, first, case)


def test_a_decision_that_comes_late_does_not_reach_back(desk: Desk) -> None:
    case = drafted(desk, {CARD: changed()})
    desk.later(days=40)
    desk.act("director", desk.task(case), "approve")
    with desk.database.read() as session:
        assert desk.appraisal.store.history(session, "operations_specialist")[-1].valid_from == "2027-01"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({CARD: changed("pages_done / pages_planned", "pages_doen / pages_planned")}, "operations_specialist.yaml:"),
        ({CARD: changed("pages_done / pages_planned", "pages_doen / pages_planned")}, "pages_done"),
        ({"notes.txt": "x"}, "called POSITION.yaml"),
        ({CARD: CARDS["data_analyst.yaml"]}, "data_analyst.yaml"),
    ],
)
def test_bad_files_never_reach_the_director(desk: Desk, files: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        drafted(desk, files)
    assert any(words in sentence.en for sentence in refused.value.fields["scorecard_files"])


def test_a_month_that_has_begun_keeps_its_cards(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        drafted(desk, {CARD: changed()}, "2026-11")
    assert "From 2026-12 at the earliest" in refused.value.fields["holds_from"][0].en
