"""What a new installation needs to be told once: how its first administrator gets in."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from workflows.db import Database
from workflows.errors import Text
from workflows.org.first_administrator import issue_setup_token
from workflows.settings import Settings

PAGE = "/first-administrator"
"""Where the token is used."""


def announce_setup_token(settings: Settings, database: Database) -> None:
    """Print a one-time token for the first administrator; nothing where there is one. An earlier token no longer holds."""
    with database.write() as session:
        token = issue_setup_token(session, datetime.now(UTC))
    if token is None:
        return
    click.echo(
        Text(
            f"还没有管理员。请打开 {settings.base_url}{PAGE}，用此一次性口令设立：{token}",
            f"There is no administrator yet. Open {settings.base_url}{PAGE} and use this one-time token: {token}",
        ).text(settings.language)
    )
