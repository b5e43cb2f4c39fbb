"""The command line: sentences instead of tracebacks, exit codes, quick help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workflows.cli import main


def workflows(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program as people do."""
    return subprocess.run(
        [sys.executable, "-m", "workflows.cli", *arguments],
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "DATABASE_URL"),
        ("mysql://root@localhost/x", "DATABASE_URL"),
        ("sqlite:////no/such/folder/workflows.db", "mkdir -p"),
    ],
)
@pytest.mark.parametrize("command", [["db", "upgrade"], ["db", "verify"]])
def test_a_database_that_cannot_be_used(command: list[str], url: str, hint: str) -> None:
    done = workflows(*command, DATABASE_URL=url)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stderr.count(hint) == 2, "once in each language"


def test_wrong_settings_and_wrong_use_end_with_2() -> None:
    wrong = workflows("db", "upgrade", WORKFLOWS_ZONE="Nowhere")
    assert (wrong.returncode, "WORKFLOWS_ZONE" in wrong.stderr) == (2, True)
    assert workflows("no-such-command").returncode == 2
    assert workflows("db", "backup").returncode == 2


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from workflows.cli import main; main(['--help']);"
        "heavy = {'sqlalchemy', 'flask', 'openpyxl', 'alembic', 'apprise', 'pygal', 'apscheduler'} & set(sys.modules);"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("run", "db", "doctor"):
        assert f"\n  {name}" in done.stdout


def test_output_may_be_cut_short() -> None:
    done = subprocess.run(
        f"{sys.executable} -m workflows.cli --help | head -n 1", shell=True, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_refusal_ends_with_1(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    there = tmp_path / "there.db"
    there.touch()
    assert main(["db", "backup", str(there)]) == 1
    assert main(["db", "restore", str(tmp_path / "absent.db")]) == 1
