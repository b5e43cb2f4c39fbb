"""Understand given figures and find everything that is wrong with them: cell by cell, with what is known, and taken together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy.orm import Session

from workflows.appraisal.figures.closing import closed_months
from workflows.appraisal.figures.intake.columns import unknown
from workflows.appraisal.figures.intake.given import Fault, Given
from workflows.appraisal.figures.intake.standards import Standards
from workflows.appraisal.figures.intake.whose import COMPANY, Register
from workflows.appraisal.figures.lookup import measured
from workflows.appraisal.figures.meaning import Catalogue
from workflows.appraisal.figures.measured import PersonId
from workflows.appraisal.figures.store import AT_ONCE, FigureInput, Key, Progress, Value, closed_sentence
from workflows.errors import Text
from workflows.org.organisation import Member
from workflows.scoring.catalogue import FigureName
from workflows.scoring.cells import BadCell, read_choice, read_figure, read_month

MOST_FAULTS = 1000
"""A file that is wrong throughout is not helped by more."""


@dataclass(slots=True)
class Checked:
    """What was understood, with where it stood; and every fault. With any fault nothing is taken."""

    inputs: list[tuple[Given, FigureInput]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check(session: Session, given: Sequence[Given], standards: Standards, progress: Progress | None = None) -> Checked:
    """Understand all figures. A fixed number of statements, however many there are. `progress`: told how many are understood."""
    found = Checked()
    reader = _Reader(Register(session, standards.organisation), standards)
    first: dict[Key, Given] = {}
    for number, one in enumerate(given):
        if progress is not None and number % AT_ONCE == 0:
            progress(number, len(given))
        try:
            key, value = reader.read(one)
        except _Faulty as bad:
            found.faults.extend(bad.faults)
            continue
        before = first.setdefault(key, one)
        if before is not one:
            found.faults.append(_twice(one, before))
        else:
            found.inputs.append((one, FigureInput(key, value)))
    if progress is not None:
        progress(len(given), len(given))
    found.faults += _closed(session, found.inputs)
    found.faults += _impossible(session, found.inputs, standards)
    found.faults = sorted(found.faults, key=lambda fault: (fault.file, fault.row))[:MOST_FAULTS]
    return found


class _Faulty(Exception):
    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


class _Reader:
    """Understands one figure after the other. A row's person and month are understood, and blamed, once."""

    def __init__(self, register: Register, standards: Standards) -> None:
        self._register = register
        self._standards = standards
        self._this_month = f"{standards.today:%Y-%m}"
        self._rows: dict[tuple[str, int], tuple[PersonId | None, str | None, str] | None] = {}

    def read(self, given: Given) -> tuple[Key, Value]:
        """Raises `_Faulty`."""
        faults: list[Fault] = []
        place = (given.place, given.row)
        if place not in self._rows:
            self._rows[place] = self._row(given, faults)
        row = self._rows[place]
        name, value = self._value(given, row[2] if row is not None else "", faults)
        if faults or row is None:
            raise _Faulty(faults)
        person, unit, month = row
        return Key(person, unit, month, name), value

    def _row(self, given: Given, faults: list[Fault]) -> tuple[PersonId | None, str | None, str] | None:
        whose, when = given.columns
        member = unit = month = None
        try:
            member, unit = self._whose(given)
        except BadCell as bad:
            faults.append(given.fault(bad.message.zh, bad.message.en, whose))
        try:
            month = self._month(given, member)
        except BadCell as bad:
            faults.append(given.fault(bad.message.zh, bad.message.en, when))
        return None if faults or month is None else (member.id if member else None, unit, month)

    def _whose(self, given: Given) -> tuple[Member | None, str | None]:
        if not given.person and given.unit:
            return None, self._register.unit(given.unit)
        if not given.person:
            raise BadCell("没有写是谁的。", "It does not say whose this is.")
        if given.person.casefold() in COMPANY:
            return None, None
        member = self._register.person(given.person)
        if member.id == self._standards.actor:
            raise BadCell("自己的数据由别人录入。", "Nobody enters figures of their own: a colleague does.")
        if given.alias and given.alias.casefold() != member.name.casefold():
            raise BadCell(
                f"账号 {member.login} 是{member.name}，不是{given.alias}。",
                f"The account {member.login} is {member.name}, not {given.alias}.",
            )
        return member, None

    def _month(self, given: Given, member: Member | None) -> str:
        month = read_month(given.month)
        if month > self._this_month:
            raise BadCell(f"{month} 还没有到。", f"{month} has not begun yet.")
        if member is not None and member.left_on is not None and f"{member.left_on:%Y-%m-%d}" <= f"{month}-01":
            raise BadCell(
                f"{member.name} 在 {month} 之前已离职（{member.left_on}）。",
                f"{member.name} had left before {month} ({member.left_on}).",
            )
        if member is not None and member.joined_on is not None and f"{member.joined_on:%Y-%m}" > month:
            raise BadCell(
                f"{member.name} 在 {month} 还没有入职（{member.joined_on}）。",
                f"{member.name} had not joined in {month} (but on {member.joined_on}).",
            )
        return month

    def _value(self, given: Given, month: str, faults: list[Fault]) -> tuple[str, Value]:
        catalogue, name = self._standards.catalogue, given.name.strip()
        parameter = catalogue.parameters.get(name)
        figure = catalogue.get(name)
        try:
            if parameter is not None:
                return name, read_choice(given.value, parameter)
            if figure is None or figure.retired:
                text = unknown(name, catalogue, catalogue.parameters)
                raise BadCell(text.zh, text.en)
            if month and not self._standards.by_hand and name in self._standards.counted(month):
                text = counted_sentence(figure)
                raise BadCell(text.zh, text.en)
            return name, read_figure(given.value, figure)
        except BadCell as bad:
            faults.append(given.fault(bad.message.zh, bad.message.en))
            return name, None


