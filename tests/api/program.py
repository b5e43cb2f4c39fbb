"""A program that calls the service, and what it finds there afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from engine.office import MONDAY, Office
from workflows.api.tables import ApiCall, ApiToken
from workflows.api.tokens import create_token, revoke_token
from workflows.app import create_app
from workflows.appraisal.figures.store import FigureInput, Key, record
from workflows.appraisal.figures.tables import FigureValue, Source
from workflows.db import Database
from workflows.org.tables import Person
from workflows.org.versions import bump
from workflows.settings import Settings

ADDRESS = "/api/v1/figures"
MONTH = "2026-10"


class Service:
    """The application on one database; `now` moves only when told. `token`: of human resources, for everything."""

    def __init__(self, database: Database) -> None:
        self.office = Office(database).found()
        self.database = database
        self.now: datetime = MONDAY
        url = database.engine.url.render_as_string(hide_password=False)
        settings = Settings(database_url=url, secret_key="a secret of the tests, long enough", demo=True)
        self.app = create_app(settings, database, lambda: self.now)
        self.client = self.app.test_client()
        self.token = self.new_token("erp")

    # -- tokens -------------------------------------------------------------------------------------------------------

    def new_token(self, name: str, *figures: str, owner: str = "gu", days: int = 30) -> str:
        known = {"sales", "uv", "category", "accepted_proposals_3m"}
        with self.database.write() as session:
            return create_token(session, name, owner, figures or None, timedelta(days=days), self.now, known)

    def revoke(self, name: str) -> None:
        with self.database.write() as session:
            revoke_token(session, name, self.now)

    def change_person(self, login: str, **values: Any) -> None:
        with self.database.write() as session:
            session.execute(update(Person).where(Person.login == login).values(values))
            bump(session, "organisation")

    def count(self, login: str, name: str, value: str) -> None:
        """A figure as this system takes it over from its cases."""
        given = FigureInput(Key(self.office.people[login], None, MONTH, name), Decimal(value))
        with self.database.write() as session:
            record(session, [given], source=Source.SYSTEM, actor=None, now=self.now)

    # -- calls --------------------------------------------------------------------------------------------------------

    def send(self, *items: Any, token: str | None = None, key: str | None = None, **headers: str) -> TestResponse:
        """Figures as a program sends them."""
        return self.post(json.dumps(list(items)).encode(), token=token, key=key, **headers)

    def post(self, body: bytes, *, token: str | None = None, key: str | None = None, **headers: str) -> TestResponse:
        """Any body."""
        sent = {"Authorization": f"Bearer {self.token if token is None else token}", "Content-Type": "application/json"}
        if key is not None:
            sent["Idempotency-Key"] = key
        return self.client.post(ADDRESS, data=body, headers={**sent, **headers})

    # -- what is there afterwards -------------------------------------------------------------------------------------

    def values(self, name: str) -> list[str]:
        """All values ever given for a figure, oldest first, with their source and who answers for them."""
        with self.database.read() as session:
            rows = session.execute(
                select(FigureValue, Person.login)
                .join(Person, Person.id == FigureValue.entered_by)
                .where(FigureValue.name == name)
                .order_by(FigureValue.id)
            ).all()
            return [f"{row.text or format(row.value, 'f')} {row.source} {login}" for row, login in rows]

    def calls(self) -> Sequence[tuple[int, int, str | None]]:
        """(status, figures, key) of all calls, oldest first."""
        with self.database.read() as session:
            rows = session.execute(select(ApiCall.status, ApiCall.items, ApiCall.key).order_by(ApiCall.id)).all()
            return [(row.status, row.items, row.key) for row in rows]

    def token_row(self, name: str) -> ApiToken:
        with self.database.read() as session:
            return session.scalars(select(ApiToken).where(ApiToken.name == name)).one()


def figure(person: str = "wang", name: str = "sales", value: str = "4231800.00", **more: str) -> dict[str, str]:
    """One figure as it is sent."""
    return {"person": person, "period": MONTH, "figure": name, "value": value, **more}


def faults(answer: TestResponse) -> list[tuple[int | None, str, str]]:
    """What is wrong, by index and field, in English."""
    body: Mapping[str, Any] = answer.json or {}
    assert answer.mimetype == "application/problem+json", answer.text
    assert body["zh"], body
    assert body["en"], body
    assert all(fault["zh"] for fault in body.get("errors", []))
    return [(fault["index"], fault["field"], fault["en"]) for fault in body.get("errors", [])]
