"""Weeks of a position drawn: as high as they were full, all on one scale, nothing outside of the picture."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from workflows.reports.load import PositionLoad, WeekLoad
from workflows.web.report_load_drawn import DESK, PHONE, SMALL, columns, draw, scale_of
from workflows.web.trend import Frame, Picture


def weeks(*shares: str) -> tuple[WeekLoad, ...]:
    """Weeks of forty hours, full to so many percent; "" for one without working days."""
    return tuple(
        WeekLoad(
            f"2026-W{n:02}",
            date(2026, 1, 5) + timedelta(weeks=n),
            1,
            Decimal(share or 0) * 40 / 100,
            Decimal(40 if share else 0),
        )
        for n, share in enumerate(shares)
    )


def drawn(*shares: str, frame: Frame = DESK) -> Picture:
    return draw(weeks(*shares), [f"1/{n}" for n, _ in enumerate(shares, 1)], "占工作时间", frame)


def test_a_week_stands_as_high_as_it_was_full() -> None:
    picture = drawn("50", "", "100", "25")
    height = DESK.bottom - DESK.top
    assert [bar.height for bar in picture.bars] == [height / 2, height, Decimal("41.5")]
    assert [word.text for word in picture.values] == ["50%", "100%", "25%"]
    assert picture.band == (Decimal(DESK.top), Decimal("24.9"))


def test_of_many_weeks_the_fullest_and_the_last_are_written_out() -> None:
    picture = drawn(*["10"] * 20, "60", *["10"] * 5)
    assert [word.text for word in picture.values] == ["60%", "10%"]
    assert sum(word.text.startswith("1/") for word in picture.words) < 20


def test_small_pictures_stand_on_one_scale() -> None:
    busy, idle = weeks("42.5", "90"), weeks("5", "0")
    assert scale_of([PositionLoad("a", 1, idle)]) == 10
    scale = scale_of([PositionLoad("a", 1, busy), PositionLoad("b", 1, idle)])
    assert scale == 90
    assert [(column.height, column.full) for column in columns(busy, scale)] == [(Decimal("11.3"), False), (24, True)]
    assert [column.height for column in columns(idle, scale)] == [Decimal("1.3"), 0]


@pytest.mark.parametrize("frame", [DESK, PHONE])
@pytest.mark.parametrize("shares", [("0",), ("100",), ("120",) * 5, ("99",) * 14, ("", *["3"] * 26)])
def test_everything_stays_in_the_picture(frame: Frame, shares: tuple[str, ...]) -> None:
    picture = drawn(*shares, frame=frame)
    for bar in picture.bars:
        assert bar.x >= frame.left
        assert bar.x + bar.width <= frame.right
        assert (bar.y >= frame.top, bar.y + bar.height) == (True, frame.bottom)
    for word in (*picture.words, *picture.values):
        assert 0 <= word.x <= frame.width
        assert 0 < word.y <= frame.height
    wide, high = SMALL
    for column in columns(weeks(*shares), Decimal(100)):
        assert 0 <= column.x <= wide - column.width
        assert 0 <= column.y <= high
