"""A row that says "this scheduler is alive", written every five seconds; what shows it is `/readyz` and the page of operation."""

from __future__ import annotations

import os
import socket
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from workflows.db import upsert
from workflows.engine.tables import Heartbeat

BEAT_EVERY = 5
"""Seconds."""


def my_name() -> str:
    """What this process is called: `scheduler HOST PID`."""
    return f"scheduler {socket.gethostname()} {os.getpid()}"[:120]


def beat(session: Session, name: str, now: datetime) -> None:
    """Say that `name` lives at `now`."""
    new = upsert(session, Heartbeat).values(name=name, at=now)
    session.execute(new.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at": new.excluded.at}))


def stop_beating(session: Session, name: str) -> None:
    """Say goodbye, so that an orderly stop is not taken for a death."""
    session.execute(delete(Heartbeat).where(Heartbeat.name == name))
