"""`workflows publish` and `workflows history verify`: what the roof alone can do, because processes and results lie in two rooms."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflows.settings import Settings, project_folder

if TYPE_CHECKING:
    from workflows.appraisal.cards.publishing import CardPublication
    from workflows.appraisal.results.verify import ResultReport
    from workflows.engine.definitions import Publication
    from workflows.engine.verify import Report

MOST_SHOWN = 50
"""Faults printed one by one."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.pass_obj
def publish(settings: Settings, paths: tuple[Path, ...]) -> None:
    """Publish definitions and scorecards (default: the folder `definitions`) · 发布流程定义和评分表.

    Only what has changed becomes a new version. Running cases keep the version they began with; a changed scorecard holds from the
    next month. What `workflows check` refuses is not published. Files in a folder `scorecards` are scorecards.
    """
    from workflows.appraisal.wiring import Appraisal
    from workflows.db import Database
    from workflows.operation.publishing import choose
    from workflows.operation.publishing import publish as publish_all

    chosen = choose(paths or (project_folder("definitions"),))
    appraisal = Appraisal(settings)
    database = Database(settings.database_url)
    try:
        done = database.transact(lambda session: publish_all(session, appraisal, chosen, datetime.now(UTC)))
    finally:
        database.dispose()
    everything: list[Publication | CardPublication] = [*done.processes, *done.cards]
    for one in everything:
        click.echo(_said(one))
    for zh, en, list_ in (("流程", "processes", done.processes), ("评分表", "scorecards", done.cards)):
        if list_:
            new = sum(one.new for one in list_)
            click.echo(f"已发布 {new} 个新版本，共 {len(list_)} 个{zh} · {new} new of {len(list_)} {en}")


def _said(one: Publication | CardPublication) -> str:
    since = getattr(one, "valid_from", "")
    holds = f"  自 {since} 起 · from {since}" if since > "0001-01" else ""
    return f"{one.key} {one.version}{holds}" + ("  新版本 · new" if one.new else "")


@click.command("verify")
@click.argument("case", required=False, type=click.UUID)
@click.pass_obj
def verify_history(settings: Settings, case: Any) -> int:
    """Check that nothing was changed, cut out or slipped in, published results included · 核对历史和考核结果.

    Exit code 1 where something was.
    """
    from workflows.appraisal.results import verify as results
    from workflows.db import Database
    from workflows.engine.verify import verify
    from workflows.operation.verifying import verified

    database = Database(settings.database_url, "report")
    try:
        whole = verified(database) if case is None else None
        with database.read() as session:
            report = verify(session, case) if whole is None else whole
            published = results.verify(session) if case is None else None
    finally:
        database.dispose()
    code = _show(report)
    return max(code, _show_results(published)) if published is not None else code


def _show(report: Report) -> int:
    for fault in report.faults[:MOST_SHOWN]:
        place = f" #{fault.seq}" if fault.seq else ""
        click.echo(f"{fault.number}{place}: {fault.what.zh} · {fault.what.en}")
    _show_rest(len(report.faults))
    click.echo(
        f"{report.cases} 件事项，{report.events} 条记录：{_verdict(len(report.faults))} ({report.cases} cases, {report.events} records)"
    )
    if report.erased:
        click.echo(f"其中 {report.erased} 条的内容已依法删除 · the content of {report.erased} records was erased")
    return 1 if report.faults else 0


def _show_results(report: ResultReport) -> int:
    for fault in report.faults[:MOST_SHOWN]:
        # Whose result it is stays out of terminals and logs: the id says enough to look it up.
        click.echo(f"{fault.period} v{fault.version} {fault.result}: {fault.what.zh} · {fault.what.en}")
    _show_rest(len(report.faults))
    if report.results:
        click.echo(f"{report.results} 份考核结果：{_verdict(len(report.faults))} ({report.results} results)")
    return 1 if report.faults else 0


def _show_rest(faults: int) -> None:
    if faults > MOST_SHOWN:
        click.echo(f"另有 {faults - MOST_SHOWN} 处 · {faults - MOST_SHOWN} more")


def _verdict(faults: int) -> str:
    return "完好 · whole" if not faults else f"发现 {faults} 处问题 · {faults} faults"
