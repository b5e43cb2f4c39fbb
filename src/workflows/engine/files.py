"""Files: kept once per content, 10 MiB each, under the SHA-256 of what they are."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflows.db import new_id, upsert
from workflows.engine.company import Company
from workflows.engine.loading import no_such_case
from workflows.engine.reading import case_for
from workflows.engine.tables import Blob, File
from workflows.engine.visibility import may_see, may_see_field
from workflows.engine.words import may_read
from workflows.errors import InvalidInput, Text

LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""

LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out. `digest`: SHA-256 of `content`, checked against what lies there."""

    name: str
    media_type: str
    content: bytes
    digest: str


def upload(session: Session, actor: uuid.UUID, name: str, media_type: str, content: bytes, now: datetime) -> uuid.UUID:
    """Keep a file until the form it was chosen in is submitted; its id goes into a files field. Raises `InvalidInput`."""
    if not content:
        raise _refused("文件是空的。", "The file is empty.")
    if len(content) > LARGEST:
        raise _refused("文件超过 10 MiB，请压缩或拆分。", "The file is larger than 10 MiB: compress or split it.")
    digest = hashlib.sha256(content).hexdigest()
    blob = upsert(session, Blob).values(digest=digest, content=content)
    session.execute(blob.on_conflict_do_nothing(index_elements=["digest"]))
    file = new_id()
    row = {
        "id": file, "digest": digest, "name": clean_name(name), "media_type": _media_type(media_type), "size": len(content),
        "uploaded_by": actor, "uploaded_at": now, "case_id": None, "field": None,
    }  # fmt: skip
    session.execute(insert(File), row)
    return file


def download(company: Company, session: Session, person: uuid.UUID, file_id: uuid.UUID, now: datetime) -> Download:
    """A file for somebody who may see its case and field, or who has just uploaded it. Raises `NotFound`."""
    row = session.execute(select(File.__table__).where(File.id == file_id)).mappings().one_or_none()
    if row is None:
        raise no_such_case()
    if row["case_id"] is None:
        allowed = row["uploaded_by"] == person
    else:
        scene = company.scene(session, now)
        seen = case_for(session, scene, row["case_id"])
        situation, process = seen.situation, seen.published.process
        field = process.fields.get(row["field"] or "")
        words = may_read(process, situation, person, (row["uploaded_by"],), row["uploaded_at"])
        allowed = may_see(scene, situation, process, person) and (
            may_see_field(field, situation, person) if field is not None else words
        )
    if not allowed:
        raise no_such_case()
    content = session.execute(select(Blob.content).where(Blob.digest == row["digest"])).scalar_one()
    return Download(row["name"], row["media_type"], content, row["digest"])


def clean_name(name: str) -> str:
    """A file name without folders and without characters that cannot be shown."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip() or "file"
    if len(shown) <= LONGEST_NAME:
        return shown
    stem, dot, suffix = shown.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}" if dot and len(suffix) < 20 else shown[:LONGEST_NAME]


def _media_type(given: str) -> str:
    known = re.fullmatch(
        r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}", given.lower().partition(";")[0].strip()
    )
    return known[0] if known else "application/octet-stream"


def _refused(zh: str, en: str) -> InvalidInput:
    return InvalidInput(zh, en, fields={"files": [Text(zh, en)]})
