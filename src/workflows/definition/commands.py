"""`workflows schema` and `workflows diagram`. (`workflows check` also asks the organisation: `rehearsal.commands`.)"""

from __future__ import annotations

import json

import click

from workflows.definition.diagram_command import diagram


def register(group: click.Group) -> None:
    """Add this room's commands to `workflows`."""
    group.add_command(schema)
    group.add_command(diagram)


@click.command()
def schema() -> None:
    """打印定义语言的 JSON Schema，供编辑器使用 · Print the JSON Schema of definitions, for editors."""
    from workflows.definition.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
