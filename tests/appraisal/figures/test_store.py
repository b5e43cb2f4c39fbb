"""Figures are added, corrected beside their old value, and never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from appraisal.figures.desk import MONTH, Desk
from workflows.appraisal.figures.store import FigureInput, Recorded, add_batch, record
from workflows.appraisal.figures.tables import FigureValue, Source
from workflows.db import new_id
from workflows.errors import InvalidInput


@pytest.mark.parametrize("value", ["4231800.00", "0.1", "-3.250", "79.95", "123456789012345.123456", "0"])
def test_a_figure_comes_back_digit_by_digit(desk: Desk, value: str) -> None:
    assert desk.enter("wang", "sales", value) == Recorded(1, 0, 0)
    assert desk.value("wang", "sales") == value


def test_it_says_who_entered_it_when_and_from_where(desk: Desk) -> None:
    desk.enter("wang", "sales", "100")
    found = desk.figures("wang", "sales")["sales"]
    assert (found.source, found.entered_by, found.entered_at) == ("upload", desk.id("hr"), desk.office.now)
    assert (found.level, found.month) == ("person", MONTH)
    assert found.id == desk.rows("sales")[0].id


def test_the_same_value_again_writes_nothing(desk: Desk) -> None:
    desk.enter("wang", "sales", "100")
    assert desk.enter("wang", "sales", "100.0") == Recorded(0, 0, 1)
    assert len(desk.rows("sales")) == 1


def test_a_correction_stands_beside_the_old_value_with_its_reason(desk: Desk) -> None:
    desk.enter("wang", "sales", "100")
    desk.office.later(days=1)
    assert desk.enter("wang", "sales", "120", source=Source.FORM, actor="gu", reason="少算了退款") == Recorded(0, 1, 0)
    old, new = desk.rows("sales")
    assert (str(old.value), old.reason, old.entered_by) == ("100", None, desk.id("hr"))
    assert (str(new.value), new.reason, new.replaces, new.entered_by) == ("120", "少算了退款", old.id, desk.id("gu"))
    assert desk.value("wang", "sales") == "120"


@pytest.mark.parametrize("source", [Source.FORM, Source.UPLOAD])
def test_a_person_changes_nothing_without_a_reason(desk: Desk, source: Source) -> None:
    desk.enter("wang", "sales", "100")
    with pytest.raises(InvalidInput) as refused:
        desk.enter("wang", "sales", "120", source=source, reason="  ")
    assert "理由" in refused.value.fields["sales"][0].zh
    assert desk.value("wang", "sales") == "100"


def test_a_program_counts_anew_without_one(desk: Desk) -> None:
    desk.enter("wang", "accepted_proposals", "1", source=Source.SYSTEM, actor=None)
    assert desk.enter("wang", "accepted_proposals", "2", source=Source.SYSTEM, actor=None) == Recorded(0, 1, 0)


def test_a_value_taken_back_is_missing_again(desk: Desk) -> None:
    desk.enter("wang", "sales", "100")
    desk.enter("wang", "sales", None, source=Source.FORM, reason="是张雨薇的")
    assert desk.value("wang", "sales") is None
    desk.enter("wang", "sales", "100", source=Source.FORM, reason="还是王梓涵的")
    assert desk.value("wang", "sales") == "100"
    assert len(desk.rows("sales")) == 3


def test_taking_back_what_is_not_there_is_nothing(desk: Desk) -> None:
    assert desk.enter("wang", "sales", None, reason="没有") == Recorded(0, 0, 1)
    assert desk.rows("sales") == []


def test_one_figure_twice_is_refused_and_nothing_is_written(desk: Desk) -> None:
    twice = [FigureInput(desk.key("wang", "sales"), Decimal(value)) for value in ("1", "2")]
    with desk.database.write() as session, pytest.raises(InvalidInput):
        record(session, twice, source=Source.UPLOAD, actor=desk.id("hr"), now=desk.office.now)
    assert desk.rows("sales") == []


@pytest.mark.parametrize("statement", ["UPDATE figure_value SET value = '1'", "DELETE FROM figure_value"])
def test_the_database_changes_and_deletes_no_value(desk: Desk, statement: str) -> None:
    desk.enter("wang", "sales", "100")
    with pytest.raises(DBAPIError, match="only ever added to"), desk.database.write() as session:
        session.execute(text(statement))
    assert desk.value("wang", "sales") == "100"


@pytest.mark.parametrize("statement", ["UPDATE figure_batch SET rows = 1", "DELETE FROM figure_batch"])
def test_nor_the_note_of_an_upload(desk: Desk, statement: str) -> None:
    with desk.database.write() as session:
        add_batch(session, "十月.csv", "0" * 64, 3, desk.id("hr"), desk.office.now)
    with pytest.raises(DBAPIError, match="only ever added to"), desk.database.write() as session:
        session.execute(text(statement))


def test_two_values_cannot_stand_side_by_side(desk: Desk) -> None:
    """Whoever writes past the store: neither a second beginning nor a second successor."""
    desk.enter("wang", "sales", "100")
    first = desk.rows("sales")[0]
    plain = {
        "month": MONTH, "scope": "person", "person_id": desk.id("wang"), "name": "sales", "value": Decimal(1),
        "source": "form", "entered_at": desk.office.now,
    }  # fmt: skip
    with pytest.raises(DBAPIError), desk.database.write() as session:
        session.execute(insert(FigureValue), [{**plain, "id": new_id()}])
    with pytest.raises(DBAPIError), desk.database.write() as session:
        session.execute(insert(FigureValue), [{**plain, "id": new_id(), "replaces": first.id} for _ in range(2)])


def test_those_who_correct_at_once_follow_each_other(desk: Desk) -> None:
    desk.enter("wang", "sales", "0")

    def correct(value: int) -> Recorded:
        return desk.enter("wang", "sales", str(value), source=Source.FORM, reason=f"第 {value} 次")

    with ThreadPoolExecutor(4) as people:
        assert list(people.map(correct, range(1, 5))) == [Recorded(0, 1, 0)] * 4
    rows = desk.rows("sales")
    assert len(rows) == 5
    assert len({row.replaces for row in rows}) == 5


def test_a_published_month_is_closed_for_everything(desk: Desk) -> None:
    desk.enter("wang", "sales", "100")
    desk.close("wang")
    with pytest.raises(InvalidInput) as refused:
        desk.enter("wang", "sales", "120", source=Source.FORM, reason="少算了")
    assert refused.value.fields["sales"][0].zh == "2026-10 的考核结果已公示，数据不能再改；有出入请走申诉。"
    with pytest.raises(InvalidInput):
        desk.enter("wang", "uv", "5")
    desk.enter("wang", "sales", "100")
    desk.enter("wang", "sales", "120", "2026-11")
    desk.enter("zhang", "sales", "120")
