"""Numbers as the screens say them: exact, with their unit, a real minus."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflows.web.numbers import money, number, percent, size


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Decimal("96000"), "¥96,000"),
        (Decimal("96000.00"), "¥96,000"),
        (Decimal("1159.5"), "¥1,159.50"),
        (Decimal("-12"), "−¥12"),
    ],
)
def test_money(value: Decimal, said: str) -> None:
    assert money(value) == said


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (13, None, "13"),
        (Decimal("1234.50"), None, "1,234.50"),
        (Decimal("-0.31"), None, "−0.31"),
        (Decimal("89.12"), 1, "89.1"),
    ],
)
def test_numbers(value: int | Decimal, places: int | None, said: str) -> None:
    assert number(value, places) == said


def test_percent() -> None:
    assert percent(Decimal("14.1")) == "14.1%"


@pytest.mark.parametrize(
    ("octets", "said"),
    [(640, "640 B"), (84_200, "84 kB"), (1_200_000, "1.2 MB"), (10_485_760, "10.5 MB"), (999_999, "1.0 MB")],
)
def test_sizes(octets: int, said: str) -> None:
    assert size(octets) == said
