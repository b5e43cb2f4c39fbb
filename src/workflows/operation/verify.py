"""Is the database whole: its pages, its references, its schema."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from workflows import migrations
from workflows.db import Database
from workflows.errors import Text

SHOWN = 20
"""At most so many faults of a kind are listed."""


def faults(database: Database) -> list[Text]:
    """What is wrong with the database, one sentence each; empty when it is whole. Raises `Unavailable` when it is not there."""
    with database.read() as session:
        found = _sqlite_faults(session) if database.is_sqlite else _postgres_faults(session)
    return found + schema_faults(database)


def schema_faults(database: Database) -> list[Text]:
    """Where the schema differs from the program's."""
    found, wanted = migrations.current(database), migrations.head()
    if found != wanted:
        return [
            Text(
                f"数据库结构为 {found or '空'}，程序需要 {wanted}。请执行：workflows db upgrade",
                f"The schema is {found or 'empty'}, the program needs {wanted}. Run: workflows db upgrade",
            )
        ]
    return [
        Text(
            f"保护历史记录的触发器 {name} 不见了：有人可能改过历史。请执行：workflows history verify",
            f"The trigger {name}, which guards the history, is gone: somebody may have changed it. Run: workflows history verify",
        )
        for name in migrations.missing_guards(database)
    ] + [
        Text(
            f"数据库结构与程序不一致：{named(difference)}",
            f"The schema differs from the program's: {named(difference)}",
        )
        for difference in migrations.differences(database)[:SHOWN]
    ]


def named(difference: Any) -> str:
    """One of Alembic's differences in few words: what would have to be done to which table, column or index."""
    if isinstance(difference, list):
        return "; ".join(named(one) for one in difference)
    verb, *rest = difference
    names = [str(getattr(part, "name", part)) for part in rest if isinstance(part, str) or getattr(part, "name", None)]
    return " ".join([str(verb), *names])


def _sqlite_faults(session: Session) -> list[Text]:
    broken = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    dangling = session.execute(text("PRAGMA foreign_key_check")).all()
    return [
        Text(f"文件损坏：{line}。请从备份恢复。", f"The file is damaged: {line}. Restore it from a backup.")
        for line in broken[:SHOWN]
    ] + [
        Text(
            f"表 {row[0]} 第 {row[1]} 行指向 {row[2]} 中不存在的记录。",
            f"Row {row[1]} of table {row[0]} points to a row of {row[2]} that does not exist.",
        )
        for row in dangling[:SHOWN]
    ]


def _postgres_faults(session: Session) -> list[Text]:
    invalid = session.scalars(
        text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1 LIMIT :most"),
        {"most": SHOWN},
    )
    unchecked = session.execute(
        text(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated "
            "AND connamespace = current_schema()::regnamespace ORDER BY 1, 2 LIMIT :most"
        ),
        {"most": SHOWN},
    )
    return [
        Text(f"索引 {name} 不可用，请执行 REINDEX。", f"Index {name} is not valid; run REINDEX.") for name in invalid
    ] + [
        Text(f"表 {table} 的约束 {name} 未经校验。", f"Constraint {name} of table {table} was never checked.")
        for table, name in unchecked
    ]
