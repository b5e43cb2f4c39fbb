"""Understand the rows of an import and find everything that is wrong with them, row by row and taken together."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from workflows.errors import Text
from workflows.org.importing.cells import BadCell, Value, parse
from workflows.org.importing.columns import KINDS, PEOPLE, UNITS, SheetKind
from workflows.org.importing.sheets import Fault, Reading, Sheet, SheetRow
from workflows.org.importing.stored import BLANKS, Key, Stored, Values
from workflows.org.organisation import ADMINISTRATOR

# A cell that names a row of another sheet: there, or in the database already.
_REFERENCES: Final[Mapping[str, Mapping[str, str]]] = {
    "units": {"parent": "units", "lead": "people"},
    "people": {"unit": "units", "manager": "people"},
    "assignments": {"login": "people", "position": "positions", "unit": "units"},
    "duties": {"position": "positions"},
    "absences": {"login": "people", "deputy": "people"},
}

# Looking for the nearest name takes a while among ten thousand; a file that is wrong throughout is not helped by it.
_MOST_HINTS: Final = 100


@dataclass(frozen=True, slots=True)
class WantedRow:
    """A row that was understood: the values its sheet has columns for, key included."""

    sheet: Sheet
    row: SheetRow
    values: Values

    def fault(self, column: str, zh: str, en: str) -> Fault:
        """A fault in one of its cells."""
        return self.sheet.fault(self.row, column, Text(zh, en))


@dataclass(slots=True)
class Wanted:
    """What the files ask for, by kind and key, and every fault that was found."""

    rows: dict[str, dict[Key, WantedRow]] = field(default_factory=lambda: {kind.name: {} for kind in KINDS})
    faults: list[Fault] = field(default_factory=list)
    # Names of rows that were not understood: whoever refers to them is not blamed as well.
    broken: set[tuple[str, str]] = field(default_factory=set)


def check(reading: Reading, stored: Stored, today: date) -> Wanted:
    """Understand all rows. `today`: the company's day, for who has left already."""
    wanted = Wanted(faults=list(reading.faults))
    for kind in KINDS:
        if sheet := reading.sheets.get(kind.name):
            _take_rows(wanted, kind, sheet, stored)
    after = {kind.name: _after(kind, wanted, stored) for kind in KINDS}
    for kind in KINDS:
        wanted.faults += _unknown_names(kind, wanted, after)
    wanted.faults += _circles(UNITS, "parent", wanted, after)
    wanted.faults += _circles(PEOPLE, "manager", wanted, after)
    wanted.faults += _double(wanted, after, "email")
    wanted.faults += _double(wanted, after, "staff_number")
    wanted.faults += _directors(wanted, today)
    wanted.faults += _two_appraised(wanted)
    wanted.faults += _absences(wanted)
    wanted.faults += _no_administrator(wanted, after, stored, today)
    order = {kind.name: i for i, kind in enumerate(KINDS)}
    places = {sheet.file: order[name] for name, sheet in reading.sheets.items()}
    wanted.faults.sort(key=lambda f: (places.get(f.file, -1), f.file, f.row))
    return wanted


def _take_rows(wanted: Wanted, kind: SheetKind, sheet: Sheet, stored: Stored) -> None:
    times = Counter(row.cells[kind.key[0]].casefold() for row in sheet.rows)
    for row in sheet.rows:
        values, faults = _understood(sheet, row)
        wanted.faults += faults
        if faults:
            wanted.broken.add((kind.name, row.cells[kind.key[0]].casefold()))
            continue
        if kind.name == "assignments":
            only = times[row.cells["login"].casefold()] == 1
            _complete_assignment(wanted, sheet, row, values, stored, only)
        key: Key = tuple(values.get(column) for column in kind.key)
        first = wanted.rows[kind.name].get(key)
        if first is not None:
            zh, en = f"与第 {first.row.number} 行重复。", f"The same as row {first.row.number}."
            wanted.faults.append(sheet.fault(row, kind.key[0], Text(zh, en)))
        else:
            wanted.rows[kind.name][key] = WantedRow(sheet, row, values)


def _understood(sheet: Sheet, row: SheetRow) -> tuple[Values, list[Fault]]:
    values: Values = {}
    faults: list[Fault] = []
    for name, cell in row.cells.items():
        try:
            values[name] = parse(sheet.kind.name, name, cell) if cell else BLANKS[sheet.kind.name].get(name)
        except BadCell as bad:
            faults.append(sheet.fault(row, name, bad.text))
        if not cell and sheet.kind.column(name).required:
            faults.append(sheet.fault(row, name, Text("必须填写。", "This must be filled.")))
    return values, faults


def _complete_assignment(
    wanted: Wanted, sheet: Sheet, row: SheetRow, values: Values, stored: Stored, only: bool
) -> None:
    """Without a unit of its own a position is held in the person's unit; an only position is the appraised one."""
    login = values["login"]
    if not values.get("unit"):
        person = wanted.rows["people"].get((login,))
        known = person.values if person and "unit" in person.values else stored.rows["people"].get((login,), {})
        values["unit"] = known.get("unit")
        if values["unit"] is None:
            text = Text("本人没有部门，这里要写明。", "The person has no unit: name one here.")
            wanted.faults.append(Fault(sheet.file, row.number, sheet.kind.column("unit").heading, text))
    if not row.cells.get("appraised"):
        values["appraised"] = only


