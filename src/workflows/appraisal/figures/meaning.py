"""What the catalogue of figures says about a name, asked in one place."""

from __future__ import annotations

from workflows.scoring.catalogue import UNITS, Catalogue, Unit

__all__ = ["UNITS", "Catalogue", "adds_up", "is_held"]

_ADDITIVE: frozenset[Unit] = frozenset({"CNY", "count", "hours", "minutes", "seconds"})
"""Units of which three months make the sum. Persons are not among them: who came twice would be counted twice."""


def is_held(catalogue: Catalogue, name: str) -> bool:
    """Whether a value holds until another is given."""
    return name in catalogue and catalogue[name].holds


def adds_up(catalogue: Catalogue, name: str) -> bool:
    """Whether the sum of months is the figure of the whole time."""
    return name in catalogue and catalogue[name].unit in _ADDITIVE
