"""`workflows simulate` and `workflows demo` on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.errors import Text
from workflows.settings import Settings

if TYPE_CHECKING:
    from workflows.operation.rehearsal_report import History
    from workflows.rehearsal.result import RehearsalResult

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=_DAY, required=True, help="第一天 · first day")
@click.option("--to", "last", type=_DAY, required=True, help="最后一天（含） · last day, included")
@click.option(
    "--people",
    type=click.IntRange(40),
    help="公司人数，示例公司按岗位比例长大，有人请假、离职、入职 · people: the sample company grown, with absences, leavers and joiners",
)
@click.option("--seed", type=int, default=1, show_default=True, help="相同种子，相同结果 · same seed, same result")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="把报告写成一个 HTML 文件 · write the report as one HTML file",
)
@click.option("--language", type=click.Choice(["zh", "en"]), help="报告和输出的语言 · language of report and output")
@click.pass_obj
@click.pass_context
def simulate(
    context: click.Context, settings: Settings, first: datetime, last: datetime, people: int | None, seed: int, report: Path | None,
    language: str | None,
) -> None:  # fmt: skip
    """用排练时钟演练整个部门 · Rehearse the whole department on the real engine; exit 1 when anything is missing, double, stuck,
    unserved or changed.

    The database is the rehearsal's own and gone afterwards. With --people it lies in a temporary file and is not forced to the disk
    (fsync off): a power cut would lose the rehearsal, nothing else. Nobody is sent anything.
    """
    from workflows.operation.rehearsal_report import verified, written
    from workflows.operation.rehearsing import Company, rehearse

    start, end, said = first.date(), last.date(), language or settings.language
    if end < start:
        raise click.UsageError("--to 早于 --from · --to lies before --from")
    with rehearse(settings, Company.sample(), start, end, seed, people) as rehearsed:
        _print(rehearsed.result, start, end, said)
        history = verified(rehearsed.database)
        if report is not None:
            report.write_text(written(rehearsed, history, start, end, said), encoding="utf-8")
        _tell(history, report, said)
        if not rehearsed.result.sound or history.faults:
            context.exit(1)


def _tell(history: History, report: Path | None, language: str) -> None:
    """How the history was found, and where the report lies."""
    checked = Text(
        f"历史记录：核对 {history.cases} 件、{history.events} 条，{history.faults} 处不符。",
        f"History: {history.cases} cases with {history.events} records checked, {history.faults} faults.",
    )
    click.echo(checked.text(language))
    if report is not None:
        click.echo(Text(f"报告：{report}", f"Report: {report}").text(language))


@click.command()
@click.pass_obj
def demo(settings: Settings) -> None:
    """为空数据库准备示例公司 · Fill an empty database with the sample company and some weeks of its work."""
    from workflows.operation.rehearsing import Company, prepare

    if not prepare(settings, Company.sample(), datetime.now(UTC)):
        kept = Text("示例数据已经在了，没有改动。", "The sample company is there already; nothing was changed.")
        click.echo(kept.text(settings.language))


def _print(result: RehearsalResult, first: date, last: date, language: str) -> None:
    """One line per process, then the verdict."""
    head = Text(f"演练 {first} 至 {last}", f"Rehearsed {first} to {last}")
    click.echo(head.text(language))
    names = [
        Text(*pair).text(language)
        for pair in (("流程", "process"), ("事项", "cases"), ("应有", "expected"), ("已结", "ended"), ("办过", "tasks"),
                     ("晚办", "late"))
    ]  # fmt: skip
    click.echo(f"{names[0]:<24}" + "".join(f"{name:>10}" for name in names[1:]))
    for row in result.processes:
        mark = "" if row.as_expected else " ✗"
        cells = (row.cases, "–" if row.expected is None else row.expected, row.ended, row.tasks, row.late_share)
        click.echo(f"{row.process:<24}" + "".join(f"{cell!s:>10}" for cell in cells) + mark)
    for what, times in result.failures.items():
        click.echo(Text(f"失败（{times} 次）：{what}", f"Failed ({times}): {what}").text(language))
    for case in result.stuck:
        click.echo(Text(f"卡住：{case}", f"Stuck: {case}").text(language))
    for why, times in result.unfilled.items():
        click.echo(
            Text(f"填不下去的表单（{times} 次）：{why}", f"Could not be filled in ({times}): {why}").text(language)
        )
    verdict = (
        Text("该有的都有，各一份；没有卡住，没有失败。", "Everything is there exactly once; nothing stuck, nothing failed.")
        if result.sound
        else Text(f"有问题：{result.incidents} 个失败，{len(result.stuck)} 件卡住，{result.unserved} 个期限无人理会。",
                  f"Not sound: {result.incidents} incidents, {len(result.stuck)} stuck, {result.unserved} deadlines unserved.")
    )  # fmt: skip
    click.echo(verdict.text(language))
