"""What the tests of refused definitions share: a small company, and everything that is said against a text."""

from __future__ import annotations

import uuid
from datetime import date

from workflows.definition.load import load_text
from workflows.definition.prove import prove
from workflows.document.problems import DefinitionErrors
from workflows.errors import DefinitionError
from workflows.org.organisation import Member, Organisation, PositionEntry, UnitEntry
from workflows.rehearsal.staffing import OrganisationStaff

BOSS, LEAD, SPECIALIST, OTHER, ANALYST = (uuid.UUID(int=number) for number in range(1, 6))

_PEOPLE = (
    Member(BOSS, "wang", "王总监", positions=("director",), unit="operations", units=("operations",)),
    Member(LEAD, "li", "李主管", positions=("supervisor",), unit="operations", units=("operations",), manager=BOSS),
    Member(
        SPECIALIST, "zhao", "赵专员", positions=("specialist",), unit="operations", units=("operations",), manager=LEAD
    ),
    Member(OTHER, "qian", "钱专员", positions=("specialist",), unit="operations", units=("operations",), manager=LEAD),
    Member(ANALYST, "chen", "陈专员", positions=("analyst",), unit="operations", units=("operations",), manager=LEAD),
)

COMPANY = OrganisationStaff(
    Organisation(
        version=1,
        people={member.id: member for member in _PEOPLE},
        units={"operations": UnitEntry("operations", "运营部", "Operations", lead=BOSS)},
        positions={
            key: PositionEntry(key, key, key) for key in ("director", "supervisor", "specialist", "analyst", "vacant")
        },
    ),
    date(2026, 11, 2),
)
"""A director, the supervisor below, two specialists and one analyst below her; the position `vacant` is held by nobody."""


FIGURES = {"uv": "persons", "paid_orders": "count", "sales": "CNY", "conversion": "percent"}
"""What is measured there."""


def refuse(text: str, file: str) -> list[tuple[str, DefinitionError]]:
    """Everything that the loader (`load`) or a proof (its key) has against a text, in the order of lines."""
    try:
        processes = load_text(text, file)
    except DefinitionErrors as errors:
        return [("load", error) for error in errors.errors]
    verdicts = prove(processes, COMPANY, figures=FIGURES)
    found = [(verdict.key, finding.error()) for verdict in verdicts for finding in verdict.findings]
    return sorted(found, key=lambda pair: (pair[1].line or 0, pair[0]))
