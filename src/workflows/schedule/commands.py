"""`workflows scheduler`."""

from __future__ import annotations

import click

from workflows.settings import Settings


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    group.add_command(scheduler)


@click.command()
@click.pass_obj
@click.pass_context
def scheduler(context: click.Context, settings: Settings) -> None:
    """运行调度器：定时器、周期启动、提醒和邮件 · Run the clock: timers, recurring starts, reminders and mails.

    PostgreSQL 上可以同时运行多个，SQLite 上只能有一个 · Several can run on PostgreSQL, one on SQLite.
    """
    from workflows.schedule.service import serve

    context.exit(serve(settings))
