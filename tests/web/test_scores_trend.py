"""Twelve months drawn: where the line runs, what is written out, and what is left out where there is nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflows.web.scores_trend import DESK, PHONE, Mark, Point, draw
from workflows.web.trend import Frame, Picture

MARKS = (Mark(Decimal(90), "优秀"), Mark(Decimal(80), "良好"), Mark(Decimal(60), "合格"))
YEAR = ("86.10", "88.42", "79.35", "76.90", "82.14", "84.60", "85.72", "91.30", "87.05", "86.88", "86.15", "89.12")


def months(*totals: str) -> list[Point]:
    """Months of these totals, "" for none; the last is the month of the page."""
    return [
        Point(f"{n}月", f"{n}月", Decimal(total) if total else None, current=n == len(totals))
        for n, total in enumerate(totals, 1)
    ]


def drawn(*totals: str, frame: Frame = DESK) -> Picture:
    found = draw(months(*totals), MARKS, frame)
    assert found is not None
    return found


def test_a_year_is_one_line_with_its_lowest_highest_and_last() -> None:
    picture = drawn(*YEAR)
    assert len(picture.paths) == 1
    assert picture.paths[0].startswith("M44.0 75.9L96.5 65.3L")
    assert picture.paths[0].endswith("L622.0 62.0")
    assert [word.text for word in picture.values] == ["76.90", "91.30", "89.12"]
    assert [dot.now for dot in picture.dots] == [False] * 11 + [True]


def test_the_ground_above_the_best_grade_is_tinted_and_every_grade_in_sight_is_named() -> None:
    picture = drawn(*YEAR)
    assert picture.band == (Decimal(12), Decimal("46.0"))
    assert [word.text for word in picture.words if word.text in ("优秀", "良好", "合格")] == ["优秀", "良好"]
    assert [word.text for word in picture.words if word.hang == "end"] == ["70", "80", "90", "12月"]


def test_the_axis_goes_down_to_the_lowest_and_up_to_the_highest() -> None:
    picture = drawn("38.00", "105.90")
    assert [word.text for word in picture.words if word.hang == "end"][:-1] == ["40", "60", "80", "100"]
    assert all(DESK.top <= dot.y <= DESK.bottom for dot in picture.dots)


def test_a_month_without_a_total_is_a_gap_and_never_a_zero() -> None:
    picture = drawn("80.00", "81.00", "", "82.00", "83.00")
    assert len(picture.paths) == 2
    assert len(picture.dots) == 4


def test_a_month_alone_is_a_dot() -> None:
    picture = drawn("", "80.00", "")
    assert (picture.paths, len(picture.dots)) == ((), 1)
    assert drawn("80.00").dots[0].x == DESK.right


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw(months("", ""), MARKS, DESK) is None


@pytest.mark.parametrize("frame", [DESK, PHONE])
@pytest.mark.parametrize("totals", [YEAR, ("100.00", "100.00"), ("0.00", "106.00"), ("70.00",) * 12])
def test_nothing_is_written_outside_the_picture(frame: Frame, totals: tuple[str, ...]) -> None:
    picture = drawn(*totals, frame=frame)
    for word in (*picture.words, *picture.values):
        assert 0 <= word.x <= frame.width
        assert 10 <= word.y <= frame.height
