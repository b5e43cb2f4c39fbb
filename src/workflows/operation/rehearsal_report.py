"""What comes after a rehearsal: its history is verified as that of a real installation, and its report is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.appraisal.results.verify import verify as verify_results
from workflows.db import Database
from workflows.operation import verifying
from workflows.operation.rehearsing import Rehearsed
from workflows.rehearsal.findings import find
from workflows.rehearsal.page import About, report
from workflows.reports.span import span_of_days


@dataclass(frozen=True, slots=True)
class History:
    """How many cases and records were checked, and how many of them (results of appraisals included) are not as they were written."""

    cases: int
    events: int
    faults: int


def verified(database: Database) -> History:
    """Check every chain of the rehearsal's database, as `workflows history verify` does."""
    history = verifying.verified(database)
    with database.read() as session:
        results = verify_results(session)
    return History(history.cases, history.events, len(history.faults) + len(results.faults))


def written(rehearsed: Rehearsed, history: History, first: date, last: date, language: str) -> str:
    """The report as one HTML page in `zh` or `en`."""
    engine = rehearsed.engine
    with rehearsed.database.read() as session:
        calendar = engine.calendar(session)
        scene = engine.scene(session, calendar.end_of(last))
        expected = {one.process: one.expected for one in rehearsed.result.processes if one.expected is not None}
        findings = find(session, scene, span_of_days(first, last, calendar), expected)
    about = About(
        rehearsed.people, rehearsed.seed, sum(change.joins for change in rehearsed.changes), sum(change.leaves for change in rehearsed.changes),
        rehearsed.refused, history.cases, history.events, history.faults,
    )  # fmt: skip
    return report(findings, rehearsed.result, about, language)