def counted_sentence(figure: FigureName) -> Text:
    """Why a figure that this system counts is not taken from a file."""
    return Text(
        f"“{figure.title.zh}”由系统自己统计，不能导入；统计有误时由人力资源写明理由更正。",
        f"{figure.name} is counted by this system and is not taken from files; human resources may correct it with a reason.",
    )


def _twice(one: Given, before: Given) -> Fault:
    if one.place == before.place:
        return one.fault(f"与第 {before.row} 行重复。", f"The same as in row {before.row}.")
    return one.fault(
        f"与 {before.place} 第 {before.row} 行重复。", f"The same as in row {before.row} of {before.place}."
    )


def _closed(session: Session, inputs: Collection[tuple[Given, FigureInput]]) -> Iterator[Fault]:
    people = {one.key.person for _, one in inputs if one.key.person is not None}
    closed = closed_months(session, people, {one.key.month for _, one in inputs})
    blamed: set[tuple[str, int]] = set()
    for given, one in inputs:
        if (one.key.person, one.key.month) in closed and (given.place, given.row) not in blamed:
            blamed.add((given.place, given.row))
            text = closed_sentence(one.key.month)
            yield given.fault(text.zh, text.en, given.columns[1])


def _impossible(
    session: Session, inputs: Collection[tuple[Given, FigureInput]], standards: Standards
) -> Iterator[Fault]:
    """Figures of one person and month that cannot be true together, what is stored already included."""
    catalogue = standards.catalogue
    bound = _bound(catalogue)
    months: dict[str, dict[PersonId, dict[str, tuple[Given, Decimal]]]] = {}
    for given, one in inputs:
        if one.key.person is not None and isinstance(one.value, Decimal) and one.key.name in bound:
            months.setdefault(one.key.month, {}).setdefault(one.key.person, {})[one.key.name] = (given, one.value)
    for month, people in months.items():
        names = {other for own in people.values() for name in own for other in bound[name]}
        stored = measured(session, standards.organisation, people, month, names, catalogue)
        for person, own in people.items():
            values = {name: figure.value for name, figure in stored[person].items()}
            values |= {name: value for name, (_, value) in own.items()}
            yield from _contradictions(catalogue, own, values)


def _bound(catalogue: Catalogue) -> Mapping[str, set[str]]:
    """Each figure that is part of another, or has parts → all it is held against."""
    bound: dict[str, set[str]] = {}
    for name, entry in catalogue.items():
        for other in (entry.part_of, entry.sum_over):
            if other is not None:
                bound.setdefault(name, {name}).add(other)
                bound.setdefault(other, {other}).add(name)
    return bound


def _contradictions(
    catalogue: Catalogue, own: Mapping[str, tuple[Given, Decimal]], values: Mapping[str, Decimal]
) -> Iterator[Fault]:
    for name, text in catalogue.contradictions(values).items():
        entry = catalogue[name]
        mine = next((one for one in (name, entry.part_of, entry.sum_over) if one in own), None)
        if mine is not None:
            title = entry.title
            yield own[mine][0].fault(
                f"“{title.zh}”{text.zh}" if mine != name else text.zh, f"{name}: {text.en}" if mine != name else text.en
            )
