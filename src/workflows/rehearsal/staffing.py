"""The organisation as the proof of people asks it (`definition.proofs.people`)."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import cast

from workflows.db import Base, Database
from workflows.org.importing.applying import import_organisation, preview_import, rejected
from workflows.org.loading import load_organisation
from workflows.org.organisation import Organisation

FILES = frozenset({".csv", ".xlsx"})


def organisation_of(source: Path, now: datetime) -> Organisation:
    """The organisation that a folder of CSV and XLSX files, or one such file, describes; nothing is kept of it.

    Raises RejectedImport with rows and columns where the files are wrong.
    """
    found = sorted(path for path in source.iterdir() if path.suffix in FILES) if source.is_dir() else [source]
    files = [(path.name, path.read_bytes()) for path in found]
    database = Database("sqlite://")
    try:
        Base.metadata.create_all(database.engine)
        with database.read() as session:
            preview = preview_import(session, files, now.date())
        if preview.faults:
            raise rejected(preview)
        with database.write() as session:
            import_organisation(session, files, now.date(), now)
        with database.read() as session:
            return load_organisation(session)
    finally:
        database.dispose()


class OrganisationStaff:
    """An organisation behind the questions of `definition.proofs.staff.Staff`; people are their ids. `today`: the company's day."""

    def __init__(self, organisation: Organisation, today: date) -> None:
        self._organisation = organisation
        self._today = today

    @property
    def active(self) -> Sequence[Hashable]:
        """Everybody who works here."""
        return self._organisation.active

    @property
    def positions(self) -> Mapping[str, object]:
        """All positions by key."""
        return self._organisation.positions

    @property
    def units(self) -> Mapping[str, object]:
        """All units by key."""
        return self._organisation.units

    def holders_of(self, position: str) -> Sequence[Hashable]:
        """Whoever holds a position."""
        return self._organisation.holders_of(position)

    def members_of(self, unit: str) -> Sequence[Hashable]:
        """Whoever belongs to a unit or one below it."""
        return self._organisation.members_of(unit)

    def lead_of(self, unit: str) -> Hashable | None:
        """Who leads a unit."""
        return self._organisation.lead_of(unit)

    def manager_of(self, person: Hashable) -> Hashable | None:
        """Somebody's direct manager."""
        return self._organisation.manager_of(cast(uuid.UUID, person))

    def managers_of(self, person: Hashable) -> Sequence[Hashable]:
        """The chain of managers, nearest first."""
        return self._organisation.managers_of(cast(uuid.UUID, person))

    def deputies_of(self, person: Hashable, process: str) -> Sequence[Hashable]:
        """Whoever somebody has named as a deputy for a process, in absences that are not over."""
        absences = self._organisation.absences.get(cast(uuid.UUID, person), ())
        coming = [one for one in absences if one.last_day >= self._today and (not one.scope or process in one.scope)]
        named = [one.deputy for one in coming if one.deputy is not None]
        return [deputy for deputy in named if self._organisation.people[deputy].active]

    def auditors(self) -> Sequence[Hashable]:
        """All auditors."""
        return self._organisation.auditors()

    def administrators(self) -> Sequence[Hashable]:
        """All administrators."""
        return self._organisation.administrators()

    def appraised(self) -> Sequence[Hashable]:
        """Everybody who has an appraised position."""
        people = self._organisation.people
        return [person for person in self._organisation.active if people[person].appraised_position]

    def by_login(self, login: str) -> Hashable | None:
        """Whoever signs in by this name."""
        members = self._organisation.people.values()
        return next((member.id for member in members if member.login == login and member.active), None)

    def name_of(self, person: Hashable) -> str:
        """What people call them."""
        return self._organisation.name_of(cast(uuid.UUID, person))
