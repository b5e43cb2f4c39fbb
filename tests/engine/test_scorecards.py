"""Scorecards as data of a case: shown live, frozen when handed in, recorded with the very step, corrected by an appeal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.office import Office
from engine.scorecards import DEFINITIONS, JUDGED, Desk, Marks, digest, said, shown
from workflows.db import Database
from workflows.errors import ConfigurationError, InvalidInput, Stale

# -- filling ------------------------------------------------------------------------------------------------------------


def test_a_case_begins_with_its_card_and_nothing_else(desk: Desk) -> None:
    case = desk.open()
    assert desk.case(case).data["card"] == {"card": "marks", "version": 1}
    assert "score" not in desk.case(case).data
    (request,) = desk.marks.asked
    assert (request.state, request.handed_in, request.data["period"]) == ("start", None, "2026-10")
    assert request.fields["card"].entries == "judgement"
    assert desk.events(case)[0][1]["changes"]["card"] == [None, {"card": "marks", "version": 1}]


def test_the_card_is_computed_live_for_whoever_may_do_the_task(desk: Desk) -> None:
    case = desk.open()
    page = desk.page("supervisor", case)
    assert shown(page)["card"]["total"] == "75.50"
    assert shown(page)["score"] == "75.50"
    assert page.task is not None
    judged = page.task.edit[0]
    assert (judged.field.name, judged.card["total"], judged.only) == ("judgement", "75.50", None)
    desk.marks.figures["speed"] = "10"
    page = desk.page("supervisor", case)
    assert (shown(page)["score"], shown(page)["below"]) == ("50.00", 1)
    assert {one.field.name: one.value for one in page.data}["score"] == "50.00"
    assert "total" not in desk.case(case).data["card"]  # nothing is stored
    others = {one.field.name: one.value for one in desk.page("manager", case).data}
    assert others["card"] == {"card": "marks", "version": 1}
    assert all(request.handed_in is None for request in desk.marks.asked)


def test_handing_in_freezes_the_card_with_the_same_step(desk: Desk) -> None:
    case = desk.open()
    desk.score(case, judgement=said(JUDGED, digest(desk.marks.figures)))
    data = desk.case(case).data
    assert (data["card"]["total"], data["score"], data["below"]) == ("85.50", "85.50", 0)
    assert data["judgement"]["lines"] == JUDGED
    assert "note" not in data  # the process does not say that it is filled in
    assert desk.marks.asked[-1].handed_in == {"judgement": data["judgement"], "note": None}
    assert desk.marks.asked[-1].data["judgement"] == data["judgement"]
    event, values = desk.events(case)[-1]
    assert event.action == "submit"
    assert values["changes"]["card"] == [{"card": "marks", "version": 1}, data["card"]]
    assert values["changes"]["score"] == [None, "85.50"]
    desk.marks.figures["speed"] = "1"
    assert shown(desk.page("hr", case))["card"]["total"] == "85.50"  # frozen: the reviewer's task has no fill


def test_sending_back_opens_the_card_again(desk: Desk) -> None:
    case = desk.open()
    desk.score(case)
    desk.act("hr", desk.task(case), "send_back", reason="再看")
    desk.marks.figures["speed"] = "60"
    assert shown(desk.page("supervisor", case))["score"] == "100.00"
    assert desk.case(case).data["score"] == "75.50"
    desk.score(case)
    assert desk.case(case).data["score"] == "100.00"


def test_what_asks_for_nothing_computes_nothing(desk: Desk) -> None:
    case = desk.open()
    asked = len(desk.marks.asked)
    desk.score(case, "keep")
    assert len(desk.marks.asked) == asked
    desk.score(case, "keep", note="半")
    assert len(desk.marks.asked) == asked + 1
    assert desk.case(case).data["score"] == "75.50"
    desk.score(case, "reject")
    assert len(desk.marks.asked) == asked + 1


def test_what_the_source_refuses_comes_back_to_the_form(desk: Desk) -> None:
    case = desk.open()
    seen = digest(desk.marks.figures)
    with pytest.raises(InvalidInput) as refused:
        desk.score(case, judgement=said({"beauty": {"score": "1", "reason": "好看"}}, seen))
    assert list(refused.value.fields) == ["judgement.beauty"]
    desk.marks.figures["speed"] = "60"
    with pytest.raises(Stale):
        desk.score(case, judgement=said(JUDGED, seen))
    assert desk.case(case).state == "scoring"
    assert "judgement" not in desk.case(case).data


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ({"quality": {"score": "130", "reason": "好"}}, "judgement.quality.score"),
        ({"quality": {"score": "很好", "reason": "好"}}, "judgement.quality.score"),
        ({"quality": {"score": "80"}}, "judgement.quality.reason"),
        ({"quality": {"waive": "true"}}, "judgement.quality.reason"),
        ({"quality": {"score": "80", "waive": "true", "reason": "x"}}, "judgement.quality.waive"),
        ({"quality": {"verdict": "keep", "reason": "x"}}, "judgement.quality.verdict"),
        ({"quality": {"files": ["../x"], "reason": "x"}}, "judgement.quality.files"),
        ({"Quality!": {"score": "80", "reason": "x"}}, "judgement.Quality!"),
    ],
)
def test_what_is_no_line_is_refused_where_it_stands(desk: Desk, lines: dict[str, Any], where: str) -> None:
    case = desk.open()
    with pytest.raises(InvalidInput) as refused:
        desk.score(case, judgement=said(lines))
    assert list(refused.value.fields) == [where]


def test_blank_lines_say_nothing(desk: Desk) -> None:
    case = desk.open()
    blank = {"score": " ", "waive": "false", "reason": "", "files": []}
    desk.score(case, judgement=said({"quality": blank, "speed": {**blank, "score": "６０", "reason": "补"}}))
    assert desk.case(case).data["judgement"] == {"seen": None, "lines": {"speed": {"score": "60", "reason": "补"}}}
    other = desk.open("zhang")
    desk.score(other, judgement=said({"quality": blank}))
    assert "judgement" not in desk.case(other).data


def test_nobody_types_a_card(desk: Desk) -> None:
    case = desk.open()
    for name in ("card", "below", "score"):
        with pytest.raises(InvalidInput):
            desk.score(case, **{name: "100"})


def test_what_the_first_of_two_released_is_not_computed_anew(database: Database) -> None:
    marks = Marks()
    both = DEFINITIONS.replace("submit: reviewing", "submit: {to: reviewing, people: 2}")
    desk = Desk(database, **marks.handed_in()).found(
        both.replace("for: {manager_of: subject}", "for: {managers_of: subject}")
    )
    assert isinstance(desk, Desk)
    case = desk.open()
    desk.score(case)
    marks.figures["speed"] = "1"
    assert shown(desk.page("manager", case))["score"] == "75.50"
    desk.act("manager", desk.task(case), "submit", {})
    assert (desk.case(case).state, desk.case(case).data["score"]) == ("reviewing", "75.50")


def test_who_has_a_scorecard_may_be_asked_of_the_database(database: Database) -> None:
    office = Office(database, scorecards=lambda session, versions: {"hr_lead"} if "organisation" in versions else None)
    office.found()
    with database.read() as session:
        assert office.engine.scene(session, office.now).scorecards == {"hr_lead"}


# -- recording ----------------------------------------------------------------------------------------------------------


def test_entering_a_state_records_in_the_same_transaction(desk: Desk) -> None:
    case = desk.open()
    desk.publish(case)
    ((request, there),) = desk.marks.recorded
    assert (request.case, request.process, request.state) == (case, "small_appraisal", "published")
    assert (request.subject, request.data["score"]) == (desk.people["wang"], "75.50")
    assert there.state == "published"  # its rows were written before
    assert request.until == datetime(2026, 11, 18, 10, 0, tzinfo=UTC)  # Wednesday at closing time
    assert (request.now, request.reason) == (desk.now, None)
    assert request.fields["card"].type == "scorecard"


def test_what_the_recorder_refuses_takes_the_step_back(desk: Desk) -> None:
    case = desk.open()
    desk.score(case)

    def refuse(_session: Any, _request: Any) -> None:
        raise InvalidInput("本月已封账。", "The month is closed.")

    desk.engine.company.recorders["result"] = refuse
    with pytest.raises(InvalidInput):
        desk.act("hr", desk.task(case), "approve")
    assert desk.case(case).state == "reviewing"


def test_an_engine_without_source_or_recorder_says_so(database: Database) -> None:
    office = Office(database).found(DEFINITIONS)
    with pytest.raises(ConfigurationError, match="scorecard"):
        office.start("hr", "small_appraisal", subject=str(office.people["wang"]), period="2026-10")
    marks = Marks()
    office.engine.company.sources = marks.handed_in()["sources"]
    case = office.start("hr", "small_appraisal", subject=str(office.people["wang"]), period="2026-10").case
    office.act("supervisor", office.task(case), "submit", {})
    with pytest.raises(ConfigurationError, match="result"):
        office.act("hr", office.task(case), "approve")


# -- the appeal ---------------------------------------------------------------------------------------------------------


def test_an_appeal_takes_the_frozen_card_along_and_brings_a_corrected_one_back(desk: Desk) -> None:
    case = desk.open()
    desk.publish(case)
    frozen = desk.case(case).data["card"]
    desk.marks.figures["speed"] = "1"
    with pytest.raises(InvalidInput) as refused:
        desk.anytime("wang", case, "appeal", {"disputed": said({"beauty": {"reason": "好看"}})})
    assert list(refused.value.fields) == ["disputed.beauty"]
    with pytest.raises(InvalidInput):
        desk.anytime("wang", case, "appeal", {"disputed": said({})})
    disputed = {"speed": {"figures": {"speed": "40.5"}, "reason": "两单是周末"}}
    desk.anytime("wang", case, "appeal", {"disputed": said(disputed)})
    assert desk.case(case).data["card"] == frozen  # the check sets nothing
    desk.tick()
    (appeal,) = desk.cases("small_appeal")
    assert (appeal.data["card"], appeal.data["before"]) == (frozen, "75.50")
    assert appeal.data["disputed"]["lines"] == disputed
    page = desk.page("hr", appeal.id)
    assert page.task is not None
    assert (page.task.edit[0].card, page.task.edit[0].only) == (frozen, appeal.data["disputed"])
    task = desk.task(appeal.id)
    with pytest.raises(InvalidInput) as refused:
        desk.act("hr", task, "submit", {"ruling": said({"quality": {"verdict": "keep"}})})
    assert list(refused.value.fields) == ["ruling.quality"]
    ruled = {"speed": {"verdict": "correct", "figures": {"speed": "45"}, "reason": "按系统记录"}}
    desk.act("hr", task, "submit", {"ruling": said(ruled)}, reason="两单确在周末")
    request, _ = desk.marks.recorded[-1]
    assert (request.state, request.reason, request.data["corrected"]["total"]) == ("deciding", "两单确在周末", "85.00")
    assert desk.cases("small_appeal")[0].data["card"] == frozen
    desk.tick()
    assert desk.case(case).data["corrected"]["total"] == "85.00"
    assert desk.case(case).data["score"] == "75.50"
