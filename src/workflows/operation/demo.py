"""The demo's first start: the sample company with some weeks of work, made by the rooms' own commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy import make_url

from workflows.errors import Text, Unavailable
from workflows.settings import Settings


def prepare_demo(settings: Settings, environment: Mapping[str, str]) -> None:
    """Run `workflows demo`, which fills an empty database and leaves a filled one alone.

    A process of its own: it works on a rehearsed clock and takes memory that the service does not need. A new SQLite file
    gets its name when it is complete, so that a stop in the middle is simply begun anew. Raises `Unavailable` when it fails.
    """
    file = _new_file(settings.database_url)
    if file is None:
        _run(environment, settings)
        return
    partial = file.with_name(f"{file.name}.partial")
    for left_over in file.parent.glob(f"{partial.name}*"):
        left_over.unlink()
    _run({**environment, "DATABASE_URL": f"sqlite:///{partial}"}, settings)
    partial.rename(file)


def _new_file(url: str) -> Path | None:
    """The SQLite file that is still to be made; None for one that is there, in memory, or on PostgreSQL."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return None
    file = Path(address.database).absolute()
    return None if file.exists() or not file.parent.is_dir() else file


def _run(environment: Mapping[str, str], settings: Settings) -> None:
    click.echo(Text("正在准备示例公司……", "Preparing the sample company …").text(settings.language))
    done = subprocess.run([sys.executable, "-m", "workflows.cli", "demo"], env=dict(environment), check=False)
    if done.returncode != 0:
        raise Unavailable(
            "示例公司没有准备好，原因见上。", "The sample company could not be prepared; the reason stands above."
        )
