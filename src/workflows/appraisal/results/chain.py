"""The chain of a result's versions: each digest covers every column of its row and the digest of the version before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from workflows.db import canonical_json
from workflows.engine.chain import GENESIS, plain

COLUMNS = (
    "id", "kind", "subject_id", "period", "version", "case_id", "card_key", "card_version", "total", "grade", "detail", "reason",
    "published_at", "public_until", "prev_digest",
)  # fmt: skip
"""What a digest covers: every column of `result` but the digest itself."""

FIRST = GENESIS
"""`prev_digest` of a result's first version."""

CODE_LENGTH = 8
"""Characters of a digest that are printed on a sheet."""


def digest_of(row: Mapping[str, Any]) -> str:
    """SHA-256 over `prev_digest` and the canonical JSON of all other columns, 64 hexadecimal characters."""
    covered = {name: plain(row[name]) for name in COLUMNS}
    return hashlib.sha256((covered["prev_digest"] + canonical_json(covered)).encode()).hexdigest()


def check_code(digest: str) -> str:
    """What is printed on a sheet and typed in by an auditor: the beginning of the digest, `c81e-04d9`."""
    return f"{digest[:4]}-{digest[4:CODE_LENGTH]}"


def read_code(typed: str) -> str | None:
    """The beginning of a digest that a typed check code means; None where it cannot be one."""
    code = "".join(typed.split()).replace("-", "").lower()
    return code if len(code) == CODE_LENGTH and all(character in "0123456789abcdef" for character in code) else None
