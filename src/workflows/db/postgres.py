"""PostgreSQL through psycopg 3: UTC, and patience that depends on who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from workflows.db.canonical import canonical_json

TRANSACTION_TIMEOUT_SINCE = 170000
"""`transaction_timeout` exists from PostgreSQL 17."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the server waits for one role, in seconds, before it ends a statement, a wait for a lock, an idle transaction."""

    statement: int
    lock: int
    idle: int
    transaction: int


ROLES = {
    "web": Patience(statement=30, lock=5, idle=30, transaction=60),
    "scheduler": Patience(statement=60, lock=5, idle=30, transaction=120),
    "report": Patience(statement=300, lock=5, idle=60, transaction=600),
    "command": Patience(statement=0, lock=30, idle=300, transaction=0),
}
"""Who uses a connection; 0 means without end (an operator watches, and a migration takes its time)."""


def postgres_engine(url: URL, role: str) -> Engine:
    """An engine for `role` (a key of `ROLES`). Nothing is connected yet.

    Made after a fork, never before: two processes on one connection mix up their answers.
    """
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=5,
        max_overflow=10,
        connect_args={"connect_timeout": 10, "application_name": f"workflows {role}"},
        json_serializer=canonical_json,
    )
    event.listen(engine, "connect", _Setup(ROLES[role]))
    return engine


class _Setup:
    """Prepares each new connection."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience

    def __call__(self, connection: Any, _record: Any) -> None:
        limits = {
            "TimeZone": "UTC",
            "statement_timeout": f"{self.patience.statement}s",
            "lock_timeout": f"{self.patience.lock}s",
            "idle_in_transaction_session_timeout": f"{self.patience.idle}s",
        }
        if connection.info.server_version >= TRANSACTION_TIMEOUT_SINCE:
            limits["transaction_timeout"] = f"{self.patience.transaction}s"
        for name, value in limits.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.commit()
