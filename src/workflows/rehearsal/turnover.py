"""Who is away, who leaves and who joins in the time of a rehearsal: drawn by seed, as files of imports with their days.

Pure. Everybody takes leave, is ill now and then and names somebody of the same lead as deputy; a small share leaves, and each of
them is followed by somebody who does the same work.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workflows.org.calendar import Calendar
from workflows.rehearsal.population import Files, Hired, Population, Row, assignment_rows, left, person_row, written

LEAVE = 3
"""Stretches of leave in a year, of so many working days each: `_LEAVE_DAYS`."""
_LEAVE_DAYS = (2, 5)
_ILL = 2
_ILL_DAYS = (1, 2)
_LEAVING = 0.07
"""Share of people who lead nobody that leaves in a year."""
_GAP = (5, 20)
"""Working days until somebody follows a leaver."""


@dataclass(frozen=True, slots=True)
class Change:
    """What human resources import on the morning of `day`."""

    day: date
    files: Files
    leaves: int = 0
    joins: int = 0


def absences(population: Population, calendar: Calendar, first: date, last: date, seed: int) -> Files:
    """Everybody's absences between two days (both included), besides those of the sample."""
    dice = random.Random(f"away {seed}")
    teams = _colleagues(population.people)
    rows = [
        row for one in population.people for row in _away(one, teams.get(one.manager, ()), calendar, first, last, dice)
    ]
    return [("absences.csv", written([*population.sample.sheets["absences"], *rows]))]


def changes(
    population: Population, calendar: Calendar, first: date, last: date, seed: int, staying: Collection[str]
) -> list[Change]:
    """Who leaves and who follows, by day. `staying`: logins of people whose story a rehearsal tells to its end."""
    dice = random.Random(f"turnover {seed}")
    leads = {one.manager for one in population.people}
    may_leave = [
        one for one in population.people if one.login not in leads and one.login not in staying and not one.roles
    ]
    days = (last - first).days
    found: dict[date, list[tuple[Hired, date | None]]] = {}
    for one in may_leave:
        if dice.random() >= _LEAVING * days / 365 or one.joined_on >= first:
            continue
        told = first + timedelta(days=dice.randrange(max(days, 1)))
        goes = told + timedelta(days=30)
        if goes > last:
            continue
        comes = calendar.add_workdays(goes, dice.randint(*_GAP))
        found.setdefault(told, []).append((one, goes))
        if comes <= last:
            found.setdefault(comes, []).append((population.hire(one, one.manager, None, comes), None))
    return [_change(day, found[day]) for day in sorted(found)]


def _change(day: date, moved: Sequence[tuple[Hired, date | None]]) -> Change:
    rows = [person_row(one) if goes is None else left(one, goes) for one, goes in moved]
    joining = [one for one, goes in moved if goes is None]
    files: Files = [("people.csv", written(rows))]
    held = [row for one in joining for row in assignment_rows(one)]
    if held:
        files.append(("assignments.csv", written(held)))
    return Change(day, files, len(moved) - len(joining), len(joining))


def _colleagues(people: Sequence[Hired]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in people:
        found.setdefault(one.manager, []).append(one.login)
    return found


def _away(
    one: Hired, colleagues: Sequence[str], calendar: Calendar, first: date, last: date, dice: random.Random
) -> Iterator[Row]:
    share = ((last - first).days + 1) / 365
    others = [login for login in colleagues if login != one.login]
    taken: list[tuple[date, date]] = []
    for why, times, (least, most) in (("年假", LEAVE, _LEAVE_DAYS), ("病假", _ILL, _ILL_DAYS)):
        for _ in range(times):
            wanted, length = dice.random(), dice.randint(least, most)
            begins = first + timedelta(days=round((last - first).days * dice.random()))
            deputy = dice.choice(others) if others else one.manager
            ends = calendar.add_workdays(begins, length - 1) if length > 1 else begins
            if wanted >= share or any(begins <= until and since <= ends for since, until in taken):
                continue
            taken.append((begins, ends))
            yield {
                "账号": one.login, "开始日期": begins.isoformat(), "结束日期": ends.isoformat(), "代办人": deputy, "流程": "", "事由": why,
            }  # fmt: skip
