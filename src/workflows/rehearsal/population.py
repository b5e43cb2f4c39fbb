"""A company of any size, grown from the sample company: its groups grow in proportion, in teams with leads.

Pure and seeded: the same sample, number and seed give the same files. Everybody of the sample stays, with their login; whoever is
added does what somebody of the sample does, in a team of the same unit. The sample's own number of people gives the sample itself.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

SPAN = 7
"""Most people and most teams that one lead has."""

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤"
_GIVEN = "子涵雨轩梓欣浩然诗雅俊杰思远佳怡明哲若曦宇航晓彤嘉豪静文博睿婉清志强雪琪天成安琪建国丽娜云帆书瑶立新春燕一鸣可心家乐秋实景行慧敏承泽念慈"
_FIRST_JOINED, _LAST_JOINED = date(2018, 1, 1), date(2025, 10, 31)

Row = dict[str, str]
Files = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Hired:
    """Somebody of the company. `like`: whose work of the sample they do; `held`: (position, unit, appraised) as files write it."""

    login: str
    name: str
    like: str
    unit: str
    manager: str
    joined_on: date
    number: str
    roles: str = ""
    held: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """A new unit below one of the sample's, under its lead."""

    key: str
    zh: str
    en: str
    parent: str
    lead: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample company's own files, by sheet."""

    sheets: dict[str, list[Row]]

    @classmethod
    def read(cls, folder: Path) -> Sample:
        """The CSV files of `folder`, each a sheet of its name."""
        return cls({file.stem: _rows(file) for file in sorted(folder.glob("*.csv"))})

    def people(self) -> Iterator[Hired]:
        """Everybody, in the order of the file."""
        held: dict[str, list[tuple[str, str, str]]] = {}
        for row in self.sheets["assignments"]:
            held.setdefault(row["账号"], []).append((row["岗位"], row["部门"], row["考核岗位"]))
        for row in self.sheets["people"]:
            login = row["账号"]
            yield Hired(
                login, row["姓名"], login, row["部门"], row["上级"], date.fromisoformat(row["入职日期"]), row["工号"], row["角色"],
                tuple(held.get(login, ())),
            )  # fmt: skip


@dataclass(slots=True)
class Population:
    """A company in the making; `people` and `teams` in the order in which they came."""

    sample: Sample
    dice: random.Random
    people: list[Hired] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)

    def hire(self, like: Hired, manager: str, team: Team | None, joined_on: date | None = None) -> Hired:
        """One more who works like somebody of the sample, under `manager`."""
        number = len(self.people) + 1
        unit = like.unit if team is None else team.key
        days = (_LAST_JOINED - _FIRST_JOINED).days
        hired = Hired(
            f"m{number:04}", _name(self.dice), like.like, unit, manager,
            joined_on or _FIRST_JOINED + timedelta(days=self.dice.randrange(days)), f"M{number:04}", "",
            tuple((position, unit if place == like.unit else place, yes) for position, place, yes in like.held),
        )  # fmt: skip
        self.people.append(hired)
        return hired

    def files(self) -> Files:
        """The company as files of an import."""
        old = set(self.sample_logins())
        new = [one for one in self.people if one.login not in old]
        sheets = {
            "positions": self.sample.sheets["positions"],
            "units": [*self.sample.sheets["units"], *map(_unit_row, self.teams)],
            "people": [*self.sample.sheets["people"], *map(person_row, new)],
            "assignments": [*self.sample.sheets["assignments"], *(row for one in new for row in assignment_rows(one))],
            "duties": self.sample.sheets["duties"],
            "absences": self.sample.sheets["absences"],
        }
        return [(f"{name}.csv", written(rows)) for name, rows in sheets.items()]

    def sample_logins(self) -> list[str]:
        """Who comes from the sample itself."""
        return [row["账号"] for row in self.sample.sheets["people"]]


