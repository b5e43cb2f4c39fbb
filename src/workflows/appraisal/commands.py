"""`workflows figures import`, `workflows figures template` and `workflows figures collect`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.commands import subgroup
from workflows.settings import Settings

if TYPE_CHECKING:
    from workflows.appraisal.figures.intake.applying import FigurePreview
    from workflows.appraisal.figures.store import Progress, Recorded


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    figures = subgroup(group, "figures", "Measured figures of people by month · 考核数据.")
    for command in (import_command, template_command, collect_command):
        figures.add_command(command)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change · 只看会改什么")
@click.option("--reason", help="Why figures that are there already change · 更改已有数据的理由")
@click.pass_obj
def import_command(settings: Settings, files: tuple[Path, ...], dry_run: bool, reason: str | None) -> None:
    """Import figures from CSV and XLSX: all or nothing, and a second time nothing more · 导入考核数据.

    One row per person (person, period, a column for each figure) or one per figure (person, period, figure, value). A person is
    named by account, mail address, staff number or name.
    """
    from workflows.appraisal.figures.intake.applying import import_figures, preview_figures
    from workflows.appraisal.figures.intake.given import rejected
    from workflows.appraisal.figures.intake.standards import standards_of
    from workflows.appraisal.wiring import Appraisal
    from workflows.db import Database

    given = [(path.name, path.read_bytes()) for path in files]
    appraisal, database, now = Appraisal(settings), Database(settings.database_url), datetime.now(UTC)
    try:
        with database.read() as session:
            held_against = standards_of(session, appraisal.engine.scene(session, now), appraisal.store, None)
            preview = preview_figures(session, given, held_against)
        if preview.faults:
            raise rejected(preview.faults)
        if dry_run:
            _say_preview(preview)
            return
        with _bar() as progress:
            # What is written is checked anew, in its own transaction.
            done = database.transact(
                lambda session: import_figures(
                    session, given, standards_of(session, appraisal.engine.scene(session, now), appraisal.store, None),
                    actor=None, now=now, reason=reason, progress=progress,
                )
            )  # fmt: skip
    finally:
        database.dispose()
    _say("已导入", "Imported", done)


@click.command("template")
@click.argument("scorecard")
@click.option("--month", required=True, metavar="2026-10", help="The month of the figures · 考核月份")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File; SCORECARD-MONTH.xlsx by default · 写到文件"
)
@click.pass_obj
def template_command(settings: Settings, scorecard: str, month: str, out: Path | None) -> None:
    """A workbook to fill in for everybody of a position, with what is known already · 下载填写模板."""
    from workflows.appraisal.figures.intake.download import template_of
    from workflows.appraisal.wiring import Appraisal
    from workflows.db import Database

    appraisal, database = Appraisal(settings), Database(settings.database_url)
    try:
        with database.read() as session:
            scene = appraisal.engine.scene(session, datetime.now(UTC))
            made = template_of(session, scene, appraisal.store, scorecard, month, settings.language)
    finally:
        database.dispose()
    file = out or Path(f"{scorecard}-{month}.xlsx")
    file.write_bytes(made)
    click.echo(str(file))


@click.command("collect")
@click.option("--month", required=True, metavar="2026-10", help="The month to count · 要统计的月份")
@click.pass_obj
def collect_command(settings: Settings, month: str) -> None:
    """Count what this system knows itself, and keep what has changed; the scheduler does it daily · 统计系统自己知道的数据."""
    from workflows.appraisal.figures.collecting import collect
    from workflows.appraisal.wiring import Appraisal
    from workflows.db import Database

    appraisal, database, now = Appraisal(settings), Database(settings.database_url), datetime.now(UTC)
    try:
        with _bar() as progress:
            done = database.transact(
                lambda session: collect(session, appraisal.engine, appraisal.store, month, now, progress)
            )
    finally:
        database.dispose()
    _say("已统计", "Counted", done)


@contextmanager
def _bar() -> Iterator[Progress]:
    """A bar on standard error where somebody watches; it appears with the first figures written."""
    from tqdm import tqdm

    with tqdm(total=0, unit="", desc="写入 · writing", disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def _say_preview(preview: FigurePreview) -> None:
    counts = len(preview.new), len(preview.changed), preview.unchanged
    click.echo(f"将导入：新增 {counts[0]}，更改 {counts[1]}，不变 {counts[2]}。")
    click.echo(f"Would import: {counts[0]} new, {counts[1]} changed, {counts[2]} unchanged.")


def _say(zh: str, en: str, done: Recorded) -> None:
    click.echo(f"{zh}：新增 {done.new}，更改 {done.changed}，不变 {done.unchanged}。")
    click.echo(f"{en}: {done.new} new, {done.changed} changed, {done.unchanged} unchanged.")
