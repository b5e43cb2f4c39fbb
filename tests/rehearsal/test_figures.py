"""The sample company's figures: the same for the same seed, possible, known to the catalogue, and every card can be scored."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from workflows.rehearsal.figures import load_figures
from workflows.scoring.load import load_scorecards
from workflows.scoring.model import Scorecard
from workflows.scoring.score import CardScore, score_card
from workflows.settings import project_folder

FIGURES = load_figures(project_folder("sample") / "figures.yaml")
CARDS = load_scorecards(project_folder("definitions") / "scorecards")
MONTHS = [f"2026-{month:02}" for month in range(1, 13)]


def people() -> list[tuple[str, str]]:
    """Everybody appraised: login and position."""
    file = project_folder("sample") / "company" / "assignments.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    return [(row["账号"], row["岗位"]) for row in rows if row["考核岗位"] == "是"]


def drawn(login: str, card: Scorecard, month: str, place: int = 5) -> tuple[dict[str, Decimal], dict[str, str]]:
    names = {*card.figures, *card.parameters}
    company = FIGURES.of_everybody(month, names, 1)
    found = company | FIGURES.of_person(login, month, sorted(names - FIGURES.of_company), company, 1, place)
    numbers = {name: value for name, value in found.items() if isinstance(value, Decimal)}
    return numbers, {name: value for name, value in found.items() if isinstance(value, str)}


def scores() -> list[CardScore]:
    return [
        score_card(CARDS.cards[key], *drawn(login, CARDS.cards[key], month))
        for login, key in people()
        for month in MONTHS
    ]


def test_every_name_is_in_the_catalogue() -> None:
    known = {*CARDS.figures, *CARDS.figures.parameters}
    assert set(FIGURES.draws) <= known
    assert FIGURES.late | FIGURES.lacking | FIGURES.form.lifts | FIGURES.form.against <= set(FIGURES.draws)


@pytest.mark.parametrize(("login", "position"), people())
def test_they_are_possible(login: str, position: str) -> None:
    card = CARDS.cards[position]
    for month in MONTHS:
        numbers, texts = drawn(login, card, month)
        assert {name: text for name, value in numbers.items() if (text := card.figures[name].misfit(value))} == {}
        assert CARDS.figures.contradictions(numbers) == {}
        assert all(card.parameters[name].read(text) for name, text in texts.items())


def test_most_score_as_people_do_and_some_lack_something() -> None:
    found = scores()
    totals = [score.total for score in found if score.total is not None]
    usual = sum(70 <= total <= 98 for total in totals)
    assert usual > len(totals) * 2 / 3
    assert 0 < sum(total > 100 for total in totals) < len(totals) / 5
    assert 0 < len(found) - len(totals) < len(found) / 20


def test_one_person_sells_too_little_in_the_first_two_months() -> None:
    card = CARDS.cards["ecommerce_operator"]
    for place in (0, 1):
        numbers, _ = drawn("caoyifan", card, MONTHS[place], place)
        assert numbers["sales"] * 100 < numbers["sales_target"] * 80


def test_the_same_seed_draws_the_same_and_what_is_known_is_kept() -> None:
    known = {"sales_target": Decimal(100000)}
    once, again = (FIGURES.of_person("caoyifan", "2026-11", ["sales", "sales_target"], known, 1, 4) for _ in range(2))
    assert once == again
    assert set(once) == {"sales"}
    assert Decimal(50000) < Decimal(once["sales"]) < Decimal(150000)
    assert once != FIGURES.of_person("caoyifan", "2026-11", ["sales", "sales_target"], known, 2, 4)


def test_a_share_of_what_comes_later_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "figures.yaml"
    text = (project_folder("sample") / "figures.yaml").read_text(encoding="utf-8")
    file.write_text(
        text.replace("draws:\n", "draws:\n  pages_done: {of: pages_planned, from: 1, to: 2}\n", 1), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="pages_done is a share of pages_planned"):
        load_figures(file)