def grown(folder: Path, people: int, seed: int) -> Population:
    """The sample company of `folder` with `people` people. Raises `ValueError` for fewer than the sample has."""
    sample = Sample.read(folder)
    population = Population(sample, random.Random(f"people {seed}"), list(sample.people()))
    missing = people - len(population.people)
    if missing < 0:
        raise ValueError(f"the sample company has {len(population.people)} people already")
    groups = _groups(population.people)
    for group, more in zip(groups, _shares(missing, [1 + len(members) for _, members in groups]), strict=True):
        _grow(population, *group, more)
    return population


def _groups(people: Sequence[Hired]) -> list[tuple[Hired, list[Hired]]]:
    """Leads with those below them who lead nobody: what grows. Whoever leads only leads stays alone."""
    by_login = {one.login: one for one in people}
    members: dict[str, list[Hired]] = {}
    leads = {one.manager for one in people}
    for one in people:
        if one.login not in leads and one.manager in by_login:
            members.setdefault(one.manager, []).append(one)
    top = {one.login for one in people if not one.manager}
    return [(by_login[lead], found) for lead, found in members.items() if lead not in top]


def _shares(whole: int, weights: Sequence[int]) -> list[int]:
    """`whole` in proportion to `weights`, in whole numbers: the largest remainders get one more."""
    total = sum(weights)
    exact = [whole * weight for weight in weights]
    shares = [part // total for part in exact]
    order = sorted(range(len(weights)), key=lambda place: (-(exact[place] % total), place))
    for place in order[: whole - sum(shares)]:
        shares[place] += 1
    return shares


def _grow(population: Population, lead: Hired, members: Sequence[Hired], more: int) -> None:
    """Fill the group's own team, then new ones, each with a lead; teams of teams where there are many."""
    kinds = _turns(members)
    for _ in range(min(more, max(SPAN - len(members), 0))):
        population.hire(next(kinds), lead.login, None)
        more -= 1
    leads = [lead.login]
    while more > 0:
        above = leads[(len(leads) - 1) // SPAN]
        first = population.hire(lead, above, None)
        leads.append(first.login)
        more -= 1
        teams: dict[str, Team] = {}
        for _ in range(min(more, SPAN)):
            like = next(kinds)
            team = teams.get(like.unit) or _team(population, like.unit, first)
            teams[like.unit] = team
            population.hire(like, first.login, team)
            more -= 1


def _turns(members: Sequence[Hired]) -> Iterator[Hired]:
    while True:
        yield from members


def _team(population: Population, parent: str, lead: Hired) -> Team:
    row = next(row for row in population.sample.sheets["units"] if row["代码"] == parent)
    known = sum(1 for team in population.teams if team.parent == parent) + 2
    team = Team(f"{parent}_{known:03}", f"{row['名称']} {known} 队", f"{row['英文名称']} {known}", parent, lead.login)
    population.teams.append(team)
    return team


def _name(dice: random.Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, dice.choice((1, 2, 2, 2))))


def person_row(one: Hired, left_on: date | None = None) -> Row:
    """Somebody as the file of people writes them."""
    return {
        "账号": one.login, "姓名": one.name, "工号": one.number,
        "邮箱": f"{one.login}@example.com", "部门": one.unit, "上级": one.manager, "入职日期": one.joined_on.isoformat(),
        "离职日期": left_on.isoformat() if left_on is not None else "", "角色": one.roles, "语言": "zh",
    }  # fmt: skip


def assignment_rows(one: Hired) -> list[Row]:
    """What somebody does, as the file of assignments writes it."""
    return [
        {"账号": one.login, "岗位": position, "部门": unit, "考核岗位": appraised}
        for position, unit, appraised in one.held
    ]


def _unit_row(team: Team) -> Row:
    return {"代码": team.key, "名称": team.zh, "英文名称": team.en, "上级部门": team.parent, "负责人": team.lead}


def written(rows: Iterable[Row]) -> bytes:
    """Rows as a CSV file that an import reads."""
    found = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue().encode()


def _rows(file: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def left(one: Hired, on: date) -> Row:
    """Somebody who leaves, as the file of people writes them."""
    return person_row(replace(one), on)
