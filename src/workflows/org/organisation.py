"""The organisation as one frozen value: who holds what, who leads whom, who stands in.

Loaded in a handful of statements and kept by each process until a change moves the version. Every question is answered from
memory; nothing here reads a clock or the database once the value is built.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from workflows.errors import NotFound

PersonId = uuid.UUID
K = TypeVar("K")

AUDITOR = "auditor"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """A department or group. `lead` is who was named, active or not: ask `Organisation.lead_of` who acts."""

    key: str
    zh: str
    en: str
    parent: str | None = None
    lead: PersonId | None = None

    def title(self, language: str) -> str:
        """The unit's name in `zh` or `en`."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class PositionEntry:
    """A position; its key names its scorecard."""

    key: str
    zh: str
    en: str

    def title(self, language: str) -> str:
        """The position's name in `zh` or `en`."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Member:
    """One person as rights and rules see them.

    `unit` is where they sit; `units` adds those of their positions, without parents. `manager` is who was named: ask
    `Organisation.manager_of` who acts. `roles` holds "auditor" and "administrator"; HR is membership of `human_resources`.
    """

    id: PersonId
    login: str
    name: str
    email: str | None = None
    active: bool = True
    unit: str | None = None
    units: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    appraised_position: str | None = None
    manager: PersonId | None = None
    roles: frozenset[str] = frozenset()
    language: str = "zh"
    left_on: date | None = None
    joined_on: date | None = None

    @property
    def position(self) -> str | None:
        """The appraised position, else the first one; None where they hold none."""
        return self.appraised_position or next(iter(self.positions), None)


@dataclass(frozen=True, slots=True)
class AbsencePeriod:
    """Away from `first_day` to `last_day`, both included, in the company's zone. An empty scope covers every process."""

    person: PersonId
    deputy: PersonId | None
    first_day: date
    last_day: date
    scope: frozenset[str] = frozenset()

    def covers(self, day: date, process: str | None) -> bool:
        """Whether the absence holds on `day`, for `process` (None asks about absences for every process)."""
        return self.first_day <= day <= self.last_day and (not self.scope or process in self.scope)


