"""What the `commands.py` of all rooms share."""

from __future__ import annotations

import click


def subgroup(group: click.Group, name: str, text: str) -> click.Group:
    """The group of commands `name` below `group`, made with the help `text` by whoever comes first."""
    found = group.commands.get(name)
    if isinstance(found, click.Group):
        return found
    made = click.Group(name, help=text)
    group.add_command(made)
    return made
