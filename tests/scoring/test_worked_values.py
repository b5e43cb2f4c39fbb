"""The worked values of the document, through the program and through its command line."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from scoring.shop import GIVING, figures, points, turnover
from workflows.cli import main

WORKED = [
    ("sales_attainment", GIVING["sales_attainment"](Decimal("79.99")), "", "0"),
    ("sales_attainment", GIVING["sales_attainment"](Decimal(80)), "", "80"),
    ("sales_attainment", GIVING["sales_attainment"](Decimal("89.5")), "", "89.5"),
    ("sales_attainment", GIVING["sales_attainment"](Decimal(125)), "", "120"),
    ("uv_growth", GIVING["uv_growth"](Decimal(12)), "", "97"),
    ("uv_growth", GIVING["uv_growth"](Decimal(-10)), "", "82"),
    ("pv_per_uv", GIVING["pv_per_uv"](Decimal("2.5")), "", "91"),
    ("pay_conversion", GIVING["pay_conversion"](Decimal("4.5")), "", "95"),
    ("order_value", GIVING["order_value"](Decimal(2)), "", "95"),
    ("repurchase", GIVING["repurchase"](Decimal("25.9")), "fast_moving", "94"),
    ("new_customers", GIVING["new_customers"](Decimal(33)), "", "91"),
    ("stock_turnover", turnover(dead_stock_value="7.5", stock_value=100)(Decimal("3.5")), "apparel", "91"),
    ("dead_stock", GIVING["dead_stock"](Decimal("7.5")), "", "4"),
    ("promotion_share", GIVING["promotion_share"](Decimal(16)), "", "98"),
    ("promotion_share", GIVING["promotion_share"](Decimal("15.99")), "", "100"),
    ("activity_response", figures(late_answers=4), "", "94"),
    ("problem_time", figures(late_problems=4), "", "94"),
    ("collaboration", figures(design_mark="7.9", service_mark="7.9", logistics_mark="7.9"), "", "79"),
    ("resources", GIVING["resources"](Decimal(88)), "", "98"),
    ("shop_compliance", figures(violations=1, severe_violations=0, data_violations=1), "", "70"),
    ("data_security", figures(data_violations=1), "", "20"),
]


@pytest.mark.parametrize(("key", "values", "category", "score"), WORKED)
def test_a_worked_value(key: str, values: dict[str, Decimal], category: str, score: str) -> None:
    assert points(key, values, category) == Fraction(score)


@pytest.mark.parametrize(("key", "values", "category", "score"), WORKED)
def test_the_command_line_gives_the_same(
    key: str, values: dict[str, Decimal], category: str, score: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["person", "period", "category", *values])
        writer.writerow(["王梓涵", "2026-10", category, *values.values()])
    assert main(["score", "ecommerce_operator", "--figures", str(file), "--indicator", key, "--format", "json"]) == 0
    (answer,) = json.loads(capsys.readouterr().out)
    assert (answer["person"], answer["period"], answer["indicator"], answer["score"]) == (
        "王梓涵",
        "2026-10",
        key,
        score,
    )
