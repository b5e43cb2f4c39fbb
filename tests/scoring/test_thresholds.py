"""Every rule at, just below and just above each of its thresholds and steps."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.randoms import shipped
from scoring.shop import GIVING, card_of, figures, points
from workflows.scoring.given import given
from workflows.scoring.measuring import target_of
from workflows.scoring.rules import Attainment

HAIR = Decimal("0.000000000001")


def at(key: str, actual: Decimal, category: str = "") -> Fraction:
    found = points(key, GIVING[key](actual), category)
    assert found is not None
    return found


# -- D(step, points): the card of C --------------------------------------------------------------------------------------

STEPS = [
    # key, category, target, direction (+1: more is better), step in its own unit, points
    ("uv_growth", "", "20", 1, "5", 3),
    ("pv_per_uv", "", "3", 1, "0.15", 3),
    ("pay_conversion", "", "8", 1, "2", 5),
    ("order_value", "", "5", 1, "2", 5),
    ("silent_orders", "", "20", 1, "2", 5),
    ("repurchase", "fast_moving", "30", 1, "2", 3),
    ("repurchase", "durable", "20", 1, "2", 3),
    ("new_customers", "", "40", 1, "2", 3),
    ("stock_turnover", "apparel", "4", 1, "0.4", 5),
    ("stock_turnover", "three_c", "2", 1, "0.2", 5),
    ("promotion_share", "", "15", -1, "1", 2),
    ("after_sales_share", "", "3", -1, "1", 2),
    ("resources", "", "95", 1, "5", 2),
]


@pytest.mark.parametrize(("key", "category", "target", "better", "step", "costs"), STEPS)
def test_each_whole_step_costs_and_not_a_hair_earlier(
    key: str, category: str, target: str, better: int, step: str, costs: int
) -> None:
    goal, size = Decimal(target), Decimal(step)
    assert at(key, goal, category) == 100
    assert at(key, goal + better * HAIR, category) == 100
    assert at(key, goal + better * 10 * size, category) == 100  # no more than 100 for passing the target
    assert at(key, goal - better * HAIR, category) == 100
    for steps in range(1, 9):
        edge = goal - better * steps * size
        if edge < 0 and key != "uv_growth":
            break
        assert at(key, edge, category) == 100 - costs * steps
        assert at(key, edge + better * HAIR, category) == 100 - costs * (steps - 1)
        assert at(key, edge - better * HAIR, category) == 100 - costs * steps


def test_a_score_never_falls_below_zero() -> None:
    assert at("promotion_share", Decimal(15 + 49)) == 2
    assert at("promotion_share", Decimal(15 + 50)) == 0
    assert at("promotion_share", Decimal(15 + 51)) == 0
    silent = [
        points("silent_orders", figures(silent_orders=share, paid_orders=100, silent_orders_target=90))
        for share in (52, 50, 48)
    ]
    assert silent == [5, 0, 0]


def test_dead_stock_returns_its_deduction() -> None:
    for actual, cost in (
        ("0", 0),
        ("5", 0),
        ("5.999999", 0),
        ("6", 2),
        ("6.000001", 2),
        ("6.999999", 2),
        ("7", 4),
        ("100", 190),
    ):
        assert at("dead_stock", Decimal(actual)) == cost


# -- the other rules of C ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "score"),
    [
        ("0", "0"), ("79.999999999999", "0"), ("80", "80"), ("80.000000000001", "80.000000000001"), ("84.636", "84.636"),
        ("89.999999999999", "89.999999999999"), ("90", "90"), ("90.000000000001", "90.000000000001"), ("100", "100"),
        ("119.999999999999", "119.999999999999"), ("120", "120"), ("120.000000000001", "120"), ("500", "120"),
    ],
)  # fmt: skip
def test_sales(actual: str, score: str) -> None:
    assert at("sales_attainment", Decimal(actual)) == Fraction(score)


@pytest.mark.parametrize("key", ["activity_response", "problem_time"])
def test_three_late_answers_cost_five(key: str) -> None:
    expected = [100, 99, 98, 95, 94, 93, 90, 89, 88, 85]
    assert [at(key, Decimal(count)) for count in range(10)] == expected
    assert [at(key, Decimal(count)) for count in (57, 58, 59, 60, 61, 1000)] == [5, 4, 3, 0, 0, 0]


@pytest.mark.parametrize(
    ("mark", "score"),
    [
        ("0", "0"),
        ("7.9", "79"),
        ("7.999999999999", "79.99999999999"),
        ("8", "100"),
        ("8.000000000001", "100"),
        ("10", "100"),
    ],
)
def test_collaboration(mark: str, score: str) -> None:
    assert at("collaboration", Decimal(mark)) == Fraction(score)


def test_proposals_and_manuals() -> None:
    assert [at("proposals", Decimal(count)) for count in (0, 1, 2, 3)] == [0, 50, 100, 100]
    assert [at("knowledge", Decimal(count)) for count in (0, 1, 2)] == [0, 100, 100]


def test_compliance() -> None:
    def score(violations: int, severe: int, data: int) -> Fraction | None:
        values = {"violations": violations, "severe_violations": severe, "data_violations": data}
        return points("shop_compliance", {name: Decimal(value) for name, value in values.items()})

    assert [score(1, 0, 0), score(0, 1, 0), score(0, 0, 1), score(1, 1, 1)] == [90, 50, 80, 20]
    assert [score(5, 1, 0), score(3, 1, 1), score(10, 0, 0), score(0, 2, 0), score(11, 3, 7)] == [0, 0, 0, 0, 0]
    assert [at("data_security", Decimal(count)) for count in (0, 1, 6)] == [0, 20, 120]


def test_safe_storage() -> None:
    def score(data: int, overdue: int) -> Fraction | None:
        return points("storage_security", {"data_violations": Decimal(data), "findings_overdue": Decimal(overdue)})

    assert [score(0, 0), score(1, 0), score(0, 1), score(4, 1), score(4, 2), score(5, 1)] == [100, 80, 90, 10, 0, 0]


# -- S↑ and S↓: the cards of A and B, and the proposals of C ---------------------------------------------------------------

SHARES = [
    (key, category)
    for card in shipped().cards.values()
    for key, one in card.indicators.items()
    if isinstance(one.rule, Attainment) and key != "proposals"
    for category in (one.target.choices or {"": None})
]


def goal(key: str, category: str) -> Decimal:
    card = card_of(key)
    found, missing = target_of(
        card.indicators[key].target, given(card, GIVING[key](Decimal(10)), {"category": category})
    )
    assert found is not None, missing
    return Decimal(found.numerator) / Decimal(found.denominator)


def test_they_are_as_many_as_the_document_has() -> None:
    assert len(SHARES) == 55  # 54 measures of A and B but one that deducts, two of them with two targets: 53 + 2


@pytest.mark.parametrize(("key", "category"), SHARES)
def test_attainment_between_its_bounds(key: str, category: str) -> None:
    target, up = goal(key, category), card_of(key).indicators[key].direction == "up"
    hair = target * HAIR

    def expected(actual: Decimal) -> Fraction:
        share = Fraction(actual) / Fraction(target)
        return min(Fraction(120), max(Fraction(0), share * 100 if up else (2 - share) * 100))

    for share in ("0", "0.5", "0.8", "1", "1.2", "2", "3"):
        for actual in (target * Decimal(share) - hair, target * Decimal(share), target * Decimal(share) + hair):
            assert at(key, actual, category) == expected(actual)
    if up:
        assert (at(key, target, category), at(key, target * 2, category)) == (100, 120)
        assert at(key, target * Decimal("1.2") - hair, category) < 120 == at(key, target * Decimal("1.2"), category)
        assert at(key, Decimal(0), category) == 0 < at(key, hair, category)
    else:
        assert (at(key, target, category), at(key, Decimal(0), category)) == (100, 120)
        assert at(key, target * Decimal("0.8"), category) == 120 > at(key, target * Decimal("0.8") + hair, category)
        assert at(key, target * 2, category) == 0 < at(key, target * 2 - hair, category)


def test_a_negative_actual_scores_nothing() -> None:
    for key in ("traffic_growth", "profit", "conversion_lift", "brand_awareness", "market_share_growth"):
        assert at(key, Decimal(-5)) == 0


def test_every_indicator_is_looked_at_here() -> None:
    assert GIVING.keys() == {key for card in shipped().cards.values() for key in card.every}
