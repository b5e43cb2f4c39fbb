"""The web application, assembled: the one place that knows every room a door needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, g
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager

from workflows import web
from workflows.api import addresses
from workflows.appraisal.wiring import Appraisal
from workflows.db import Database
from workflows.http import ANYONE, EXTENSION, Actor, Services, declare, visit
from workflows.org.rules import AccountRules
from workflows.rehearsal.accounts import SAMPLE_PASSWORD
from workflows.settings import Settings, project_folder
from workflows.web import errors, language, security, shell


def system_clock() -> datetime:
    """The present, aware, UTC."""
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    database: Database | None = None,
    clock: Callable[[], datetime] = system_clock,
    rooms: Mapping[str, Any] | None = None,
) -> Flask:
    """The application for these settings (the environment's by default), this database and this clock.

    `rooms` adds to or replaces the parts that pages ask for by name. Raises `ConfigurationError` for unsafe settings.
    """
    settings = settings or Settings.from_environment()
    settings.refuse_unsafe()
    app = Flask(
        "workflows",
        static_folder=str(Path(web.__file__).parent / "static"),
        template_folder=str(project_folder("templates")),
    )
    security.configure(app, settings)
    app.extensions[EXTENSION] = assemble(
        settings, database or Database(settings.database_url, role="web"), clock, rooms or {}
    )
    app.extensions["csrf_guard"] = security.install(app, settings)
    Bootstrap5(app)
    _install_login(app)
    for part in (language, shell, errors):
        part.install(app)
    for blueprint in web.blueprints(settings):
        app.register_blueprint(blueprint)
    for endpoint in ("static", "bootstrap.static"):
        declare(app, endpoint, ANYONE)
    addresses.install(app)
    return app


def assemble(
    settings: Settings, database: Database, clock: Callable[[], datetime], rooms: Mapping[str, Any]
) -> Services:
    """The parts that live as long as the process."""
    appraisal = Appraisal(settings)
    return Services(
        settings=settings,
        database=database,
        clock=clock,
        engine=appraisal.engine,
        account_rules=AccountRules.from_settings(settings),
        rooms={
            "engine": appraisal.engine,
            "appraisal": appraisal,
            "demo_password": SAMPLE_PASSWORD if settings.demo else "",
            **rooms,
        },
    )


def _install_login(app: Flask) -> None:
    """Flask-Login shows `current_user`; who that is, the session table says, asked once per transaction."""
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load(_request: object) -> Actor | None:
        return visit().actor if "visit" in g else None
