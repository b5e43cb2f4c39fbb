"""The commands as an operator types them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from org.conftest import SAMPLE
from workflows.cli import main
from workflows.db import Database
from workflows.org.loading import load_organisation
from workflows.org.people import set_day
from workflows.org.tables import DayKind

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with no database, as on a fresh machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, database: Database, database_url: str) -> Database:
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["--add", "5wd", "2026-02-10"], "2026-02-24"),
        (["--add", "-5wd", "2026-02-24"], "2026-02-10"),
        (["--add", "1wd", "2026-10-01"], "2026-10-08"),
        (["--workday", "5", "2026-10"], "2026-10-13"),
        (["--workday", "-1", "2026-10"], "2026-10-30"),
        (["--last-workday", "2026-02"], "2026-02-28"),
    ],
)
def test_the_calendar_answers_with_one_date(
    nowhere: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], first: str
) -> None:
    assert main(["calendar", *arguments]) == 0
    said = capsys.readouterr()
    assert said.out == f"{first}\n"
    assert said.err == ""
    assert list(nowhere.iterdir()) == []  # looking makes no database


@pytest.mark.parametrize(
    "arguments", [["--add", "5wd", "2027-02-10"], ["--add", "5wd", "2026-12-29"], ["--last-workday", "2031-05"]]
)
def test_a_year_without_an_arrangement_is_marked(
    nowhere: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(["calendar", *arguments]) == 0
    said = capsys.readouterr().out
    assert ISO.match(said)
    assert "暂定" in said
    assert "provisional" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--workday", "30", "2026-10"], "18"),
        (["--workday", "0", "2026-10"], "There is no"),
        (["--add", "0wd", "2026-02-10"], "There is no"),
        (["--add", "99999wd", "2026-02-10"], "There is no"),
        (["--add", "5wd", "9999-12-30"], "There is no"),
        (["--add", "5", "2026-02-10"], "write it like 5wd"),
        (["--add", "5h", "2026-02-10"], "write it like 5wd"),
        (["--add", "5wd", "10.2.2026"], "write it like 2026-02-10"),
        (["--add", "5wd", "2026-02-30"], "There is no day"),
        (["--workday", "five", "2026-10"], "write it like 5"),
        (["--workday", "5", "October"], "write it like 2026-10"),
        (["--last-workday", "2026-13"], "write it like 2026-10"),
        ([], "Ask one thing"),
        (["--last-workday", "2026-02", "--workday", "1", "2026-02"], "Ask one thing"),
    ],
)
def test_there_is_no_such_day_or_no_such_question(
    nowhere: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["calendar", *arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert re.search("[\u4e00-\u9fff]", said.err)


def test_the_calendar_command_knows_the_companys_days(configured: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with configured.write() as session:
        set_day(session, date(2026, 10, 8), DayKind.HOLIDAY)
    assert main(["calendar", "--add", "1wd", "2026-09-30"]) == 0
    assert capsys.readouterr().out == "2026-10-09\n"


def test_the_calendar_answers_without_its_tables(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database_url)
    assert main(["calendar", "--add", "1wd", "2026-09-30"]) == 0
    assert capsys.readouterr().out == "2026-10-08\n"


def test_the_calendar_answers_when_the_database_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert main(["calendar", "--add", "1wd", "2026-09-30"]) == 0
    said = capsys.readouterr()
    assert said.out == "2026-10-08\n"
    assert "official" in said.err


def test_importing_the_sample_company(configured: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["org", "import", "--dry-run", str(SAMPLE)]) == 0
    with configured.read() as session:
        assert not load_organisation(session).people
    assert main(["org", "import", str(SAMPLE)]) == 0
    with configured.read() as session:
        assert len(load_organisation(session).active) == 40
    capsys.readouterr()
    assert main(["org", "import", str(SAMPLE)]) == 0
    assert "0 added, 0 changed, 0 removed" in capsys.readouterr().out


def test_a_broken_file_is_named_and_nothing_is_imported(
    configured: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("login,name,email\nann,安,nonsense\n", encoding="utf-8")
    assert main(["org", "import", str(file)]) == 1
    said = capsys.readouterr().err
    assert "people.csv" in said
    assert "2 邮箱/E-mail" in said
    with configured.read() as session:
        assert not load_organisation(session).people


def test_a_folder_without_files_is_said(
    configured: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["org", "import", str(empty)]) == 1
    assert ".csv" in capsys.readouterr().err


def test_adding_a_user(configured: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "add", "Root", "--name", "管理", "--administrator", "--email", "root@example.com"]) == 0
    password = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    with configured.read() as session:
        root = load_organisation(session).by_login("root")
    assert (root.name, root.roles) == ("管理", {"administrator"})
    assert main(["user", "add", "root"]) == 1
    assert "There is an account root already" in capsys.readouterr().err
