"""`workflows run`: the web process and the scheduler as two children of one that watches them."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Mapping

import click

from workflows import migrations
from workflows.db import Database
from workflows.errors import ConfigurationError, Text
from workflows.operation.demo import prepare_demo
from workflows.operation.first_steps import announce_setup_token
from workflows.operation.supervise import Child, Supervisor
from workflows.org.loading import load_organisation
from workflows.org.samples import sample_accounts
from workflows.rehearsal.accounts import SAMPLE_PASSWORD
from workflows.settings import Settings

PORTS_TRIED = 100


def run_service(environment: Mapping[str, str]) -> int:
    """Start the service with the settings of `environment` and watch it until it is asked to stop; the exit code.

    Raises `ConfigurationError` for unsafe settings or a busy port, `Unavailable` when the database does not answer.
    """
    settings = Settings.from_environment(environment)
    settings.refuse_unsafe()
    refuse_busy_port(settings.host, settings.port)
    for_children = {**environment, "WORKFLOWS_SECRET_KEY": settings.secret_key}
    if settings.demo:
        prepare_demo(settings, for_children)
    _prepare_store(settings)
    supervisor = Supervisor(children(for_children), _address_to_try(settings))
    return supervisor.run(ready=lambda: say_ready(settings))


def children(environment: Mapping[str, str]) -> list[Child]:
    """The processes of a service: what `Procfile` names `web` and `scheduler`."""
    serve = ["-m", "gunicorn", "--config", "python:workflows.operation.serving", "workflows.app:create_app()"]
    return [
        Child("web", [sys.executable, *serve], environment),
        Child("scheduler", [sys.executable, "-m", "workflows.cli", "scheduler"], environment),
    ]


def refuse_busy_port(host: str, port: int) -> None:
    """Raise `ConfigurationError` naming the next free port when `port` is taken or may not be used."""
    trouble = _trouble_with(host, port)
    if trouble is None:
        return
    free = next((other for other in range(max(port, 1023) + 1, 65536) if _trouble_with(host, other) is None), None)
    if trouble == errno.EADDRINUSE:
        raise ConfigurationError(
            f"端口 {port} 已被占用。请换一个空闲端口，例如：PORT={free}（make run PORT={free}）",
            f"Port {port} is in use. Take a free one, for example: PORT={free} (make run PORT={free})",
        )
    raise ConfigurationError(
        f"不能监听 {host}:{port}（{os.strerror(trouble)}）。请检查 WORKFLOWS_HOST 和 PORT，例如 PORT={free}",
        f"Cannot listen on {host}:{port} ({os.strerror(trouble)}). Check WORKFLOWS_HOST and PORT, for example PORT={free}",
    )


def _trouble_with(host: str, port: int) -> int | None:
    """The error number of listening there; None when it works."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return None


def _prepare_store(settings: Settings) -> None:
    database = Database(settings.database_url)
    try:
        migrations.upgrade(database)
        migrations.refuse_other_schema(database)
        journal = database.journal
        if not settings.demo:
            announce_setup_token(settings, database)
    finally:
        database.dispose()
    _say(settings, f"数据库已就绪（{journal}）。", f"The database is ready ({journal}).")


def _address_to_try(settings: Settings) -> str:
    every = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only recognised here, never bound by us
    host = every.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/healthz"


def say_ready(settings: Settings) -> None:
    """Print where the service runs and, of a demo, who can sign in."""
    _say(
        settings,
        f"服务已启动：{settings.base_url}  （按 Ctrl-C 停止）",
        f"Running on {settings.base_url}  (Ctrl-C stops it)",
    )
    if settings.demo:
        _say_accounts(settings)


def _say_accounts(settings: Settings) -> None:
    """Who can sign in to the demo, by what they are; the sign-in page lists them too."""
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            groups = sample_accounts(load_organisation(session))
    finally:
        database.dispose()
    _say(
        settings,
        f"演示账号，密码都是 {SAMPLE_PASSWORD}：",
        f"Sample accounts, all with the password {SAMPLE_PASSWORD}:",
    )
    for group in groups:
        logins = "  ".join(f"{member.name} {member.login}" for member in group.people)
        _say(settings, f"  {group.title.zh}：{logins}", f"  {group.title.en}: {logins}")


def _say(settings: Settings, zh: str, en: str) -> None:
    click.echo(Text(zh, en).text(settings.language))
