"""For those who watch the service: is it up, can it work."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from workflows.engine.tables import Heartbeat
from workflows.http import ANYONE, allow, visit

SILENT_AFTER = 60
"""Seconds without a scheduler's heartbeat after which the service is not ready."""

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@allow(ANYONE)
def alive() -> ResponseReturnValue:
    """The web process answers and its database does."""
    visit().session.execute(select(1))
    return {"status": "ok"}


@blueprint.get("/readyz")
@allow(ANYONE)
def ready() -> ResponseReturnValue:
    """Whether the clock runs as well: the age of the newest heartbeat in seconds; 503 when there is none of late."""
    newest = visit().session.scalar(select(func.max(Heartbeat.at)))
    age = int((visit().now - newest).total_seconds()) if newest else None
    silent = age is None or age > SILENT_AFTER
    return {"status": "silent" if silent else "ok", "scheduler_heartbeat_age": age}, 503 if silent else 200
