"""How long definitions take to be read and proved: `python -m benchmarks.definitions`.

All shipped definitions with the sample company, then so many people as are named (default 40 and 1,000), and sixty copies of one long
definition alone. CPU seconds, best of three.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import click

from workflows.definition.load import load_folder, load_text
from workflows.definition.proofs.absence import single_points
from workflows.definition.proofs.family import Family
from workflows.definition.prove import prove
from workflows.org.organisation import Organisation
from workflows.rehearsal.staffing import OrganisationStaff, organisation_of
from workflows.settings import project_folder

NOW = date(2026, 11, 2)
TIMES = 3
COPIES = 60


def main(sizes: list[int]) -> None:
    """Print a line for each measurement."""
    folder = project_folder("definitions")
    processes = load_folder(folder)
    company = organisation_of(project_folder("sample") / "company", datetime(2026, 11, 2, tzinfo=UTC))
    _said(f"read {len(processes)} definitions", lambda: load_folder(folder))
    _said(f"prove {len(processes)} definitions", lambda: prove(processes))
    for size in sizes:
        staff = OrganisationStaff(_grown(company, size), NOW)
        _said(f"prove that {size} people can do every task", lambda staff=staff: prove(processes, staff))
        _said(f"find the single points among {size}", lambda staff=staff: single_points(Family(processes), staff))
    text = (folder / "marketing" / "campaign.yaml").read_text(encoding="utf-8")
    copies = [text.replace("process: campaign", f"process: campaign_{number}") for number in range(COPIES)]
    _said(f"read {COPIES} long definitions", lambda: [load_text(one, "campaign.yaml") for one in copies])


def _grown(company: Organisation, size: int) -> Organisation:
    """The company with so many more people like those at the end of its lines as are missing."""
    people = dict(company.people)
    managers = {member.manager for member in people.values()}
    ends = [member for member in people.values() if member.id not in managers and member.positions]
    for number in range(size - len(people)):
        twin = ends[number % len(ends)]
        fresh = uuid.UUID(int=number + 1)
        people[fresh] = replace(twin, id=fresh, login=f"{twin.login}{number}", name=f"{twin.name}{number}")
    return replace(company, people=people)


def _said(what: str, work: Callable[[], object]) -> None:
    best = min(_measured(work) for _ in range(TIMES))
    click.echo(f"{best:8.2f} s  {what}")


def _measured(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [40, 1000])
