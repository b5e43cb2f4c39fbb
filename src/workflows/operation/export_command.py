"""`workflows history export`: one case with everything, or many as an event log for process mining."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from workflows.errors import NotFound
from workflows.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflows.engine.scene import Scene
    from workflows.reports.eventlog.traces import Asked

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("export")
@click.argument("case", required=False, type=click.UUID)
@click.option("--format", "kind", type=click.Choice(["json", "xes", "csv"]), default="json", show_default=True,
              help="json：一件事项的全部；xes、csv：流程挖掘用的事件日志 · json: one case with everything; xes, csv: an event log")  # fmt: skip
@click.option("--process", help="只导出这个流程 · this process only")
@click.option("--from", "first", type=_DAY, help="从这天发起的 · cases started on this day or later")
@click.option("--to", "last", type=_DAY, help="到这天（含）发起的 · and on this day or before")
@click.option(
    "--people", is_flag=True, help="写出是谁（账号），否则只写编号 · name people (logins) instead of numbering them"
)
@click.option("--restricted", is_flag=True, help="也导出限制查看的内容和文字 · restricted values and free text as well")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="步骤名称的语言 · language of the steps' names")
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="写到文件，否则写到标准输出 · file; standard output without it")  # fmt: skip
@click.pass_obj
def export_history(
    settings: Settings, case: Any, kind: str, process: str | None, first: datetime | None, last: datetime | None, people: bool,
    restricted: bool, lang: str | None, out: Path | None,
) -> None:  # fmt: skip
    """导出一件事项的全部经过，或事件日志 · Export one case with every record, or cases as an event log.

    The log names nobody and leaves out what not everybody may see, unless asked. It is streamed: memory does not grow with it.
    """
    if (case is None) == (kind == "json"):
        raise click.UsageError(
            "写一件事项的 id，或者 --format xes|csv · give the id of one case, or --format xes|csv without one"
        )
    with _reading(settings) as session, _writing(out) as file:
        if case is not None:
            _write_case(session, case, file)
        else:
            _write_log(settings, session, (process, first, last, people, restricted, lang), kind, file)


@contextmanager
def _reading(settings: Settings) -> Iterator[Session]:
    from workflows.db import Database

    database = Database(settings.database_url, "report")
    try:
        with database.read() as session:
            yield session
    finally:
        database.dispose()


@contextmanager
def _writing(out: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that is there only when it is whole."""
    if out is None:
        yield sys.stdout
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _write_case(session: Session, case: Any, file: IO[str]) -> None:
    from workflows.engine.exporting import export_case

    found = export_case(session, case)
    if found is None:
        raise NotFound("没有这件事。", "There is no such case.")
    file.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")


def _write_log(settings: Settings, session: Session, wish: tuple[Any, ...], kind: str, file: IO[str]) -> None:
    from tqdm import tqdm

    from workflows.engine.engine import Engine
    from workflows.reports.eventlog.rows import rows
    from workflows.reports.eventlog.traces import number_of_cases, traces
    from workflows.reports.eventlog.xes import xes
    from workflows.sheets.writing import csv_lines

    scene = Engine(settings).scene(session, datetime.now(UTC))
    asked = _asked(scene, wish, settings.language)
    found = tqdm(traces(session, scene, asked), total=number_of_cases(session, asked), unit="", mininterval=0.5)
    zone = scene.calendar.zone
    if kind == "xes":
        file.writelines(xes(asked.process or "workflows", found, zone))
    else:
        file.writelines(csv_lines(rows(found, zone, _columns(scene, asked)), bom=False))


def _asked(scene: Scene, wish: tuple[Any, ...], language: str) -> Asked:
    from workflows.reports.eventlog.traces import Asked

    process, first, last, people, restricted, lang = wish
    if process is not None and process not in scene.newest:
        near = get_close_matches(process, list(scene.newest), 1, 0.6)
        zh, en = (f"是否指 {near[0]}？", f" Did you mean `{near[0]}`?") if near else ("", "")
        raise NotFound(f"没有流程 {process}。{zh}", f"There is no process `{process}`.{en}")
    since = scene.calendar.start_of(first.date()) if first is not None else None
    until = scene.calendar.end_of(last.date()) if last is not None else None
    return Asked(process, since, until, people, restricted, lang or language)


def _columns(scene: Scene, asked: Asked) -> tuple[str, ...]:
    """Values stand in columns where the log is of one process: every process has fields of its own."""
    from workflows.reports.eventlog.values import value_names

    if asked.process is None:
        return ()
    return value_names(scene.newest[asked.process].process, people=asked.people, restricted=asked.restricted)
