"""`workflows org import`, `workflows user add` and `workflows calendar`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.errors import InvalidInput, Unavailable
from workflows.settings import Settings

if TYPE_CHECKING:
    from workflows.org.calendar import Calendar
    from workflows.org.importing.preview import Preview

SHOWN_CHANGES = 20


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    group.add_command(organisation)
    group.add_command(user)
    group.add_command(calendar)


@click.group("org")
def organisation() -> None:
    """Units, positions and people · 部门、岗位和人员."""


@organisation.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would change · 只看会改什么")
@click.pass_obj
def import_command(settings: Settings, sources: tuple[Path, ...], dry_run: bool) -> None:
    """Import CSV and XLSX files, or a folder of them: all or nothing, and a second time nothing more.

    Sheets: units, positions, people, assignments, duties, absences (部门 岗位 人员 任职 职责 休假). People whom the files do not
    name are left alone and reported.
    """
    from workflows.db import Database
    from workflows.org.importing.applying import import_organisation, preview_import, rejected
    from workflows.org.rules import AccountRules

    files = [(path.name, path.read_bytes()) for path in _files(sources)]
    now = datetime.now(UTC)
    today = AccountRules.from_settings(settings).today(now)
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            preview = preview_import(session, files, today)
        if preview.faults:
            raise rejected(preview)
        if not dry_run:
            # What is written is compared anew, in its own transaction.
            preview = database.transact(lambda session: import_organisation(session, files, today, now))
    finally:
        database.dispose()
    _report(preview, done=not dry_run)


@click.group("user")
def user() -> None:
    """Accounts · 账号."""


@user.command("add")
@click.argument("login")
@click.option("--name", help="The person's name; the login by default · 姓名")
@click.option("--email", help="Where mails go · 邮箱")
@click.option("--administrator", is_flag=True, help="May keep people, definitions and failed jobs · 管理员")
@click.option("--auditor", is_flag=True, help="May read everything · 审计")
@click.pass_obj
def add_user(
    settings: Settings, login: str, name: str | None, email: str | None, administrator: bool, auditor: bool
) -> None:
    """Add a person and print the temporary password, to be changed at the first sign-in."""
    from workflows.db import Database
    from workflows.org.people import create_person

    database = Database(settings.database_url)
    try:
        with database.write() as session:
            person, password = create_person(
                session,
                login,
                datetime.now(UTC),
                name=name,
                email=email,
                administrator=administrator,
                auditor=auditor,
            )
            added = person.login
    except InvalidInput as refused:
        # A command line has no form whose fields could be marked: the sentence says it all.
        found = [text for texts in refused.fields.values() for text in texts]
        raise InvalidInput(" ".join(t.zh for t in found), " ".join(t.en for t in found)) from refused
    finally:
        database.dispose()
    click.echo(
        _both(
            f"已添加账号 {added}。临时密码，首次登录时修改：",
            f"Added {added}. Temporary password, to be changed at the first sign-in:",
        )
    )
    click.echo(password)


@click.command("calendar", context_settings={"ignore_unknown_options": False})
@click.option("--add", "add", nargs=2, metavar="5wd DAY", help="The n-th working day after a day; -5wd: before it")
@click.option("--workday", "workday", nargs=2, metavar="N MONTH", help="The n-th working day of a month (2026-10)")
@click.option("--last-workday", "last_workday", metavar="MONTH", help="The last working day of a month")
@click.pass_obj
def calendar(
    settings: Settings, add: tuple[str, str] | None, workday: tuple[str, str] | None, last_workday: str | None
) -> None:
    """Working days of the company, make-up workdays included · 工作日（含调休）.

    Prints one ISO date. The given day itself never counts. Dates of a year without an official arrangement are marked provisional.
    """
    asked = [question for question in (add, workday, last_workday) if question]
    if len(asked) != 1:
        raise InvalidInput(
            "请给出一个问题，例如：workflows calendar --add 5wd 2026-02-10，或 --workday 5 2026-10，或 --last-workday 2026-02。",
            "Ask one thing, for example: workflows calendar --add 5wd 2026-02-10, or --workday 5 2026-10, or --last-workday 2026-02.",
        )
    days = _calendar(settings)
    if add:
        start = _day(add[1])
        found = days.add_workdays(start, _count(add[0], "wd"))
        years = range(min(start, found).year, max(start, found).year + 1)
    else:
        found = days.workday(_count(workday[0], ""), workday[1]) if workday else days.last_workday(last_workday or "")
        years = range(found.year, found.year + 1)
    guessed = [str(year) for year in years if days.provisional(year)]
    mark = f" （暂定：{'、'.join(guessed)} 年尚无官方安排 · provisional: no official arrangement for {', '.join(guessed)}）"
    click.echo(f"{found.isoformat()}{mark if guessed else ''}")


def _calendar(settings: Settings) -> Calendar:
    """The company's calendar: with its own table where a database can be asked, without it where there is none."""
    from sqlalchemy.exc import DBAPIError

    from workflows.db import Database
    from workflows.org.calendar import Calendar, load_calendar

    base = Calendar.from_settings(settings)
    if not _stands(settings.database_url):
        return base
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            return load_calendar(session, base)
    except (Unavailable, DBAPIError):
        click.echo(
            _both(
                "没有读到公司日历，只用官方安排。",
                "The company's own calendar could not be read: the official one is used.",
            ),
            err=True,
        )
        return base
    finally:
        database.dispose()


