"""The hash chain of a case's history: each event covers the one before it, and a salted digest of what it said."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from workflows.db import canonical_json

GENESIS = "0" * 64
"""`prev_hash` of a case's first event."""

COLUMNS = (
    "id", "case_id", "seq", "at", "kind", "actor_id", "on_behalf_of", "action", "task_id", "from_state", "to_state", "visit", "late",
    "opened", "closed", "values_digest", "submission", "submission_digest", "prev_hash",
)  # fmt: skip
"""What the hash covers: every column of `event` but the hash itself."""


def event_hash(event: Mapping[str, Any]) -> str:
    """SHA-256 over `prev_hash` and the canonical JSON of all other columns."""
    covered = {name: plain(event[name]) for name in COLUMNS}
    return hashlib.sha256((covered["prev_hash"] + canonical_json(covered)).encode()).hexdigest()


def values_digest(salt: str, values: Mapping[str, Any]) -> str:
    """The digest under which the values lie in the chain. The salt goes with them when a person's data is erased."""
    return hashlib.sha256((salt + canonical_json(dict(values))).encode()).hexdigest()


def new_salt() -> str:
    """128 random bits: without them a digest of few possible values could be guessed."""
    return secrets.token_hex(16)


def submission_digest(*parts: Any) -> str:
    """What a submission said, for telling a repetition from another submission under the same key."""
    return hashlib.sha256(canonical_json([plain(part) for part in parts]).encode()).hexdigest()


def plain(value: Any) -> Any:
    """A value as canonical JSON takes it: ids as hex, times as ISO in UTC, anything unknown as its text."""
    match value:
        case None | bool() | int() | str():
            return value
        case uuid.UUID():
            return value.hex
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
    return str(value)
