"""Every list reads an index in its order: plans of PostgreSQL over 100,000 cases, no sequential scan of cases, tasks or events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from engine.office import Office
from workflows.db import Database, new_id
from workflows.engine.requests import Cancellation, Remark
from workflows.engine.views.pages import PageKey, SearchQuery

CASES = 100_000
GUARDED = {"case", "task", "event", "event_value", "timer", "message", "signal"}

FILL = (
    """
    INSERT INTO "case" (id, definition_id, process, number, title, search, state, visit, version, data, entries, starter_id,
      started_at, entered_at, ended_at, outcome, event_count, chain_hash)
    SELECT gen_random_uuid(), d.id, 'build', 'DP-2025-' || n, '店' || n, 'dp 2025 ' || n || ' 店铺 ' || md5(n::text), 'building', 1, 1,
      '{}', '{}', p.people[1 + n % cardinality(p.people)], timestamptz '2025-01-01' + n * interval '1 minute',
      timestamptz '2025-01-01' + n * interval '1 minute', CASE WHEN n % 50 > 0 THEN timestamptz '2026-01-01' END, 'completed', 1, ''
    FROM generate_series(1, :cases) n, (SELECT id FROM definition WHERE process = 'build') d,
      (SELECT array_agg(id ORDER BY login) AS people FROM person) p
    """,
    """
    INSERT INTO task (id, case_id, process, state, visit, part, queue, excluded, holder_id, status, version, opened_at, due_at,
      due_provisional, rank_at, completed_at, completed_by, action, anonymous)
    SELECT gen_random_uuid(), c.id, 'build', 'building', 1, '', CASE WHEN n % 100 = 0 THEN 'position:operations_specialist' END, '',
      CASE WHEN n % 100 > 0 THEN p.people[1 + n % cardinality(p.people)] END, CASE WHEN c.ended_at IS NULL THEN 'open' ELSE 'done' END, 1,
      c.started_at, c.started_at, false, c.started_at, c.ended_at,
      CASE WHEN c.ended_at IS NOT NULL THEN p.people[1 + n % cardinality(p.people)] END, 'submit', false
    FROM (SELECT *, row_number() OVER () AS n FROM "case" WHERE title <> '第一家') c, (SELECT array_agg(id ORDER BY login) AS people FROM person) p
    """,
    """
    INSERT INTO event (id, case_id, seq, at, kind, visit, late, opened, closed, values_digest, prev_hash, hash)
    SELECT gen_random_uuid(), id, 900, started_at, 'started', 1, false, '[]', '[]', '', '', '' FROM "case" WHERE title <> '第一家'
    """,
    """INSERT INTO event_value (event_id, salt, "values") SELECT id, '', '{}' FROM event WHERE seq = 900""",
    """
    INSERT INTO timer (id, case_id, visit, kind, rule, due_at, next_at, provisional, status, attempt)
    SELECT gen_random_uuid(), id, 9, 'remind', 'x', started_at, started_at, false,
      CASE WHEN ended_at IS NULL THEN 'due' ELSE 'done' END, 0 FROM "case"
    """,
    """
    INSERT INTO message (id, dedup_key, kind, person_id, case_id, facts, created_at, next_at, status)
    SELECT gen_random_uuid(), id::text, 'task', starter_id, id, '{}', started_at, started_at, 'taken' FROM "case"
    """,
    """
    INSERT INTO signal (id, kind, key, from_case_id, payload, created_at, next_at, status, attempt)
    SELECT gen_random_uuid(), 'tell', 'x', id, '{}', started_at, started_at, 'delivered', 0 FROM "case"
    """,
)


@pytest.fixture(scope="module")
def full_office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """The small company with a hundred thousand cases."""
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    name = f"test_{new_id().hex}"
    database = Database(server.create(name, template))
    office = Office(database).found()
    office.start("supervisor", "build", shop="第一家", style="原木")  # so that the group's queue is known
    with database.write() as session:
        for statement in FILL:
            session.execute(text(statement), {"cases": CASES} if ":cases" in statement else {})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    yield office
    database.dispose()
    server.drop(name)


@contextmanager
def recorded(database: Database) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE")):
            sent.append((statement, parameters[0] if many else parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from scanned(inner)


def scans(office: Office, ask: Callable[[Session], Any]) -> list[tuple[str, str]]:
    """(table, statement) of every sequential scan over a large table that the call would make."""
    with recorded(office.database) as sent, office.database.write() as session:
        ask(session)
    found = []
    with office.database.engine.connect() as connection:
        for statement, parameters in sent:
            plan = connection.exec_driver_sql("EXPLAIN (FORMAT JSON) " + statement, parameters).scalar_one()
            tree = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
            found += [(table, statement) for table in scanned(tree) if table in GUARDED]
        connection.rollback()
    return found


AFTER = PageKey.parse("20250301T000000.000000~" + "7" * 32)
EARLY = SearchQuery(process="build")

LISTS: dict[str, Callable[[Office, Session, str], Any]] = {
    **{
        f"work {tab} {'after' if after else 'first'}": lambda office, session, login, tab=tab, after=after: office.engine.work_list(
            session, office.people[login], office.now, tab, None, after
        )
        for tab in ("mine", "offered", "started", "done")
        for after in (None, AFTER)
    },
    "counts": lambda office, session, login: office.engine.work_counts(session, office.people[login], office.now),
    **{
        f"search {name}": lambda office, session, login, query=query: office.engine.search(
            session, office.people[login], query, office.now, AFTER
        )
        for name, query in {
            "all": SearchQuery(), "process": EARLY, "text": SearchQuery(text="店铺 777"), "open": SearchQuery(open=True, process="build"),
        }.items()
    },
    "timers": lambda office, session, login: office.engine.timers(session, AFTER),
    "messages": lambda office, session, login: office.engine.messages(session, AFTER),
    "incidents": lambda office, session, login: office.engine.incidents(session, AFTER),
    "due": lambda office, session, login: office.engine.due_timers(session, office.now),
    "signals": lambda office, session, login: office.engine.waiting_signals(session, office.now),
    "start page": lambda office, session, login: office.engine.start_page(session, office.people[login], office.now),
}  # fmt: skip


@pytest.mark.xdist_group("plans")
@pytest.mark.parametrize("login", ["wang", "supervisor", "audit"])
@pytest.mark.parametrize("name", LISTS)
def test_no_list_scans_a_table(full_office: Office, name: str, login: str) -> None:
    assert scans(full_office, lambda session: LISTS[name](full_office, session, login)) == []


@pytest.mark.xdist_group("plans")
def test_no_step_scans_a_table(full_office: Office) -> None:
    office = full_office
    case = office.start("supervisor", "build", shop="森林小铺", style="原木").case
    steps: list[Callable[[Session], Any]] = [
        lambda session: office.engine.case_page(session, office.people["wang"], case, office.now),
        lambda session: office.engine.children(session, office.people["supervisor"], case, office.now),
        lambda session: office.engine.comment(session, Remark(new_id(), office.people["wang"], case, "好"), office.now),
        lambda session: office.engine.ring(session, office.timers(case)[0].id, office.timers(case)[0].due_at),
        lambda session: office.engine.cancel(
            session, Cancellation(new_id(), office.people["supervisor"], case, "重复"), office.now
        ),
    ]
    for step in steps:
        assert scans(office, step) == []
