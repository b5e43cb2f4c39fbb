"""`workflows publish`, `workflows history verify` and `workflows history export`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.errors import NotFound
from workflows.settings import Settings, project_folder

if TYPE_CHECKING:
    from workflows.engine.verify import Report

MOST_SHOWN = 50
"""Faults printed one by one."""


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    group.add_command(publish)
    group.add_command(history)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def publish(settings: Settings, paths: tuple[Path, ...]) -> None:
    """Publish definitions (default: the folder `definitions`) · 发布流程定义.

    A process becomes a new version only where its text has changed. Running cases keep the version they began with.
    What `workflows check` refuses is not published.
    """
    from workflows.db import Database
    from workflows.definition.load import load_paths
    from workflows.engine.engine import Engine

    processes = load_paths(paths or (project_folder("definitions"),))
    database = Database(settings.database_url)
    try:
        done = database.transact(lambda session: Engine(settings).publish(session, processes, None, datetime.now(UTC)))
    finally:
        database.dispose()
    for one in done:
        click.echo(f"{one.key} {one.version}" + ("  新版本 · new" if one.new else ""))
    click.echo(
        f"已发布 {sum(one.new for one in done)} 个新版本，共 {len(done)} 个流程 · {sum(one.new for one in done)} new of {len(done)}"
    )


@click.group()
def history() -> None:
    """The history of cases · 经过."""


@history.command("verify")
@click.argument("case", required=False, type=click.UUID)
@click.pass_obj
def verify_command(settings: Settings, case: Any) -> int:
    """Check that nothing was changed, cut out or slipped in; exit code 1 where something was · 核对历史."""
    from workflows.db import Database
    from workflows.engine.verify import verify

    database = Database(settings.database_url, "report")
    try:
        with database.read() as session:
            report = verify(session, case)
    finally:
        database.dispose()
    return _show(report)


def _show(report: Report) -> int:
    for fault in report.faults[:MOST_SHOWN]:
        place = f" #{fault.seq}" if fault.seq else ""
        click.echo(f"{fault.number}{place}: {fault.what.zh} · {fault.what.en}")
    left = len(report.faults) - MOST_SHOWN
    if left > 0:
        click.echo(f"另有 {left} 处 · {left} more")
    verdict = "完好 · whole" if not report.faults else f"发现 {len(report.faults)} 处问题 · {len(report.faults)} faults"
    click.echo(
        f"{report.cases} 件事项，{report.events} 条记录：{verdict} ({report.cases} cases, {report.events} records)"
    )
    if report.erased:
        click.echo(f"其中 {report.erased} 条的内容已依法删除 · the content of {report.erased} records was erased")
    return 1 if report.faults else 0


@history.command("export")
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
