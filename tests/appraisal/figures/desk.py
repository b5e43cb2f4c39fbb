"""The small company with figures: who enters what, and what then holds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from engine.office import Office
from workflows.appraisal.figures.lookup import measured
from workflows.appraisal.figures.measured import MeasuredFigure
from workflows.appraisal.figures.store import FigureInput, Key, Recorded, record
from workflows.appraisal.figures.tables import FigureValue, Source
from workflows.appraisal.results.writing import NewResult, publish
from workflows.db import Database
from workflows.errors import Text
from workflows.org.organisation import Organisation
from workflows.org.tables import Person, Unit
from workflows.org.versions import bump
from workflows.scoring.catalogue import Catalogue, FigureName, Parameter
from workflows.scoring.catalogue import Unit as FigureUnit

MONTH = "2026-10"


def figure(name: str, unit: FigureUnit = "count", **more: Any) -> FigureName:
    return FigureName(name, Text(f"数据 {name}", f"Figure {name}"), unit, **{"least": Decimal(0), **more})


CATALOGUE = Catalogue(
    {
        one.name: one
        for one in (
            figure("sales", "CNY"),
            figure("sales_prev", "CNY"),
            figure("new_customer_sales", "CNY", part_of="sales"),
            figure("cost_of_sales", "CNY"),
            figure("cost_of_sales_3m", "CNY"),
            figure("profit_target", "CNY", least=None),
            figure("base_bonus", "CNY", holds=True),
            figure("industry_mean", "percent", holds=True),
            figure("accepted_proposals"),
            figure("accepted_proposals_3m"),
            figure("design_mark", "mark", most=Decimal(10)),
            figure("design_mark_3m", "mark"),
            figure("uv"),
            figure("uv_90d"),
            figure("answer_hours", "hours"),
        )
    },
    {
        "category": Parameter(
            "category", Text("品类", "Category"), {"apparel": Text("服装", "Apparel"), "3c": Text("3C", "3C")}
        )
    },
)


class Desk:
    """Figures of the office's people on one database."""

    def __init__(self, database: Database) -> None:
        self.office = Office(database).found(in_use=timedelta(days=40))
        self.database = database

    @property
    def organisation(self) -> Organisation:
        with self.database.read() as session:
            return self.office.engine.organisation(session)

    def enter(
        self, whom: str, name: str, value: str | None, month: str = MONTH, *, source: Source = Source.UPLOAD,
        reason: str | None = None, actor: str | None = "hr",
    ) -> Recorded:  # fmt: skip
        """One figure. `whom`: a login, `unit:KEY` or `company`."""
        key = self.key(whom, name, month)
        given = FigureInput(key, None if value is None else Decimal(value), reason)
        with self.database.write() as session:
            by = self.office.people[actor] if actor else None
            return record(session, [given], source=source, actor=by, now=self.office.now)

    def enter_text(self, whom: str, name: str, value: str, month: str = MONTH) -> Recorded:
        """One parameter of a scorecard."""
        given = FigureInput(self.key(whom, name, month), value)
        with self.database.write() as session:
            return record(session, [given], source=Source.UPLOAD, actor=self.office.people["hr"], now=self.office.now)

    def key(self, whom: str, name: str, month: str = MONTH) -> Key:
        if whom == "company":
            return Key(None, None, month, name)
        if whom.startswith("unit:"):
            return Key(None, whom.removeprefix("unit:"), month, name)
        return Key(self.office.people[whom], None, month, name)

    def close(self, login: str, month: str = MONTH) -> None:
        """Publish somebody's result of a month."""
        case = self.office.start("supervisor", "build", shop=f"{login} {month}", style="红").case
        result = NewResult("month", self.id(login), month, case, None, Decimal("90.00"), "excellent", {})
        with self.database.write() as session:
            publish(session, result, self.office.now)

    def figures(self, login: str, *names: str, month: str = MONTH) -> Mapping[str, MeasuredFigure]:
        person = self.office.people[login]
        with self.database.read() as session:
            organisation = self.office.engine.organisation(session)
            return measured(session, organisation, [person], month, names, CATALOGUE)[person]

    def value(self, login: str, name: str, month: str = MONTH) -> str | None:
        found = self.figures(login, name, month=month).get(name)
        return None if found is None else format(found.value, "f")

    def rows(self, name: str) -> list[FigureValue]:
        """Every value ever given, oldest first."""
        with self.database.read() as session:
            return list(session.scalars(select(FigureValue).where(FigureValue.name == name).order_by(FigureValue.id)))

    def change_person(self, login: str, **values: Any) -> None:
        with self.database.write() as session:
            session.execute(update(Person).where(Person.login == login).values(values))
            bump(session, "organisation")

    def joined(self, login: str, day: date) -> None:
        self.change_person(login, joined_on=day)

    def add_unit(self, key: str, parent: str) -> None:
        with self.database.write() as session:
            session.add(Unit(key=key, zh=key, en=key, parent_key=parent))
            bump(session, "organisation")

    def id(self, login: str) -> uuid.UUID:
        return self.office.people[login]