@dataclass(frozen=True)
class Organisation:
    """All people, units and positions at one version. Groups hold active people only, in the order of their logins."""

    version: int
    people: Mapping[PersonId, Member]
    units: Mapping[str, UnitEntry] = field(default_factory=dict)
    positions: Mapping[str, PositionEntry] = field(default_factory=dict)
    absences: Mapping[PersonId, tuple[AbsencePeriod, ...]] = field(default_factory=dict)

    def person(self, person_id: PersonId) -> Member:
        """The person with this id, active or not. Raises `NotFound`."""
        member = self.people.get(person_id)
        if member is None:
            raise NotFound(zh="没有这个人。", en="There is no such person.")
        return member

    def by_login(self, login: str) -> Member:
        """The person with this login, active or not. Raises `NotFound`."""
        member = self._logins.get(login.strip().lower())
        if member is None:
            raise NotFound(zh=f"没有账号 {login}。", en=f"There is no account {login}.")
        return member

    def name_of(self, person_id: PersonId | None) -> str:
        """The person's name, or an empty text for nobody: for lists, where an unknown person is no reason to fail."""
        member = self.people.get(person_id) if person_id else None
        return member.name if member else ""

    # -- groups -------------------------------------------------------------------------------------------------

    @cached_property
    def active(self) -> tuple[PersonId, ...]:
        """Everyone who works here now."""
        return tuple(m.id for m in sorted(self.people.values(), key=lambda m: m.login) if m.active)

    def holders_of(self, position: str) -> tuple[PersonId, ...]:
        """Who holds the position; nobody for one that does not exist."""
        return self._by_position.get(position, ())

    def members_of(self, unit: str) -> tuple[PersonId, ...]:
        """Who belongs to the unit or to a unit below it; nobody for one that does not exist."""
        return self._by_unit.get(unit, ())

    def lead_of(self, unit: str) -> PersonId | None:
        """Who leads the unit; None where nobody is named or whoever was has left."""
        entry = self.units.get(unit)
        return entry.lead if entry and entry.lead and self._is_active(entry.lead) else None

    def auditors(self) -> tuple[PersonId, ...]:
        """Who reads everything and changes nothing."""
        return self._by_role.get(AUDITOR, ())

    def administrators(self) -> tuple[PersonId, ...]:
        """Who keeps people, definitions and failed jobs."""
        return self._by_role.get(ADMINISTRATOR, ())

    def employees(self, scorecards: Collection[str]) -> tuple[PersonId, ...]:
        """Everyone active whose appraised position has a scorecard (language.md §4)."""
        return tuple(p for p in self.active if self.people[p].appraised_position in scorecards)

    # -- the line -----------------------------------------------------------------------------------------------

    def manager_of(self, person_id: PersonId) -> PersonId | None:
        """The nearest manager who still works here; None for the director."""
        return next(iter(self.managers_of(person_id)), None)

    def managers_of(self, person_id: PersonId) -> tuple[PersonId, ...]:
        """The chain of managers, nearest first, without those who left. Ends where data made by hand runs in a circle."""
        chain: list[PersonId] = []
        seen = {person_id}
        above = self._named_manager(person_id)
        while above is not None and above not in seen:
            seen.add(above)
            if self._is_active(above):
                chain.append(above)
            above = self._named_manager(above)
        return tuple(chain)

    def manages(self, manager: PersonId, person_id: PersonId) -> bool:
        """Whether `manager` stands anywhere above `person_id`."""
        return manager in self.managers_of(person_id)

    def reports_of(self, manager: PersonId) -> tuple[PersonId, ...]:
        """Who has this person as nearest acting manager."""
        return self._by_manager.get(manager, ())

    def team_of(self, manager: PersonId) -> tuple[PersonId, ...]:
        """Everyone below this person, near ones first."""
        found: list[PersonId] = []
        ring = list(self.reports_of(manager))
        while ring:
            found.extend(ring)
            known = {manager, *found}
            ring = [p for near in ring for p in self.reports_of(near) if p not in known]
        return tuple(found)

    # -- absence ------------------------------------------------------------------------------------------------

    def away_on(self, day: date) -> tuple[PersonId, ...]:
        """Everybody with an absence that covers the company's day, for whichever processes; kept for the next who asks."""
        if day not in self._away:
            self._away[day] = tuple(
                person
                for person, periods in self.absences.items()
                if any(period.first_day <= day <= period.last_day for period in periods)
            )
        return self._away[day]

    def absence_of(self, person_id: PersonId, at: date, process: str | None = None) -> AbsencePeriod | None:
        """The absence that holds on the company's day `at`: one for this process before one for all, the later before the
        earlier. A person may be away without a deputy."""
        if isinstance(at, datetime):
            raise TypeError("deputies are asked by the company's day: use Calendar.day_of(now)")
        open_now = [a for a in self.absences.get(person_id, ()) if a.covers(at, process)]
        return max(open_now, key=lambda a: (bool(a.scope), a.first_day), default=None)

    def deputy_of(self, person_id: PersonId, at: date, process: str | None = None) -> PersonId | None:
        """Who acts for an absent person on the company's day `at`, or None when the work stays with them.

        A deputy who is away as well hands on to their own deputy, if they named one. Who comes back to a person already
        passed finds nobody: the work stays where it is.
        """
        passed = {person_id}
        at_last: PersonId | None = None
        asked = person_id
        while absence := self.absence_of(asked, at, process):
            deputy = absence.deputy
            if deputy is None or not self._is_active(deputy):
                break
            if deputy in passed:
                return None
            passed.add(deputy)
            at_last = asked = deputy
        return at_last

    # -- queues -------------------------------------------------------------------------------------------------

    def units_of(self, person_id: PersonId) -> tuple[str, ...]:
        """Every unit a person belongs to: home, those of their positions, and the units above these."""
        member = self.people.get(person_id)
        named = () if member is None else ((member.unit, *member.units) if member.unit else member.units)
        return tuple(dict.fromkeys(above for unit in named for above in self._line_of(unit)))

    def queues_of(self, person_id: PersonId) -> tuple[str, ...]:
        """The queues whose open tasks are offered to this person, as canonical keys.

        `position:KEY`, `unit:KEY` (units above included), `lead_of:KEY`, `auditors`, `administrators`, `everyone`.
        Nothing for somebody who left.
        """
        member = self.people.get(person_id)
        if member is None or not member.active:
            return ()
        return (
            *(f"position:{key}" for key in member.positions),
            *(f"unit:{key}" for key in self.units_of(person_id)),
            *(f"lead_of:{key}" for key, unit in self.units.items() if unit.lead == person_id),
            *(("auditors",) if AUDITOR in member.roles else ()),
            *(("administrators",) if ADMINISTRATOR in member.roles else ()),
            "everyone",
        )

    def offers(self, queue: str, person_id: PersonId) -> bool:
        """Whether what lies in a queue is offered to this person, without listing everybody."""
        known = self._offered.get(queue)
        if known is None:
            known = self._offered[queue] = frozenset(self.people_of(queue))
        return person_id in known

    def people_of(self, queue: str) -> tuple[PersonId, ...]:
        """Who is offered what lies in a queue: the other direction of `queues_of`. Nobody for an unknown queue."""
        kind, _, key = queue.partition(":")
        lead = self.lead_of(key) if kind == "lead_of" else None
        groups: Mapping[str, tuple[PersonId, ...]] = {
            "position": self.holders_of(key),
            "unit": self.members_of(key),
            "lead_of": (lead,) if lead else (),
            "auditors": self.auditors(),
            "administrators": self.administrators(),
            "everyone": self.active,
        }
        return groups.get(kind, ())

    # -- indexes, each built once on first use ------------------------------------------------------------------

    def _is_active(self, person_id: PersonId) -> bool:
        member = self.people.get(person_id)
        return member is not None and member.active

    def _named_manager(self, person_id: PersonId) -> PersonId | None:
        member = self.people.get(person_id)
        return member.manager if member else None

    def _line_of(self, unit: str) -> Iterable[str]:
        line: dict[str, None] = {}
        at: str | None = unit
        while at is not None and at not in line:
            line[at] = None
            entry = self.units.get(at)
            at = entry.parent if entry else None
        return line

    @cached_property
    def _away(self) -> dict[date, tuple[PersonId, ...]]:
        return {}

    @cached_property
    def _offered(self) -> dict[str, frozenset[PersonId]]:
        return {}

    @cached_property
    def _logins(self) -> Mapping[str, Member]:
        return {m.login: m for m in self.people.values()}

    @cached_property
    def _by_position(self) -> Mapping[str, tuple[PersonId, ...]]:
        return _grouped((key, p) for p in self.active for key in self.people[p].positions)

    @cached_property
    def _by_unit(self) -> Mapping[str, tuple[PersonId, ...]]:
        return _grouped((key, p) for p in self.active for key in self.units_of(p))

    @cached_property
    def _by_role(self) -> Mapping[str, tuple[PersonId, ...]]:
        return _grouped((role, p) for p in self.active for role in self.people[p].roles)

    @cached_property
    def _by_manager(self) -> Mapping[PersonId, tuple[PersonId, ...]]:
        return _grouped((above, p) for p in self.active if (above := self.manager_of(p)))


def _grouped(pairs: Iterable[tuple[K, PersonId]]) -> Mapping[K, tuple[PersonId, ...]]:
    groups: defaultdict[K, list[PersonId]] = defaultdict(list)
    for key, person_id in pairs:
        groups[key].append(person_id)
    return MappingProxyType({key: tuple(ids) for key, ids in groups.items()})
