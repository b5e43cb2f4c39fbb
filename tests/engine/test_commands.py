"""`workflows publish` and `workflows history`, as an operator types them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from engine.office import DEFINITIONS, Office
from workflows.cli import main
from workflows.db import Database, canonical_json

FORM = {"shop": "森林小铺", "style": "原木"}


@pytest.fixture
def told(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    """Run a command; its exit code and what it printed."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)

    def run(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


def test_a_definition_becomes_a_new_version_only_where_it_changed(told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "build.yaml"
    file.write_text((DEFINITIONS / "build.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert "build 1" in told("publish", str(file))[1]
    code, again = told("publish", str(file))
    assert (code, "0 new of 1" in again) == (0, True)
    file.write_text(file.read_text(encoding="utf-8").replace("due: 2wd", "due: 3wd"), encoding="utf-8")
    assert "build 2" in told("publish", str(file))[1]


def test_what_check_refuses_is_not_published(told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "build.yaml"
    text = (DEFINITIONS / "build.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("approve: online", "approve: building"), encoding="utf-8")
    code, printed = told("publish", str(file))
    assert code == 1
    assert "build.yaml:" in printed
    file.write_text(text, encoding="utf-8")
    assert "build 1  " in told("publish", str(file))[1]


def test_history_is_verified_and_exported_so_that_anybody_can_check_it(told, sqlite_url: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    office = Office(Database(sqlite_url)).found()
    case = office.start("supervisor", "build", **FORM).case
    office.act("wang", office.task(case), "submit", {"home_page": "https://x.example/"})
    office.database.dispose()
    code, printed = told("history", "verify")
    assert (code, "whole" in printed) == (0, True)
    target = tmp_path / "case.json"
    assert told("history", "export", str(case), "--out", str(target))[0] == 0
    exported = json.loads(target.read_text(encoding="utf-8"))
    previous = "0" * 64
    for event in exported["events"]:
        covered = {name: event[name] for name in exported["covered"]}
        previous = hashlib.sha256((previous + canonical_json(covered)).encode()).hexdigest()
        assert event["hash"] == previous
    assert exported["case"]["chain_hash"] == previous
    assert told("history", "export", "00000000-0000-0000-0000-000000000000")[0] == 1
