"""gunicorn's settings: `gunicorn --config python:workflows.operation.serving "workflows.app:create_app()"`.

The names are gunicorn's. One worker with threads is right for SQLite; WORKFLOWS_WEB_WORKERS raises it for PostgreSQL.
"""

from __future__ import annotations

from workflows.settings import Settings

_settings = Settings.from_environment()

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
