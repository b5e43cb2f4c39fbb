"""`workflows simulate` and `workflows demo` on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from workflows.errors import Text
from workflows.settings import Settings

if TYPE_CHECKING:
    from workflows.rehearsal.result import RehearsalResult

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=_DAY, required=True, help="第一天 · first day")
@click.option("--to", "last", type=_DAY, required=True, help="最后一天（含） · last day, included")
@click.option("--seed", type=int, default=1, show_default=True, help="相同种子，相同结果 · same seed, same result")
@click.pass_obj
@click.pass_context
def simulate(context: click.Context, settings: Settings, first: datetime, last: datetime, seed: int) -> None:
    """用排练时钟演练示例公司 · Rehearse the sample company on the real engine; exit 1 when anything is missing, double or stuck.

    The database lies in memory and is gone afterwards: nothing waits for a disk.
    """
    from workflows.operation.rehearsing import Company, rehearse

    start, end = first.date(), last.date()
    if end < start:
        raise click.UsageError("--to 早于 --from · --to lies before --from")
    with rehearse(settings, Company.sample(), start, end, seed) as rehearsed:
        _print(rehearsed.result, start, end, settings.language)
        if not rehearsed.result.sound:
            context.exit(1)


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
    for case in result.stuck:
        click.echo(Text(f"卡住：{case}", f"Stuck: {case}").text(language))
    verdict = (
        Text("该有的都有，各一份；没有卡住，没有失败。", "Everything is there exactly once; nothing stuck, nothing failed.")
        if result.sound
        else Text(f"有问题：{result.incidents} 个失败，{len(result.stuck)} 件卡住。",
                  f"Not sound: {result.incidents} incidents, {len(result.stuck)} stuck.")
    )  # fmt: skip
    click.echo(verdict.text(language))
