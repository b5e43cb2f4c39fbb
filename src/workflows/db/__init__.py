"""The store: one `Database` per process, column types that keep what they are given, ids and canonical JSON.

Functions below the doors take a `Session` first and never commit; whoever opened the door does, by leaving the `with` block.
"""

from workflows.db.canonical import canonical_json
from workflows.db.database import Database
from workflows.db.ids import new_id
from workflows.db.types import Base, ExactDecimal, Id, JSONValue, Status, UTCDateTime
from workflows.db.upsert import upsert, upsert_for

__all__ = [
    "Base",
    "Database",
    "ExactDecimal",
    "Id",
    "JSONValue",
    "Status",
    "UTCDateTime",
    "canonical_json",
    "new_id",
    "upsert",
    "upsert_for",
]
