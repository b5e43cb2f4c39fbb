"""A new installation tells its operator, and nobody else, how the first administrator gets in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflows.app import create_app
from workflows.cli import main
from workflows.db import Database
from workflows.operation.first_steps import PAGE, announce_setup_token
from workflows.org.first_administrator import create_first_administrator
from workflows.settings import Settings


def test_upgrading_prints_a_token_until_it_was_used(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    assert main(["db", "upgrade"]) == 0
    first = capsys.readouterr().out.split()[-1]
    assert main(["db", "upgrade"]) == 0
    second = capsys.readouterr().out.split()[-1]
    assert first != second
    settings, database = Settings.from_environment({"DATABASE_URL": empty_database_url}), Database(empty_database_url)
    token = second.rpartition("：")[2]
    with database.write() as session:
        create_first_administrator(session, token, "chief", "罗勇", "a long and good password", datetime.now(UTC))
    announce_setup_token(settings, database)
    assert capsys.readouterr().out == ""
    database.dispose()


def test_the_page_is_there(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    app = create_app(Settings.from_environment({"WORKFLOWS_DEMO": "1"}), database)
    assert app.test_client().get(PAGE).status_code == 200
    database.dispose()
