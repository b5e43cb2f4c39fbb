"""What a month lacks of whom, who owes it, and which cases stand behind what was counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.figures.test_collecting import Collecting
from engine.office import counted
from workflows.appraisal.figures.completeness import PositionState, completeness
from workflows.appraisal.figures.counted_cases import counted_cases
from workflows.appraisal.figures.ledger import Ledger, appraised, ledgers
from workflows.appraisal.figures.rights import may_enter, may_read, readable
from workflows.appraisal.figures.store import FigureInput, Key, record
from workflows.appraisal.figures.tables import Source
from workflows.db import Database

MONTH = "2026-11"


class Gathering(Collecting):
    """Figures of the office, being gathered."""

    def enter(self, login: str, **figures: str) -> None:
        person = self.office.people[login]
        inputs = [FigureInput(Key(person, None, MONTH, name), Decimal(value)) for name, value in figures.items()]
        with self.database.write() as session:
            record(session, inputs, source=Source.API, actor=None, now=self.office.now)

    def ledger(self, login: str) -> Ledger:
        with self.database.read() as session:
            person = self.office.people[login]
            return ledgers(session, self.store, self.office.engine.organisation(session), [person], MONTH)[person]

    def states(self) -> dict[str, PositionState]:
        with self.database.read() as session:
            organisation = self.office.engine.organisation(session)
            found = ledgers(session, self.store, organisation, appraised(organisation, MONTH), MONTH)
            return {state.key: state for state in completeness(found.values(), self.office.engine.processes(session))}


@pytest.fixture
def desk(database: Database) -> Gathering:
    return Gathering(database)


def test_all_that_the_card_needs_is_missing_at_first(desk: Gathering) -> None:
    missing = desk.ledger("wang").missing
    assert {"complaints_due", "listings_due", "base_bonus"} <= set(missing)
    assert "complaints_on_time_target" not in missing


def test_no_case_leaves_nothing_to_be_missing(desk: Gathering) -> None:
    """∅: with no complaint due it does not matter how many were handled in time."""
    desk.enter("wang", complaints_due="0")
    assert {"complaints_due", "complaints_within_24h"}.isdisjoint(desk.ledger("wang").missing)
    desk.enter("zhang", complaints_due="3")
    assert "complaints_within_24h" in desk.ledger("zhang").missing


def test_what_is_known_is_no_longer_missing(desk: Gathering) -> None:
    desk.collect()
    desk.enter("wang", base_bonus="3000")
    ledger = desk.ledger("wang")
    assert str(ledger.figures["complaints_due"].value) == "0"
    assert {"complaints_due", "base_bonus"}.isdisjoint(ledger.missing)


def test_a_position_says_what_is_missing_of_whom_and_who_owes_it(desk: Gathering) -> None:
    desk.enter("wang", base_bonus="3000")
    state = desk.states()["operations_specialist"]
    assert ([member.login for member in state.people], state.complete) == (["wang", "zhang"], 0)
    lacks = {lack.name: lack for lack in state.lacks}
    assert [member.login for member in lacks["base_bonus"].people] == ["zhang"]
    assert (lacks["base_bonus"].title.en, lacks["base_bonus"].owed.en) == ("Base bonus", "an upload")
    assert lacks["complaints_due"].owed.en == "“Complaint”"
    assert [len(lack.people) for lack in state.lacks] == sorted(
        (len(lack.people) for lack in state.lacks), reverse=True
    )


def test_a_position_without_a_card_has_nothing_to_lack(desk: Gathering) -> None:
    state = desk.states()["hr_officer"]
    assert (state.has_card, state.lacks, state.complete) == (False, (), 0)
    assert desk.ledger("gu").missing == ()


def test_everybody_costs_as_many_statements_as_one(desk: Gathering) -> None:
    """The counters, the figures, the parameters that the ecommerce operator's card has, and whose result is published."""
    with desk.database.read() as session:
        organisation = desk.office.engine.organisation(session)

    def statements(*people: str) -> int:
        asked = [desk.office.people[login] for login in people]
        with desk.database.read() as session, counted(desk.database) as sent:
            ledgers(session, desk.store, organisation, asked, MONTH)
        return len(sent)

    everybody = tuple(desk.office.people)
    statements(*everybody)
    assert statements(*everybody) == statements("sun") == 4


def test_cases_are_shown_to_those_who_may_see_them(desk: Gathering) -> None:
    case = desk.complete()
    desk.collect()
    figures = desk.figures("wang", "complaints_due", "complaints_within_24h").values()

    def cases(login: str) -> list[str]:
        with desk.database.read() as session:
            scene = desk.office.engine.scene(session, desk.office.now)
            found = counted_cases(session, scene, desk.office.people[login], figures)
        return [str(one.id) for one in found.get("complaints_due", ())]

    assert cases("supervisor") == [str(case)]
    assert cases("audit") == [str(case)]
    assert cases("sun") == []


def test_of_three_months_the_cases_of_all(desk: Gathering) -> None:
    desk.propose()
    desk.collect()
    figure = desk.figures("sun", "accepted_proposals_3m", month="2026-11")
    assert figure == {}
    with desk.database.write() as session:
        keys = [Key(desk.office.people["sun"], None, month, "accepted_proposals") for month in ("2026-09", "2026-10")]
        inputs = [FigureInput(key, Decimal(0)) for key in keys]
        record(session, inputs, source=Source.API, actor=None, now=desk.office.now)
    figure = desk.figures("sun", "accepted_proposals_3m", month="2026-11")
    with desk.database.read() as session:
        scene = desk.office.engine.scene(session, desk.office.now)
        found = counted_cases(session, scene, desk.office.people["audit"], figure.values())
    assert [one.title for one in found["accepted_proposals_3m"]] == ["换主图"]


def test_who_reads_and_who_enters(desk: Gathering) -> None:
    with desk.database.read() as session:
        organisation = desk.office.engine.organisation(session)
    ids = desk.office.people
    readers = {who for who in ids if may_read(organisation, ids[who], ids["wang"])}
    assert readers == {"supervisor", "manager", "director", "hr", "gu", "audit"}
    assert {who for who in ids if may_enter(organisation, ids[who], ids["wang"])} == {"hr", "gu"}
    assert {who for who in ids if may_enter(organisation, ids[who], ids["hr"])} == {"gu"}
    assert not may_read(organisation, ids["hr"], ids["hr"])
    assert readable(organisation, ids["supervisor"]) == {ids["wang"], ids["zhang"], ids["sun"]}
    assert ids["hr"] not in readable(organisation, ids["hr"])
