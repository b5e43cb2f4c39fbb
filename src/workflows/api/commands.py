"""`workflows token add`, `list` and `revoke`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from workflows.commands import subgroup
from workflows.errors import InvalidInput
from workflows.settings import Settings

if TYPE_CHECKING:
    from workflows.api.tokens import TokenInfo

_STATES = {"valid": "有效 · valid", "expired": "已过期 · expired", "revoked": "已吊销 · revoked"}


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    tokens = subgroup(group, "token", "Tokens of programs that send figures · 接口令牌")
    for command in (add, list_tokens, revoke):
        tokens.add_command(command)


@click.command("add")
@click.argument("name")
@click.option(
    "--owner",
    required=True,
    metavar="LOGIN",
    help="Who answers for it, in human resources · 负责人（人力资源部）",
)
@click.option("--figures", metavar="NAME,NAME", help="What it may send, by name · 可提交的数据")
@click.option("--all-figures", is_flag=True, help="It may send every figure · 可提交所有数据")
@click.option("--days", type=int, default=365, show_default=True, help="How long it holds · 有效天数")
@click.pass_obj
def add(settings: Settings, name: str, owner: str, figures: str | None, all_figures: bool, days: int) -> None:
    """Make a token for a program called NAME and print it, once. It is stored nowhere: keep it as a password."""
    from workflows.api.tokens import create_token
    from workflows.appraisal.cards.store import ScorecardStore
    from workflows.db import Database

    if (figures is None) is not all_figures:
        raise InvalidInput(
            "请用 --figures 列出可提交的数据，或用 --all-figures 允许全部。",
            "List what it may send with --figures, or allow everything with --all-figures.",
        )
    wanted = None if figures is None else [part.strip() for part in figures.split(",") if part.strip()]
    database = Database(settings.database_url)
    try:
        with database.write() as session:
            catalogue = ScorecardStore().catalogue(session)
            known = {*catalogue, *catalogue.parameters}
            token = create_token(session, name, owner, wanted, timedelta(days=days), datetime.now(UTC), known)
    except InvalidInput as refused:
        # A command line has no form whose fields could be marked: the sentence says it all.
        found = [text for texts in refused.fields.values() for text in texts]
        raise InvalidInput(" ".join(t.zh for t in found), " ".join(t.en for t in found)) from refused
    finally:
        database.dispose()
    click.echo(f"令牌“{name}”，只显示这一次，请像密码一样保存：", err=True)
    click.echo(f'Token "{name}", shown this once. Keep it as you keep a password:', err=True)
    click.echo(token)


@click.command("list")
@click.pass_obj
def list_tokens(settings: Settings) -> None:
    """All tokens with their owners, figures, and when they expire and were last used."""
    from workflows.api.tokens import tokens
    from workflows.db import Database

    database = Database(settings.database_url)
    try:
        with database.read() as session:
            found = tokens(session, datetime.now(UTC))
    finally:
        database.dispose()
    for token in found:
        click.echo(_line(token))
    if not found:
        click.echo("没有令牌 · There are no tokens.", err=True)


@click.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke(settings: Settings, name: str) -> None:
    """End the token called NAME at once."""
    from workflows.api.tokens import revoke_token
    from workflows.db import Database

    database = Database(settings.database_url)
    try:
        with database.write() as session:
            revoke_token(session, name, datetime.now(UTC))
    finally:
        database.dispose()
    click.echo(f'令牌“{name}”已吊销。\nRevoked the token "{name}".')


def _line(token: TokenInfo) -> str:
    used = f"{token.last_used_at:%Y-%m-%d %H:%M}Z" if token.last_used_at else "从未使用 · never used"
    figures = "全部数据 · all figures" if token.figures is None else ",".join(token.figures)
    until = f"{token.expires_at:%Y-%m-%d}"
    return "\t".join((token.name, _STATES[token.state], token.owner, until, used, figures))
