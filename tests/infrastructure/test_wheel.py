"""The built wheel, installed elsewhere, carries all it needs: definitions, templates, the sample company, migrations."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workflows.definition.load import load_folder

ROOT = Path(__file__).resolve().parents[2]

SIGN_IN_PAGE = """
import json, sys
from pathlib import Path
import workflows
from workflows.app import create_app
from workflows.cli import main
from workflows.definition.load import load_folder
from workflows.settings import project_folder

assert main(["db", "upgrade"]) == 0
page = create_app().test_client().get("/", follow_redirects=True)
print(json.dumps({
    "package": str(Path(workflows.__file__).parent),
    "folders": {name: str(project_folder(name)) for name in ("templates", "definitions", "sample")},
    "processes": len(load_folder(project_folder("definitions"))),
    "status": page.status_code,
    "form": "password" in page.text,
}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel unpacked by pip, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    wheel = next(folder.glob("workflows-*.whl"))
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(folder / "site"), str(wheel)], check=True, capture_output=True
    )
    return folder / "site"


def test_it_serves_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    import json

    done = subprocess.run(
        [sys.executable, "-c", SIGN_IN_PAGE],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "WORKFLOWS_DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stderr.strip().splitlines()[-1])
    package = installed / "workflows"
    assert found["package"] == str(package)
    assert found["folders"] == {name: str(package / name) for name in ("templates", "definitions", "sample")}
    assert found["processes"] == len(load_folder(ROOT / "definitions"))
    assert (found["status"], found["form"]) == (200, True)


def test_nothing_of_the_checkout_is_forgotten(installed: Path) -> None:
    """Every file of the package and of the three folders that git knows is in the wheel."""
    listed = subprocess.run(
        ["git", "ls-files", "src/workflows", "templates", "definitions", "sample"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    wanted = {Path(name.removeprefix("src/workflows/")) if name.startswith("src/") else Path(name) for name in listed}
    missing = sorted(str(name) for name in wanted if not (installed / "workflows" / name).exists())
    assert missing == []
