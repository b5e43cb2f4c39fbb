"""A small appraisal with an appeal for tests of what fills and what records: a source that adds two marks, a recorder that lists."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from engine.office import Office
from workflows.engine.scene import FillRequest, RecordRequest
from workflows.engine.tables import Case
from workflows.engine.views.pages import CasePage
from workflows.errors import InvalidInput, Stale, Text

DEFINITIONS = """
process: small_appraisal
title: {zh: 小考核, en: Small appraisal}
family: appraisal
source: ours
name: "{subject} {period}"
key: [subject, period]
see: [subject, {managers_of: subject}, {unit: human_resources}, auditors]
start: {by: {unit: human_resources}, form: [subject, period], fill: scorecard}
fields:
  subject:   {type: person, required: true, zh: 被考核人, en: Employee}
  period:    {type: month, required: true, zh: 月份, en: Month}
  card:      {type: scorecard, filled: true, with: judgement, zh: 评分表, en: Scorecard, see: [{managers_of: subject}, {unit: human_resources}, {subject: {from: published}}]}
  judgement: {type: lines, of: card, give: [score, waive, files], zh: 上级判断, en: Judgement, see: [{managers_of: subject}, {unit: human_resources}]}
  note:      {type: text, zh: 说明, en: Note}
  score:     {type: decimal, places: 2, formula: card, zh: 得分, en: Score, see: [{managers_of: subject}, {unit: human_resources}, {subject: {from: published}}]}
  below:     {type: integer, filled: true, zh: 未达标项数, en: Below target}
  disputed:  {type: lines, of: card, give: [figures, files], required: true, zh: 有异议的项, en: Disputed}
  corrected: {type: scorecard, zh: 更正后的评分表, en: Corrected card, see: [{unit: human_resources}]}
states:
  scoring:
    title: {zh: 评分, en: Scoring}
    list: [period, score]
    task: {for: {manager_of: subject}, not: subject, fill: scorecard, show: [card, score, below], edit: [judgement, note]}
    actions:
      submit: reviewing
      keep: {title: {zh: 先存着, en: Keep}, stay: true}
      reject: {to: refused, reason: optional}
  reviewing:
    title: {zh: 复核, en: Review}
    checks: [{that: card >= 60, zh: 合格, en: Competent}]
    task: {for: {unit: human_resources}, not: [subject, {did: scoring}], show: [card, judgement, below]}
    actions: {approve: published, send_back: scoring}
  published:
    title: {zh: 公示, en: Published}
    enter: {record: result}
    after: {entered + 2wd: closed}
  appealed:
    title: {zh: 申诉中, en: Appealed}
    spawn: {process: small_appeal, set: {subject: subject, period: period, card: card, disputed: disputed, before: card}, wait: end, then: published}
  closed:  {title: {zh: 完成, en: Closed}, end: completed}
  refused: {title: {zh: 不评, en: Refused}, end: refused}
anytime:
  appeal: {title: {zh: 申诉, en: Appeal}, by: subject, in: [published], form: [disputed], fill: scorecard, to: appealed}
---
process: small_appeal
title: {zh: 小申诉, en: Small appeal}
family: appraisal
source: ours
name: "{subject} {period}"
start: {by: spawn}
fields:
  subject:   {type: person, required: true, zh: 申诉人, en: Employee}
  period:    {type: month, required: true, zh: 月份, en: Month}
  card:      {type: scorecard, required: true, zh: 原评分表, en: Card}
  before:    {type: decimal, required: true, zh: 原得分, en: Score before}
  disputed:  {type: lines, of: card, give: [figures, files], required: true, zh: 有异议的项, en: Disputed}
  ruling:    {type: lines, of: card, only: disputed, give: [figures, verdict], required: true, zh: 裁定, en: Ruling}
  corrected: {type: scorecard, filled: true, from: card, with: ruling, zh: 更正后, en: Corrected}
states:
  deciding:
    title: {zh: 裁定, en: Ruling}
    task: {for: {position: hr_lead}, fill: scorecard, show: [card, disputed], edit: [ruling]}
    actions:
      submit: {to: corrected, record: result}
  corrected: {title: {zh: 已更正, en: Corrected}, end: corrected, return: {corrected: corrected}}
