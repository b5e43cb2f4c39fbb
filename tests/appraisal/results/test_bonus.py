"""The bonus list: exact money, corrections beside what they correct, no formula for whoever opens the file."""

from __future__ import annotations

import io
import uuid
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from appraisal.cards.desk import MONTH, Desk
from engine.office import counted
from workflows.appraisal.results.views.bonus import BonusList
from workflows.definition.load import load_text
from workflows.errors import InvalidInput, NotAllowed

BONUSES = """
process: bonuses
title: {zh: 奖金, en: Bonuses}
family: appraisal
source: ours
name: "{period}"
key: [period]
see: [{unit: human_resources}, auditors]
start: {by: {unit: human_resources}, form: [period]}
fields:
  period: {type: month, required: true, zh: 月份, en: Month}
  people: {type: integer, filled: true, zh: 人数, en: People}
  total:  {type: money, filled: true, zh: 合计, en: Total}
  unpaid: {type: integer, filled: true, zh: 不发人数, en: Unpaid}
states:
  checking:
    title: {zh: 核对, en: Check}
    task: {for: {unit: human_resources}, fill: bonus, show: [people, total, unpaid]}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


def judged(desk: Desk, login: str, score: str, base: str | None = "3000") -> uuid.UUID:
    """A published month of somebody whose every line was judged so; a specialist's lines weigh the same."""
    if base is not None:
        desk.measure(login, {"base_bonus": base}, "2026-01")
    with desk.database.read() as session:
        lines = desk.appraisal.store.get(session, "operations_specialist", 1).card.indicators
    case = desk.appraise(login)
    desk.score(case, {key: {"score": score, "reason": "按实绩"} for key in lines})
    desk.publish(case)
    return case


def listed(desk: Desk, login: str = "gu") -> BonusList:
    with desk.database.read() as session:
        return desk.appraisal.bonus_list(session, desk.people[login], MONTH)


@pytest.mark.parametrize(
    ("score", "bonus"),
    [("59.99", "0.00"), ("60", "1800.00"), ("89.12", "2673.60"), ("100", "3000.00"), ("120", "3600.00")],
)
def test_base_times_score(desk: Desk, score: str, bonus: str) -> None:
    judged(desk, "wang", score)
    (row,) = listed(desk).rows
    assert (str(row.pays), row.name, str(row.base)) == (bonus, "王梓涵", "3000")


def test_the_total_leaves_out_what_is_open_and_says_so(desk: Desk) -> None:
    judged(desk, "wang", "80")
    desk.anytime(
        "zhang", judged(desk, "zhang", "90"), "appeal", {"disputed": {"lines": {"pages_done": {"reason": "x"}}}}
    )
    desk.tick()
    desk.promote("sun", "operations_specialist")
    judged(desk, "sun", "90", base=None)
    found = listed(desk)
    assert (str(found.total), found.waiting, found.without_base, found.paid) == ("2400.00", 1, 1, 1)


def test_a_correction_names_both_versions_and_pays_the_second(desk: Desk) -> None:
    case = judged(desk, "wang", "80")
    desk.anytime("wang", case, "appeal", {"disputed": {"lines": {"pages_done": {"reason": "x"}}}})
    desk.tick()
    ruling = {"pages_done": {"verdict": "correct", "score": "96", "reason": "查实"}}
    desk.act("hr", desk.task(desk.appeal_of(case)), "submit", {"ruling": {"lines": ruling}, "finding": "=1+1"})
    desk.tick()
    desk.act("supervisor", desk.task(case), "submit")
    (row,) = listed(desk).rows
    assert [(str(one.total), str(one.bonus)) for one in row.versions] == [("80.00", "2400.00"), ("82.00", "2460.00")]
    assert str(row.pays) == "2460.00"
    lines = sheet(desk)
    assert lines[1][6:10] == [Decimal("80.00"), Decimal("2400.00"), Decimal("82.00"), Decimal("60.00")]
    assert lines[1][11:13] == ["=1+1", Decimal("2460.00")]
    assert lines[2][0] == "合计"
    assert lines[2][12] == Decimal("2460.00")


def test_no_text_becomes_a_formula(desk: Desk) -> None:
    case = judged(desk, "wang", "80")
    desk.anytime("wang", case, "appeal", {"disputed": {"lines": {"pages_done": {"reason": "x"}}}})
    desk.tick()
    ruling = {"pages_done": {"verdict": "correct", "score": "96", "reason": "查实"}}
    finding = '=HYPERLINK("https://x.example","x")'
    desk.act("hr", desk.task(desk.appeal_of(case)), "submit", {"ruling": {"lines": ruling}, "finding": finding})
    desk.tick()
    desk.act("supervisor", desk.task(case), "submit")
    cell = workbook(desk).active["L2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("login", ["wang", "supervisor", "director", "admin"])
def test_only_human_resources_and_auditors_get_it(desk: Desk, login: str) -> None:
    judged(desk, "wang", "80")
    with pytest.raises(NotAllowed):
        listed(desk, login)


def test_the_number_of_statements_does_not_grow_with_people(desk: Desk) -> None:
    judged(desk, "wang", "80")
    listed(desk)
    sent = []
    for login in ("zhang", None):
        with counted(desk.database) as statements:
            listed(desk)
        sent.append(len(statements))
        if login:
            judged(desk, login, "90")
    assert sent[0] == sent[1]


def test_the_month_s_sum_is_filled_in_and_never_around_a_hole(desk: Desk) -> None:
    with desk.database.write() as session:
        desk.engine.publish(session, load_text(BONUSES, "bonuses.yaml"), None, desk.now)
    judged(desk, "wang", "80")
    judged(desk, "zhang", "50")
    desk.promote("sun", "operations_specialist")
    judged(desk, "sun", "90", base=None)
    case = desk.start("hr", "bonuses", period=MONTH).case
    with pytest.raises(InvalidInput) as refused:
        desk.act("hr", desk.task(case), "submit")
    assert refused.value.fields["total"][0].zh == "孙雨桐缺奖金基数。"
    desk.measure("sun", {"base_bonus": "1000"}, "2026-01")
    desk.act("hr", desk.task(case), "submit")
    assert {name: desk.data(case)[name] for name in ("people", "total", "unpaid")} == {
        "people": 2, "total": "3300.00", "unpaid": 1,
    }  # fmt: skip


def workbook(desk: Desk) -> Any:
    with desk.database.read() as session:
        content = desk.appraisal.bonus_workbook(session, desk.people["gu"], MONTH, "zh")
    return load_workbook(io.BytesIO(content))


def sheet(desk: Desk) -> list[list[object]]:
    rows = workbook(desk).active.iter_rows(values_only=True)
    return [
        [Decimal(str(cell)).quantize(Decimal("0.01")) if isinstance(cell, (int, float)) else cell for cell in row]
        for row in rows
    ]
