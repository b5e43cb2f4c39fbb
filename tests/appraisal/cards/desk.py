"""The small company with the program's own scorecards: appraisals of a month, and appeals against them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from engine.office import MONDAY, Office
from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.cards.store import scorecards_folder
from workflows.appraisal.figures.store import FigureInput, Key, record
from workflows.appraisal.figures.tables import Source
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database
from workflows.engine.tables import Case
from workflows.org.tables import PersonPosition
from workflows.org.versions import bump
from workflows.settings import Settings

MONTH = "2026-10"

DEFINITIONS = """
process: month
title: {zh: 月度考核, en: Month}
family: appraisal
source: ours
name: "{subject} {period}"
key: [subject, period]
see: [subject, {managers_of: subject}, {unit: human_resources}, auditors]
start: {by: [spawn, {unit: human_resources}], form: [subject, period], fill: scorecard}
fields:
  subject:   {type: person, required: true, zh: 被考核人, en: Employee}
  period:    {type: month, required: true, zh: 月份, en: Month}
  scorecard: {type: scorecard, filled: true, with: judgement, zh: 评分表, en: Scorecard, see: [{managers_of: subject}, {unit: human_resources}, {subject: {from: published}}]}
  judgement: {type: lines, of: scorecard, give: [score, waive], zh: 上级判断, en: Judgement, see: [{managers_of: subject}, {unit: human_resources}]}
  score:     {type: decimal, places: 2, formula: scorecard, zh: 得分, en: Score, see: [{managers_of: subject}, {unit: human_resources}, {subject: {from: published}}]}
  alone:     {type: boolean, default: true, zh: 单独考核, en: Alone}
  below_target: {type: integer, filled: true, zh: 未达标, en: Below target}
  alarms:    {type: integer, filled: true, zh: 预警, en: Alarms}
  disputed:  {type: lines, of: scorecard, give: [figures, files], required: true, zh: 有异议的项, en: Disputed}
  corrected: {type: scorecard, zh: 更正后的评分表, en: Corrected card, see: [{unit: human_resources}, {subject: {from: published}}]}
  correction: {type: long_text, zh: 更正理由, en: Why it was corrected, see: [{unit: human_resources}, {subject: {from: published}}]}
states:
  scoring:
    title: {zh: 评分, en: Scoring}
    task: {for: {manager_of: subject}, not: subject, fill: scorecard, show: [scorecard], edit: [judgement]}
    actions: {submit: reviewing}
  reviewing:
    title: {zh: 复核, en: Review}
    task: {for: {unit: human_resources}, not: [subject, {did: scoring}], show: [scorecard]}
    actions: {approve: awaiting, send_back: scoring}
  awaiting:
    title: {zh: 等待公示, en: Waiting}
    on_signal: {publish: published}
    after: {entered + 1h: {to: published, when: alone}}
  published:
    title: {zh: 公示, en: Published}
    enter: {record: result}
    after: {entered + 20wd: closed}
  appealed:
    title: {zh: 申诉中, en: Appealed}
    spawn: {process: month_appeal, set: {subject: subject, period: period, scorecard: scorecard, disputed: disputed}, wait: end, then: settled}
  settled:
    title: {zh: 已裁定, en: Settled}
    task: {for: {manager_of: subject}, show: [scorecard]}
    actions:
      submit: [{to: corrected, when: is_set(corrected)}, {to: closed, else: true}]
  corrected:
    title: {zh: 已更正, en: Corrected}
    enter: {record: result}
    task: {for: {manager_of: subject}, show: [corrected]}
    actions: {submit: closed}
  closed: {title: {zh: 完成, en: Closed}, end: completed}
anytime:
  appeal: {title: {zh: 申诉, en: Appeal}, by: subject, in: [published], form: [disputed], fill: scorecard, to: appealed}
---
process: months
title: {zh: 考核周期, en: Cycle}
family: appraisal
source: ours
name: "{period}"
key: [period]
see: [{unit: human_resources}, auditors]
start: {by: {unit: human_resources}, form: [period]}
fields:
  period:  {type: month, required: true, zh: 月份, en: Month}
  summary: {type: text, required: true, zh: 汇总, en: Summary}
states:
  collecting:
    title: {zh: 评分, en: Collecting}
    spawn: {process: month, each: employees, set: {subject: each, period: period, alone: false}, wait: {in: awaiting}, then: summarising}
  summarising:
    title: {zh: 汇总, en: Summarising}
    task: {for: {unit: human_resources}, edit: [summary]}
    actions: {submit: published}
  published:
    title: {zh: 公示, en: Published}
    enter: {tell: {children: publish}}
    after: {entered + 30wd: closed}
  closed: {title: {zh: 完成, en: Closed}, end: completed}
