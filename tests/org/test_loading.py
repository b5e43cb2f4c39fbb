"""The caches: how few statements they take, and that no change escapes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event

from workflows.db import Database
from workflows.org.calendar import CalendarCache
from workflows.org.importing.applying import import_organisation
from workflows.org.loading import OrganisationCache, load_organisation
from workflows.org.people import clear_day, mark_left, set_day, set_personal
from workflows.org.tables import DayKind
from workflows.org.versions import read_versions


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split()[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_one_read_while_nothing_changes_and_none_with_the_versions_at_hand(company: Database) -> None:
    people, days = OrganisationCache(), CalendarCache()
    with company.read() as session, statements(company.engine) as seen:
        first = people.get(session)
    assert len(seen) == 6
    with company.read() as session, statements(company.engine) as seen:
        assert people.get(session) is first
    assert len(seen) == 1
    with company.read() as session:
        days.get(session)
    with company.read() as session, statements(company.engine) as seen:
        versions = read_versions(session)
        assert people.get(session, versions) is first
        days.get(session, versions)
    assert len(seen) == 1


def test_every_change_is_seen_at_the_next_look(company: Database, now: datetime, today: date) -> None:
    cache = OrganisationCache()
    with company.read() as session:
        before = cache.get(session)
    wang = before.by_login("wangzihan").id
    with company.write() as session:
        mark_left(session, wang, today, today, now)
    with company.read() as session:
        after = cache.get(session)
    assert after.version > before.version
    assert wang in before.active
    assert wang not in after.active
    assert not after.person(wang).active
    with company.write() as session:
        set_personal(session, before.by_login("linxiaolan").id, language="en")
    with company.read() as session:
        assert cache.get(session).by_login("linxiaolan").language == "en"


class Undone(Exception):
    """Raised to roll back."""


def test_a_change_that_was_rolled_back_is_forgotten_even_if_its_number_is_used_again(
    company: Database, now: datetime, today: date
) -> None:
    cache = OrganisationCache()
    with company.read() as session:
        people = cache.get(session)
    wang, lin = people.by_login("wangzihan").id, people.by_login("linxiaolan").id
    with pytest.raises(Undone), company.write() as session:
        mark_left(session, wang, today, today, now)
        assert not cache.get(session).person(wang).active
        raise Undone
    with company.write() as session:
        mark_left(session, lin, today, today, now)
    with company.read() as session:
        after = cache.get(session)
    assert after.person(wang).active
    assert not after.person(lin).active


def test_the_companys_days_stand_above_the_official_ones(company: Database) -> None:
    cache = CalendarCache()
    day = date(2026, 10, 8)
    with company.read() as session:
        assert cache.get(session).is_workday(day)
    with company.write() as session:
        set_day(session, day, DayKind.HOLIDAY, "公司团建")
        set_day(session, date(2027, 2, 27), DayKind.WORKDAY)
    with company.read() as session:
        days = cache.get(session)
    assert not days.is_workday(day)
    assert days.is_workday(date(2027, 2, 27))
    assert not days.provisional(2027)
    with company.write() as session:
        clear_day(session, day)
    with company.read() as session:
        assert cache.get(session).is_workday(day)


def test_ten_thousand_people_load_in_five_statements(database: Database, now: datetime, today: date) -> None:
    rows = [f"p{i},人{i},sales,{'p0' if i else ''}" for i in range(10_000)]
    files = [
        ("units.csv", "key,zh,en\nsales,销售部,Sales\n".encode()),
        ("positions.csv", "key,zh,en\nseller,销售,Seller\n".encode()),
        ("people.csv", ("login,name,unit,manager\n" + "\n".join(rows)).encode()),
        ("assignments.csv", ("login,position\n" + "\n".join(f"p{i},seller" for i in range(10_000))).encode()),
    ]
    with database.write() as session:
        import_organisation(session, files, today, now)
    with database.read() as session:
        versions = read_versions(session)
        with statements(database.engine) as seen:
            people = load_organisation(session, versions["organisation"])
    assert len(seen) == 5
    assert len(people.holders_of("seller")) == len(people.members_of("sales")) == 10_000
