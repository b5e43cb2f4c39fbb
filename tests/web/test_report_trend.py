"""Months of a report drawn: two panels over one axis, gaps where nothing ended, and what is written out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflows.reports.hours import percent
from workflows.web.report_trend import DESK, PHONE, Labels, Panels, Point, draw, extremes
from workflows.web.trend import Picture

LABELS = Labels("按时率，目标 ≥ 90%", "办完，件")
YEAR = (
    (24, 20),
    (17, 15),
    (14, 13),
    (7, 5),
    (12, 11),
    (13, 12),
    (15, 14),
    (21, 19),
    (12, 11),
    (13, 12),
    (16, 15),
    (20, 19),
)


def months(*counts: tuple[int, int]) -> list[Point]:
    """Months of these (finished, on time)."""
    return [Point(f"{n}月", finished, percent(on_time, finished)) for n, (finished, on_time) in enumerate(counts, 1)]


def drawn(*counts: tuple[int, int], frame: Panels = DESK) -> Picture:
    return draw(months(*counts), LABELS, frame)


def test_a_year_stands_as_the_screen_draws_it() -> None:
    picture = drawn(*YEAR)
    assert picture.paths[0].startswith("M74.6 90.5L127.8 70.4L180.9 51.1L234.1 139.3L")
    assert [word.text for word in picture.values[:3]] == ["83.3%", "71.4%", "95.0%"]
    assert [str(bar.height) for bar in picture.bars][:4] == ["112.0", "79.3", "65.3", "32.7"]
    assert picture.band == (Decimal(22), Decimal("41.0"))
    assert [dot.now for dot in picture.dots] == [False] * 11 + [True]


def test_the_lowest_stands_below_its_dot_and_the_last_where_the_line_does_not_run() -> None:
    picture = drawn((10, 9), (10, 9), (10, 7), (10, 10), (10, 8))
    dots = {word.text: dot.y for word in picture.values for dot in picture.dots if dot.x == word.x}
    where = {word.text: word.y for word in picture.values if word.text.endswith("%")}
    assert where["70.0%"] > dots["70.0%"]
    assert where["80.0%"] > dots["80.0%"]
    assert where["90.0%"] < picture.dots[0].y


def test_a_month_in_which_nothing_ended_is_a_gap() -> None:
    picture = drawn((5, 5), (6, 5), (0, 0), (7, 7), (8, 8))
    assert len(picture.paths) == 2
    assert len(picture.dots) == len(picture.bars) == 4


def test_low_months_make_room_below() -> None:
    picture = drawn((10, 1), (10, 9))
    levels = [word.text for word in picture.words if word.hang == "end"]
    assert levels == ["100%", "80%", "60%", "40%", "20%"]
    assert all(dot.y <= DESK.bottom for dot in picture.dots)


def test_of_few_cases_no_month_is_the_lowest() -> None:
    assert extremes(months((4, 0), (20, 18), (20, 19))) == (1, 2)
    assert extremes(months((4, 0), (20, 18))) is None
    assert extremes(months((10, 9), (10, 9))) == (1, 1)


@pytest.mark.parametrize("frame", [DESK, PHONE])
@pytest.mark.parametrize("counts", [YEAR, YEAR[:6], YEAR[:3], YEAR[:1], ((0, 0),) * 12, ((1, 0),) * 12])
def test_everything_stays_in_the_picture(frame: Panels, counts: tuple[tuple[int, int], ...]) -> None:
    picture = drawn(*counts, frame=frame)
    for bar in picture.bars:
        assert bar.x >= frame.left - 1
        assert bar.x + bar.width <= frame.right + 1
        assert bar.y + bar.height == frame.base
    for word in (*picture.words, *picture.values):
        assert 0 <= word.x <= frame.width
        assert 0 < word.y <= frame.height
