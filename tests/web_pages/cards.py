"""The program's own scorecards, published in a company of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from web_pages.things import Work
from workflows.appraisal.cards.publishing import publish_cards, texts_of
from workflows.appraisal.cards.store import scorecards_folder
from workflows.appraisal.figures.store import FigureInput, Key, record
from workflows.appraisal.figures.tables import Source
from workflows.appraisal.results.writing import NewResult
from workflows.appraisal.results.writing import publish as publish_result
from workflows.db import Database
from workflows.engine.tables import Case
from workflows.org.calendar import SHANGHAI
from workflows.org.tables import Person

CARDS = texts_of(sorted(scorecards_folder().glob("*.yaml")))
SPECIALIST = "operations_specialist"
FIGURES = {
    "listings_on_time": "18", "listings_due": "20", "pages_done": "9", "pages_planned": "10", "campaign_sales": "98000",
    "campaign_sales_target": "100000", "rating_sum": "470", "ratings": "100", "complaints_within_24h": "8", "complaints_due": "10",
    "problems_solved": "38", "problems_closed": "40", "reports_without_correction": "9", "reports_submitted": "10",
    "suggestions_adopted": "3", "suggestions_made": "6",
}  # fmt: skip
"""Everything that a specialist's card asks for."""


def publish(store: Database, now: datetime, holds_from: str | None = None, **changed: str) -> None:
    """Publish all cards, `changed` ones (by key) with another text."""
    texts = {**CARDS, **{f"{key}.yaml": text for key, text in changed.items()}}
    with store.write() as session:
        publish_cards(session, texts, "scorecards", now.astimezone(SHANGHAI).date(), now, holds_from=holds_from)


def measure(work: Work, login: str, figures: Mapping[str, str], month: str, reason: str | None = None) -> None:
    """Enter a person's figures of a month; `reason`: why they are corrected."""
    person = work.person(login)
    inputs = [FigureInput(Key(person, None, month, name), Decimal(value), reason) for name, value in figures.items()]
    with work.store.write() as session:
        record(session, inputs, source=Source.FORM, actor=work.person("shenyi"), now=work.now)


def put_on_view(
    store: Database, totals: Mapping[str, str], until: datetime, now: datetime, month: str = "2026-10"
) -> None:
    """Results of a month by login, published and on public view until then. They hang on any case there is."""
    with store.write() as session:
        case = session.scalars(select(Case.id).limit(1)).one()
        people = dict(session.execute(select(Person.login, Person.id)).all())
        for login, total in totals.items():
            detail = {"card": {"card": SPECIALIST}}
            publish_result(
                session,
                NewResult("month", people[login], month, case, (SPECIALIST, 1), Decimal(total), "good", detail, until),
                now,
            )
