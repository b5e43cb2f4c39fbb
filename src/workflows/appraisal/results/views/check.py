"""A printed result, checked by its code: is what the sheet says what was published?"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.results import chain
from workflows.appraisal.results.rights import require_staff
from workflows.appraisal.results.tables import Result
from workflows.appraisal.results.verify import faults_of
from workflows.errors import InvalidInput, NotFound, Text
from workflows.org.organisation import Organisation

PersonId = uuid.UUID


@dataclass(frozen=True, slots=True)
class Checked:
    """The version that bears a code. `newest`: the version that holds now; `faults`: empty where the chain is whole."""

    subject: PersonId
    name: str
    kind: str
    period: str
    version: int
    newest: int
    total: Decimal
    case: uuid.UUID
    digest: str
    faults: tuple[Text, ...]


def by_check_code(session: Session, organisation: Organisation, viewer: PersonId, code: str) -> Checked:
    """What bears the typed check code: two statements.

    Raises `NotAllowed` for who is neither auditor nor of human resources, `InvalidInput` for what is no code, `NotFound`.
    """
    require_staff(organisation, viewer)
    beginning = chain.read_code(code)
    if beginning is None:
        sentence = Text("核对码是 8 位，如 c81e-04d9。", "A check code has 8 characters: c81e-04d9.")
        raise InvalidInput(fields={"code": [sentence]})
    found = session.execute(select(Result.__table__).where(Result.digest.like(f"{beginning}%"))).mappings().first()
    if found is None:
        raise NotFound(
            "没有这个核对码：纸上的内容不是这里公示的。", "No result bears this code: the sheet is not of here."
        )
    rows = _versions(session, found)
    return Checked(
        found["subject_id"], organisation.name_of(found["subject_id"]), found["kind"], found["period"], found["version"],
        rows[-1]["version"], found["total"], found["case_id"], found["digest"], _faults(rows),
    )  # fmt: skip


def _versions(session: Session, one: Mapping[Any, Any]) -> list[Mapping[str, Any]]:
    """All versions of the same result, oldest first."""
    chosen = select(Result.__table__).where(
        Result.kind == one["kind"], Result.subject_id == one["subject_id"], Result.period == one["period"]
    )
    rows: Any = session.execute(chosen.order_by(Result.version)).mappings()
    return list(rows)


def _faults(rows: list[Mapping[str, Any]]) -> tuple[Text, ...]:
    pairs = zip(rows, [None, *rows], strict=False)
    return tuple(what for row, before in pairs for what in faults_of(row, before))