def _after(kind: SheetKind, wanted: Wanted, stored: Stored) -> dict[Key, Values]:
    """The rows as they would stand after the import."""
    rows = {key: dict(values) for key, values in stored.rows[kind.name].items()}
    for key, row in wanted.rows[kind.name].items():
        rows[key] = {**BLANKS[kind.name], **rows.get(key, {}), **row.values}
    return rows


def _unknown_names(kind: SheetKind, wanted: Wanted, after: Mapping[str, Mapping[Key, Values]]) -> Iterable[Fault]:
    for column, target in _REFERENCES.get(kind.name, {}).items():
        known = after[target]
        for row in wanted.rows[kind.name].values():
            name = row.values.get(column)
            if name is not None and (name,) not in known and (target, name) not in wanted.broken:
                zh, en = _nearest(str(name), known) if len(wanted.faults) < _MOST_HINTS else ("", "")
                yield row.fault(column, f"没有“{name}”。{zh}", f'There is no "{name}".{en}')


def _nearest(name: str, known: Iterable[Key]) -> tuple[str, str]:
    near = difflib.get_close_matches(name, [str(key[0]) for key in known], n=1)
    return (f"最接近的是 {near[0]}。", f" The nearest is {near[0]}.") if near else ("", "")


def _circles(
    kind: SheetKind, column: str, wanted: Wanted, after: Mapping[str, Mapping[Key, Values]]
) -> Iterable[Fault]:
    above = {key[0]: values.get(column) for key, values in after[kind.name].items()}
    for key, row in wanted.rows[kind.name].items():
        at, seen = above.get(key[0]), {key[0]}
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at == key[0]:
            yield row.fault(column, f"绕回到了“{at}”自己。", f'This leads back to "{at}".')


def _double(wanted: Wanted, after: Mapping[str, Mapping[Key, Values]], column: str) -> Iterable[Fault]:
    owners: dict[Value, Key] = {}
    rows = wanted.rows["people"]
    for key, values in after["people"].items():
        value = values.get(column)
        if value is None:
            continue
        first = owners.setdefault(value, key)
        # Of two the one is told that the file names; where it names both, the second.
        told, other = (key, first) if key in rows else (first, key)
        if first != key and told in rows:
            yield rows[told].fault(column, f"“{value}”已属于 {other[0]}。", f'"{value}" belongs to {other[0]}.')


def _directors(wanted: Wanted, today: date) -> Iterable[Fault]:
    """Every person but the director has a manager (requirements.md §2)."""
    alone = [
        row
        for row in wanted.rows["people"].values()
        if "manager" in row.values and row.values["manager"] is None and _works(row.values, today)
    ]
    for row in alone[1:]:
        first = alone[0].row.number
        yield row.fault(
            "manager",
            f"除最高负责人外，每人都要有上级；第 {first} 行已经没有上级。",
            f"Everyone but the director has a manager, and row {first} has none already.",
        )


def _two_appraised(wanted: Wanted) -> Iterable[Fault]:
    first: dict[Value, int] = {}
    for row in wanted.rows["assignments"].values():
        if row.values.get("appraised"):
            number = first.setdefault(row.values["login"], row.row.number)
            if number != row.row.number:
                yield row.fault(
                    "appraised",
                    f"每人只有一个考核岗位，第 {number} 行已是。",
                    f"One position of a person is the appraised one, and row {number} is.",
                )


def _absences(wanted: Wanted) -> Iterable[Fault]:
    for row in wanted.rows["absences"].values():
        first, last = row.values.get("first_day"), row.values.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            yield row.fault("last_day", "结束日期早于开始日期。", "It ends before it begins.")
        if row.values.get("deputy") == row.values["login"]:
            yield row.fault("deputy", "代办人不能是本人。", "Nobody stands in for themselves.")


def _no_administrator(
    wanted: Wanted, after: Mapping[str, Mapping[Key, Values]], stored: Stored, today: date
) -> Iterable[Fault]:
    before = any(ADMINISTRATOR in _roles(stored.rows["people"][(login,)]) for login in stored.active)
    left = any(ADMINISTRATOR in _roles(values) and _works(values, today) for values in after["people"].values())
    touched = next(iter(wanted.rows["people"].values()), None)
    if before and not left and touched is not None:
        text = Text("导入后将没有任何管理员。", "Nobody would be administrator any more.")
        yield Fault(touched.sheet.file, 0, "", text)


def _roles(values: Values) -> tuple[str, ...]:
    roles = values.get("roles")
    return roles if isinstance(roles, tuple) else ()


def _works(values: Values, today: date) -> bool:
    left = values.get("left_on")
    return not isinstance(left, date) or left > today
