"""Whose figure a row means: a person by account, mail address, staff number or unmistakable name, a unit, or the company."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.appraisal.figures.measured import PersonId
from workflows.org.organisation import Member, Organisation
from workflows.org.tables import Person
from workflows.scoring.cells import BadCell

COMPANY: Final = frozenset({"全公司", "公司", "company"})
_MOST_HINTS: Final = 50
"""Looking for the nearest name among ten thousand takes a while; a file wrong throughout is not helped by it."""


class Register:
    """Everybody by everything they are called. Made once per upload: one statement."""

    def __init__(self, session: Session, organisation: Organisation) -> None:
        self.organisation = organisation
        numbers = session.execute(select(Person.id, Person.staff_number).where(Person.staff_number.is_not(None)))
        self._numbers = {str(number).casefold(): person for person, number in numbers}
        self._hints = 0

    def person(self, text: str) -> Member:
        """Who is meant, active or not. Raises `BadCell`, with the nearest account where nobody is."""
        word = text.strip().casefold()
        for known in (self._logins, self._mails, self._numbers):
            if word in known:
                return self.organisation.people[known[word]]
        named = self._names.get(word, [])
        working = [member for member in named if member.active] or named
        if len(working) == 1:
            return working[0]
        if working:
            accounts = "、".join(member.login for member in working)
            raise BadCell(
                f"有 {len(working)} 个人叫“{text}”，请写账号：{accounts}。",
                f'{len(working)} people are called "{text}": write the account ({accounts}).',
            )
        near = self._nearest(word)
        raise BadCell(
            f"没有“{text}”这个人。{f'最接近的是 {near}。' if near else ''}",
            f'There is nobody called "{text}".{f" The nearest is {near}." if near else ""}',
        )

    def unit(self, text: str) -> str:
        """The key of a unit given by key or name. Raises `BadCell`."""
        word = text.strip().casefold()
        found = [u.key for u in self.organisation.units.values() if word in (u.key, u.zh.casefold(), u.en.casefold())]
        if len(found) == 1:
            return found[0]
        near = difflib.get_close_matches(word, self.organisation.units, n=1)
        raise BadCell(
            f"没有“{text}”这个部门。{f'最接近的是 {near[0]}。' if near else ''}",
            f'There is no unit "{text}".{f" The nearest is {near[0]}." if near else ""}',
        )

    def _nearest(self, word: str) -> str | None:
        self._hints += 1
        if self._hints > _MOST_HINTS:
            return None
        near = difflib.get_close_matches(word, [*self._logins, *self._names], n=1)
        return near[0] if near else None

    @cached_property
    def _logins(self) -> dict[str, PersonId]:
        return {member.login.casefold(): member.id for member in self._people}

    @cached_property
    def _mails(self) -> dict[str, PersonId]:
        return {member.email.casefold(): member.id for member in self._people if member.email}

    @cached_property
    def _names(self) -> dict[str, list[Member]]:
        names: defaultdict[str, list[Member]] = defaultdict(list)
        for member in self._people:
            names[member.name.casefold()].append(member)
        return dict(names)

    @property
    def _people(self) -> Iterable[Member]:
        return self.organisation.people.values()
