"""`kill -9` between any two statements: nothing lost, nothing doubled, nothing half done.

The checker knows nothing of the engine: it reads the tables and compares them, row by row without ids, with those of the same
story lived without a single death. SIGKILL is not a power cut; that the database keeps what it confirmed is its own promise.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.office import Office
from kill.story import LONG, SHORT, Act, reopened
from workflows.db import Database
from workflows.engine.verify import verify

TESTS = Path(__file__).parents[1]

TABLES = {
    "case": 'SELECT process, title, number, business_key, state, visit, version, data, ended_at, outcome, event_count FROM "case"',
    "task": "SELECT process, state, visit, part, queue, status, version, opened_at, due_at, completed_at, action FROM task",
    "event": "SELECT seq, at, kind, action, from_state, to_state, visit, late FROM event",
    "said": 'SELECT "values" FROM event_value',
    "timer": "SELECT visit, kind, due_at, status, attempt FROM timer",
    "message": "SELECT m.kind, p.login, m.status, m.created_at FROM message m JOIN person p ON p.id = m.person_id",
    "signal": "SELECT kind, status FROM signal",
    "counter": "SELECT series, last FROM counter",
    "queue": "SELECT key FROM queue",
    "incident": "SELECT kind, code FROM incident",
}


def rows(office: Office) -> dict[str, Counter[str]]:
    """Every table as a bag of rows, ids of people by login, other ids left out."""
    names = {person.hex: login for login, person in office.people.items()} | {
        str(person): login for login, person in office.people.items()
    }
    with office.database.read() as session:
        found = {table: Counter(map(repr, session.execute(text(sql)).all())) for table, sql in TABLES.items()}
    return {table: Counter({_named(row, names): n for row, n in bag.items()}) for table, bag in found.items()}


def _named(row: str, names: dict[str, str]) -> str:
    for person, login in names.items():
        row = row.replace(person, login)
    # Ids of tasks and cases stand in notes and keys; they are new in every life.
    return re.sub(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", "ID", row)


def undisturbed(url: str, story: list[Act]) -> Office:
    office = Office(Database(url)).found()
    for act in story:
        while act(office):
            pass
    return office


def killed(url: str, which: str, *mode: str) -> int:
    """Live the story under fire; how often it died."""
    command = [sys.executable, "-m", "kill.victim", url, which, *mode]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(
        command, cwd=TESTS, env=environment, capture_output=True, text=True, check=False, timeout=1800
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout.split()[-1])


def other_url(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> str:
    """A second fresh database of the same kind."""
    if url.startswith("sqlite"):
        return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'undisturbed.db')}"
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template")
    return str(server.create(f"test_{uuid.uuid4().hex}", template))


def compare(request: pytest.FixtureRequest, url: str, tmp_path: Path, story: list[Act], which: str) -> int:
    expected = undisturbed(other_url(request, url, tmp_path), story)
    Office(Database(url)).found().database.dispose()
    deaths = killed(url, which)
    office = reopened(url)
    there, wanted = rows(office), rows(expected)
    for table in TABLES:
        assert there[table] == wanted[table], table
    with office.database.read() as session:
        assert verify(session).faults == []
    office.database.dispose()
    expected.database.dispose()
    return deaths


@pytest.mark.kill
def test_a_step_survives_being_killed_at_every_point(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    long = bool(request.config.getoption("--long-kill"))
    deaths = compare(request, database_url, tmp_path, LONG if long else SHORT, "long" if long else "short")
    print(f"killed {deaths} times")  # noqa: T201  what was measured
    assert deaths >= (200 if long else 60)


@pytest.mark.kill
def test_the_checker_notices_a_program_that_commits_half_a_step(
    sqlite_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    Office(Database(sqlite_url)).found().database.dispose()
    expected = undisturbed(other_url(request, sqlite_url, tmp_path), SHORT)
    try:
        killed(sqlite_url, "short", "careless")
    except AssertionError:
        return  # half steps left behind that the next try could not even go on from
    assert rows(reopened(sqlite_url)) != rows(expected)
