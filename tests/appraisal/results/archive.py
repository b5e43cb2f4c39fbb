"""A small company with published results, put there as a recorder does, for tests of what readers see."""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from engine.office import MONDAY, Office
from workflows.appraisal.results.writing import NewResult, publish
from workflows.db import Database
from workflows.org.organisation import Organisation

APPRAISAL = """
process: one_month
title: {zh: 一个月, en: One month}
source: A五
name: "{subject} {period}"
key: [subject, period]
start: {by: everyone, form: [subject, period]}
fields:
  subject: {type: person, required: true, zh: 谁, en: Who}
  period:  {type: month, required: true, zh: 月份, en: Month}
states:
  open:
    title: {zh: 办理, en: Open}
    task: {for: starter, show: [period]}
    actions: {submit: done}
  done: {title: {zh: 完成, en: Done}, end: completed}
"""


class Archive:
    """The office, and results that were published in it."""

    def __init__(self, database: Database) -> None:
        self.office = Office(database).found(APPRAISAL)
        self.cases: dict[tuple[str, str], uuid.UUID] = {}

    def publish(
        self,
        login: str,
        period: str,
        total: str,
        *,
        reason: str | None = None,
        until: datetime | None = None,
        **detail: Any,
    ) -> int:
        """Publish a result (a correction with its `reason`); its version."""
        case = self.case(login, period)
        new = NewResult(
            "month", self.office.people[login], period, case, ("operations_specialist", 1), Decimal(total), "good",
            {"total": total, **detail}, until, reason,
        )  # fmt: skip
        with self.office.database.write() as session:
            return publish(session, new, self.office.now)

    def case(self, login: str, period: str) -> uuid.UUID:
        """The appraisal a result belongs to."""
        if (login, period) not in self.cases:
            values = {"subject": str(self.office.people[login]), "period": period}
            self.cases[login, period] = self.office.start("hr", "one_month", **values).case
        return self.cases[login, period]

    def read(self) -> AbstractContextManager[Session]:
        return self.office.database.read()

    @property
    def organisation(self) -> Organisation:
        with self.read() as session:
            return self.office.engine.organisation(session)


__all__ = ["MONDAY", "Archive"]
