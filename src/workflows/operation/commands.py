"""`workflows run`, `doctor`, `publish`, `simulate`, `demo`, `db …` and `history …`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from workflows.commands import subgroup
from workflows.errors import Text
from workflows.operation.export_command import export_history
from workflows.operation.history_commands import publish, verify_history
from workflows.operation.rehearsal_commands import demo, simulate
from workflows.settings import Settings


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    group.add_command(run)
    group.add_command(doctor)
    group.add_command(simulate)
    group.add_command(demo)
    group.add_command(publish)
    history = subgroup(group, "history", "经过：核对、导出 · The history of cases: verify, export.")
    history.add_command(verify_history)
    history.add_command(export_history)
    store = subgroup(group, "db", "数据库：升级、备份、恢复、检查 · The database: upgrade, back up, restore, verify.")
    for command in (upgrade, backup, restore, verify):
        store.add_command(command)


@click.command()
@click.option(
    "--demo", is_flag=True, help="示例公司，只在本机，不发邮件 · sample company, this machine only, no mail leaves"
)
@click.option("--port", type=click.IntRange(0, 65535), help="端口（默认 PORT 或 8000） · port (default: PORT or 8000)")
@click.pass_context
def run(context: click.Context, demo: bool, port: int | None) -> None:
    """启动网页服务和调度器 · Start the web service and the scheduler, and watch both."""
    from workflows.operation.run import run_service

    environment = dict(os.environ)
    if demo:
        environment["WORKFLOWS_DEMO"] = "1"
    if port is not None:
        environment["PORT"] = str(port)
    context.exit(run_service(environment))


@click.command()
@click.pass_obj
@click.pass_context
def doctor(context: click.Context, settings: Settings) -> None:
    """检查设置、数据库和文件 · Look at settings, database and files; exit 1 when something is wrong."""
    from workflows.operation.doctor import examine

    findings = examine(settings)
    for finding in findings:
        click.echo(f"{'✓' if finding.good else '✗'} {finding.text.text(settings.language)}")
    if not all(finding.good for finding in findings):
        context.exit(1)


@click.command()
@click.pass_obj
def upgrade(settings: Settings) -> None:
    """把数据库结构升级到当前程序版本 · Bring the database's schema to this program's."""
    from workflows import migrations
    from workflows.db import Database
    from workflows.operation.first_steps import announce_setup_token

    database = Database(settings.database_url)
    before = migrations.current(database)
    migrations.upgrade(database)
    after = migrations.current(database)
    done = (
        Text(f"数据库结构已是最新（{after}）。", f"The schema is up to date ({after}).")
        if before == after
        else Text(f"数据库结构已升级：{before or '空'} → {after}", f"Schema upgraded: {before or 'empty'} → {after}")
    )
    click.echo(done.text(settings.language))
    announce_setup_token(settings, database)
    database.dispose()


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """在运行中备份数据库到 FILE · Write a consistent copy to FILE, also while the service runs.

    SQLite: 一个新的数据库文件 · a new database file. PostgreSQL: pg_dump 自定义格式 · pg_dump's custom format.
    """
    from workflows.operation.backup import back_up

    back_up(settings.database_url, file)
    size = file.stat().st_size
    click.echo(
        Text(f"已备份到 {file}（{size} 字节）。", f"Backed up to {file} ({size} bytes).").text(settings.language)
    )


@click.command(name="restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def restore(settings: Settings, file: Path) -> None:
    """从备份 FILE 恢复到一个空数据库 · Fill an empty database from the backup FILE. Nothing is ever overwritten."""
    from workflows.operation.backup import restore_from

    restore_from(settings.database_url, file)
    click.echo(Text(f"已从 {file} 恢复。", f"Restored from {file}.").text(settings.language))


@click.command()
@click.pass_obj
@click.pass_context
def verify(context: click.Context, settings: Settings) -> None:
    """检查数据库是否完好 · Check that the database is whole; exit 1 when it is not."""
    from workflows.db import Database
    from workflows.operation.verify import faults

    found = faults(Database(settings.database_url, role="report"))
    for fault in found:
        click.echo(f"✗ {fault.text(settings.language)}")
    if found:
        context.exit(1)
    click.echo(Text("数据库完好。", "The database is whole.").text(settings.language))