---
process: month_appeal
title: {zh: 申诉, en: Appeal}
family: appraisal
source: ours
name: "{subject} {period}"
start: {by: spawn}
fields:
  subject:   {type: person, required: true, zh: 申诉人, en: Employee}
  period:    {type: month, required: true, zh: 月份, en: Month}
  scorecard: {type: scorecard, required: true, zh: 原评分表, en: Card}
  disputed:  {type: lines, of: scorecard, give: [figures, files], required: true, zh: 有异议的项, en: Disputed}
  ruling:    {type: lines, of: scorecard, only: disputed, give: [score, figures, verdict], required: true, zh: 裁定, en: Ruling}
  corrected: {type: scorecard, filled: true, from: scorecard, with: ruling, zh: 更正后, en: Corrected}
  finding:   {type: long_text, required: true, zh: 裁定和理由, en: Finding}
states:
  deciding:
    title: {zh: 裁定, en: Ruling}
    task: {for: {position: hr_lead}, fill: scorecard, show: [scorecard, disputed], edit: [ruling, finding]}
    actions:
      submit: corrected
  corrected: {title: {zh: 已更正, en: Corrected}, end: corrected, return: {corrected: corrected, correction: finding}}
"""

SPECIALIST = {
    "listings_on_time": "18", "listings_due": "20", "pages_done": "9", "pages_planned": "10", "campaign_sales": "98000",
    "campaign_sales_target": "100000", "rating_sum": "470", "ratings": "100", "complaints_within_24h": "8", "complaints_due": "10",
    "problems_solved": "38", "problems_closed": "40", "reports_without_correction": "9", "reports_submitted": "10",
    "suggestions_adopted": "3", "suggestions_made": "6",
}  # fmt: skip
"""Everything that a specialist's card asks for."""


class Desk(Office):
    """The office with an `Appraisal`: figures are entered, appraisals scored, results published, appeals decided."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, MONDAY)
        self.appraisal = Appraisal(Settings(database_url="sqlite://"))
        self.engine = self.appraisal.engine

    def opened(self) -> Desk:
        """People, processes and the program's own scorecards."""
        with self.database.write() as session:
            publish_cards(session, CARDS, "scorecards", self.now.date(), self.now)
        self.found(DEFINITIONS)
        return self

    def promote(self, login: str, position: str) -> None:
        """Give somebody another appraised position."""
        from workflows.org.tables import Position

        with self.database.write() as session:
            if session.get(Position, position) is None:
                session.add(Position(key=position, zh=position, en=position))
                session.flush()
            chosen = PersonPosition.person_id == self.people[login]
            session.execute(update(PersonPosition).where(chosen).values(position_key=position))
            bump(session, "organisation")

    def measure(self, login: str, figures: Mapping[str, str], month: str = MONTH, reason: str | None = None) -> None:
        """Enter a person's figures of a month; texts that are no number are parameters."""
        inputs = [
            FigureInput(Key(self.people[login], None, month, name), _value(text), reason)
            for name, text in figures.items()
        ]
        with self.database.write() as session:
            record(session, inputs, source=Source.UPLOAD, actor=self.people["hr"], now=self.now)

    def appraise(self, login: str, month: str = MONTH) -> uuid.UUID:
        """Open an appraisal; the case."""
        return self.start("hr", "month", subject=str(self.people[login]), period=month).case

    def score(
        self,
        case: uuid.UUID,
        lines: Mapping[str, Any] | None = None,
        login: str = "supervisor",
        seen: str | None = None,
    ) -> None:
        """Hand the scoring in, with what is said of lines."""
        self.act(login, self.task(case), "submit", {"judgement": {"lines": lines or {}, "seen": seen}})

    def publish(self, case: uuid.UUID) -> None:
        """Review and publish."""
        self.act("gu", self.task(case), "approve")
        self.later(hours=1)
        self.tick()

    def scored(self, login: str, month: str = MONTH) -> uuid.UUID:
        """An appraisal of a specialist with all figures, published."""
        self.measure(login, SPECIALIST, month)
        case = self.appraise(login, month)
        self.score(case)
        self.publish(case)
        return case

    def shown(self, login: str, case: uuid.UUID) -> Mapping[str, Any]:
        """The scorecard as the form of the person's task shows it."""
        with self.database.read() as session:
            page = self.engine.case_page(session, self.people[login], case, self.now)
        assert page.task is not None
        return next(one.value for one in page.task.show if one.field.name == "scorecard")

    def appeal_of(self, case: uuid.UUID) -> uuid.UUID:
        """The appeal that an appraisal has spawned."""
        with self.database.read() as session:
            return session.scalars(select(Case.id).where(Case.parent_id == case)).one()

    def data(self, case: uuid.UUID) -> Mapping[str, Any]:
        with self.database.read() as session:
            return session.get_one(Case, case).data


def _value(text: str) -> Decimal | str:
    return Decimal(text) if text.replace(".", "", 1).lstrip("-").isdigit() else text


CARDS = texts_of(sorted(scorecards_folder().glob("*.yaml")))
"""The program's own scorecards."""
