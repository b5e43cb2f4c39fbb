"""The weights that lines have now, and what they add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from workflows.scoring.line import ASIDE, BLOCKING, Line
from workflows.scoring.model import Group, Scorecard

_ZERO = Fraction(0)
_HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group's part of the total. `holds`: the weight its lines have now; `counted`: None while one of them blocks."""

    group: Group
    lines: tuple[str, ...]
    holds: Fraction
    counted: Fraction | None


def weighed(card: Scorecard, lines: Mapping[str, Line]) -> dict[str, Line]:
    """The lines with the weights they have now: first what a condition dropped goes to the rest of its group, then what does not
    apply or is waived goes to the rest of the whole card, each in proportion."""
    if not any(line.status in ASIDE for line in lines.values()):
        return dict(lines)  # the card's own weights add up to 100
    holds = {key: line.holds for key, line in lines.items()}
    for group in card.groups.values():
        dropped = {key for key in group.indicators if _is_dropped(lines[key])}
        kept = sum((holds[key] for key in group.indicators if key not in dropped), _ZERO)
        if dropped and kept:
            whole = sum((holds[key] for key in group.indicators), _ZERO)
            for key in group.indicators:
                holds[key] = _ZERO if key in dropped else holds[key] * whole / kept
    active = sum((holds[key] for key, line in lines.items() if line.status not in ASIDE), _ZERO)
    return {
        key: replace(line, holds=_ZERO if line.status in ASIDE else holds[key] * _HUNDRED / active)
        for key, line in lines.items()
    }


def _is_dropped(line: Line) -> bool:
    return line.status == "not_applicable" and line.measured.found == "dropped"


def total_of(lines: Mapping[str, Line]) -> Fraction | None:
    """What all lines count together; None while one blocks, or where none is left."""
    if any(line.status in BLOCKING for line in lines.values()):
        return None
    counted = [line.counted for line in lines.values() if line.counted is not None]
    return sum(counted, _ZERO) if counted else None


def group_score(card: Scorecard, group: Group, lines: Mapping[str, Line]) -> GroupScore:
    """What the lines of a group, and of the groups within, count together."""
    inside = {key: line for key, line in lines.items() if _within(card, line.indicator.group, group.key)}
    blocked = any(line.status in BLOCKING for line in inside.values())
    counted = None if blocked else sum((line.counted or _ZERO for line in inside.values()), _ZERO)
    return GroupScore(group, tuple(inside), sum((line.holds for line in inside.values()), _ZERO), counted)


def _within(card: Scorecard, group: str | None, around: str) -> bool:
    while group is not None:
        if group == around:
            return True
        group = card.groups[group].parent
    return False
