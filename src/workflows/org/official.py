"""The official arrangement of holidays and make-up workdays (调休) in China: the one address of the `holidays` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from holidays.countries.china import ChinaStaticHolidays


@dataclass(frozen=True, slots=True)
class OfficialYear:
    """One year: `free` are its public holidays, `made_up` the weekend days worked for them.

    `announced` is False where the State Council's arrangement is not in the package, which then guesses without saying so
    (design.md §6).
    """

    free: frozenset[date]
    made_up: frozenset[date]
    announced: bool


@lru_cache(maxsize=256)
def official_year(year: int) -> OfficialYear:
    """The arrangement of `year`; plain weekends and nothing announced for years the package does not cover."""
    china = holidays.country_holidays("CN", years=year)
    return OfficialYear(
        free=frozenset(day for day in china if day.year == year),
        # The package lists the make-up days of neighbouring years as well; a day belongs to its own year.
        made_up=frozenset(day for day in china.weekend_workdays if day.year == year),
        announced=year in ChinaStaticHolidays.special_public_holidays,
    )
