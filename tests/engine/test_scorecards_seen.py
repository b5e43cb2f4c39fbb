"""Who sees a scorecard: hidden in every part, told by a history in its parts, whole in the chain."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from engine.office import counted, writes
from engine.scorecards import DEFINITIONS, JUDGED, Desk, Marks, said
from engine.test_files import fetched, uploaded
from workflows.db import Database
from workflows.engine.exporting import export_case
from workflows.engine.verify import verify
from workflows.engine.views.pages import PartChange, SearchQuery
from workflows.engine.views.parts import differences
from workflows.errors import InvalidInput, NotFound

# -- who sees it --------------------------------------------------------------------------------------------------------


def test_files_of_lines_belong_to_the_field(desk: Desk) -> None:
    case = desk.open()
    file = uploaded(desk, "supervisor")
    desk.score(case, judgement=said({"quality": {"score": "50", "reason": "见附件", "files": [str(file)]}}))
    assert fetched(desk, "hr", file) == b"paper"
    with pytest.raises(NotFound):
        fetched(desk, "wang", file)
    assert [one.field for one in desk.page("hr", case).files] == ["judgement"]
    assert desk.page("wang", case).files == ()
    other = desk.open("zhang")
    with pytest.raises(InvalidInput):  # somebody else's file
        desk.score(
            other, judgement=said({"quality": {"score": "1", "reason": "x", "files": [str(uploaded(desk, "hr"))]}})
        )


@pytest.mark.parametrize("hidden", [False, True])
def test_a_form_over_lines_brings_the_card_to_those_who_may_see_it(database: Database, hidden: bool) -> None:
    before = ", {subject: {from: published}}]}\n  judgement"
    assert before in DEFINITIONS
    marks = Marks()
    desk = Desk(database, **marks.handed_in())
    desk.found(DEFINITIONS.replace(before, "]}\n  judgement") if hidden else DEFINITIONS)
    case = desk.open()
    desk.publish(case)
    (appeal,) = desk.page("wang", case).anytime
    assert (appeal.action.form[0].card is None) is hidden


CANARIES = ("75.50", "35.50", "85.50", "样品返工两次")


def test_a_hidden_card_is_hidden_in_every_part(desk: Desk) -> None:
    case = desk.open()
    desk.page("wang", case)
    desk.score(case, judgement=said(JUDGED))
    for login in ("wang", "sun"):
        told = _everything(desk, login, case)
        assert not [canary for canary in CANARIES if canary in told], login
    told = _everything(desk, "supervisor", case)
    assert [canary for canary in CANARIES if canary in told] == ["35.50", "85.50", "样品返工两次"]


def _everything(desk: Desk, login: str, case: uuid.UUID) -> str:
    """What every page, list and search tells a person, but for the definition itself."""
    told: list[Any] = []
    with desk.database.read() as session:
        person = desk.people[login]
        try:
            told.append(desk.engine.case_page(session, person, case, desk.now))
        except NotFound:
            told.append(None)
        for tab in ("mine", "offered", "started", "done"):
            told.append(desk.engine.work_list(session, person, desk.now, tab=tab))
        told.append(desk.engine.search(session, person, SearchQuery(text="王梓涵"), desk.now))
        for canary in CANARIES:
            assert desk.engine.search(session, person, SearchQuery(text=canary), desk.now).rows == ()
    return repr(told)


def test_a_history_tells_which_parts_changed_and_no_json(desk: Desk) -> None:
    case = desk.open()
    desk.score(case, judgement=said(JUDGED))
    desk.act("hr", desk.task(case), "send_back", reason="再看")
    desk.marks.figures["speed"] = "41"
    lines = {
        "quality": {"score": "52", "reason": "样品返工两次，仍按期"},
        "speed": {"waive": "true", "reason": "系统停机"},
    }
    desk.score(case, judgement=said(lines))
    changes = {one.field.name: one for one in desk.page("supervisor", case).events[0].changes}
    card, judged = changes["card"], changes["judgement"]
    assert (str(card.old), str(card.new), str(judged.old), str(judged.new)) == ("85.50", "52.00", "1", "2")
    assert set(differences(card.old, card.new)) == {
        PartChange(("total",), "85.50", "52.00"),
        PartChange(("figures", "speed"), "35.50", "41"),
        PartChange(("figures", "quality"), "50", "52"),
    }
    assert differences(judged.old, judged.new) == (
        PartChange(("quality", "score"), "50", "52"),
        PartChange(("speed", "reason"), None, "系统停机"),
        PartChange(("speed", "waive"), None, "true"),
    )
    assert PartChange(("quality", "score"), None, "50") in differences(None, judged.old)


# -- history ------------------------------------------------------------------------------------------------------------


def test_history_tells_the_whole_card_and_the_chain_holds(desk: Desk) -> None:
    case = desk.open()
    desk.publish(case)
    desk.anytime(
        "wang", case, "appeal", {"disputed": said({"speed": {"figures": {"speed": "40.5"}, "reason": "周末"}})}
    )
    desk.tick()
    with desk.database.read() as session:
        report = verify(session)
        exported = export_case(session, case)
    assert report.faults == []
    assert report.cases == 2
    assert exported is not None
    json.dumps(exported)


def test_a_step_with_fill_costs_what_the_source_asks_and_no_more(desk: Desk) -> None:
    desk.score(desk.open("zhang"))  # queues and people are known
    case = desk.open()
    task = desk.task(case)
    with counted(desk.database) as sent:
        desk.act("supervisor", task, "submit", {"judgement": said(JUDGED)})
    assert len(sent) <= 10, sent
    assert len(writes(sent)) <= 8, sent
