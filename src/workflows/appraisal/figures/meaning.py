"""What the catalogue of figures says about a name, asked in one place."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.errors import Text
from workflows.scoring.catalogue import Catalogue, Unit

__all__ = ["UNITS", "Catalogue", "adds_up", "is_held"]

_ADDITIVE: frozenset[Unit] = frozenset({"CNY", "count", "hours", "minutes", "seconds"})
"""Units of which three months make the sum. Persons are not among them: who came twice would be counted twice."""

UNITS: Mapping[Unit, Text] = {
    "CNY": Text("元", "CNY"),
    "number": Text("数值", "number"),
    "count": Text("个", "count"),
    "persons": Text("人", "persons"),
    "percent": Text("%", "%"),
    "mark": Text("分", "marks"),
    "ratio": Text("倍", "ratio"),
    "hours": Text("小时", "hours"),
    "minutes": Text("分钟", "minutes"),
    "seconds": Text("秒", "seconds"),
}
"""What figures are measured in, as people read it."""


def is_held(catalogue: Catalogue, name: str) -> bool:
    """Whether a value holds until another is given."""
    return name in catalogue and catalogue[name].holds


def adds_up(catalogue: Catalogue, name: str) -> bool:
    """Whether the sum of months is the figure of the whole time."""
    return name in catalogue and catalogue[name].unit in _ADDITIVE
