"""Are the published results whole? Every digest, every chain of versions, and that each belongs to an appraisal."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from workflows.appraisal.results import chain
from workflows.appraisal.results.tables import Result
from workflows.appraisal.results.views.processes import recording
from workflows.engine.definitions import DefinitionStore
from workflows.engine.tables import Case
from workflows.errors import Text

BATCH = 500
"""Results read at once."""


@dataclass(frozen=True, slots=True)
class ResultFault:
    """One version that is not as it was written. `result`: its id; of a result that is not there the case's, with version 0."""

    result: uuid.UUID
    subject: uuid.UUID
    period: str
    version: int
    what: Text


@dataclass(slots=True)
class ResultReport:
    """What was looked at and what is wrong; empty `faults` mean that every result is whole."""

    results: int = 0
    faults: list[ResultFault] = field(default_factory=list)


def verify(session: Session) -> ResultReport:
    """Check every result in batches by key; memory does not grow with their number."""
    report = ResultReport()
    before: Mapping[str, Any] | None = None
    for row in _rows(session):
        report.results += 1
        same = before is not None and _key(before) == _key(row)
        for what in faults_of(row, before if same else None):
            report.faults.append(ResultFault(row["id"], row["subject_id"], row["period"], row["version"], what))
        before = row
    report.faults += _missing(session)
    return report


def _missing(session: Session) -> Iterator[ResultFault]:
    """Appraisals that were published and have no result: a chain does not tell that all of it was cut away."""
    processes = {key: one.process for key, one in DefinitionStore().newest(session).items()}
    keys = [*recording(processes, "month"), *recording(processes, "year")]
    published = {
        key: {name for name, state in processes[key].states.items() if "result" in state.enter.records} for key in keys
    }
    chosen = select(
        Case.id, Case.subject_id, Case.process, Case.entries, Case.data["period"].as_string().label("period")
    )
    for row in session.execute(chosen.where(Case.process.in_(keys), Case.id.not_in(select(Result.case_id)))):
        if row.subject_id is not None and published[row.process] & row.entries.keys():
            yield ResultFault(
                row.id,
                row.subject_id,
                str(row.period),
                0,
                Text("公示过，结果却不见了", "it was published, and the result is gone"),
            )


def faults_of(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> Iterator[Text]:
    """What is wrong with one version. `before`: the version it follows, None for the first; `row` may carry its case's `subject`."""
    expected = 1 if before is None else before["version"] + 1
    if row["version"] != expected:
        yield Text(f"缺第 {expected} 版", f"version {expected} is missing")
    if row["prev_digest"] != (chain.FIRST if before is None else before["digest"]):
        yield Text("与上一版接不上", "it does not continue the version before")
    if chain.digest_of(row) != row["digest"]:
        yield Text("结果被改过", "the result was changed")
    if json.loads(row["detail"]).get("total", str(row["total"])) != str(row["total"]):
        yield Text("得分与明细不符", "the total is not that of its lines")
    if row.get("case_subject") not in (None, row["subject_id"]):
        yield Text("它不属于这个人的考核", "it does not belong to an appraisal of this person")


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["kind"], row["subject_id"], row["period"])


def _rows(session: Session) -> Iterator[Mapping[str, Any]]:
    order = (Result.kind, Result.subject_id, Result.period, Result.version)
    last: tuple[Any, ...] | None = None
    while True:
        chosen: Select[Any] = (
            select(Result.__table__, Case.subject_id.label("case_subject"))
            .join(Case, Case.id == Result.case_id)
            .order_by(*order)
            .limit(BATCH)
        )
        if last is not None:
            chosen = chosen.where(tuple_(*order) > tuple_(*last))
        found: Any = session.execute(chosen).mappings().all()
        yield from found
        if len(found) < BATCH:
            return
        last = (found[-1]["kind"], found[-1]["subject_id"], found[-1]["period"], found[-1]["version"])