"""

MARKS = ("quality", "speed")


class Marks:
    """The source and the recorder: a card adds two marks; `figures` are what is measured now."""

    def __init__(self) -> None:
        self.figures: dict[str, str] = {"quality": "40", "speed": "35.50"}
        self.asked: list[FillRequest] = []
        self.recorded: list[tuple[RecordRequest, Any]] = []

    def handed_in(self) -> dict[str, Any]:
        return {"sources": {"scorecard": self.fill}, "recorders": {"result": self.record}}

    def fill(self, _session: Session, request: FillRequest) -> Mapping[str, Any]:
        self.asked.append(request)
        filled = {name: field for name, field in request.fields.items() if field.filled}
        if request.state == "start":
            cards = {
                name: {"card": "marks", "version": 1} for name, field in filled.items() if field.type == "scorecard"
            }
            return {**cards, "unheard_of": 1}
        self._refuse(request)
        found: dict[str, Any] = {"score": "99", "note": "nobody asked", "unheard_of": 1}
        cards = {name: self._card(request, field) for name, field in filled.items() if field.type == "scorecard"}
        below = sum(Decimal(card["total"] or 0) < 60 for card in cards.values())
        return {**found, **cards, **{name: below for name, field in filled.items() if field.type == "integer"}}

    def _card(self, request: FillRequest, field: Any) -> dict[str, Any]:
        said = request.data.get(field.entries) or {"lines": {}}
        known = self.figures if field.base is None else request.data[field.base]["figures"]
        given = {name: value for line in said["lines"].values() for name, value in line.get("figures", {}).items()}
        marks: dict[str, str] = {**known, **given}
        marks |= {key: line["score"] for key, line in said["lines"].items() if "score" in line}
        waived = {key for key, line in said["lines"].items() if line.get("waive")}
        missing = [name for name in MARKS if name not in marks and name not in waived]
        total = sum((Decimal(marks[name]) for name in MARKS if name in marks and name not in waived), Decimal())
        return {
            "card": "marks",
            "version": 1,
            "figures": marks,
            "total": None if missing else format(total, ".2f"),
            "missing": missing,
            "seen": digest(self.figures),
        }

    def _refuse(self, request: FillRequest) -> None:
        for name, value in (request.handed_in or {}).items():
            if request.fields[name].type == "lines" and value is not None:
                strange = [key for key in value["lines"] if key not in MARKS]
                if strange:
                    sentence = Text("评分表里没有这一项。", "The card has no such line.")
                    raise InvalidInput(fields={f"{name}.{key}": [sentence] for key in strange})
                if value["seen"] not in (None, digest(self.figures)):
                    raise Stale("指标值变了。", "The figures have changed.")

    def record(self, session: Session, request: RecordRequest) -> None:
        """Keeps the request with the case as the database has it by then."""
        self.recorded.append((request, session.get(Case, request.case)))


def digest(figures: Mapping[str, str]) -> str:
    return "".join(f"{int(Decimal(value) * 100):06x}" for _, value in sorted(figures.items()))


JUDGED = {"quality": {"score": "50", "reason": "样品返工两次，仍按期"}}


class Desk(Office):
    """The office with the small appraisal and its marks."""

    marks: Marks

    def open(self, login: str = "wang") -> uuid.UUID:
        return self.start("hr", "small_appraisal", subject=str(self.people[login]), period="2026-10").case

    def page(self, login: str, case: uuid.UUID) -> CasePage:
        with self.database.read() as session:
            return self.engine.case_page(session, self.people[login], case, self.now)

    def score(self, case: uuid.UUID, action: str = "submit", /, **values: Any) -> None:
        self.act("supervisor", self.task(case), action, values)

    def publish(self, case: uuid.UUID) -> None:
        self.score(case)
        self.act("hr", self.task(case), "approve")


def said(lines: dict[str, Any], seen: str | None = None) -> dict[str, Any]:
    return {"seen": seen or "", "lines": lines}


def shown(page: CasePage) -> dict[str, Any]:
    assert page.task is not None
    return {field.field.name: field.value for field in page.task.show}
