"""What an operator wants to know when something seems wrong, in one go."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workflows.db import Database
from workflows.errors import Text, WorkflowsError
from workflows.notify.mailer import MailServer
from workflows.operation.verify import schema_faults
from workflows.settings import Settings, project_folder

PATIENCE = 5.0
"""Seconds to wait for the mail server."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: is it `good`, and the sentence about it."""

    good: bool
    text: Text


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; one thing that is wrong does not hide the next."""
    looks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (_settings, _folders, _database, _mail)
    found: list[Finding] = []
    for look in looks:
        try:
            found.extend(look(settings))
        except WorkflowsError as error:
            found.append(Finding(False, error.message))
    return found


def _settings(settings: Settings) -> Iterator[Finding]:
    settings.refuse_unsafe()
    kind = Text("演示模式", "demo mode") if settings.demo else Text("正式模式", "production")
    yield Finding(
        True,
        Text(f"设置完整（{kind.zh}，{settings.base_url}）", f"Settings are complete ({kind.en}, {settings.base_url})"),
    )


def _folders(_settings: Settings) -> Iterator[Finding]:
    for name in ("templates", "definitions"):
        folder = project_folder(name)
        yield Finding(True, Text(f"文件夹 {name}：{folder}", f"Folder {name}: {folder}"))


def _database(settings: Settings) -> Iterator[Finding]:
    database = Database(settings.database_url)
    try:
        yield _engine(database)
        if database.is_sqlite:
            yield _foreign_keys(database)
        wrong = schema_faults(database)
        yield from (Finding(False, fault) for fault in wrong)
        if not wrong:
            yield Finding(True, Text("数据库结构与程序一致", "The schema is the program's"))
    finally:
        database.dispose()


def _engine(database: Database) -> Finding:
    with database.read() as session:
        connection = session.connection()
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
    if not database.is_sqlite:
        return Finding(True, Text(f"PostgreSQL {version}", f"PostgreSQL {version}"))
    journal = database.journal
    remark = Text("", "") if journal == "wal" else Text(
        "（此版本在 WAL 模式下可能损坏数据，因此使用较慢的回滚日志）",
        " (this version may damage a database in WAL mode, so the slower rollback journal is used)",
    )  # fmt: skip
    return Finding(
        True,
        Text(f"SQLite {version}，日志模式 {journal}{remark.zh}", f"SQLite {version}, journal {journal}{remark.en}"),
    )


def _foreign_keys(database: Database) -> Finding:
    with database.read() as session:
        on = session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    return Finding(
        on,
        Text("外键检查已开启", "Foreign keys are checked")
        if on
        else Text("外键检查未开启", "Foreign keys are not checked"),
    )


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp_url:
        yield Finding(
            True, Text("未设置 SMTP_URL：邮件只在页面上显示，不会寄出", "SMTP_URL is unset: mails are kept, not sent")
        )
        return
    server = MailServer.from_url(settings.smtp_url)
    kind = smtplib.SMTP_SSL if server.tls == "always" else smtplib.SMTP
    place = f"{server.host}:{server.port}"
    try:
        with kind(server.host, server.port, timeout=PATIENCE) as line:
            line.noop()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            False, Text(f"邮件服务器 {place} 没有应答：{error}", f"The mail server {place} does not answer: {error}")
        )
        return
    yield Finding(True, Text(f"邮件服务器 {place} 有应答", f"The mail server {place} answers"))