def _stands(url: str) -> bool:
    """Whether there is a database to ask: looking must not create an empty SQLite file."""
    if not url.startswith("sqlite"):
        return True
    name = url.partition(":///")[2].partition("?")[0]
    return bool(name) and Path(name).is_file()


def _count(text: str, unit: str) -> int:
    found = re.fullmatch(rf"([+-]?[0-9]{{1,9}}){unit}", text)
    if found is None:
        zh, en = ("请写成 5wd 这样", "write it like 5wd") if unit else ("请写成 5 这样", "write it like 5")
        raise InvalidInput(f"“{text}”不是工作日数，{zh}。", f'"{text}" is no number of working days: {en}.')
    return int(found[1])


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"没有 {text} 这一天。", f"There is no day {text}.") from None
    raise InvalidInput(
        f"“{text}”不是日期，请写成 2026-02-10 这样。", f'"{text}" is not a date: write it like 2026-02-10.'
    )


def _files(sources: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for source in sources:
        inside = (
            sorted(p for p in source.iterdir() if p.suffix.lower() in (".csv", ".xlsx"))
            if source.is_dir()
            else [source]
        )
        if not inside:
            raise InvalidInput(f"{source} 里没有 .csv 或 .xlsx 文件。", f"There is no .csv or .xlsx file in {source}.")
        # What Excel leaves behind while a file is open is no workbook.
        found += [path for path in inside if not path.name.startswith("~$")]
    return found


def _report(preview: Preview, *, done: bool) -> None:
    for sign, changes in (("+", preview.added), ("~", preview.changed), ("-", preview.removed)):
        for change in changes[:SHOWN_CHANGES]:
            columns = f"  ({', '.join(change.fields)})" if sign == "~" else ""
            click.echo(f"{sign} {change.kind}: {change.label}{columns}")
        if len(changes) > SHOWN_CHANGES:
            more = len(changes) - SHOWN_CHANGES
            click.echo(_both(f"{sign} ……另有 {more} 行", f"{sign} … and {more} more"))
    if preview.missing:
        names = ", ".join(preview.missing[:SHOWN_CHANGES])
        click.echo(
            _both(
                f"文件里没有、系统里在职的 {len(preview.missing)} 人，没有改动：{names}",
                f"{len(preview.missing)} people work here and are not in the file; they were left alone: {names}",
            )
        )
    zh, en = ("已导入", "Imported") if done else ("将导入", "Would import")
    counts = len(preview.added), len(preview.changed), len(preview.removed), sum(preview.unchanged.values())
    click.echo(
        _both(
            f"{zh}：新增 {counts[0]}，更改 {counts[1]}，移除 {counts[2]}，不变 {counts[3]}。",
            f"{en}: {counts[0]} added, {counts[1]} changed, {counts[2]} removed, {counts[3]} unchanged.",
        )
    )


def _both(zh: str, en: str) -> str:
    return f"{zh}\n{en}"
