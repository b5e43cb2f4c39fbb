"""`workflows history export`. Publishing and verifying stand in `operation/`: they are about scorecards and results as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from workflows.commands import subgroup
from workflows.errors import NotFound
from workflows.settings import Settings


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    subgroup(group, "history", "经过：核对、导出 · The history of cases: verify, export.").add_command(export_command)


@click.command("export")
@click.argument("case", type=click.UUID)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File; standard output without it · 写到文件"
)
@click.pass_obj
def export_command(settings: Settings, case: Any, out: Path | None) -> None:
    """One case with every record, fingerprint and value, as JSON · 导出一件事项的全部经过."""
    from workflows.db import Database
    from workflows.engine.exporting import export_case

    database = Database(settings.database_url, "report")
    try:
        with database.read() as session:
            found = export_case(session, case)
    finally:
        database.dispose()
    if found is None:
        raise NotFound("没有这件事。", "There is no such case.")
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
