"""What a rehearsal finds out about positions: how many people their fullest week would take."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflows.errors import Text
from workflows.rehearsal.findings import PositionLine


@pytest.mark.parametrize(
    ("people", "share", "needed"),
    [(2, "0", 2), (2, "84.9", 2), (2, "85.0", 3), (2, "89.4", 3), (2, "100.0", 3), (6, "84.9", 6), (6, "100.0", 8)],
)
def test_so_many_people_keep_the_fullest_week_from_being_full(people: int, share: str, needed: int) -> None:
    week = ("2026-W45", Decimal(share))
    line = PositionLine(Text("运营", "Operations"), people, 10, Decimal(40), Decimal(20), (week[1],), week)
    assert line.needed == needed
    assert line.full is (needed > people)
