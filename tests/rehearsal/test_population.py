"""The sample company at any size: in proportion, in teams, the same for the same seed, and fit to be imported."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from workflows.org.calendar import Calendar
from workflows.rehearsal.population import SPAN, Population, grown
from workflows.rehearsal.turnover import absences, changes
from workflows.settings import Settings, project_folder

FOLDER = project_folder("sample") / "company"
CALENDAR = Calendar.from_settings(Settings.from_environment({"DATABASE_URL": "sqlite://"}))
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def positions(population: Population) -> Counter[str]:
    return Counter(position for one in population.people for position, _, appraised in one.held if appraised == "是")


def test_the_samples_own_number_is_the_sample_itself() -> None:
    population = grown(FOLDER, 40, 1)
    assert len(population.people) == 40
    assert population.teams == []


@pytest.mark.parametrize("people", [41, 100, 1000])
def test_groups_grow_in_proportion_under_leads(people: int) -> None:
    population = grown(FOLDER, people, 1)
    assert len(population.people) == len({one.login for one in population.people}) == people
    few, many = positions(grown(FOLDER, 40, 1)), positions(population)
    share = many["customer_service_agent"] / sum(many.values())
    assert people < 100 or abs(share - few["customer_service_agent"] / sum(few.values())) < 0.03
    reports = Counter(one.manager for one in population.people)
    assert max(reports.values()) <= 8 + SPAN + 2  # the sample's largest team, then whole teams
    logins = {one.login for one in population.people}
    assert all(one.manager in logins or not one.manager for one in population.people)


def test_fewer_people_than_the_sample_has_are_refused() -> None:
    with pytest.raises(ValueError, match="40 people already"):
        grown(FOLDER, 39, 1)


def test_the_same_seed_gives_the_same_people() -> None:
    assert grown(FOLDER, 120, 4).files() == grown(FOLDER, 120, 4).files()
    assert grown(FOLDER, 120, 4).files() != grown(FOLDER, 120, 5).files()


def test_whoever_leaves_is_followed_and_nobody_is_away_twice_at_once() -> None:
    population = grown(FOLDER, 300, 2)
    rows = absences(population, CALENDAR, FIRST, LAST, 2)[0][1].decode().splitlines()[1:]
    away: dict[str, list[tuple[str, str]]] = {}
    for login, since, until, *_ in (row.split(",") for row in rows):
        assert all(until < other_since or other_until < since for other_since, other_until in away.get(login, []))
        away.setdefault(login, []).append((since, until))
    moved = changes(population, CALENDAR, FIRST, LAST, 2, {"linan"})
    left, joined = sum(one.leaves for one in moved), sum(one.joins for one in moved)
    assert 5 <= left <= 40
    assert 0 < joined <= left
    assert [one.day for one in moved] == sorted(one.day for one in moved)
