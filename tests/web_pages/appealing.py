"""A company in which a month is appraised: figures entered, cards scored, results published, appeals filed and ruled."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from infrastructure.ticking import tick
from web_pages.things import Work, open_task
from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.figures.store import FigureInput, Key, record
from workflows.appraisal.figures.tables import Source
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database, new_id
from workflows.definition.load import load_text
from workflows.engine.requests import Outcome, Submission
from workflows.engine.tables import Case
from workflows.settings import Settings, project_folder

FILE = Path(__file__).parent / "appealing.yaml"
CARDS = project_folder("definitions") / "scorecards"
MONTH = "2026-10"
OPERATOR: Mapping[str, str] = {
    "sales": "4231800", "sales_target": "5000000", "uv": "1248330", "uv_prev": "1094930", "organic_uv": "788944", "pv": "3894790",
    "paid_orders": "60669", "industry_mean": "3.1", "sales_prev": "4095556", "paid_orders_prev": "60626", "silent_orders": "12983",
    "repeat_buyers_90d": "173", "paying_buyers_90d": "1000", "new_customer_sales": "1756197", "new_customers_target": "40",
    "cost_of_sales_3m": "3400", "stock_open_3m": "1000", "stock_close": "1000", "dead_stock_value": "72", "stock_value": "1000",
    "promotion_cost": "689783.40", "after_sales_cost": "101563.20", "late_answers": "1", "late_problems": "0", "design_mark": "8.5",
    "service_mark": "7.0", "logistics_mark": "8.0", "resources_on_time": "19", "resources_due": "20", "accepted_proposals_3m": "1",
    "published_manuals_6m": "0", "violations": "0", "severe_violations": "0", "data_violations": "0", "base_bonus": "3000",
    "category": "apparel,durable",
}  # fmt: skip
"""All that C's card asks for, with a total of 89.12."""

SUBJECT, SCORER, REVIEWER, INVESTIGATOR = "zhaozimo", "chensiqi", "shenyi", "guqing"
COMMENT = (
    "双 11 前的备货和页面做得扎实，UV 涨得快。下月两件事：把直通车费用占比压回 15% 以内；案例分享趁双 11 刚结束写出来。"
)


class Appealing(Work):
    """Work on appraisals; each step in a transaction of its own, at `now` less `ago`."""

    def __init__(self, store: Database, now: datetime) -> None:
        self.appraisal = Appraisal(Settings(database_url="sqlite://"))
        super().__init__(store, self.appraisal.engine, now)

    def opened(self) -> Appealing:
        """The two processes and the company's scorecards, published."""
        with self.store.write() as session:
            publish_cards(session, texts_of(sorted(CARDS.glob("*.yaml"))), "scorecards", self.now.date(), self.now)
            processes = load_text(FILE.read_text(encoding="utf-8"), FILE.name)
            self.engine.publish(session, processes, None, self.now - timedelta(days=500))
        return self

    def measure(self, figures: Mapping[str, str] = OPERATOR, login: str = SUBJECT, month: str = MONTH) -> None:
        """Enter a person's figures of a month; what is no number is a parameter."""
        subject, entered_by = self.person(login), self.person(REVIEWER)
        inputs = [FigureInput(Key(subject, None, month, name), _value(text), None) for name, text in figures.items()]
        with self.store.write() as session:
            record(session, inputs, source=Source.UPLOAD, actor=entered_by, now=self.now - timedelta(days=19))

    def begun(self, login: str = SUBJECT, month: str = MONTH, ago: timedelta = timedelta(days=21)) -> Outcome:
        """An appraisal whose self-review is handed in: it waits for the scorer."""
        case = self.start(REVIEWER, "month", ago, subject=str(self.person(login)), period=month)
        self.act(login, case, "submit", ago - timedelta(hours=1), work_done="秋装上新和双 11 预热")
        return case

    def scored(
        self, case: Outcome, lines: Mapping[str, Any] | None = None, login: str = SCORER, days: int = 15
    ) -> None:
        """Hand the scoring in, with what is said of lines."""
        said = {"seen": None, "lines": lines or {}}
        self.act(login, case, "submit", timedelta(days=days), judgement=said, comment=COMMENT)

    def published(
        self,
        lines: Mapping[str, Any] | None = None,
        figures: Mapping[str, str] = OPERATOR,
        month: str = MONTH,
        days: int = 1,
        login: str = SUBJECT,
        scorer: str = SCORER,
    ) -> Outcome:
        """A published result; `days` ago."""
        self.measure(figures, login, month)
        case = self.begun(login, month, timedelta(days=days + 20))
        self.scored(case, lines, scorer, days + 14)
        self.act(REVIEWER, case, "approve", timedelta(days=days))
        return case

    def appealed(self, case: Outcome, disputed: Mapping[str, Any], login: str = SUBJECT, **more: Any) -> Outcome:
        """An appeal against it, in the hands of human resources."""
        values = {"disputed": {"seen": None, "lines": disputed}, **more}
        with self.store.write() as session:
            submission = Submission(new_id(), self.person(login), "appeal", case=case.case, values=values)
            filed = self.engine.fire(session, submission, self.now)
        self.tick()
        return self.appeal_of(filed)

    def appeal_of(self, case: Outcome) -> Outcome:
        """The appeal that an appraisal has opened."""
        with self.store.read() as session:
            return replace(case, case=session.scalars(select(Case.id).where(Case.parent_id == case.case)).one())

    def ruled(
        self, appeal: Outcome, ruling: Mapping[str, Any], finding: str = "平台补贴应计入", login: str = INVESTIGATOR
    ) -> None:
        """The ruling, and what follows from it for the appraisal."""
        self.act(login, appeal, "rule", ruling={"seen": None, "lines": ruling}, finding=finding)
        self.tick()

    def tick(self) -> None:
        """Ring and deliver everything that is due, as the scheduler does."""
        tick(self.store, self.engine, self.now)

    def task(self, case: Outcome) -> uuid.UUID:
        """The open task of a case."""
        with self.store.read() as session:
            return open_task(session, case.case)


def _value(text: str) -> Decimal | str:
    return Decimal(text) if text.replace(".", "", 1).isdigit() else text
