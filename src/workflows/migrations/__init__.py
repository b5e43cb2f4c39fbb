"""The schema's history: Alembic's revisions, and the few things a door asks of them.

The only room that knows the tables of every other one. A new revision: change the tables, then `make migration NAME="add …"`.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, text

from workflows.db import Base, Database
from workflows.errors import ConfigurationError

HERE = Path(__file__).parent


def all_tables() -> MetaData:
    """The tables of all rooms, as the code has them: every module `tables` or `…_tables`, wherever it stands in its room."""
    for name in _modules("tables", "_tables"):
        importlib.import_module(name)
    return Base.metadata


def _modules(name: str, ending: str | None = None) -> list[str]:
    """The full names of all modules called so, or with this ending, in the order of the folders."""
    files = sorted(path.relative_to(HERE.parent) for path in HERE.parent.rglob("*.py"))
    found = []
    for file in files:
        path = file.parent if file.name == "__init__.py" else file.with_suffix("")
        if path.name == name or (ending is not None and path.name.endswith(ending)):
            found.append(".".join(("workflows", *path.parts)))
    return found


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema to `revision`, in one transaction: a stop in the middle leaves what was before.

    Two at once wait for each other. Raises `Unavailable` when the database does not answer.
    """
    from alembic import command

    with database.write() as session:
        command.upgrade(_config(session.connection()), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision` ("base": nothing), in one transaction. Data of tables that go is lost."""
    from alembic import command

    with database.write() as session:
        command.downgrade(_config(session.connection()), revision)


def head() -> str | None:
    """The newest revision of the code; None before the first one is written."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(None)).get_current_head()


def current(database: Database) -> str | None:
    """The revision the database stands at; None for an empty one."""
    from alembic.migration import MigrationContext

    with database.read() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def differences(database: Database) -> list[Any]:
    """What Alembic would have to change for the database to match the code's tables; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.read() as session:
        context = MigrationContext.configure(
            session.connection(),
            opts={"compare_type": True, "target_metadata": all_tables(), "include_name": is_ours},
        )
        return list(compare_metadata(context, all_tables()))


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic compares the table or index: the full-text index is made by `engine.guards`, not by the tables."""
    del kind
    return name is None or not name.startswith(("case_search", "ix_case_search"))


def missing_guards(database: Database) -> list[str]:
    """The triggers that keep the history from being changed and are not in the database, by name."""
    if database.is_sqlite:
        found, dialect = text("SELECT name FROM sqlite_schema WHERE type = 'trigger'"), "sqlite"
    else:
        found, dialect = text("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"), "postgresql"
    guards = [importlib.import_module(name) for name in _modules("guards")]
    statements = [one for module in guards if hasattr(module, "statements") for one in module.statements(dialect)]
    wanted = [name for statement in statements for name in re.findall(r"CREATE TRIGGER (\w+)", statement)]
    with database.read() as session:
        present = set(session.scalars(found))
    return [name for name in wanted if name not in present]


def refuse_other_schema(database: Database) -> None:
    """Raise `ConfigurationError` unless the database is what the code expects: what serves people asks first.

    The revision is compared, and the tables themselves: a database made by an unreleased state of the code may bear the newest
    revision and lack a column all the same.
    """
    found, wanted = current(database), head()
    if found != wanted:
        raise ConfigurationError(
            f"数据库结构（{found or '空'}）与程序（{wanted}）不一致。请执行：workflows db upgrade",
            f"The database's schema ({found or 'empty'}) is not the program's ({wanted}). Run: workflows db upgrade",
        )
    if differences(database):
        raise ConfigurationError(
            f"数据库结构标为 {found}，表却与程序不同：它可能由未发布的版本建立。演示数据库可以直接删除；"
            "其他数据库请执行 workflows db verify 查看差别。",
            f"The database says it is at {found}, but its tables are not the program's: an unreleased version may have made it. "
            "Delete it if it is a demo; otherwise see what differs: workflows db verify",
        )


def _config(connection: Any) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
