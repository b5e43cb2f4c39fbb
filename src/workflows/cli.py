"""The command line, assembled from the rooms; nothing is decided here.

How a room adds commands: it has a module ``workflows/<room>/commands.py`` with one function ::

    def register(group: click.Group) -> None:
        \"\"\"Add this room's commands to `workflows`.\"\"\"
        group.add_command(publish)

and click commands beside it. A command whose name has two words (``history verify``) hangs below a group: ``subgroup(group,
"history", "…")`` of `workflows.commands` gives it, made by whoever comes first. Rules:

* At the head of ``commands.py`` only click and light modules of the project are imported; SQLAlchemy, Flask, openpyxl and
  the like are imported inside the command, so that ``workflows --help`` stays quick.
* A command that needs settings takes them with ``@click.pass_obj`` as ``settings: Settings``; one that needs the database
  opens it itself: ``database = Database(settings.database_url)`` and ``with database.write() as session``.
* The clock is read in the command (a door) with ``datetime.now(UTC)`` and handed on as ``now``.
* Raise errors of ``workflows.errors``; ``main`` turns them into sentences: settings and unreachable parts end with exit
  code 2, every other refusal with 1. A traceback is never shown for them.
* Output goes through ``click.echo``, in the reader's language (``settings.language``); progress through ``tqdm`` on standard
  error.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from workflows.errors import ConfigurationError, DefinitionError, RejectedImport, Unavailable, WorkflowsError
from workflows.settings import Settings

ROOMS = (
    "operation", "migrations", "definition", "scoring", "org", "engine", "reports", "appraisal", "notify", "rehearsal",
    "schedule", "api", "web",
)  # fmt: skip
"""Where commands are looked for, in the order in which they are added."""


@click.group(name="workflows", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="workflows")
@click.pass_context
def workflows(context: click.Context) -> None:
    """审批、周期报表与月度绩效考核 · Approvals, recurring reports and monthly appraisals.

    设置来自环境变量，见 docs/operation.md · Settings come from the environment, see docs/operation.md.
    """
    context.obj = Settings.from_environment()


def assemble(group: click.Group) -> click.Group:
    """Add the commands of every room that has some."""
    here = Path(__file__).parent
    for room in ROOMS:
        if (here / room / "commands.py").is_file():
            importlib.import_module(f"workflows.{room}.commands").register(group)
    return group


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. 0: done, 1: refused, 2: wrong use, wrong settings or something unreachable."""
    try:
        answer = assemble(workflows).main(arguments, prog_name="workflows", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("已中断 · interrupted", err=True)
        return 130
    except BrokenPipeError:
        # Whoever read our output (`| head`) has seen enough; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except WorkflowsError as error:
        show(error)
        return 2 if isinstance(error, ConfigurationError | Unavailable) else 1
    return answer if isinstance(answer, int) else 0


def show(error: WorkflowsError) -> None:
    """Say what is wrong, in both languages: whoever operates a service may read either."""
    place = f"{error.place}: " if isinstance(error, DefinitionError) and error.place else ""
    click.echo(f"{place}{error.zh}", err=True)
    click.echo(f"{place}{error.en}", err=True)
    if isinstance(error, RejectedImport):
        for row, column, sentence in error.rows:
            click.echo(f"  {row} {column}: {sentence.zh} · {sentence.en}", err=True)


def entry() -> None:
    """What the installed program `workflows` calls."""
    sys.exit(main())


if __name__ == "__main__":
    entry()
