"""gunicorn's settings: `gunicorn --config python:workflows.operation.serving "workflows.app:create_app()"`.

The names are gunicorn's. One worker with threads is right for SQLite; WORKFLOWS_WEB_WORKERS raises it for PostgreSQL.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from workflows import migrations
from workflows.db import Database
from workflows.errors import WorkflowsError
from workflows.settings import Settings

T = TypeVar("T")


def _or_say_why(ask: Callable[[], T]) -> T:
    """What `ask` answers; a refusal ends the start with its sentence and exit code 2, as on the command line."""
    try:
        return ask()
    except WorkflowsError as error:
        click.echo(f"{error.zh}\n{error.en}", err=True)
        sys.exit(2)


_settings = _or_say_why(Settings.from_environment)

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gthread"
threads = _settings.web_threads
timeout = 30
graceful_timeout = 30
max_requests = 2000
max_requests_jitter = 200
# Connections are made after the fork, in the worker: two processes on one connection mix up their answers.
preload_app = False
# gunicorn 27 opens a control socket unless told otherwise; nothing of ours uses it.
control_socket_disable = True
# How many proxies are believed is the application's business (WORKFLOWS_PROXIES), not the server's.
forwarded_allow_ips = "127.0.0.1,::1"
proc_name = "workflows web"


def on_starting(_server: Any) -> None:
    """Before the first worker: unsafe settings and a database of another version are refused once, not by each worker."""
    _or_say_why(_refuse)


def _refuse() -> None:
    _settings.refuse_unsafe()
    database = Database(_settings.database_url)
    try:
        migrations.refuse_other_schema(database)
    finally:
        database.dispose()
