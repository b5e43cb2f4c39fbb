"""The demo's first start: the sample company with some weeks of work, made by the rooms' own commands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import click

from workflows.errors import Text, Unavailable
from workflows.settings import Settings


def prepare_demo(settings: Settings, environment: Mapping[str, str]) -> None:
    """Run `workflows demo`, which fills an empty database and leaves a filled one alone.

    A process of its own: it works on a rehearsed clock and holds a year's memory that the service does not need.
    Raises `Unavailable` when it fails.
    """
    click.echo(Text("正在准备示例数据……", "Preparing the sample company …").text(settings.language))
    done = subprocess.run([sys.executable, "-m", "workflows.cli", "demo"], env=dict(environment), check=False)
    if done.returncode != 0:
        raise Unavailable(
            "示例数据没有准备好，原因见上。", "The sample company could not be prepared; the reason stands above."
        )
