"""`make migration NAME="…"`: write a new revision for what changed in the tables. For developers, in a checkout."""

from __future__ import annotations

import sys

from workflows.db import Database
from workflows.migrations import _config, upgrade


def main(name: str) -> None:
    """Compare a fresh database at the newest revision with the code's tables and write the difference as a revision."""
    from alembic import command

    database = Database("sqlite://")
    upgrade(database)
    with database.write() as session:
        command.revision(_config(session.connection()), message=name, autogenerate=True)


if __name__ == "__main__":
    main(sys.argv[1])
