"""What the catalogue of figures says about a name, asked in one place."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from workflows.errors import Text


class FigureName(Protocol):
    """What is known of a name: its unit, its title, and what a value may be."""

    unit: str
    title: Text
    integer: bool
    least: Decimal | None
    most: Decimal | None
    part_of: str | None
    holds: bool


Catalogue = Mapping[str, FigureName]

_ADDITIVE = frozenset({"CNY", "count", "hours", "minutes", "seconds"})
"""Units of which three months make the sum. Persons are not among them: who came twice would be counted twice."""


def is_held(catalogue: Catalogue, name: str) -> bool:
    """Whether a value holds until another is given."""
    return name in catalogue and catalogue[name].holds


def adds_up(catalogue: Catalogue, name: str) -> bool:
    """Whether the sum of months is the figure of the whole time."""
    return name in catalogue and catalogue[name].unit in _ADDITIVE
