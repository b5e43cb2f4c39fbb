"""`make migration NAME="…"`: write a new revision for what changed in the tables. For developers, in a checkout."""

from __future__ import annotations

import sys

from workflows.db import Database
from workflows.migrations import _config, head, upgrade


def main(name: str) -> None:
    """Compare a fresh database at the newest revision with the code's tables and write the difference as the next revision.

    Read what it wrote: a rename looks like a removal and an addition, and moving data is for people to write.
    """
    from alembic import command

    database = Database("sqlite://")
    upgrade(database)
    number = f"{int(head() or 0) + 1:04d}"
    with database.write() as session:
        config = _config(session.connection())
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.revision(config, message=name, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(sys.argv[1])
