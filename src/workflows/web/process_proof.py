"""What is proved of all published processes with the organisation of today, and who is the only one for what: computed once and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from workflows.definition.model import Process
from workflows.definition.proofs.absence import SinglePoint, single_points
from workflows.definition.proofs.family import Family
from workflows.definition.prove import Verdict, prove
from workflows.http import services, visit
from workflows.org.organisation import Organisation
from workflows.rehearsal.staffing import OrganisationStaff

_KEPT = 4
"""How many answers are kept: a new version of a definition or of the organisation asks anew."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The same question has the same texts, organisation and day. `organisation_id`: which object it is; a changed organisation is read
    anew, and what is kept here keeps its id from being given to another."""

    digests: tuple[str, ...]
    organisation_id: int
    today: date
    processes: Sequence[Process] = field(compare=False)
    organisation: Organisation = field(compare=False)


@dataclass(frozen=True, slots=True)
class Proved:
    """By process: the verdicts, and the tasks for which only one person is left (empty where the people are not proved)."""

    verdicts: Mapping[str, Sequence[Verdict]]
    points: Mapping[str, Sequence[SinglePoint]]


def proved(instead: Process | None = None) -> Proved:
    """The proofs of all published processes; `instead`: an older version that takes the place of the newest one of its key."""
    here = visit()
    newest = services().engine.company.store.newest(here.session)
    family = {key: found.process for key, found in newest.items()}
    if instead is not None:
        family[instead.key] = instead
    processes = tuple(family.values())
    return _proved(
        _Asked(
            tuple(process.digest for process in processes),
            id(here.organisation),
            here.calendar.day_of(here.now),
            processes,
            here.organisation,
        )
    )


@lru_cache(maxsize=_KEPT)
def _proved(asked: _Asked) -> Proved:
    staff = OrganisationStaff(asked.organisation, asked.today)
    verdicts: dict[str, list[Verdict]] = {}
    for verdict in prove(asked.processes, staff):
        verdicts.setdefault(verdict.process.key, []).append(verdict)
    points: dict[str, list[SinglePoint]] = {}
    if all(verdict.holds for found in verdicts.values() for verdict in found if verdict.key == "people"):
        for point in single_points(Family(asked.processes), staff):
            points.setdefault(point.process.key, []).append(point)
    return Proved(verdicts, points)
