"""The cycle board and the scoring desk: who is where, what is missing, who is to read first; never a statement per person."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from appraisal.cards.desk import MONTH, SPECIALIST, Desk
from engine.office import counted
from workflows.appraisal.results.views.cycle import Board
from workflows.errors import NotAllowed, NotFound

FORMER = "2026-09"


def opened(desk: Desk, period: str = MONTH) -> dict[str, uuid.UUID]:
    """A cycle, its appraisals by login: everybody whose position has a card."""
    desk.start("hr", "months", period=period)
    desk.tick()
    logins = {person: login for login, person in desk.people.items()}
    return {
        logins[case.subject_id]: case.id
        for case in desk.cases("month")
        if case.subject_id and case.data["period"] == period
    }


def board(desk: Desk, login: str = "gu", period: str = MONTH) -> Board:
    with desk.database.read() as session:
        return desk.appraisal.cycle_board(session, desk.people[login], period, desk.now)


def test_a_cycle_is_for_everybody_whose_position_has_a_card(desk: Desk) -> None:
    assert set(opened(desk)) == {"manager", "supervisor", "wang", "zhang", "sun"}
    desk.promote("gu", "data_analyst")
    assert "gu" in opened(desk, "2026-11")


def test_who_is_where_and_what_is_missing(desk: Desk) -> None:
    cases = opened(desk)
    desk.measure("wang", SPECIALIST)
    desk.measure("zhang", {name: value for name, value in SPECIALIST.items() if name != "ratings"})
    desk.score(cases["wang"])
    found = board(desk)
    rows = {row.name: row for row in found.rows}
    assert (rows["王梓涵"].state, str(rows["王梓涵"].total), rows["王梓涵"].lacks) == (
        "reviewing",
        desk.data(cases["wang"])["score"],
        (),
    )
    assert [(lack.name, lack.line.en, lack.owed.en) for lack in rows["张雨薇"].lacks] == [
        ("ratings", "Customer satisfaction", "an upload")
    ]
    assert (len(found.rows), len(found.scored), len(found.reviewed), found.complete) == (5, 1, 0, False)
    waiting = {owing.name: [row.name for row in owing.rows] for owing in found.waiting}
    assert waiting == {"林晓岚": ["孙雨桐", "张雨薇"], "何志鹏": ["林晓岚"], "周明远": ["何志鹏"]}


def test_groups_distribution_and_the_odd_ones(desk: Desk) -> None:
    before = opened(desk, FORMER)
    for login, score in (("wang", "95"), ("zhang", "70")):
        judge(desk, before[login], score)
    cases = opened(desk)
    for login, score in (("wang", "75"), ("zhang", "59"), ("sun", "92")):
        judge(desk, cases[login], score)
    with desk.database.read():
        published = {row.name for row in board(desk, period=FORMER).rows if row.reviewed}
    assert published == {"王梓涵", "张雨薇"}
    found = board(desk)
    assert [(band.least, band.most, band.now) for band in found.bands] == [
        (None, 60, 1), (60, 70, 0), (70, 80, 1), (80, 90, 0), (90, 100, 1), (100, None, 0),
    ]  # fmt: skip
    (group,) = [one for one in found.groups if one.unit == "operations"]
    assert (group.people, group.scored, group.reviewed, group.mean) == (5, 3, 3, Decimal("75.33"))
    assert [odd.row.name for odd in found.odd] == ["张雨薇"]


def judge(desk: Desk, case: uuid.UUID, score: str) -> None:
    """Score an appraisal with every line judged so, and review it."""
    card = desk.data(case)["scorecard"]
    with desk.database.read() as session:
        lines = desk.appraisal.store.get(session, card["card"], card["version"]).card.indicators
    desk.score(case, {key: {"score": score, "reason": "x"} for key in lines})
    desk.act("gu", desk.task(case), "approve")


def test_last_month_stands_beside_once_it_is_published(desk: Desk) -> None:
    before = opened(desk, FORMER)
    for login in before:
        boss = {"manager": "director", "supervisor": "manager"}.get(login, "supervisor")
        with desk.database.read() as session:
            lines = desk.appraisal.store.get(session, desk.data(before[login])["scorecard"]["card"], 1).card.indicators
        desk.score(before[login], {key: {"score": "90", "reason": "x"} for key in lines}, boss)
        desk.act("gu", desk.task(before[login]), "approve")
    desk.tick()
    cycle = desk.cases("months")[0]
    desk.act("hr", desk.task(cycle.id), "submit", {"summary": "好"})
    desk.tick()
    judge(desk, opened(desk)["wang"], "70")
    found = board(desk)
    (odd,) = found.odd
    assert [why.en for why in odd.why] == ["20.00 points less than the month before"]
    assert found.groups[0].difference == Decimal("-20.00")
    assert sum(band.before for band in found.bands) == 5
    assert board(desk, period=FORMER).complete


@pytest.mark.parametrize("login", ["wang", "supervisor", "director", "admin"])
def test_only_human_resources_and_auditors_see_the_board(desk: Desk, login: str) -> None:
    opened(desk)
    with pytest.raises(NotAllowed):
        board(desk, login)
    with desk.database.read() as session:
        assert [cycle.period for cycle in desk.appraisal.cycles(session, desk.people["audit"], desk.now)] == [MONTH]
        with pytest.raises(NotAllowed):
            desk.appraisal.cycles(session, desk.people[login], desk.now)


def test_a_month_without_a_cycle_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        board(desk)


def test_statements_do_not_grow_with_people(desk: Desk) -> None:
    sent = []
    for login in ("gu", None):
        opened(desk, MONTH if login else "2026-11")
        period = MONTH if login else "2026-11"
        board(desk, period=period)
        with counted(desk.database) as statements:
            board(desk, period=period)
        sent.append(len(statements))
        if login:
            desk.promote(login, "data_analyst")
    assert sent[0] == sent[1] <= 24


def test_a_desk_has_ones_own_scorings_what_is_missing_last(desk: Desk) -> None:
    cases = opened(desk)
    desk.measure("zhang", SPECIALIST)
    desk.measure("wang", {name: value for name, value in SPECIALIST.items() if name != "ratings"})
    with desk.database.read() as session:
        mine = desk.appraisal.desk(session, desk.people["supervisor"], desk.now)
        others = desk.appraisal.desk(session, desk.people["wang"], desk.now)
    assert next(row.name for row in mine.waiting) == "张雨薇"
    assert {row.name for row in mine.waiting} == {"王梓涵", "张雨薇", "孙雨桐"}
    assert (others.waiting, others.done) == ((), ())
    desk.score(cases["zhang"])
    with desk.database.read() as session:
        mine = desk.appraisal.desk(session, desk.people["supervisor"], desk.now)
    assert [row.name for row in mine.done] == ["张雨薇"]
    assert mine.periods[cases["zhang"]] == MONTH
