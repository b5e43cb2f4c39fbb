"""A month's round of scores in the sample company, under process keys that no page knows: opened, handed in, scored, reviewed.

Nothing is mocked: people act through the engine, the clock is told what time it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from infrastructure.ticking import tick
from web_pages.cards import FIGURES, measure, publish
from web_pages.conftest import NOW
from web_pages.things import Work
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database, new_id
from workflows.definition.load import load_text
from workflows.engine.requests import Outcome, StartRequest, Submission
from workflows.engine.tables import Case, Task
from workflows.http import services

MONTH = "2026-10"
TEXT = (Path(__file__).parent / "appraising.yaml").read_text(encoding="utf-8")
OWN_WORDS = {"done": "上架 18 款，双 11 主推 4 款。", "lessons": "资料晚了两天，下月提前一周要。"}
SCORED = {"talked_on": "2026-11-03", "talk": "谈了备货和费用。", "comment": "备货扎实，费用要压。"}


class Round(Work):
    """October's round of scores."""

    def __init__(self, site: Flask, store: Database, now: datetime = NOW) -> None:
        super().__init__(store, services(site).engine, now)
        self.appraisal: Appraisal = services(site).rooms["appraisal"]
        self.cycle: Outcome | None = None

    def opened(self, on: datetime | None = None) -> Round:
        """Cards and processes published, the round started by human resources, everybody's appraisal opened."""
        publish(self.store, self.now - timedelta(days=60))
        with self.store.write() as session:
            self.engine.publish(session, load_text(TEXT, "appraising.yaml"), None, self.now - timedelta(days=60))
        at = on or self.now - timedelta(days=25)
        with self.store.write() as session:
            request = StartRequest(new_id(), self.person("shenyi"), "round_of_scores", {"period": MONTH})
            self.cycle = self.engine.start(session, request, at)
        self.pass_on(at)
        return self

    def pass_on(self, at: datetime) -> None:
        """Deliver what cases tell each other, and ring what is due by then, until nothing is left."""
        tick(self.store, self.engine, at)

    def measure(self, login: str, figures: Mapping[str, str] = FIGURES, reason: str | None = None) -> None:
        """Enter a person's figures of the month; `reason`: why they are corrected."""
        measure(self, login, figures, MONTH, reason)

    def of(self, login: str) -> uuid.UUID:
        """The case of somebody's appraisal."""
        with self.store.read() as session:
            chosen = select(Case.id).where(Case.process == "score_of_month", Case.subject_id == self.person(login))
            return session.scalars(chosen).one()

    def task_of(self, login: str) -> uuid.UUID:
        """The open task of somebody's appraisal."""
        with self.store.read() as session:
            return session.scalars(select(Task.id).where(Task.case_id == self.of(login), Task.status == "open")).one()

    def do(
        self, actor: str, subject: str, action: str, ago: timedelta = timedelta(), reason: str = "", **values: Any
    ) -> Outcome:
        """Somebody acts on the appraisal of somebody."""
        submission = Submission(
            new_id(), self.person(actor), action, task=self.task_of(subject), values=values, reason=reason
        )
        with self.store.write() as session:
            return self.engine.fire(session, submission, self.now - ago)

    def hand_in(self, *logins: str) -> None:
        """Self-reviews."""
        for login in logins:
            self.do(login, login, "submit", timedelta(days=22), **OWN_WORDS)

    def score(self, scorer: str, *logins: str, **values: Any) -> None:
        """The manager scores and hands in."""
        for login in logins:
            self.do(scorer, login, "submit", timedelta(days=2), **{**SCORED, **values})

    def waive(self, login: str, reason: str, by: str = "guqing") -> None:
        """Human resources waive somebody's month."""
        submission = Submission(new_id(), self.person(by), "spare", case=self.of(login), reason=reason)
        with self.store.write() as session:
            self.engine.fire(session, submission, self.now - timedelta(days=2))

    def review(self, *logins: str, by: str = "guqing") -> None:
        """Human resources agree."""
        for login in logins:
            self.do(by, login, "approve", timedelta(days=1))

    def subjects(self) -> Iterable[str]:
        """Logins of everybody who is appraised."""
        with self.store.read() as session:
            organisation = self.engine.organisation(session)
            chosen = select(Case.subject_id).where(Case.process == "score_of_month")
            return sorted(organisation.person(one).login for one in session.scalars(chosen) if one)
