"""The floors hold: a planted import upward turns `make lint` red."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ROOMS = [
    "cli",
    "operation",
    "app",
    "migrations",
    "web",
    "api",
    "schedule",
    "http",
    "notify",
    "appraisal",
    "rehearsal",
    "reports",
    "engine",
    "definition",
    "org",
    "scoring",
    "expression",
    "db",
    "settings",
    "document",
    "sheets",
    "errors",
    "commands",
]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package with every room and nothing in them, under the project's own contracts."""
    package = tmp_path / "src" / "workflows"
    for room in ["", *ROOMS]:
        (package / room).mkdir(parents=True, exist_ok=True)
        (package / room / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    return package


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [str(program), "--no-cache"],
        cwd=house.parents[1],
        env=os.environ | {"PYTHONPATH": str(house.parent), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_house_stands(house: Path) -> None:
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("room", "imports"),
    [
        ("definition", "workflows.db"),
        ("definition", "workflows.org"),
        ("scoring", "sqlalchemy"),
        ("expression", "flask"),
        ("engine", "flask"),
        ("engine", "workflows.notify"),
        ("org", "apscheduler"),
        ("web", "workflows.api"),
        ("web", "apscheduler"),
        ("errors", "workflows.settings"),
        ("schedule", "workflows.app"),
        ("document", "workflows.definition"),
        ("sheets", "workflows.org"),
        ("utils", "workflows.errors"),
    ],
)
def test_a_planted_violation_is_refused(house: Path, room: str, imports: str) -> None:
    (house / room).mkdir(exist_ok=True)
    (house / room / "__init__.py").touch()
    (house / room / "planted.py").write_text(f"import {imports}\n")
    done = lint(house)
    assert done.returncode != 0
    assert room in done.stdout
