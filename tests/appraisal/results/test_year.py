"""A year is the mean of its published months: those employed, those that were appraised, never a hole."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from appraisal.cards.desk import Desk
from workflows.appraisal.results.reading import versions
from workflows.errors import InvalidInput
from workflows.org.tables import Person
from workflows.org.versions import bump

YEAR = """
process: year
title: {zh: 年度考核, en: Year}
family: appraisal
source: ours
name: "{subject} {period}"
key: [subject, period]
see: [subject, {managers_of: subject}, {unit: human_resources}, auditors]
start: {by: {unit: human_resources}, form: [subject, period]}
fields:
  subject: {type: person, required: true, zh: 被考核人, en: Employee}
  period:  {type: year, required: true, zh: 年度, en: Year}
  months:
    type: table
    filled: true
    zh: 各月
    en: Months
    columns:
      month: {type: month, required: true, zh: 月, en: Month}
      score: {type: decimal, places: 2, required: true, zh: 得分, en: Score}
      grade: {type: text, required: true, zh: 等级, en: Grade}
  months_employed: {type: integer, filled: true, zh: 在职月数, en: Months employed}
  months_scored:   {type: integer, filled: true, zh: 考核月数, en: Months scored}
  score:           {type: decimal, places: 2, filled: true, zh: 得分, en: Score}
  excellent_before: {type: integer, filled: true, zh: 此前连续优秀年数, en: Excellent years before}
states:
  commenting:
    title: {zh: 评语, en: Comment}
    task: {for: {manager_of: subject}, fill: year, show: [score, months]}
    actions: {submit: published}
  published:
    title: {zh: 公示, en: Published}
    enter: {record: result}
    task: {for: {manager_of: subject}, show: [score]}
    actions: {submit: closed}
  closed: {title: {zh: 完成, en: Closed}, end: completed}
"""


@pytest.fixture
def desk(desk: Desk) -> Desk:
    from workflows.definition.load import load_text

    with desk.database.write() as session:
        desk.engine.publish(session, load_text(YEAR, "year.yaml"), None, desk.now)
    return desk


def year(desk: Desk, period: str = "2026") -> dict[str, Any]:
    """The year's appraisal, commented and published; its data."""
    case = desk.start("hr", "year", subject=str(desk.people["wang"]), period=period).case
    desk.act("supervisor", desk.task(case), "submit")
    return dict(desk.data(case))


def employ(desk: Desk, joined: str, left: str | None = None) -> None:
    from datetime import date

    with desk.database.write() as session:
        values = {"joined_on": date.fromisoformat(joined), "left_on": date.fromisoformat(left) if left else None}
        session.execute(update(Person).where(Person.id == desk.people["wang"]).values(**values))
        bump(session, "organisation")


def test_the_mean_of_the_months_there_are(desk: Desk) -> None:
    for month, pages in (("2026-08", "10"), ("2026-09", "7"), ("2026-10", "5")):
        desk.measure("wang", {"pages_done": pages}, month)
        case = judged(desk, month)
        desk.publish(case)
    data = year(desk)
    assert [row["month"] for row in data["months"]] == ["2026-08", "2026-09", "2026-10"]
    assert [row["score"] for row in data["months"]] == ["105.26", "73.68", "52.63"]
    assert data["score"] == "77.19"  # 231.57 / 3
    assert (data["months_scored"], data["months_employed"], data["excellent_before"]) == (3, 12, 0)
    with desk.database.read() as session:
        (result,) = versions(session, "year", desk.people["wang"], "2026")
    assert (str(result.summary.total), result.summary.grade) == ("77.19", "competent")
    assert result.detail["months"] == data["months"]


def judged(desk: Desk, month: str) -> Any:
    """A specialist's month in which everything but the pages is waived."""
    desk.measure("wang", {"pages_planned": "10"}, month)
    with desk.database.read() as session:
        lines = desk.appraisal.store.get(session, "operations_specialist", 1).card.indicators
    case = desk.appraise("wang", month)
    desk.score(case, {key: {"waive": True, "reason": "x"} for key in lines if key != "pages_done"})
    return case


def test_only_months_employed_count(desk: Desk) -> None:
    desk.measure("wang", {"pages_done": "10"}, "2026-03")
    desk.publish(judged(desk, "2026-03"))
    desk.measure("wang", {"pages_done": "5"}, "2026-10")
    desk.publish(judged(desk, "2026-10"))
    employ(desk, "2026-04-30")
    data = year(desk)
    assert [row["month"] for row in data["months"]] == ["2026-10"]
    assert data["months_employed"] == 9


def test_a_month_that_is_not_published_holds_the_year_back(desk: Desk) -> None:
    desk.measure("wang", {"pages_done": "10"}, "2026-09")
    desk.publish(judged(desk, "2026-09"))
    desk.measure("wang", {"pages_done": "10"}, "2026-10")
    open_case = judged(desk, "2026-10")
    with pytest.raises(InvalidInput) as refused:
        year(desk)
    assert "2026-10" in refused.value.fields["months"][0].en
    desk.publish(open_case)
    case = desk.cases("year")[0].id
    desk.act("supervisor", desk.task(case), "submit")
    assert desk.data(case)["months_scored"] == 2


def test_a_year_without_months_has_no_score(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        year(desk)
    assert "no mean" in refused.value.fields["months"][0].en


def test_excellent_years_are_counted_without_a_gap(desk: Desk) -> None:
    for month in ("2023-05", "2025-05", "2026-05"):
        desk.measure("wang", {"pages_done": "10"}, month)
        desk.publish(judged(desk, month))
        assert year(desk, month[:4])["excellent_before"] == (1 if month == "2026-05" else 0)
