"""Figures and what they can be, parameters and what they mean, grades and the bonus."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.randoms import shipped
from scoring.shop import figures
from workflows.errors import InvalidInput
from workflows.scoring.score import score_card

CATALOGUE, GRADES = shipped().figures, shipped().grades


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("uv", "1.5", "This should be a whole number."),
        ("uv", "-1", "This cannot be less than 0."),
        ("design_mark", "10.01", "This cannot be more than 10."),
        ("industry_mean", "100.5", "This cannot be more than 100."),
        ("downtime_minutes", "44641", "This cannot be more than 44640."),
        ("design_mark", "10", None),
        ("sales", "0.01", None),
        ("uv", "3.00", None),
        ("uv_growth_target", "-5", None),
        ("pv_per_uv_target", "-1", "This cannot be less than 0."),
    ],
)
def test_what_a_figure_can_be(name: str, value: str, sentence: str | None) -> None:
    found = CATALOGUE[name].misfit(Decimal(value))
    assert (found and found.en) == sentence


def test_figures_that_cannot_be_true_together() -> None:
    def said(**values: object) -> dict[str, str]:
        return {name: text.en for name, text in CATALOGUE.contradictions(figures(**values)).items()}

    assert said(organic_uv=11, uv=10) == {"organic_uv": "This is a part of `uv` (10) and cannot be larger."}
    assert said(organic_uv=10, uv=10) == said(organic_uv=11) == {}
    assert said(rating_sum=51, ratings=10) == {"rating_sum": "10 marks of 1 to 5 add up to 10 to 50."}
    assert said(rating_sum=9, ratings=10) == {"rating_sum": "10 marks of 1 to 5 add up to 10 to 50."}
    assert said(rating_sum=50, ratings=10) == said(team_mark_sum=0, team_marks=3) == {}


def test_titles_are_in_both_languages_and_no_two_figures_share_one() -> None:
    for language in ("zh", "en"):
        titles = [figure.title.text(language) for figure in CATALOGUE.values() if figure.target_of is None]
        assert len(titles) == len(set(titles)), sorted(title for title in titles if titles.count(title) > 1)


def test_targets_of_the_cards_are_figures_that_hold() -> None:
    target = CATALOGUE["promotion_roi_target"]
    assert (target.target_of, target.holds, target.unit, target.title.zh) == (
        "promotion_roi",
        True,
        "ratio",
        "推广活动的ROI的目标",
    )
    assert CATALOGUE["profit_target"].target_of is None
    assert CATALOGUE["sales_target"].target_of is None
    assert CATALOGUE["sales_target_target"].target_of == "sales_target"


def test_parameters() -> None:
    category = CATALOGUE.parameters["category"]
    for text in ("apparel", "服装类", "Apparel", " apparel "):
        assert category.read(text) == ("apparel",)
    for text in ("apparel,durable", "服装类、耐用品", "服装类，durable", "apparel, durable, apparel"):
        assert category.read(text) == ("apparel", "durable")
    for text in ("aparel", "apparel, x", "", ","):
        with pytest.raises(ValueError, match=r"aparel|x|^,?$"):
            category.read(text)
    with pytest.raises(InvalidInput) as refused:
        score_card(shipped().cards["product_manager"], {}, {"category": "aparel"})
    assert refused.value.fields["category"][0].en.endswith("Did you mean `apparel`?")


@pytest.mark.parametrize(
    ("total", "grade", "bonus"),
    [
        ("106.00", "excellent", "1060.00"), ("90.00", "excellent", "900.00"), ("89.99", "good", "899.90"), ("80.00", "good", "800.00"),
        ("79.99", "competent", "799.90"), ("60.00", "competent", "600.00"), ("59.99", "not_competent", "0.00"), ("0.00", "not_competent", "0.00"),
        ("120.00", "excellent", "1200.00"), ("120.01", "excellent", "1200.00"),
    ],
)  # fmt: skip
def test_grades_and_bonus(total: str, grade: str, bonus: str) -> None:
    assert GRADES.grade_of(Decimal(total)).key == grade
    assert str(GRADES.bonus(Decimal(1000), Decimal(total))) == bonus


def test_the_bonus_is_rounded_half_up_to_the_cent() -> None:
    assert str(GRADES.bonus(Decimal(3000), Decimal("89.12"))) == "2673.60"
    assert str(GRADES.bonus(Decimal("0.50"), Decimal("89.00"))) == "0.45"  # 0.445
    assert str(GRADES.bonus(Decimal("33.33"), Decimal("66.67"))) == "22.22"


def test_the_next_grade() -> None:
    above = [GRADES.next_above(Decimal(total)) for total in ("95", "85", "70", "10")]
    assert [grade and grade.key for grade in above] == [None, "excellent", "good", "competent"]
