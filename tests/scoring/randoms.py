"""Random figures of a card, near thresholds more often than not, and the comparison of the program with the oracle over them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from scoring.oracle import CARDS, SET, Found, total_of
from workflows.scoring.load import load_scorecards
from workflows.scoring.model import Scorecards
from workflows.scoring.score import CardScore, score_card
from workflows.settings import project_folder

CATEGORIES = ("fast_moving", "durable", "apparel", "three_c", "other", None)

BASES = (1, 2, 3, 4, 5, 7, 8, 10, 20, 25, 40, 48, 50, 100, 200, 250, 300, 1000, 4800, 10000)
"""Divisors that lead exactly to thresholds and steps; 3 and 7 to rates that never end."""

SHARES = {
    "cost_of_sales": (0, 60, 200), "promotion_cost": (0, 60, 200), "after_sales_cost": (0, 60, 200), "platform_fees": (0, 60, 200),
    "complaint_hours": (0, 60, 1), "alert_hours": (0, 60, 1), "fault_hours": (0, 40, 2), "answer_seconds": (0, 150, 1),
    "likes": (0, 10, 400), "comments": (0, 10, 400), "shares": (0, 10, 400), "saves": (0, 10, 400),
}  # fmt: skip
"""Figures that are no share around 100 % of the others: from, to, divisor."""

STATUS = {
    "scored": "scored", "missing": "missing", "undefined": "undefined", "not_applicable": "not applicable",
}  # fmt: skip


@dataclass(frozen=True)
class Input:
    """One random input: which card, its figures as they are written, and the category of goods."""

    position: str
    figures: Mapping[str, Decimal]
    category: str | None


@lru_cache
def shipped() -> Scorecards:
    return load_scorecards(project_folder("definitions") / "scorecards")


def inputs(seed: int, count: int) -> Iterator[Input]:
    """`count` inputs, the same for the same seed; the full card as often as all others together."""
    chance = random.Random(seed)
    others = [position for position in CARDS if position != "ecommerce_operator"]
    for _ in range(count):
        position = "ecommerce_operator" if chance.random() < 0.5 else chance.choice(others)
        yield Input(position, figures(chance, position), chance.choice(CATEGORIES))


def figures(chance: random.Random, position: str) -> dict[str, Decimal]:
    base = chance.choice(BASES)
    gaps = chance.random() < 0.15  # in most inputs nothing is missing: a total is to be compared
    targets = chance.random() < 0.2
    found: dict[str, Decimal] = {}
    names = {name for row in CARDS[position].values() for name in row.names if name != "dead"} | {"industry_mean"}
    for name in sorted(names):
        if not (gaps and chance.random() < 0.05):
            found[name] = number(chance, name, base, grows=f"{name}_prev" in names)
    for key, row in CARDS[position].items():
        open_ = (row.target == SET and chance.random() > 0.02) or isinstance(row.target, tuple)
        wanted = open_ or (targets and chance.random() < 0.2)
        if wanted and f"{key}_target" not in names and chance.random() > 0.03:
            found[f"{key}_target"] = Decimal(chance.choice(("0", "1", "2.5", "20", "40", "4.8", "100", "33.3")))
    return found


def number(chance: random.Random, name: str, base: int, grows: bool) -> Decimal:
    """A figure that makes rates around their targets: `base` or a share of it, a whole number, a decimal, sometimes 0."""
    kind = chance.random()
    if kind < 0.03:
        return Decimal(0)
    if name.endswith("_mark"):
        return Decimal(chance.randint(0, 1000)) / 100
    if name.startswith(("late_", "violations", "severe_", "data_violations", "findings", "accepted_", "published_")):
        return Decimal(chance.choice((0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 30, 301)))
    if (kind < 0.35 and name not in SHARES) or (name.endswith("_prev") and kind < 0.8):
        return Decimal(base)
    if grows and kind < 0.9:  # by −5 % to 30 %: growth has its targets there, most of them below 5 %
        return Decimal(base) * chance.randint(190, 260 if kind < 0.6 else 215) / 200
    if name in SHARES and kind < 0.9:
        low, high, divisor = SHARES[name]
        return Decimal(base) * chance.randint(low, high) / divisor
    if name == "downtime_minutes":
        return Decimal(chance.randint(0, 1000)) / 10
    if kind < 0.75:
        return Decimal(base) * chance.randint(0, 300) / 200
    if kind < 0.9:
        return Decimal(chance.randint(0, 2 * base))
    return Decimal(chance.randint(0, 10**9)) / 10 ** chance.randint(0, 7)


def differences(seed: int, count: int) -> list[str]:
    """What the program and the oracle see differently over `count` inputs, as sentences."""
    found: list[str] = []
    for place, one in enumerate(inputs(seed, count)):
        card = shipped().cards[one.position]
        parameters = {} if one.category is None else {"category": one.category}
        ours = score_card(card, one.figures, parameters)
        exact = {name: Fraction(value) for name, value in one.figures.items()}
        lines, weights, total = total_of(one.position, exact, one.category)
        found += [f"seed {seed}, input {place}: {text} ({one})" for text in _compared(ours, lines, weights, total)]
    return found


def _compared(
    ours: CardScore, lines: Mapping[str, Found], weights: Mapping[str, Fraction], total: Fraction | None
) -> Iterator[str]:
    if list(ours.lines) != list(lines):
        yield f"lines {list(ours.lines)}"
    for key, found in lines.items():
        line = ours.lines[key]
        status = "dropped" if line.measured.found == "dropped" else STATUS[line.status]
        if status != found.status:
            yield f"{key} is {status}, not {found.status}"
        if line.score != found.score:
            yield f"{key} scores {line.score}, not {found.score}"
        if line.holds != weights[key]:
            yield f"{key} holds {line.holds}, not {weights[key]}"
    if ours.exact != total:
        yield f"the total is {ours.exact}, not {total}"
    rounded = None if total is None else Decimal(int(total * 100 + Fraction(1, 2))) / 100  # no total is below 0
    if ours.total != rounded:
        yield f"the rounded total is {ours.total}, not {rounded}"
