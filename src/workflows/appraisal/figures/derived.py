"""Figures that earlier months already say: `sales_prev` from last month's `sales`, `accepted_proposals_3m` from three months.

A figure that was given itself stands before one that is derived. `_90d` is counted in days and distinct customers: months do not
give it, it has to come from outside.
"""

from __future__ import annotations

from dataclasses import dataclass

from workflows.definition.periods import Period, parse
from workflows.scoring.catalogue import ROLLING

_SPANS = dict(zip(ROLLING, ((1, 1), (0, 3), (0, 6)), strict=True))
"""Ending of a name → how many months back the newest one lies, and how many there are."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """How a figure follows from another: `base` in each of `months`, newest first, added up."""

    base: str
    months: tuple[str, ...]


def rolling(name: str, month: str) -> Rolling | None:
    """What a name of a rolling figure asks for in `month` (`2026-11`); None for any other name."""
    for ending, (back, count) in _SPANS.items():
        if name.endswith(ending) and len(name) > len(ending):
            return Rolling(name.removesuffix(ending), months_to(month_before(month, back), count))
    return None


def month_before(month: str, count: int = 1) -> str:
    """The month `count` months before. Raises `InvalidInput` for what is no month."""
    period: Period = parse(month, "month")
    for _ in range(count):
        period = period.previous
    return str(period)


def months_to(month: str, count: int) -> tuple[str, ...]:
    """`count` months that end with `month`, newest first."""
    return tuple(month_before(month, back) for back in range(count))
