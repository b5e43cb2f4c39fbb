"""The command line, assembled from the rooms; nothing is decided here.

How a room adds commands: it has a module ``workflows/<room>/commands.py`` with one function ::

    def register(group: click.Group) -> None:
        \"\"\"Add this room's commands to `workflows`.\"\"\"
        group.add_command(publish)

and click commands beside it. A command whose name has two words (``history verify``) hangs below a group that the room
makes itself; where two rooms share the first word, the second one fetches the group with ``group.commands["history"]``
(rooms are registered in the order of ``ROOMS``). Rules:

* At the head of ``commands.py`` only click and light modules of the project are imported; SQLAlchemy, Flask, openpyxl and
  the like are imported inside the command, so that ``workflows --help`` stays quick.
* A command that needs settings takes them with ``@click.pass_obj`` as ``settings: Settings``; one that needs the database
  opens it itself: ``database = Database(settings.database_url)`` and ``with database.write() as session``.
* The clock is read in the command (a door) with ``datetime.now(UTC)`` and handed on as ``now``.
* Raise errors of ``workflows.errors``; ``main`` turns them into sentences: settings and unreachable parts end with exit
  code 2, every other refusal with 1. A traceback is never shown for them.
* Output goes through ``click.echo``; progress through ``tqdm`` on standard error.
"""

from __future__ import annotations
